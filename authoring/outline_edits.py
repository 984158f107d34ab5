"""Changes to the outline of a course, as changes to its files. Nothing that they do not concern is
written anew: course.toml keeps its order, its remarks and its spaces.

Each takes the files of the course and returns the files that change (None: removed), and raises
`NoSuchPart` for what is not there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from authoring.outlines import (
    COURSE_FILE,
    PLACEMENT,
    exercises_in,
    key_of,
    lesson_file,
    read_outline,
)
from authoring.types import NoSuchPart, NotEmpty, Outline
from courses.publishing.tables import LANGUAGES
from courses.publishing.toml_edit import rewritten

Files = Mapping[str, bytes]
Changes = dict[str, bytes | None]
Texts = Mapping[str, str]


def add_module(files: Files, key: str, title: Texts) -> Changes:
    """A module without lessons, after all others. A key that is taken gets a number."""

    def change(modules: Any, outline: Outline) -> None:
        free = _free(key or "module", {one.key for one in outline.modules})
        words = text_in(title, outline.languages)
        modules.append({"key": free, "title": words, "lessons": []})

    return _in_modules(files, change)


def rename_module(files: Files, key: str, title: Texts) -> Changes:
    """Another title for a module; languages that are not given keep theirs."""

    def change(modules: Any, outline: Outline) -> None:
        module = modules[_index(modules, key)]
        old = module.get("title")
        module["title"] = {**(old if isinstance(old, dict) else {}), **title}

    return _in_modules(files, change)


def move_module(files: Files, key: str, to: int) -> Changes:
    """A module to another place, counted from 0 as if it had been taken out before."""

    def change(modules: Any, outline: Outline) -> None:
        position = _index(modules, key)
        module = modules[position]
        del modules[position]
        modules.insert(max(0, min(to, len(modules))), module)

    return _in_modules(files, change)


def remove_module(files: Files, key: str) -> Changes:
    """Take away a module that has no lessons. Raises `NotEmpty`."""

    def change(modules: Any, outline: Outline) -> None:
        position = _index(modules, key)
        if modules[position].get("lessons"):
            raise NotEmpty(key)
        del modules[position]

    return _in_modules(files, change)


def add_lesson(files: Files, module: str, key: str, title: Texts) -> Changes:
    """A lesson with nothing but its titles, at the end of a module. A key that is taken gets a
    number, and the folder the next number of all."""
    outline = read_outline(files)
    folders = {path.partition("/")[0] for path in files if "/" in path}
    numbers = [int(one[: one.index("-")]) for one in folders if one.partition("-")[0].isdecimal()]
    free = _free(key or "lesson", {key_of(folder) for folder in folders})
    folder = f"{max(numbers, default=0) + 1:02}-{free}"
    changes = _in_modules(files, lambda modules, _: _insert(modules, module, folder, None))
    for language in outline.languages:
        words = title.get(language) or next(iter(title.values()))
        changes[lesson_file(folder, language)] = f"# {words}\n".encode()
    return changes


def move_lesson(files: Files, folder: str, module: str, to: int | None) -> Changes:
    """A lesson to a place in a module (counted as in `move_module`; None: the end), also one that
    no module names yet."""
    if not any(path.startswith(f"{folder}/") for path in files):
        raise NoSuchPart(folder)

    def change(modules: Any, outline: Outline) -> None:
        _index(modules, module)
        _take_out(modules, folder)
        _insert(modules, module, folder, to)

    return _in_modules(files, change)


def remove_lesson(files: Files, folder: str) -> Changes:
    """A lesson with all that is in its folder."""
    below: Changes = dict.fromkeys(path for path in files if path.startswith(f"{folder}/"))
    if not below:
        raise NoSuchPart(folder)
    return below | _in_modules(files, lambda modules, _: _take_out(modules, folder))


def move_exercise(files: Files, folder: str, key: str, lesson: str, to: int | None) -> Changes:
    """An exercise to a place among those of its own lesson or of another one.

    The words of a lesson stay where they are: the exercises change places between the lines that
    place one. In another lesson there is a new such line, at the end.
    """
    if key not in exercises_in(files, folder):
        raise NoSuchPart(key)
    outline = read_outline(files)
    changes: Changes = {}
    if lesson != folder:
        for path, data in files.items():
            if path.startswith(f"{folder}/{key}/"):
                changes[path] = None
                changes[f"{lesson}/{path.removeprefix(f'{folder}/')}"] = data
        for source, new in _texts(files, outline, folder):
            changes[source] = _unplaced(new, key).encode()
    for path, text in _texts(files, outline, lesson):
        placed = [found["key"] for found in PLACEMENT.finditer(text)]
        known = text if key in placed else f'{text.rstrip()}\n\n{{{{ exercise "{key}" }}}}\n'
        order = [one for one in placed if one != key]
        order.insert(len(order) if to is None else max(0, min(to, len(order))), key)
        changes[path] = _replaced(known, order).encode()
    return {path: data for path, data in changes.items() if files.get(path) != data}


def text_in(text: Texts, languages: Sequence[str]) -> dict[str, str]:
    """A text in these languages; one without words gets those of another one."""
    return {
        language: text.get(language) or next(iter(text.values()))
        for language in languages or LANGUAGES
    }


def _in_modules(files: Files, change: Callable[[Any, Outline], None]) -> Changes:
    """Course.toml after a change to its modules."""
    try:
        source = files.get(COURSE_FILE, b"").decode()
        course = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoSuchPart(COURSE_FILE) from error
    modules = course.setdefault("modules", [])
    if not isinstance(modules, list) or not all(isinstance(one, dict) for one in modules):
        raise NoSuchPart(COURSE_FILE)
    change(modules, read_outline(files))
    return {COURSE_FILE: rewritten(source, course).encode()}


def _index(modules: Any, key: str) -> int:
    for position, module in enumerate(modules):
        if module.get("key") == key:
            return position
    raise NoSuchPart(key)


def _take_out(modules: Any, folder: str) -> None:
    for module in modules:
        lessons = module.get("lessons", [])
        if folder in lessons:
            module["lessons"] = [one for one in lessons if one != folder]


def _insert(modules: Any, key: str, folder: str, to: int | None) -> None:
    module = modules[_index(modules, key)]
    lessons = list(module.get("lessons", []))
    lessons.insert(len(lessons) if to is None else max(0, min(to, len(lessons))), folder)
    module["lessons"] = lessons


def _free(key: str, taken: set[str]) -> str:
    """The key, or with the first number that makes it different from all that are taken."""
    if key not in taken:
        return key
    return next(one for n in range(2, len(taken) + 3) if (one := f"{key}-{n}") not in taken)


def _texts(files: Files, outline: Outline, folder: str) -> Iterator[tuple[str, str]]:
    """Path and text of a lesson in every language in which it is there."""
    found = False
    for language in outline.languages:
        path = lesson_file(folder, language)
        if path in files:
            found = True
            yield path, files[path].decode(errors="replace")
    if not found:
        raise NoSuchPart(folder)


def _unplaced(text: str, key: str) -> str:
    """Without the line that places an exercise, and the blank line after it."""
    for found in PLACEMENT.finditer(text):
        if found["key"] == key:
            return text[: found.start()] + text[found.end() :].lstrip("\n")
    return text


def _replaced(text: str, order: Sequence[str]) -> str:
    """The lines that place exercises now place these, in this order."""
    keys = iter(order)
    return PLACEMENT.sub(lambda found: f'{{{{ exercise "{next(keys, found["key"])}" }}}}', text)
