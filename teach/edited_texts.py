"""The texts that a page lets people edit, as they are in a revision, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence

from authoring.models import Revision
from authoring.queries import draft, file_of, lesson_draft, outline_of
from courses.publishing.faults import Fault
from teach.editing import EditedText

COURSE_FILE = "course.toml"
LANGUAGE_NAMES = {"en": "English", "zh-hans": "中文"}


def lesson_texts(head: Revision, folder: str) -> list[EditedText]:
    """The lesson's text in each language of the course; none where there is no such lesson."""
    outline = outline_of(head)
    found = outline.lesson(folder)
    if found is None:
        return []
    faults = lesson_draft(head, folder).faults
    paths = {language: f"{folder}/lesson.{language}.md" for language in outline.languages}
    return [
        EditedText(
            path=path,
            label=LANGUAGE_NAMES[language],
            mode="markdown",
            language=language,
            text=text_in(head, path),
            faults=_of_text(faults, path, list(paths.values())),
            is_missing=language in found.missing,
        )
        for language, path in paths.items()
    ]


def course_texts(head: Revision) -> list[EditedText]:
    """What course.toml says."""
    faults = [fault for fault in draft(head).faults if fault.file == COURSE_FILE]
    text = text_in(head, COURSE_FILE)
    return [EditedText(COURSE_FILE, COURSE_FILE, "toml", "", text, faults)]


def _of_text(faults: Sequence[Fault], path: str, paths: Sequence[str]) -> list[Fault]:
    """The faults of one of several texts; those of no text stand beside the first one."""
    is_first = path == paths[0]
    return [one for one in faults if one.file == path or (is_first and one.file not in paths)]


def text_in(head: Revision, path: str) -> str:
    """A text of a revision with plain line ends; '' where there is none. 1 query."""
    return (file_of(head, path) or b"").decode(errors="replace").replace("\r\n", "\n")
