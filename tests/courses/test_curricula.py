"""The shipped courses are proved, and what is written down of it is true."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from courses.publishing.boxes import open_boxes
from courses.publishing.pipeline import Loaded, load, prove_all
from courses.publishing.proofs import lines_of, read_proofs, record_proofs
from exercises.registry import KINDS

CURRICULA = Path(__file__).resolve().parents[2] / "curricula"
RECORD = CURRICULA / "proofs.txt"

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> Loaded:
    return load([CURRICULA])


def test_every_exercise_is_proved_in_the_real_sandbox(shipped: Loaded) -> None:
    proofs = prove_all(shipped.exercises(), open_boxes)
    assert len(proofs) == len(shipped.exercises())


def test_the_record_of_proofs_is_of_these_exercises(shipped: Loaded) -> None:
    """`make prove` writes it anew when an exercise has changed."""
    assert RECORD.read_text("ascii").splitlines() == lines_of(shipped.courses)


def test_a_record_reads_back(shipped: Loaded, tmp_path: Path) -> None:
    record_proofs(tmp_path / "proofs.txt", shipped.courses)
    digests = {exercise.digest for exercise in shipped.exercises()}
    assert read_proofs(tmp_path / "proofs.txt") == digests
    assert read_proofs(None) == frozenset()


def test_the_first_course_is_as_large_as_it_promises(shipped: Loaded) -> None:
    (course,) = [one for one in shipped.courses if one.files.key == "hashes-and-blocks"]
    kinds = Counter(exercise.files.kind for exercise in course.exercises())
    assert set(kinds) == set(KINDS) - {"contract"}
    assert kinds["program"] >= 10
    assert kinds.total() >= 40
    assert len(course.lessons) >= 15
