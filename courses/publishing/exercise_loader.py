"""The folder of one exercise → `ExerciseFiles`."""

from __future__ import annotations

import re
from pathlib import Path

from courses.publishing.contract_loader import ContractFolder
from courses.publishing.faults import Faults
from courses.publishing.files import ExerciseFiles, Hint, Markdown
from courses.publishing.tables import (
    KEY,
    LONGEST_KEY,
    Document,
    Raw,
    Table,
    read_document,
    read_text,
)

PROGRAM, CONTRACT = "program", "contract"
REVEAL = ("never", "after_pass", "after_last_try")
_COMPETENCY = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_ORIGIN = re.compile(rf"{KEY.pattern}/{KEY.pattern}@[0-9a-f]{{12}}")
_NAMED_MISCONCEPTION = re.compile(r"#\s*misconception:\s*(?P<key>\S+)\s*")
_WRONG = "wrong-"


def read_exercise(folder: Path, languages: list[str], faults: Faults) -> ExerciseFiles | None:
    """An exercise folder, or None when its exercise.toml cannot be read at all."""
    file = str(folder / "exercise.toml")
    if not KEY.fullmatch(folder.name) or len(folder.name) > LONGEST_KEY:
        faults.add(file, 1, "An exercise's folder is named by lower case, digits and hyphens.")
    document = read_document(folder / "exercise.toml", file, faults)
    if document is None:
        return None
    table = Table(document, document.data, "", faults)
    policy = table.table("policy", required=False)
    kind = table.string("kind")
    spec = dict(table.raw("spec"))
    companions: dict[str, str] = {}
    checks: Document | None = None
    expected = {"exercise.toml", *(f"statement.{language}.md" for language in languages)}
    if kind == PROGRAM:
        program = _Program(folder, spec, faults)
        program.read()
        expected |= program.expected
        companions = program.companions
    elif kind == CONTRACT:
        contract = ContractFolder(folder, spec, faults)
        contract.read()
        expected |= contract.expected
        companions, checks = contract.companions, contract.checks
    spec["vary"] = _vary(table)
    exercise = ExerciseFiles(
        key=folder.name,
        folder=folder,
        document=document,
        kind=kind,
        title=table.text("title", languages),
        points=table.integer("points", 1, 100),
        competencies=_competencies(table),
        tries=policy.integer("tries", 0, 100, 0),
        penalty=policy.integer("penalty", 0, 100, 0),
        reveal=policy.name("reveal", REVEAL, "after_pass"),
        hints=_hints(table, languages),
        spec=spec,
        statement={language: _statement(folder, language, faults) for language in languages},
        companions=companions,
        checks=checks,
        origin=_origin(table),
    )
    policy.close()
    table.close()
    for path in sorted(folder.iterdir()):
        if path.name not in expected and path.name != "__pycache__":
            faults.add(str(path), 1, "This file belongs to nothing that the exercise names.")
    return exercise


def _vary(table: Table) -> list[list[str]]:
    """`[vary]` as pairs of name and expression, in the author's order."""
    if not table.has("vary"):
        return []
    pairs = []
    for name, expression in table.raw("vary").items():
        if not isinstance(expression, str):
            table.fault(f"vary.{name}", f"`vary.{name}` must be a string: an expression.")
        pairs.append([name, str(expression)])
    return pairs


def _competencies(table: Table) -> list[str]:
    codes = table.strings("competencies", [])
    for index, code in enumerate(codes):
        if not _COMPETENCY.fullmatch(code):
            table.fault(
                f"competencies[{index}]", f"`{code}` is not a code such as hash.properties."
            )
    return codes


def _origin(table: Table) -> str:
    origin = table.string("origin", "")
    if origin and not _ORIGIN.fullmatch(origin):
        table.fault("origin", f"`{origin}` is not an origin such as course/exercise@0123456789ab.")
    return origin


def _hints(table: Table, languages: list[str]) -> list[Hint]:
    hints = []
    for entry in table.tables("hints"):
        hints.append(Hint(entry.text("text", languages), entry.integer("cost", 0, 100, 0)))
        entry.close()
    if sum(hint.cost for hint in hints) > 100:
        table.fault("hints", "All hints together cost more than 100 percent.")
    return hints


def _statement(folder: Path, language: str, faults: Faults) -> Markdown:
    file = folder / f"statement.{language}.md"
    source = read_text(file, str(file), faults)
    if source is not None and not source.strip():
        faults.add(str(file), 1, "This statement is empty.")
    return Markdown(str(file), source or "")


class _Program:
    """The files beside the exercise.toml of a program, put into its spec."""

    def __init__(self, folder: Path, spec: Raw, faults: Faults) -> None:
        self.folder = folder
        self.spec = spec
        self.faults = faults
        self.expected = {"checks.py"}
        self.companions: dict[str, str] = {}
        named = spec.get("files")
        self.files = (
            [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
        )

    def read(self) -> None:
        checks = self.folder / "checks.py"
        self.companions["spec.checks"] = str(checks)
        self.spec["checks"] = read_text(checks, str(checks), self.faults) or ""
        self.spec["starter"] = self._version("starter")
        self.spec["solution"] = self._version("solution")
        wrong: dict[str, dict[str, str]] = {}
        misconception_of: dict[str, str] = {}
        for path in sorted(self.folder.glob(f"{_WRONG}*")):
            stem = path.name if path.is_dir() else path.stem
            name = stem.removeprefix(_WRONG)
            wrong[name] = self._version(stem)
            for text in wrong[name].values():
                if found := _NAMED_MISCONCEPTION.match(text):
                    misconception_of[name] = found["key"]
                    self.companions[f"misconception_of.{name}"] = str(path)
        self.spec["wrong"] = wrong
        self.spec["misconception_of"] = misconception_of

    def _version(self, stem: str) -> dict[str, str]:
        """One version of the learner's files: `stem.py`, or a folder `stem/` for several."""
        if len(self.files) == 1:
            path = self.folder / f"{stem}{Path(self.files[0]).suffix}"
            self.expected.add(path.name)
            self.companions[f"spec.{_place(stem)}"] = str(path)
            text = read_text(path, str(path), self.faults)
            return {} if text is None else {self.files[0]: text}
        self.expected.add(stem)
        self.companions[f"spec.{_place(stem)}"] = str(self.folder / stem)
        texts = {}
        for name in self.files:
            path = self.folder / stem / name
            text = read_text(path, str(path), self.faults)
            if text is not None:
                texts[name] = text
        return texts


def _place(stem: str) -> str:
    return f"wrong.{stem.removeprefix(_WRONG)}" if stem.startswith(_WRONG) else stem
