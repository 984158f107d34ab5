"""The code beside an exercise.toml: shown in editors, written back, added to and taken from.

The form posts the names of its files in the order of the page (`files`), and each text under
`file:NAME`. A file that is not named any more is removed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from courses.publishing.tables import KEY, LONGEST_KEY
from exercises.contract.folder import is_ours
from exercises.contract.plan import LANGUAGES
from exercises.program.kind import FILE
from teach.forms.fields import Posted, Problems, plain

PROGRAM, CONTRACT = "program", "contract"
CODE_KINDS = (PROGRAM, CONTRACT)
MODES = {".py": "python", ".go": "go", ".rs": "rust", ".c": "c", ".sol": "solidity"}
_WRONG_PROGRAM = re.compile(r"wrong-[a-z0-9]+(?:-[a-z0-9]+)*(?:\.py|/[a-z_][a-z0-9_]*\.py)")
_ROLES = ("checks", "solution", "starter", "wrong", "fixture")
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One editor. `unit`: what is removed together; '' where it cannot be."""

    name: str
    text: str
    mode: str
    unit: str
    problem: str = ""

    @property
    def id(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name)


def code_files(
    kind: str, spec: Mapping[str, Any], files: Files, posted: Posted | None
) -> list[CodeFile]:
    """The editors of an exercise; none for a kind without code."""
    if kind not in CODE_KINDS:
        return []
    names = names_in(kind, spec, files, posted)
    return [_code_file(kind, spec, name, _text(name, files, posted)) for name in names]


def names_in(kind: str, spec: Mapping[str, Any], files: Files, posted: Posted | None) -> list[str]:
    """The names of the files: as posted, or those that are there and those that must be."""
    if posted is not None and "files" in posted:
        given = dict.fromkeys(posted["files"])
        return [name for name in given if is_code(kind, spec, name)]
    there = [
        name for name in files if is_code(kind, spec, name) and _decoded(files[name]) is not None
    ]
    needed = _needed(kind, spec)
    return sorted({*there, *needed}, key=lambda name: (_role(name), name))


def code_changes(
    kind: str, spec: Mapping[str, Any], files: Files, posted: Posted
) -> dict[str, bytes | None]:
    """What the form makes of the files: name → contents, or None for one that goes."""
    if kind not in CODE_KINDS or "files" not in posted:
        return {}
    names = names_in(kind, spec, files, posted)
    changes: dict[str, bytes | None] = {
        name: None
        for name in names_in(kind, spec, files, None)
        if name in files and name not in names
    }
    for name in names:
        text = _text(name, files, posted)
        old = _decoded(files[name]) if name in files else None
        if text != (old or "") and (text.strip() or name in files):
            changes[name] = f"{text.rstrip()}\n".encode()
    return changes


def with_file(
    kind: str, spec: Mapping[str, Any], files: Files, posted: Posted, problems: Problems
) -> dict[str, list[str]]:
    """The form with one more wrong answer (or, for a contract, fixture), a copy of the solution."""
    form = {name: list(values) for name, values in posted.items()}
    key = form.get("new_file", [""])[-1].strip()
    role = "fixture" if form.get("new_role", [""])[-1] == "fixture" else "wrong"
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        problems["new_file"] = _(
            "Lower-case letters, digits and single hyphens, such as off-by-one."
        )
        return form
    for name in names_in(kind, spec, files, posted):
        if _role(name) == _ROLES.index("solution"):
            added = name.replace("solution", f"{role}-{key}", 1)
            if added not in form["files"] and is_code(kind, spec, added):
                form["files"].append(added)
                form[f"file:{added}"] = [_text(name, files, posted)]
    form["new_file"] = [""]
    return form


def without_file(
    kind: str, spec: Mapping[str, Any], posted: Posted, unit: str
) -> dict[str, list[str]]:
    """The form without the files of a unit."""
    form = {name: list(values) for name, values in posted.items()}
    form["files"] = [name for name in form.get("files", []) if _unit(kind, spec, name) != unit]
    return form


def is_code(kind: str, spec: Mapping[str, Any], name: str) -> bool:
    """Whether a file of this name belongs to the exercise's code."""
    if kind == CONTRACT:
        return name == "checks.toml" or is_ours(name)
    return name in _needed(kind, spec) or _WRONG_PROGRAM.fullmatch(name) is not None


def _needed(kind: str, spec: Mapping[str, Any]) -> list[str]:
    if kind == CONTRACT:
        own = spec.get("files")
        languages = [one for one in _strings(spec.get("languages")) if one in LANGUAGES]
        alone = [one for one in languages if not (isinstance(own, dict) and one in own)]
        parts = [f"{role}{LANGUAGES[one]}" for role in ("solution", "starter") for one in alone]
        return ["checks.toml", *parts]
    names = [one for one in _strings(spec.get("files")) if FILE.fullmatch(one)] or ["solution.py"]
    if len(names) == 1:
        return [
            "checks.py",
            *(f"{role}{PurePosixPath(names[0]).suffix}" for role in ("solution", "starter")),
        ]
    return ["checks.py", *(f"{role}/{name}" for role in ("solution", "starter") for name in names)]


def _unit(kind: str, spec: Mapping[str, Any], name: str) -> str:
    """Wrong answers and fixtures can go; a folder goes as a whole."""
    if _role(name) < _ROLES.index("wrong"):
        return ""
    return name.partition("/")[0]


def _role(name: str) -> int:
    return next((place for place, role in enumerate(_ROLES) if name.startswith(role)), len(_ROLES))


def _code_file(kind: str, spec: Mapping[str, Any], name: str, text: str) -> CodeFile:
    mode = MODES.get(PurePosixPath(name).suffix, "")
    return CodeFile(name, text, mode, _unit(kind, spec, name))


def _text(name: str, files: Files, posted: Posted | None) -> str:
    given = () if posted is None else posted.get(f"file:{name}", ())
    if given:
        return plain(given[-1])
    return _decoded(files.get(name, b"")) or ""


def _decoded(data: bytes) -> str | None:
    try:
        return plain(data.decode())
    except UnicodeDecodeError:
        return None


def _strings(value: object) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
