"""One exercise as a form: the files of its folder → what is shown; what was posted → changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses.publishing.faults import Fault
from courses.publishing.toml_edit import rewritten
from courses.publishing.toml_lines import line_numbers
from teach.forms import registry
from teach.forms.fields import Field, Node, Problems, Setting, Words, plain
from teach.forms.files import CODE_KINDS, CodeFile, code_changes, code_files
from teach.forms.rows import nodes_of, table_of

DOCUMENT = "exercise.toml"
Changes = dict[str, bytes | None]


class NoTable(Exception):
    """exercise.toml is no TOML: only its source can be shown. `line` from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Opened:
    """The folder of an exercise, by name of the file, and what its exercise.toml says."""

    files: Mapping[str, bytes]
    source: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        kind = self.data.get("kind")
        return kind if isinstance(kind, str) else ""

    @property
    def spec(self) -> dict[str, Any]:
        spec = self.data.get("spec")
        return spec if isinstance(spec, dict) else {}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    key: str
    title: Words
    nodes: list[Node]


@dataclass(slots=True)
class Sheet:
    """What the page shows."""

    sections: list[Section]
    statements: list[tuple[str, str, str]]
    """Name of the file, language, text."""
    code: list[CodeFile]
    problems: Problems = field(default_factory=dict)

    def nodes(self) -> Iterator[Node]:
        """Every field, those in rows too."""
        for section in self.sections:
            yield from _all(section.nodes)


def opened(files: Mapping[str, bytes]) -> Opened:
    """Raises `NoTable`."""
    source = files.get(DOCUMENT, b"").decode(errors="replace")
    try:
        return Opened(files, source, tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else source.count("\n") + 1
        raise NoTable(line, str(error)) from error


def sheet(exercise: Opened, setting: Setting, problems: Problems | None = None) -> Sheet:
    """The form, as the files are or as it was posted."""
    answer = _("Settings") if exercise.kind in CODE_KINDS else _("Answer")
    parts: list[tuple[str, Words, Sequence[Field]]] = [
        ("about", _("Title and points"), registry.ABOUT),
        ("answer", answer, registry.SPECS.get(exercise.kind, ())),
        ("hints", _("Hints"), registry.HINTS),
        ("rules", _("Rules"), registry.RULES),
        ("varied", _("Varied values"), registry.VARIED),
    ]
    sections = []
    for key, title, fields in parts:
        table, path = (exercise.spec, "spec") if key == "answer" else (exercise.data, "")
        nodes = nodes_of(fields, table, path, path, setting)
        sections.append(Section(key, title, nodes))
    code = code_files(exercise.kind, exercise.spec, exercise.files, setting.posted)
    made = Sheet(sections, _statements(exercise, setting), code, problems or {})
    for node in made.nodes():
        node.problem = made.problems.get(node.at, "")
    return made


def meant(exercise: Opened, setting: Setting, problems: Problems) -> Changes:
    """What was posted, as changes to the files of the folder; nothing where nothing changes.

    Worth writing only where `problems` stays empty.
    """
    assert setting.posted is not None
    fields = registry.fields_for(exercise.kind)
    table = table_of(fields, exercise.data, "", setting, problems)
    changes: Changes = {}
    source = in_order(exercise, table)
    if source != exercise.source:
        changes[DOCUMENT] = source.encode()
    for name, _language, text in _statements(exercise, setting):
        old = plain(exercise.files.get(name, b"").decode(errors="replace"))
        if text.rstrip() != old.rstrip():
            changes[name] = f"{text.rstrip()}\n".encode()
    spec = table.get("spec")
    after = spec if isinstance(spec, dict) else {}
    return changes | code_changes(exercise.kind, after, exercise.files, setting.posted)


def with_equivalent(exercise: Opened, mutant: str) -> Changes:
    """The exercise with one more mutant that behaves the same, by its name."""
    listed = exercise.spec.get("equivalent")
    names = [*listed, mutant] if isinstance(listed, list) else [mutant]
    table = {**exercise.data, "spec": {**exercise.spec, "equivalent": names}}
    return {DOCUMENT: rewritten(exercise.source, table).encode()}


def in_order(exercise: Opened, table: Mapping[str, Any]) -> str:
    """The document with these values. Varied values are calculated in their order, so where that
    changes they are written anew."""
    before, after = exercise.data.get("vary"), table.get("vary")
    source = exercise.source
    is_moved = (
        isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys()
    )
    if is_moved and list(before or ()) != list(after or ()):
        source = rewritten(source, {key: value for key, value in table.items() if key != "vary"})
    return rewritten(source, table)


def told(made: Sheet, exercise: Opened, faults: Iterable[Fault]) -> list[tuple[Fault, str]]:
    """Each fault with the id of the field that it is about ('' for none), where it is said too."""
    lines = line_numbers(exercise.source)
    nodes = {node.path: node for node in made.nodes()}
    found = []
    for fault in faults:
        name = fault.file.partition("/")[2].partition("/")[2]
        if name != DOCUMENT:
            found.append((fault, f"file:{name}"))
            continue
        paths = [path for path, line in lines.items() if line == fault.line]
        node = next((nodes[one] for path in paths for one in _around(path) if one in nodes), None)
        if node is not None and not node.problem:
            node.problem = fault.message
        found.append((fault, "" if node is None else node.at))
    return found


def _around(path: str) -> Iterator[str]:
    """A path and what it is in, from the inside."""
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]


def _all(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.nodes)
        for row in node.rows:
            yield from _all(row.nodes)


def _statements(exercise: Opened, setting: Setting) -> list[tuple[str, str, str]]:
    statements = []
    for language in setting.languages:
        name = f"statement.{language}.md"
        given = setting.given(f"file:{name}")
        text = plain(exercise.files.get(name, b"").decode(errors="replace"))
        statements.append((name, language, text if given is None else given))
    return statements
