"""A proof finds what reading cannot: solutions that fail, mistakes that pass, pages that tell."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import override_settings

from courses.models import Release
from courses.publishing.boxes import open_boxes
from courses.publishing.faults import Refused
from courses.publishing.pipeline import load, prove_all, publish
from exercises.choice import Choice
from exercises.registry import KINDS
from exercises.types import Answer, Spec, Variant
from tests.courses.publishing import SMALL_COURSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A copy of the small course, to be spoilt."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "small-course"))


def faults_of(folder: Path) -> list[str]:
    """What the proof of a course that reads well complains about, without the folder's name."""
    exercises = load([folder]).exercises()
    with pytest.raises(Refused) as refused:
        prove_all(exercises, open_boxes)
    return [str(fault).removeprefix(f"{folder}/") for fault in refused.value.faults]


PROGRAM = "02-chains/build"


def test_a_solution_that_fails(course_folder: Path) -> None:
    solution = course_folder / PROGRAM / "solution.py"
    text = solution.read_text(encoding="utf-8")
    solution.write_text(text.replace('if chain else ""', "if len(chain) == 1 else ''"), "utf-8")
    faults = faults_of(course_folder)
    assert len(faults) == 3
    assert all(
        fault.startswith(f"{PROGRAM}/solution.py:1: The solution scores 0.33 and not 1 (seed ")
        for fault in faults
    )
    assert "First failing check: `links`" in faults[0]


@pytest.mark.parametrize("spoilt", ["starter.py", "wrong-no-links.py"])
def test_a_mistake_that_passes(spoilt: str, course_folder: Path) -> None:
    solution = (course_folder / PROGRAM / "solution.py").read_text("utf-8")
    (course_folder / PROGRAM / spoilt).write_text(f"{solution}\n\n# the same\n", "utf-8")
    name = spoilt.removeprefix("wrong-").removesuffix(".py")
    assert faults_of(course_folder) == [
        f"{PROGRAM}/{spoilt}:1: The wrong answer `{name}` scores 1 (seed {seed})."
        for seed in (1, 2, 3)
    ]


def test_checks_that_fail_themselves(course_folder: Path) -> None:
    checks = course_folder / PROGRAM / "checks.py"
    text = checks.read_text(encoding="utf-8")
    checks.write_text(text.replace("words = [", "1 / 0\n    words = ["), encoding="utf-8")
    faults = faults_of(course_folder)
    assert "`solution` cannot be graded (seed 1)" in "\n".join(faults)
    assert "ZeroDivisionError" in "\n".join(faults)


@override_settings(SANDBOX_LANES=[])
def test_without_a_lane_nothing_is_published(course_folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        publish([course_folder], open_boxes)
    [fault] = refused.value.faults
    assert fault.file == f"{course_folder}/{PROGRAM}/exercise.toml"
    assert fault.message.startswith("This cannot be proved: no program may run here.")
    assert Release.objects.count() == 0


class TellsTheAnswer(Choice):
    """A kind whose page gives the answer away in several ways, and varies when it should not."""

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        page = super().show(spec, variant, answer)
        return {**page, "correct": [0], "value": "0", "note": "{{ n }}"}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        right = self.solution(spec, variant)
        return {} if right is None else {"the-right-one": right}


def test_a_page_that_tells(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "choice", TellsTheAnswer())
    exercises = [one for one in load([course_folder]).exercises() if one.files.kind == "choice"]
    with pytest.raises(Refused) as refused:
        prove_all(exercises, open_boxes)
    messages = {fault.message.replace(" (seed 1)", "") for fault in refused.value.faults}
    assert {
        "The page is told `correct[0]`: this gives the answer away.",
        "The page is told `value` before anything was answered.",
        "`{{ n }}` has no value in `note`.",
        "The wrong answer `the-right-one` scores 1.",
    } <= messages
