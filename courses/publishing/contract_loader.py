"""The files beside the exercise.toml of a contract, put into its spec."""

from __future__ import annotations

from pathlib import Path

from courses.publishing.faults import Faults
from courses.publishing.tables import Document, Raw, read_document, read_text
from exercises.contract.folder import is_ours, parts_of

CHECKS = "checks.toml"


class ContractFolder:
    """checks.toml, and the versions of the contract in each language.

    `exercises.contract.folder` says how the files are named.
    """

    def __init__(self, folder: Path, spec: Raw, faults: Faults) -> None:
        self.folder = folder
        self.spec = spec
        self.faults = faults
        self.expected = {CHECKS}
        self.companions: dict[str, str] = {}
        self.checks: Document | None = None

    def read(self) -> None:
        """Fill the spec; what cannot be read is a fault at its file."""
        checks = self.folder / CHECKS
        self.companions["spec.checks"] = str(checks)
        self.checks = read_document(checks, str(checks), self.faults)
        self.spec["checks"] = {} if self.checks is None else dict(self.checks.data)
        parts = parts_of(self._texts(), self._languages(), self._names())
        self.spec.update(parts)
        for name in parts["misconception_of"]:
            self.companions[f"misconception_of.{name}"] = self.companions[f"spec.wrong.{name}"]

    def _texts(self) -> dict[str, str]:
        """Every file of the contract by its name in the folder."""
        texts = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if not path.is_file() or not is_ours(name):
                continue
            self.expected.add(name.partition("/")[0])
            self._note(name, path)
            text = read_text(path, str(path), self.faults)
            if text is not None:
                texts[name] = text
        return texts

    def _note(self, name: str, path: Path) -> None:
        """Where a fault of this version is said."""
        top = name.partition("/")[0]
        stem = top.partition(".")[0] if "/" not in name else top.rpartition("-")[0]
        role = stem.removeprefix("wrong-")
        place = f"wrong.{role}" if stem != role else stem
        for words in (f"spec.{place}", f"spec.{place}{path.suffix}"):
            self.companions.setdefault(words, str(path))

    def _languages(self) -> list[str]:
        named = self.spec.get("languages")
        return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []

    def _names(self) -> dict[str, list[str]]:
        named = self.spec.get("files")
        if not isinstance(named, dict):
            return {}
        return {
            language: [str(name) for name in names]
            for language, names in named.items()
            if isinstance(names, list)
        }
