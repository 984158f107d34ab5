"""From files to rows: everything or nothing, and nothing twice."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models

from accounts.models import User
from courses.access import lesson_for
from courses.actions import enrol, record_progress
from courses.models import (
    Course,
    Exercise,
    ExerciseVersion,
    Lesson,
    LessonExercise,
    Programme,
    ProgrammeVersion,
    Qualification,
    Release,
)
from courses.publishing.faults import Refused
from courses.publishing.pipeline import load
from tests.courses.publishing import HERE, SMALL_COURSE, SMALL_PROGRAMME

pytestmark = pytest.mark.django_db

CONTENT: list[type[models.Model]] = [
    Course,
    Release,
    Lesson,
    Exercise,
    ExerciseVersion,
    LessonExercise,
    Programme,
    ProgrammeVersion,
]
BROKEN = HERE / "broken-course"
PLANTED = """\
01-first/half-said/exercise.toml:10: `spec.options[1].text` has no text in `zh-hans`.
01-first/half-said/exercise.toml:11: There is no misconception `nobody-has-it` in course.toml.
01-first/lesson.en.md:3: `javascript:alert(1)`: links go to https:// or to #headings.
01-first/lesson.en.md:5: There is no figure figures/chain.svg.
01-first/lesson.zh-hans.md:1: The exercise `two-right` is placed nowhere in this lesson.
01-first/not-toml/exercise.toml:3: This is not TOML: Invalid value.
01-first/two-right/exercise.toml:6: Exactly one option must be correct, not 2.
course.toml:8: Unknown key `license`.
course.toml:14: The folder `03-left-over` is a lesson of no module.
course.toml:19: There is no lesson folder `02-second`.
"""
"""Ten different mistakes, each with its file and line."""


def counts() -> dict[str, int]:
    """How many rows of content there are."""
    return {model.__name__: model._default_manager.count() for model in CONTENT}


def command(name: str, *paths: Path) -> tuple[int, list[str], list[str]]:
    """Exit status, lines of output and lines of complaint of a management command."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command(name, *map(str, paths), stdout=out, stderr=err)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    return status, out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A copy of the small course, to be edited."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "small-course"))


def acts(*paths: Path) -> list[str]:
    """What publishing did, without the proofs."""
    status, out, err = command("publish", *paths)
    assert (status, err) == (0, [])
    return [line for line in out if not line.startswith("proved ")]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", ["prove", "publish"])
def test_ten_mistakes_are_named_at_once_and_nothing_is_written(
    name: str, small_course: Course
) -> None:
    before = counts()
    status, out, err = command(name, BROKEN, SMALL_COURSE)
    assert status == 1
    assert out == []
    assert [line.removeprefix(f"{BROKEN}/") for line in err] == [
        *PLANTED.splitlines(),
        "10 mistakes; nothing was written.",
    ]
    assert counts() == before


def test_mistakes_as_json() -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("publish", str(BROKEN), "--json", stdout=out)
    faults = json.loads(out.getvalue())["faults"]
    lines = [f"{one['file']}:{one['line']}: {one['message']}" for one in faults]
    assert [line.removeprefix(f"{BROKEN}/") for line in lines] == PLANTED.splitlines()


def test_the_small_course_as_rows(small_course: Course) -> None:
    assert counts() == {
        "Course": 1,
        "Release": 1,
        "Lesson": 2,
        "Exercise": 8,
        "ExerciseVersion": 8,
        "LessonExercise": 8,
        "Programme": 1,
        "ProgrammeVersion": 1,
    }
    release = small_course.current
    assert release is not None
    assert (release.number, release.points, release.exercise_count) == (1, 18, 8)
    first = Lesson.objects.get(key="blocks")
    for language in ("en", "zh-hans"):
        blocks = first.body[language]
        assert [block["exercise"] for block in blocks if "exercise" in block] == [
            "what-is-a-hash",
            "properties",
            "bits",
            "word",
        ]
    assert [
        (lesson["key"], [one["key"] for one in lesson["exercises"]])
        for module in release.outline
        for lesson in module["lessons"]
    ] == [
        (lesson.key, [one.version.exercise.key for one in lesson.placements.order_by("position")])
        for lesson in Lesson.objects.order_by("position")
    ]


def test_texts_of_exercises_are_html(small_course: Course) -> None:
    version = ExerciseVersion.objects.get(exercise__key="what-is-a-hash")
    assert version.statement["en"] == "<p>What is true of a hash?</p>"
    assert version.spec["options"][0]["text"]["en"] == "It has a <strong>fixed</strong> length."
    assert version.hints == [
        {
            "cost": 10,
            "text": {"en": "Think of a <em>meat grinder</em>.", "zh-hans": "想想<em>绞肉机</em>。"},
        }
    ]
    assert (version.tries, version.penalty_percent, version.reveal) == (2, 25, "after_pass")


def test_publishing_twice_publishes_once(course_folder: Path) -> None:
    assert acts(course_folder, SMALL_PROGRAMME) == [
        "course small-course: release 1 published, 8 new exercise versions",
        "programme small-programme: version 1 published",
    ]
    before = counts()
    assert acts(course_folder, SMALL_PROGRAMME) == [
        "course small-course: unchanged, release 1 stays",
        "programme small-programme: unchanged, version 1 stays",
    ]
    assert counts() == before


def test_an_edit_makes_a_release_and_reuses_what_did_not_change(
    course_folder: Path, alice: User
) -> None:
    acts(course_folder)
    course = Course.objects.get()
    enrolment = enrol(user=alice, course=course)
    old_rows = list(Lesson.objects.order_by("pk").values())
    old_versions = set(ExerciseVersion.objects.values_list("pk", flat=True))

    edit(course_folder / "01-blocks/bits/statement.en.md", "How many", "So how many")
    assert acts(course_folder) == [
        "course small-course: release 2 published, 1 new exercise versions"
    ]

    release = Release.objects.get(number=2)
    course.refresh_from_db()
    assert course.current == release
    placed = set(
        LessonExercise.objects.filter(lesson__release=release).values_list("version", flat=True)
    )
    assert len(placed & old_versions) == 7
    assert len(placed - old_versions) == 1
    assert Exercise.objects.count() == 8
    assert list(Lesson.objects.filter(release__number=1).order_by("pk").values()) == old_rows
    enrolment.refresh_from_db()
    assert enrolment.release.number == 1
    assert lesson_for(alice, "small-course", "blocks")[1].release.number == 1


def test_taking_an_edit_back_returns_to_the_release(course_folder: Path) -> None:
    acts(course_folder)
    statement = course_folder / "01-blocks/bits/statement.en.md"
    edit(statement, "How many", "So how many")
    acts(course_folder)
    edit(statement, "So how many", "How many")
    before = counts()
    assert acts(course_folder) == ["course small-course: back to release 1, which is the same"]
    assert counts() == before
    current = Course.objects.get().current
    assert current is not None
    assert current.number == 1


def test_a_folder_of_many(course_folder: Path) -> None:
    (course_folder.parent / "programmes").mkdir()
    shutil.copy(SMALL_PROGRAMME, course_folder.parent / "programmes")
    assert acts(course_folder.parent) == [
        "course small-course: release 1 published, 8 new exercise versions",
        "programme small-programme: version 1 published",
    ]


def test_a_programme_that_loosens_its_rule_counts_at_once(
    course_folder: Path, tmp_path: Path, alice: User
) -> None:
    acts(course_folder)
    enrolment = enrol(user=alice, course=Course.objects.get())
    record_progress(
        enrolment_id=enrolment.pk,
        credit_by=1800,
        passed_by=8,
        lesson_key="",
        now=enrolment.created_at,
    )
    assert acts(SMALL_PROGRAMME) == [
        "programme small-programme: version 1 published",
        "programme small-programme: 1 people qualified by it at once",
    ]
    assert Qualification.objects.get().user == alice
    changed = Path(shutil.copy(SMALL_PROGRAMME, tmp_path / "small-programme.toml"))
    edit(changed, "A small programme", "The small programme")
    assert acts(changed) == ["programme small-programme: version 2 published"]
    assert Qualification.objects.get().version.number == 1


PROGRAMME_FAULTS = {
    ('key = "small-course"', 'key = "no-course"'): ":9: There is no course `no-course`.",
    ("required = true", "required = false"): ":1: Nothing is required: everybody would be",
    ("[[courses]]", "elective_minimum = 1\n[[courses]]"): ":8: There are only 0 courses that",
    ("provider", "publisher"): ":1: `provider` is missing.",
}


@pytest.mark.parametrize("change", PROGRAMME_FAULTS)
def test_faults_of_programmes(
    change: tuple[str, str], small_course: Course, tmp_path: Path
) -> None:
    path = Path(shutil.copy(SMALL_PROGRAMME, tmp_path / "small-programme.toml"))
    edit(path, *change)
    with pytest.raises(Refused) as refused:
        load([path])
    assert str(refused.value.faults[0]).startswith(f"{path}{PROGRAMME_FAULTS[change]}")


COURSE_FAULTS: dict[str, tuple[str, str, str, str]] = {
    "key": ("course.toml", '"small-course"', '"Small Course"', "course.toml:1: `key` must be"),
    "level": ("course.toml", '"foundations"', '"easy"', "course.toml:5: `level` must be one of"),
    "prerequisite": (
        "course.toml",
        "prerequisites = []",
        'prerequisites = ["no-course"]',
        "course.toml:10: There is no course `no-course`.",
    ),
    "double source": (
        "course.toml",
        "date = 2015-08-04",
        ('date = 2015-08-04\n[[sources]]\nkey = "fips180-4"\ntitle = "x"\nurl = "https://a.b"\n'
        "date = 2015-08-04"),
        "course.toml:45: The key `fips180-4` stands twice in [[sources]].",
    ),
    "language": ("course.toml", '["en", "zh-hans"]', '["en", "fr"]', "course.toml:2: `fr` is not"),
    "source address": (
        "course.toml",
        "https://doi.org",
        "ftp://doi.org",
        "course.toml:42: `ftp://doi.org/10.6028/NIST.FIPS.180-4`: links go to",
    ),
    "two places": (
        "01-blocks/lesson.en.md",
        '{{ exercise "bits" }}',
        '{{ exercise "bits" }}\n\n{{ exercise "bits" }}',
        "01-blocks/lesson.en.md:24: The exercise `bits` is placed more than once.",
    ),
    "two orders": (
        "01-blocks/lesson.zh-hans.md",
        '{{ exercise "bits" }}\n\n{{ exercise "word" }}',
        '{{ exercise "word" }}\n\n{{ exercise "bits" }}',
        "01-blocks/lesson.zh-hans.md:1: The exercises stand in another order",
    ),
    "no title": (
        "01-blocks/lesson.en.md",
        "# What a block is",
        "What a block is",
        "01-blocks/lesson.en.md:1: A lesson's first line is its title",
    ),
    "misconception of a program": (
        "02-chains/build/wrong-no-links.py",
        "first-block-has-a-parent",
        "nobody-has-it",
        "02-chains/build/wrong-no-links.py:1: There is no misconception `nobody-has-it`",
    ),
    "misconception of a check": (
        "02-chains/build/checks.py",
        'en="A block must',
        'misconception="nobody-has-it", en="A block must',
        "02-chains/build/checks.py:29: There is no misconception `nobody-has-it`",
    ),
    "checks that are no Python": (
        "02-chains/build/checks.py",
        "for before, block in",
        "for before block in",
        "02-chains/build/checks.py:25: ",
    ),
    "unknown value": (
        "01-blocks/bits/statement.zh-hans.md",
        "{{ n }}",
        "{{ m }}",
        "01-blocks/bits/statement.zh-hans.md:1: `{{ m }}` is no name of [vary].",
    ),
    "kind": ("01-blocks/bits/exercise.toml", '"numeric"', '"sum"', "`sum` is no kind of exercise"),
    "points": ("01-blocks/bits/exercise.toml", "= 3\n", "= 0\n", "`points` must be from 1 to 100."),
    "figure": (
        "figures/chain.en.svg",
        'fill="none"',
        'fill="white"',
        'figures/chain.en.svg:4: `fill="white"`: use currentColor',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COURSE_FAULTS)
def test_faults_of_courses(name: str, course_folder: Path) -> None:
    path, old, new, message = COURSE_FAULTS[name]
    edit(course_folder / path, old, new)
    with pytest.raises(Refused) as refused:
        load([course_folder])
    told = [str(fault).removeprefix(f"{course_folder}/") for fault in refused.value.faults]
    assert [line for line in told if message in line] != [], told


def test_two_folders_with_one_key(course_folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        load([course_folder, SMALL_COURSE])
    assert [fault.message for fault in refused.value.faults] == [
        f"`small-course` is the key of {course_folder}/course.toml already."
    ]


def test_nothing_to_publish(tmp_path: Path) -> None:
    status, _, err = command("publish", tmp_path, tmp_path / "nowhere")
    assert status == 1
    assert err == [
        f"{tmp_path}:1: There is no course.toml and no programme here.",
        f"{tmp_path}/nowhere:1: There is neither a course folder nor a programme file here.",
        "2 mistakes; nothing was written.",
    ]


def test_proofs_as_json(course_folder: Path) -> None:
    out = StringIO()
    call_command("prove", str(course_folder), "--json", stdout=out)
    proofs: list[dict[str, Any]] = json.loads(out.getvalue())["proofs"]
    assert [(one["exercise"], one["seeds"]) for one in proofs] == [
        ("what-is-a-hash", 5),
        ("properties", 5),
        ("bits", 5),
        ("word", 5),
        ("in-order", 5),
        ("who-is-who", 5),
        ("fill-in", 5),
        ("build", 3),
    ]
    assert counts()["Course"] == 0


def test_publishing_makes_words_for_the_catalogue(small_course: Course) -> None:
    assert small_course.current is not None
    text = small_course.current.search_text
    for term in (" small ", " blocks ", " 区块 ", " 块链 ", " lang=zh-hans "):
        assert term in text
