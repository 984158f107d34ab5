"""What holds for every quiz kind, whatever the seed and whatever is answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.registry import KINDS, kind_named
from exercises.types import Answer, Tools, Unreadable, Variant
from exercises.verdicts import from_json, outcome_of, to_json
from tests.exercises.specimens import ALL, CHOICE, CHOICES, MATCH, ORDER, QUIZZES

SEEDS = st.integers(0, 2**62 - 1)
quiz = pytest.mark.parametrize(("name", "spec"), QUIZZES)


def posted_as_shown(shown: Mapping[str, Any]) -> dict[str, list[str]]:
    """The form that a browser sends when nothing is touched on a page."""
    form: dict[str, list[str]] = {}
    if "options" in shown:
        form["option"] = [option["id"] for option in shown["options"] if option["chosen"]]
    if "items" in shown:
        form["item"] = [item["id"] for item in shown["items"]]
    if "rows" in shown:
        form |= {f"right-{row['id']}": [row["chosen"]] for row in shown["rows"]}
    if "segments" in shown:
        form |= {
            f"gap-{segment['gap']}": [segment["value"]]
            for segment in shown["segments"]["en"]
            if "gap" in segment
        }
    if "value" in shown:
        form["value"] = [shown["value"]]
        form["unit"] = [shown.get("unit", "")]
    return form


def answers(name: str, spec: dict[str, Any], variant: Variant) -> dict[str, Answer]:
    kind = kind_named(name)
    solution = kind.solution(spec, variant)
    assert solution is not None
    return {"solution": solution, **kind.wrong(spec, variant)}


@pytest.mark.parametrize(("name", "spec"), ALL)
def test_a_good_spec_has_no_problems(name: str, spec: dict[str, Any]) -> None:
    assert kind_named(name).check(spec) == []


def test_every_kind_is_named_as_it_is_registered() -> None:
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert {name for name, _ in ALL} == set(KINDS)
    assert [name for name, kind in KINDS.items() if kind.slow] == ["program", "contract"]


@quiz
@given(seed=SEEDS)
def test_the_solution_scores_one_and_every_wrong_answer_less(
    name: str, spec: dict[str, Any], seed: int
) -> None:
    kind = kind_named(name)
    variant = kind.vary(spec, seed)
    for label, answer in answers(name, spec, variant).items():
        verdict = kind.grade(spec, variant, answer, Tools())
        assert 0 <= verdict.score <= 1
        assert (verdict.score == 1) == (label == "solution"), label
        assert verdict.outcome is outcome_of(verdict.score)


@quiz
@given(seed=SEEDS)
def test_what_is_shown_again_is_read_again(name: str, spec: dict[str, Any], seed: int) -> None:
    kind = kind_named(name)
    variant = kind.vary(spec, seed)
    for answer in answers(name, spec, variant).values():
        shown = kind.show(spec, variant, answer)
        read = kind.read(spec, variant, posted_as_shown(shown))
        assert read == answer
        assert kind.show(spec, variant, read) == shown


@quiz
@given(seed=SEEDS)
def test_an_answer_and_its_verdict_survive_storage(
    name: str, spec: dict[str, Any], seed: int
) -> None:
    kind = kind_named(name)
    variant = kind.vary(spec, seed)
    for answer in answers(name, spec, variant).values():
        stored = json.loads(json.dumps(answer))
        assert stored == answer
        verdict = kind.grade(spec, variant, stored, Tools())
        assert from_json(json.loads(json.dumps(to_json(verdict)))) == verdict


@quiz
def test_an_untouched_form_is_unreadable_or_the_shown_order(
    name: str, spec: dict[str, Any]
) -> None:
    kind = kind_named(name)
    variant = kind.vary(spec, 7)
    form = posted_as_shown(kind.show(spec, variant, None))
    if name == "order":
        assert kind.read(spec, variant, form) == {"items": list(variant.order)}
        return
    for untouched in (form, {}):
        with pytest.raises(Unreadable) as refusal:
            kind.read(spec, variant, untouched)
        assert sorted(refusal.value.message) == ["en", "zh-hans"]


@quiz
@given(
    seed=SEEDS,
    posted=st.dictionaries(
        st.sampled_from(["option", "item", "value", "unit", "gap-what", "gap-many", "gap-which"])
        | st.text(),
        st.lists(st.text(), max_size=4),
    ),
)
def test_any_form_is_read_or_unreadable(
    name: str, spec: dict[str, Any], seed: int, posted: dict[str, list[str]]
) -> None:
    kind = kind_named(name)
    variant = kind.vary(spec, seed)
    try:
        answer = kind.read(spec, variant, posted)
    except Unreadable:
        return
    assert 0 <= kind.grade(spec, variant, answer, Tools()).score <= 1


def test_variants_do_not_depend_on_the_process() -> None:
    """Learners come back to the question that they left: on another host, after an upgrade."""
    program = (
        "import json\n"
        "from exercises.registry import kind_named\n"
        "from tests.exercises.specimens import ALL\n"
        "for name, spec in ALL:\n"
        "    kind = kind_named(name)\n"
        "    for seed in (0, 1, 2**61):\n"
        "        variant = kind.vary(spec, seed)\n"
        "        print(json.dumps([variant.values, list(variant.order)]))\n"
        "        print(json.dumps(kind.show(spec, variant, None)))\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) == 2 * 3 * len(ALL)


def test_the_variants_of_a_seed_are_those_of_the_first_release() -> None:
    """Pinned: an upgrade of Python that draws otherwise would change every learner's questions."""
    assert kind_named("choice").vary(CHOICE, 11) == Variant(11, {"n": 5}, (1, 2, 3, 0))
    assert kind_named("order").vary(ORDER, 11) == Variant(11, {"n": 5}, (1, 2, 3, 0, 4))
    assert kind_named("match").vary(MATCH, 11) == Variant(11, {}, (1, 0, 2))


@given(seed=SEEDS)
def test_the_right_order_is_never_shown(seed: int) -> None:
    two = {"items": ORDER["items"][:2]}
    for spec in (ORDER, two):
        variant = kind_named("order").vary(spec, seed)
        assert sorted(variant.order) == list(range(len(spec["items"])))
        assert list(variant.order) != sorted(variant.order)


@given(seed=SEEDS, order=st.permutations(range(5)), place=st.integers(0, 3))
def test_setting_two_neighbours_right_never_costs_points(
    seed: int, order: list[int], place: int
) -> None:
    kind = kind_named("order")
    variant = kind.vary(ORDER, seed)
    better = list(order)
    better[place : place + 2] = sorted(better[place : place + 2])
    before, after = (
        kind.grade(ORDER, variant, {"items": items}, Tools()).score for items in (order, better)
    )
    assert before <= after


@given(chosen=st.sets(st.integers(0, 3), min_size=1))
def test_choices_score_rights_minus_wrongs(chosen: set[int]) -> None:
    kind = kind_named("choices")
    verdict = kind.grade(CHOICES, kind.vary(CHOICES, 1), {"options": sorted(chosen)}, Tools())
    rights, wrongs = len(chosen & {0, 2}), len(chosen & {1, 3})
    assert verdict.score == max(0, rights - wrongs) / 2
    assert len(verdict.feedback) == len(chosen)
