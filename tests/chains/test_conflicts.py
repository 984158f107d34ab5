"""The DAG of a block: any order that keeps to it is as good as the serial one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from chains.conflicts import Conflict, Edge, dag, edges, layers
from chains.types import CallKind, Read, Status, Transaction, Write

State = dict[str, int]


@dataclass(frozen=True, slots=True)
class Program:
    """Reads and writes in turn: what it writes depends on all that it has read."""

    steps: tuple[tuple[str, str], ...]
    """(`read` or `write`, key)."""
    salt: int

    def run(self, state: State) -> tuple[tuple[str, ...], State]:
        """The keys that it read of the state before, and what it wrote."""
        seen, read, written = self.salt, [], {}
        for kind, key in self.steps:
            if kind == "write":
                written[key] = seen = seen * 31 + 7
            else:
                if key not in written and key not in read:
                    read.append(key)
                seen = seen * 31 + written.get(key, state.get(key, 0))
        return tuple(read), written


def executed(programs: list[Program], order: list[int]) -> tuple[State, list[Transaction]]:
    """The state after the programs in this order, and their transactions by number."""
    state: State = {}
    found = {}
    for place in order:
        read, written = programs[place].run(state)
        found[place] = invoke(place + 1, read, tuple(written))
        found[place] = replace(found[place], result=str(sorted(written.items())))
        state.update(written)
    return state, [found[place] for place in sorted(found)]


def invoke(
    number: int, read: tuple[str, ...] = (), written: tuple[str, ...] = (), contract: str = "c"
) -> Transaction:
    return Transaction(
        number,
        CallKind.INVOKE,
        "me",
        contract,
        "m",
        {},
        Status.OK,
        reads=tuple(Read(contract, key, None) for key in read),
        writes=tuple(Write(contract, key, None, "1") for key in sorted(written)),
    )


programs = st.lists(
    st.builds(
        Program,
        st.lists(
            st.tuples(st.sampled_from(["read", "write"]), st.sampled_from("abcdef")), max_size=4
        ).map(tuple),
        st.integers(0, 5),
    ),
    max_size=9,
)


def order_by(waits: tuple[Edge, ...], count: int, random: Random) -> list[int]:
    """Any order of the places 0 to count - 1 that keeps to these edges."""
    order: list[int] = []
    while len(order) < count:
        ready = [
            place
            for place in range(count)
            if place not in order
            and all(edge.earlier - 1 in order for edge in waits if edge.later - 1 == place)
        ]
        order.append(random.choice(ready))
    return order


@settings(max_examples=200, deadline=None)
@given(programs, st.randoms(use_true_random=False))
def test_any_order_by_the_dag_gives_the_serial_state(some: list[Program], random: Random) -> None:
    count = len(some)
    state, transactions = executed(some, list(range(count)))
    for waits in (edges(transactions), dag(transactions)):
        again, others = executed(some, order_by(waits, count, random))
        assert again == state
        assert others == transactions


@settings(max_examples=200, deadline=None)
@given(programs, st.randoms(use_true_random=False))
def test_rounds_may_run_in_any_order_inside(some: list[Program], random: Random) -> None:
    state, transactions = executed(some, list(range(len(some))))
    order = []
    for numbers in layers(transactions):
        turned = [number - 1 for number in numbers]
        random.shuffle(turned)
        order += turned
    assert sorted(order) == list(range(len(some)))
    assert executed(some, order) == (state, transactions)


@settings(max_examples=200, deadline=None)
@given(programs)
def test_there_is_an_edge_where_there_is_a_conflict_and_nowhere_else(
    some: list[Program],
) -> None:
    _, transactions = executed(some, list(range(len(some))))
    found = {(edge.earlier, edge.later): edge for edge in edges(transactions)}
    for place, later in enumerate(transactions):
        for earlier in transactions[:place]:
            wrote = [{each.key for each in one.writes} for one in (earlier, later)]
            read = [{each.key for each in one.reads} for one in (earlier, later)]
            met = wrote[0] & (wrote[1] | read[1]) | read[0] & wrote[1]
            edge = found.pop((earlier.number, later.number), None)
            assert (edge is not None) is bool(met)
            assert edge is None or edge.keys == tuple(("c", key) for key in sorted(met))
    assert found == {}


def reach(waits: tuple[Edge, ...]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for edge in waits:  # sorted by their later end, so what is behind is known
        behind = found.get(edge.earlier, set())
        found.setdefault(edge.later, set()).update({edge.earlier}, behind)
    return found


@settings(max_examples=200, deadline=None)
@given(programs)
def test_the_dag_has_the_fewest_edges_of_the_same_reach(some: list[Program]) -> None:
    _, transactions = executed(some, list(range(len(some))))
    whole, fewest = edges(transactions), dag(transactions)
    assert set(fewest) <= set(whole)
    assert reach(fewest) == reach(whole)
    for edge in fewest:
        assert reach(tuple(each for each in fewest if each != edge)) != reach(whole)


@settings(max_examples=200, deadline=None)
@given(programs)
def test_no_plan_has_fewer_rounds(some: list[Program]) -> None:
    _, transactions = executed(some, list(range(len(some))))
    rounds = layers(transactions)
    waits = edges(transactions)
    longest: dict[int, int] = {}
    for each in transactions:
        before = [longest[edge.earlier] for edge in waits if edge.later == each.number]
        longest[each.number] = 1 + max(before, default=0)
    assert len(rounds) == max(longest.values(), default=0)
    place = {number: index for index, numbers in enumerate(rounds) for number in numbers}
    assert all(place[edge.earlier] < place[edge.later] for edge in waits)


def test_an_edge_says_how_and_where_they_meet() -> None:
    transactions = [
        invoke(1, read=("a",), written=("b", "c")),
        invoke(2, read=("b",), written=("a", "c")),
        invoke(3, read=("a",)),
        invoke(4, read=("z",)),
        invoke(5, read=("a", "b"), written=("a",), contract="other"),
    ]
    every = (Conflict.WRITE_READ, Conflict.READ_WRITE, Conflict.WRITE_WRITE)
    assert edges(transactions) == (
        Edge(1, 2, every, (("c", "a"), ("c", "b"), ("c", "c"))),
        Edge(2, 3, (Conflict.WRITE_READ,), (("c", "a"),)),
    )
    assert layers(transactions) == ((1, 4, 5), (2,), (3,))


def test_two_that_only_read_are_independent() -> None:
    transactions = [invoke(1, read=("a",)), invoke(2, read=("a",))]
    assert edges(transactions) == ()
    assert layers(transactions) == ((1, 2),)


def test_a_way_over_others_makes_an_edge_needless() -> None:
    transactions = [invoke(number, ("a",), ("a",)) for number in (1, 2, 3)]
    assert [(edge.earlier, edge.later) for edge in edges(transactions)] == [(1, 2), (1, 3), (2, 3)]
    assert [(edge.earlier, edge.later) for edge in dag(transactions)] == [(1, 2), (2, 3)]


def test_queries_are_passed_over() -> None:
    query = replace(invoke(2, read=("a",)), kind=CallKind.QUERY)
    transactions = [invoke(1, written=("a",)), query, invoke(3, written=("a",))]
    assert [(edge.earlier, edge.later) for edge in dag(transactions)] == [(1, 3)]
    assert layers(transactions) == ((1,), (3,))
    assert layers([]) == ()
