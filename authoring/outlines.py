"""The outline of a course that is written, read from its files without judging them.

A draft (`authoring.laying`) says what is wrong, which takes a second for a large course; this
takes a moment, and shows what can be shown of files with whatever mistakes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from authoring.types import Outline, OutlineExercise, OutlineLesson, OutlineModule
from courses.publishing.loader import FIGURES
from courses.publishing.tables import LANGUAGES

COURSE_FILE = "course.toml"
PLACEMENT = re.compile(r'^ {0,3}\{\{ *exercise +"(?P<key>[^"]*)" *\}\}[ \t]*$', re.MULTILINE)
"""A line of a lesson that places an exercise."""
_TITLE = re.compile(r"# +(?P<title>.*?)(?: +#*)?")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
"""What a name in an address can be; what is named otherwise is left out of the outline."""
_NUMBER = re.compile(r"\d+-(?=.)")


def wanted(path: str) -> bool:
    """Whether a file says something about the outline."""
    name = path.rpartition("/")[2]
    return (
        path == COURSE_FILE
        or name == "exercise.toml"
        or (path.count("/") == 1 and name.startswith("lesson.") and name.endswith(".md"))
    )


def read_outline(files: Mapping[str, bytes]) -> Outline:
    """The outline of a course with these files, of which `wanted` ones are enough."""
    course = _toml(files.get(COURSE_FILE, b""))
    if course is None:
        return Outline([], [], [], is_readable=False)
    languages = [one for one in _list(course.get("languages")) if one in LANGUAGES]
    modules = []
    placed: set[str] = set()
    for entry in _list(course.get("modules")):
        if not isinstance(entry, dict) or not _is_slug(entry.get("key")):
            continue
        named = dict.fromkeys(one for one in _list(entry.get("lessons")) if _is_slug(one))
        folders = [one for one in named if one not in placed]
        placed.update(folders)
        lessons = [read_lesson(files, one, languages) for one in folders]
        modules.append(OutlineModule(entry["key"], _text(entry.get("title")), lessons))
    folders = sorted({path.partition("/")[0] for path in files if path.endswith(".md")})
    loose = [one for one in folders if one not in placed and one != FIGURES and _is_slug(one)]
    return Outline(languages, modules, [read_lesson(files, one, languages) for one in loose])


def read_lesson(files: Mapping[str, bytes], folder: str, languages: list[str]) -> OutlineLesson:
    """A lesson by the name of its folder."""
    texts = {
        language: _decoded(files.get(lesson_file(folder, language), b"")) for language in languages
    }
    titles = {language: title for language in languages if (title := title_of(texts[language]))}
    return OutlineLesson(
        folder=folder,
        key=key_of(folder),
        title=titles,
        missing=[language for language in languages if not _has_words(texts[language])],
        exercises=_exercises(files, folder, texts),
    )


def lesson_file(folder: str, language: str) -> str:
    """The path of a lesson's text."""
    return f"{folder}/lesson.{language}.md"


def key_of(folder: str) -> str:
    """The key of a lesson: its folder's name without the number."""
    return _NUMBER.sub("", folder, count=1)


def title_of(text: str) -> str:
    """The words of the title line of a lesson; '' where there is none."""
    found = _TITLE.fullmatch(text.partition("\n")[0].rstrip())
    return found["title"] if found else ""


def exercises_in(files: Mapping[str, bytes], folder: str) -> list[str]:
    """The keys of the exercises in a lesson's folder, by name."""
    found = re.compile(re.escape(folder) + r"/(?P<key>[^/]+)/exercise\.toml")
    keys = (match["key"] for path in files if (match := found.fullmatch(path)))
    return sorted(key for key in keys if _is_slug(key))


def _exercises(
    files: Mapping[str, bytes], folder: str, texts: Mapping[str, str]
) -> list[OutlineExercise]:
    """In the order of the first language that places them; then those that are placed nowhere."""
    keys = exercises_in(files, folder)
    placed = [found["key"] for text in texts.values() for found in PLACEMENT.finditer(text)]
    ordered = [key for key in dict.fromkeys(placed) if key in keys]
    exercises = []
    for key in [*ordered, *(key for key in keys if key not in ordered)]:
        data = _toml(files[f"{folder}/{key}/exercise.toml"]) or {}
        kind = data.get("kind")
        title = _text(data.get("title"))
        exercises.append(OutlineExercise(key, title, kind if isinstance(kind, str) else ""))
    return exercises


def _has_words(text: str) -> bool:
    """Whether something stands below the title."""
    return bool(title_of(text)) and bool(text.partition("\n")[2].strip())


def _toml(data: bytes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def _decoded(data: bytes) -> str:
    return data.decode(errors="replace").replace("\r\n", "\n")


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: words for key, words in value.items() if isinstance(words, str)}
