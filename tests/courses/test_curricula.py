"""The shipped courses are proved, and what is written down of it is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from chains.engines import open_engines
from courses.publishing.boxes import open_boxes
from courses.publishing.pipeline import Loaded, load, prove_all
from courses.publishing.proofs import lines_of, read_proofs, record_proofs
from exercises.registry import KINDS, kind_named, solutions_of
from exercises.types import Spec, Tools

CURRICULA = Path(__file__).resolve().parents[2] / "curricula"
RECORD = CURRICULA / "proofs.txt"

CONTRACTS = sorted(path.parent for path in CURRICULA.glob("courses/*/*/*/checks.toml"))

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("curricula")]


@pytest.fixture
def shipped() -> Loaded:
    return _shipped()


@cache
def _shipped() -> Loaded:
    """All of it, loaded once in a test run: nothing here changes it."""
    return load([CURRICULA])


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    boxes = open_boxes()
    engines = open_engines(boxes)
    yield Tools(boxes=boxes, engines=engines)
    engines.close()
    boxes.close()


def test_every_exercise_but_contracts_is_proved_in_the_real_sandbox(shipped: Loaded) -> None:
    """Contracts take minutes: `make prove` proves them, and the record below says that it did."""
    exercises = [one for one in shipped.exercises() if one.files.kind != "contract"]
    proofs = prove_all(exercises, open_boxes)
    assert len(proofs) == len(exercises) > 60


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_a_contract_is_solved_in_each_language(shipped: Loaded, tools: Tools, path: Path) -> None:
    (exercise,) = [one for one in shipped.exercises() if one.files.folder == path]
    kind, spec = kind_named("contract"), cast("Spec", exercise.spec)
    variant = kind.vary(spec, 1)
    right = solutions_of(kind, spec, variant)
    assert len(right) == len(exercise.spec["languages"])  # type: ignore[arg-type]
    scores = {name: kind.grade(spec, variant, one, tools).score for name, one in right.items()}
    assert scores == dict.fromkeys(right, 1.0)
    starter = kind.wrong(spec, variant)[next(iter(right)).replace("solution", "starter")]
    assert kind.grade(spec, variant, starter, tools).score < 1


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
