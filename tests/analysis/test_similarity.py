"""Fingerprints find what is copied, whatever it is called, and nothing that everybody has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparing import compare_waiting, whole
from analysis.models import Comparison
from analysis.types import Fragment
from analysis.winnowing import GRAM, WINDOW, Prints, alike, prints_of
from exercises.types import Outcome, Verdict
from tests.analysis.crowd import add_version, hand_in, make_learners, make_watched_course

STARTER = "def merkle_root(leaves):\n    # Your code here.\n    return None\n"
COPIED = """def merkle_root(leaves):
    level = [hash_of(leaf) for leaf in leaves]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [hash_of(a + b) for a, b in zip(level[::2], level[1::2])]
    return level[0] if level else b""
"""
RENAMED = """# all mine
def merkle_root(data):
    row = [digest(x)  for x in data]

    while len(row) > 2:
        if len(row) % 3:  # odd
            row.append(row[-5])
        row = [digest(left + right) for left, right in zip(row[::7], row[8::9])]
    return row[1] if row else b"no"
"""
OTHER = """def merkle_root(leaves):
    if not leaves:
        return b""
    if len(leaves) == 1:
        return hash_of(leaves[0])
    half = largest_power_of_two_below(len(leaves))
    return hash_of(merkle_root(leaves[:half]) + merkle_root(leaves[half:]))
"""


def test_renaming_hides_nothing_and_another_way_is_not_alike() -> None:
    programs = {1: COPIED, 2: RENAMED, 3: OTHER}
    prints = {pk: prints_of(text, "python") for pk, text in programs.items()}
    (pair,) = alike(prints, prints_of(STARTER, "python"))
    assert (pair.left, pair.right) == (1, 2)
    assert pair.shared == pair.left_total == pair.right_total
    assert pair.fragments == [Fragment(1, 7, 2, 9)]


def test_what_is_in_the_starter_or_in_many_programs_counts_for_nothing() -> None:
    prints = prints_of(COPIED, "python")
    assert alike({1: prints, 2: prints}, starter=prints) == []
    assert len(alike({1: prints, 2: prints}, starter=Prints())) == 1
    assert alike(dict.fromkeys(range(8), prints), starter=Prints()) == []


@given(
    st.lists(st.sampled_from("+-*/%&|^<>"), min_size=WINDOW + GRAM - 1, max_size=60),
    st.lists(st.sampled_from("+-*/%&|^<>"), max_size=30),
    st.lists(st.sampled_from("+-*/%&|^<>"), max_size=30),
)
def test_a_long_enough_stretch_is_always_found(
    shared: list[str], before: list[str], after: list[str]
) -> None:
    # No word of this language joins two of these signs.
    one = " ; ".join(["a", *before, *shared])
    other = " ; ".join([*shared, *after, "a"])
    assert prints_of(one, "python").lines.keys() & prints_of(other, "python").lines.keys()


@pytest.mark.django_db
def test_a_comparison_looks_at_the_last_program_of_each_learner() -> None:
    course = make_watched_course()
    files = {"files": ["solution.py"], "starter": {"solution.py": STARTER}}
    version = add_version(course, "build", "program", files)
    learners = make_learners(course, 4)
    wrong = Verdict(Outcome.WRONG, 0.0)
    texts = [[COPIED], [OTHER, RENAMED], [OTHER], [COPIED, STARTER]]
    rows = hand_in(
        version,
        [
            (learner, [{"files": {"solution.py": text}} for text in own])
            for learner, own in zip(learners, texts, strict=True)
        ],
        verdicts=[wrong] * 6,
    )
    asked = Comparison.objects.create(exercise=version.exercise)
    assert compare_waiting()
    assert not compare_waiting()
    asked.refresh_from_db()
    assert (asked.state, asked.compared) == ("done", 4)
    (pair,) = asked.pairs
    assert (pair["left"], pair["right"]) == (rows[0].pk, rows[2].pk)
    assert whole({"b.py": "2", "a.py": "1\n"}) == "1\n\n2\n"
