"""An imported course put into another one."""

from __future__ import annotations

import pytest

from courses.publishing.faults import Faults
from courses.publishing.loader import read_course
from courses.publishing.ready import make_ready
from courses.publishing.validate import check_course
from interop.joining import joined
from interop.neutral_writing import Course, Exercise, Lesson, Module, Page, written
from interop.settling import settled, staged
from interop.types import Fate, Refused
from tests.interop.qti_items import SVG
from tests.interop.test_qti_export import small_course


def imported(figure: bytes = SVG) -> dict[str, bytes]:
    """A course of one lesson, with names that the small course has taken."""
    course = Course({"en": "Imported"})
    path = course.figure("chain.svg", figure)
    options = [{"text": {"en": "yes"}, "correct": True}, {"text": {"en": "no"}}]
    exercise = Exercise(
        "choice",
        {"en": "Bits"},
        {"en": f"![a box]({path})"},
        {"options": options},
        where="x",
        key="bits",
    )
    lesson = Lesson({"en": "Blocks"}, "blocks", [Page({"en": f"![a box]({path})"}), exercise])
    course.modules.append(Module({"en": "First"}, [lesson]))
    return dict(settled(course).files)


def faults_of(files: dict[str, bytes]) -> list[str]:
    """Every mistake of a course."""
    faults = Faults()
    with staged(files) as folder:
        course = read_course(folder, faults)
        assert course is not None
        check_course(course, [], faults)
        make_ready(course, faults)
        return [str(one).removeprefix(f"{folder}/") for one in faults.ordered()]


def test_names_that_are_taken_get_numbers_everywhere() -> None:
    course = small_course()
    once = {**course, **joined(course, imported(), fill=True)}
    other = SVG.replace(b'width="4"', b'width="5"')
    twice = {**once, **joined(once, imported(other), fill=True)}
    assert faults_of(twice) == []
    added = sorted(set(twice) - set(course))
    assert [path for path in added if path.endswith((".svg", "exercise.toml"))] == [
        "03-blocks-2/bits-2/exercise.toml",
        "04-blocks-3/bits-3/exercise.toml",
        "figures/chain-2.svg",
        "figures/chain.svg",
    ]
    lesson = twice["04-blocks-3/lesson.zh-hans.md"].decode()
    assert lesson == '# Blocks\n\n![a box](figures/chain-2.svg)\n\n{{ exercise "bits-3" }}\n'
    assert b'key = "first-2"' in twice["course.toml"]
    assert b'key = "first-3"' in twice["course.toml"]
    untouched = {path: data for path, data in course.items() if path != "course.toml"}
    assert untouched.items() <= twice.items()


def test_without_filling_only_the_other_language_is_missing() -> None:
    course = small_course()
    found = faults_of({**course, **joined(course, imported(), fill=False)})
    assert found
    assert all("zh-hans" in one for one in found), found


def test_a_course_that_cannot_be_read_is_not_written_into() -> None:
    with pytest.raises(Refused):
        joined({"course.toml": b"key = "}, imported(), fill=True)


def test_what_does_not_hold_is_refused_and_the_rest_stays() -> None:
    course = Course({"en": "Imported"})
    option = {"text": {"en": "same"}, "correct": True}
    good = [option, {"text": {"en": "other"}}]
    lesson = Lesson({"en": "L"})
    lesson.parts = [
        Exercise("choice", {"en": "Bad"}, {"en": "?"}, {"options": [option, option]}, where="1"),
        Exercise("choice", {"en": "Good"}, {"en": "?"}, {"options": good}, where="2"),
        Page({"en": "A [link](ftp://x) that leads nowhere."}, where="3", title="Page"),
        Exercise("choice", {"en": "Lost"}, {"en": "{{ n }}"}, {"options": good}, where="4"),
    ]
    course.modules.append(Module({"en": "M"}, [lesson]))
    made = settled(course)
    fates = [Fate.REFUSED, Fate.TAKEN, Fate.REFUSED, Fate.REFUSED]
    assert [one.fate for one in made.items] == fates
    assert [path for path in made.files if path.endswith(".toml")] == [
        "01-l/good/exercise.toml",
        "course.toml",
    ]
    assert written(course).files == made.files
