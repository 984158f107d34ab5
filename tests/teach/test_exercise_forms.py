"""Forms of exercises: opened and saved they change nothing, and what they do not show stays."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from teach.forms.exercise import Opened, Sheet, meant, opened, sheet
from teach.forms.fields import Node, Posted, Setting
from teach.forms.rows import changed
from tests.courses.publishing import SMALL_COURSE

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(
    path.parent
    for place in (ROOT / "curricula", SMALL_COURSE, ROOT / "tests/exercises/contract/examples")
    for path in place.rglob("exercise.toml")
)
BOTH = Setting(languages=("en", "zh-hans"))


def folder_of(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


def as_a_browser_posts(made: Sheet) -> dict[str, list[str]]:
    """What comes of a page that is sent as it was loaded, with the ends of lines of browsers."""
    form: dict[str, list[str]] = {"files": [file.name for file in made.code]}
    for name, _language, text in made.statements:
        form[f"file:{name}"] = [text.replace("\n", "\r\n")]
    for file in made.code:
        form[f"file:{file.name}"] = [file.text.replace("\n", "\r\n")]
    for node in made.nodes():
        form.update(_fields(node))
    return form


def _fields(node: Node) -> Iterator[tuple[str, list[str]]]:
    if node.template == "rows":
        yield node.at, ["", *(row.token for row in node.rows)]
    elif node.template == "texts":
        yield from ((at, [words.replace("\n", "\r\n")]) for at, _language, words in node.texts)
    elif node.template == "flag":
        yield node.at, ["", "on"] if node.value else [""]
    elif node.template != "group":
        yield node.at, [node.value.replace("\n", "\r\n")]


def posted(exercise: Opened) -> dict[str, list[str]]:
    return as_a_browser_posts(sheet(exercise, BOTH))


def read(exercise: Opened, form: Posted) -> dict[str, bytes | None]:
    problems: dict[str, object] = {}
    changes = meant(exercise, Setting(BOTH.languages, posted=form), problems)  # type: ignore[arg-type]
    assert problems == {}
    return changes


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_opened_and_saved_every_exercise_keeps_its_bytes(folder: Path) -> None:
    exercise = opened(folder_of(folder))
    assert read(exercise, posted(exercise)) == {}
    shown = sheet(exercise, Setting(BOTH.languages, posted=posted(exercise)))
    assert as_a_browser_posts(shown) == posted(exercise)
