"""curricula/policy → `Lexicon`. A mistake in it is ours: it stops whoever reads it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from courses.policy.types import Law, Lexicon, Rule
from courses.publishing.faults import Faults, Refused
from courses.publishing.tables import LANGUAGES, Table, read_document

FOLDER = Path(__file__).resolve().parents[2] / "curricula" / "policy"
_ASCII = re.compile(r"[!-~ ]+")


@lru_cache(maxsize=4)
def lexicon(folder: Path = FOLDER) -> Lexicon:
    """The lexicon of a folder, read once in a process. Raises `Refused` with every mistake."""
    faults = Faults()
    contexts = _table(folder / "contexts.toml", faults)
    words = {name: str(value) for name, value in contexts.raw("words").items()}
    lexicon_words = {
        name: _joined(contexts.strings(name), words) or re.compile(r"(?!)")
        for name in ("critical", "regulating", "refusing", "turns")
    }
    contexts.close()
    laws = _laws(_table(folder / "laws.toml", faults))
    paths = sorted((folder / "rules").glob("*.toml"))
    rules = tuple(_rule(path, words, laws, faults) for path in paths)
    if faults.found:
        raise Refused(faults.found)
    return Lexicon(rules=rules, digest=_digest(folder), **lexicon_words)


def _table(path: Path, faults: Faults) -> Table:
    document = read_document(path, str(path), faults)
    if document is None:
        raise Refused(faults.found)
    return Table(document, document.data, "", faults)


def _laws(table: Table) -> dict[str, Law]:
    laws = {}
    for entry in table.tables("laws", least=1):
        law = Law(
            key=entry.slug("key"),
            date=entry.date("date"),
            name=entry.text("name", LANGUAGES),
            source=entry.string("source"),
        )
        entry.close()
        laws[law.key] = law
    table.close()
    return laws


def _rule(path: Path, words: dict[str, str], laws: dict[str, Law], faults: Faults) -> Rule:
    table = _table(path, faults)
    named = table.strings("laws", [])
    for index, key in enumerate(named):
        if key not in laws:
            table.fault(f"laws[{index}]", f"There is no law `{key}` in laws.toml.")
    rule = Rule(
        key=path.stem,
        title=table.text("title", LANGUAGES),
        reason=table.text("reason", LANGUAGES),
        laws=tuple(laws[key] for key in named if key in laws),
        names=_joined([_name(one) for one in table.strings("names", [])], words),
        invites=_joined(table.strings("invites", []), words),
        allowed=_joined(table.strings("allowed", []), words),
        hosts=tuple(table.strings("hosts", [])),
        addresses=_joined(table.strings("addresses", []), words),
        code=_joined(table.strings("code", []), words),
    )
    table.close()
    return rule


def _name(name: str) -> str:
    """A name as it stands alone: between letters of its own kind it is another word."""
    if _ASCII.fullmatch(name):
        return rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    return re.escape(name)


def _joined(patterns: list[str], words: dict[str, str]) -> re.Pattern[str] | None:
    """One expression for many; `<word>` in them stands for a group of words."""
    if not patterns:
        return None
    joined = "|".join(f"(?:{one})" for one in patterns)
    for name, group in words.items():
        joined = joined.replace(f"<{name}>", group)
    return re.compile(joined, re.IGNORECASE)


def _digest(folder: Path) -> str:
    """SHA-256 over all files of the lexicon."""
    sum_ = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        sum_.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()
