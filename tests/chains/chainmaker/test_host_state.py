"""The journal of a transaction and the state beneath it, against a plain dictionary."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chains.chainmaker.inside.journal import Journal
from chains.chainmaker.inside.state import World

KEYS = st.sampled_from(["a", "a#x", "ab", "b", "b#", "c"])
CONTRACTS = st.sampled_from(["one", "two"])
PLACES = st.tuples(CONTRACTS, KEYS)
VALUES = st.one_of(st.none(), st.binary(max_size=2))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), PLACES, VALUES),
        st.tuples(st.just("mark")),
        st.tuples(st.just("back")),
    ),
    max_size=20,
)
Model = dict[tuple[str, str], bytes]


def carry_out(journal: Journal, model: Model, steps: list[Any]) -> Model:
    """Do the steps in both; marks that are open at the end stay."""
    marks = [(journal.mark(), dict(model))]
    for what, *rest in steps:
        if what == "put":
            place, value = rest
            journal.put(place, value)
            model.pop(place, None)
            if value:
                model[place] = value
        elif what == "mark":
            marks.append((journal.mark(), dict(model)))
        elif len(marks) > 1:
            mark, before = marks.pop()
            journal.go_back(mark)
            model = before
    return model


def as_seen(journal: Journal) -> Model:
    found: Model = {}
    for contract in ("one", "two"):
        for key in journal.keys_between(contract, "", "\U0010ffff"):
            value = journal.get((contract, key))
            assert value
            found[contract, key] = value
    return found


@given(st.lists(STEPS, max_size=5))
def test_a_ledger_is_a_dictionary(transactions: list[list[Any]]) -> None:
    world, model = World(), dict[tuple[str, str], bytes]()
    for number, steps in enumerate(transactions):
        journal = Journal(world)
        before = dict(model)
        model = carry_out(journal, model, steps)
        assert as_seen(journal) == model
        changes = journal.changes()
        assert changes == {
            place: model.get(place)
            for place in sorted(before.keys() | model.keys())
            if before.get(place) != model.get(place)
        }
        assert list(changes) == sorted(changes)
        assert all(world.values.get(place) == value for place, value in journal.reads.items())
        world.commit(changes, str(number), number, number)
        assert world.values == model
        for contract in ("one", "two"):
            own = {key: value for (owner, key), value in model.items() if owner == contract}
            assert list(world.of(contract)) == sorted(own.items())


@given(st.lists(STEPS, max_size=5), PLACES)
def test_history_ends_with_what_there_is(
    transactions: list[list[Any]], place: tuple[str, str]
) -> None:
    world = World()
    expected: list[bytes | None] = []
    for number, steps in enumerate(transactions):
        journal = Journal(world)
        carry_out(journal, {}, steps)
        before = world.values.get(place)
        world.commit(journal.changes(), str(number), number, number)
        after = world.values.get(place)
        expected += [after] if after != before else []
    assert [change.value for change in world.history.get(place, [])] == expected


@given(STEPS, KEYS, KEYS)
def test_ranges_hold_their_start_and_not_their_end(steps: list[Any], low: str, high: str) -> None:
    journal = Journal(World())
    model = carry_out(journal, {}, steps)
    assert journal.keys_between("one", low, high) == sorted(
        key for owner, key in model if owner == "one" and low <= key < high
    )


@given(st.lists(STEPS, max_size=4))
def test_what_is_held_is_the_bytes_of_all_changes(transactions: list[list[Any]]) -> None:
    world = World()
    held = 0
    for number, steps in enumerate(transactions):
        journal = Journal(world)
        carry_out(journal, {}, steps)
        changes = journal.changes()
        held += sum(len(key) + len(value or b"") for (_, key), value in changes.items())
        world.commit(changes, str(number), number, number)
    assert world.held_bytes == held
