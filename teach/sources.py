"""The files of an exercise as they are, with what is wrong in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from authoring.queries import folder_of
from courses.publishing.faults import Fault
from teach.editing import FIELD, EditedText
from teach.exercises import Place, about, exercise_in
from teach.forms.exercise import NoTable
from teach.forms.files import CODE_KINDS, MODES, is_code

OTHER_MODES = {".toml": "toml", ".md": "markdown"}


def sources_of(place: Place) -> list[EditedText]:
    """Every text of the exercise, exercise.toml first. 2 queries."""
    files = folder_of(place.head, place.lesson.folder, place.key)
    faults = place.faults
    texts = []
    for name in sorted(files, key=lambda name: (not name.endswith(".toml"), name)):
        try:
            text = files[name].decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        path = f"{place.prefix}{name}"
        suffix = PurePosixPath(name).suffix
        own = [fault for fault in faults if fault.file == path]
        mode = {**MODES, **OTHER_MODES}.get(suffix, "")
        texts.append(EditedText(path, name, mode, "", text, own))
    return texts


def writable(place: Place, posted: Iterable[str]) -> list[str]:
    """Of the names of a form's fields, the paths of files that are or may be the exercise's."""
    files = folder_of(place.head, place.lesson.folder, place.key)
    try:
        found = exercise_in(place, place.head)
        kind, spec = found.kind, found.spec
    except NoTable:
        kind, spec = "", {}
    below = f"{FIELD}{place.prefix}"
    names = [name.removeprefix(below) for name in posted if name.startswith(below)]
    known = {*files, *(f"statement.{language}.md" for language in place.languages)}
    return [
        f"{place.prefix}{name}"
        for name in names
        if name in known or (kind in CODE_KINDS and is_code(kind, spec, name))
    ]


def source_page(place: Place) -> dict[str, Any]:
    """The context of the page. 3 queries."""
    try:
        page = about(place, exercise_in(place, place.head))
    except NoTable:
        page = about(place, None)
    return {**page, "edited": sources_of(place), "base": place.head.number}


def is_emptied(path: str, text: bytes) -> bool:
    """Whether a file was emptied so that it goes; exercise.toml stays."""
    return not text.strip() and not path.endswith("/exercise.toml")


def statuses_for(faults: Iterable[Fault]) -> dict[str, int]:
    """Folder of an exercise, as `lesson/key` → how many faults are in it."""
    counted = Counter("/".join(fault.file.split("/")[:2]) for fault in faults)
    return dict(counted)
