"""The files beside an exercise.toml, as the parts of a spec that they are.

`starter.go`, `solution.rs`, `wrong-no-role-check.go`, `fixture-next.c`: one file of each language.
A contract of several files is a folder: `solution-go/` with the files in it. `starter.relay.py`
is a relay, the same for every language. A first comment line with `misconception: KEY` names what
a wrong one shows. What a wrong version does not have is the solution's: it has one mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exercises.contract.plan import LANGUAGES, MAIN, RELAY

RELAY_SUFFIX = ".relay.py"
FILE = re.compile(
    r"(?P<role>starter|solution|(?:wrong|fixture)-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*?))"
    r"(?P<end>\.relay\.py|\.go|\.rs|\.c|\.sol|\.py|-(?:go|rust|c|solidity|python)/(?P<part>[^/]+))"
)
MISCONCEPTION = re.compile(r"\s*(?://|#|/\*)\s*misconception:\s*(?P<key>[a-z0-9-]+)")
OF_SUFFIX = {suffix: language for language, suffix in LANGUAGES.items()}

Sets = dict[str, dict[str, str]]
"""Language → file → text."""


def parts_of(
    files: Mapping[str, str], languages: Sequence[str], names: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """`starter`, `solution`, `wrong`, `fixtures` and `misconception_of` from relative file names
    and their texts. `names`: the files of languages that have other ones than `contract.EXT`."""
    sets: dict[str, Sets] = {}
    relays: dict[str, str] = {}
    misconceptions: dict[str, str] = {}
    for path, text in sorted(files.items()):
        found = FILE.fullmatch(path)
        if found is None:
            continue
        role, end = found["role"], found["end"]
        if end == RELAY_SUFFIX:
            relays[role] = text
        else:
            language = OF_SUFFIX.get(end) or end[1:].partition("/")[0]
            own = names.get(language) or [MAIN + LANGUAGES[language]]
            sets.setdefault(role, {}).setdefault(language, {})[found["part"] or own[0]] = text
        if role.startswith("wrong-") and (said := MISCONCEPTION.match(text)):
            misconceptions[found["name"]] = said["key"]
    _complete(sets, relays, languages)
    return {
        "starter": sets.get("starter", {}),
        "solution": sets.get("solution", {}),
        "wrong": _named(sets, "wrong-"),
        "fixtures": _named(sets, "fixture-"),
        "misconception_of": misconceptions,
    }


def is_ours(path: str) -> bool:
    """Whether a file of this name belongs to a contract exercise."""
    return FILE.fullmatch(path) is not None


def _complete(sets: dict[str, Sets], relays: Mapping[str, str], languages: Iterable[str]) -> None:
    """Put the relays in, and into wrong versions what they leave as it is in the solution."""
    solution = sets.get("solution", {})
    for role in relays:
        if role.startswith("wrong-") and role not in sets:
            sets[role] = {one: {} for one in languages if one in solution}
    for role, versions in sets.items():
        if role.startswith("wrong-"):
            for language, version in versions.items():
                versions[language] = {**solution.get(language, {}), **version}
    for role, versions in sets.items():
        relay = relays.get(role, relays.get("solution"))
        if relay is not None and not role.startswith("fixture-"):
            for version in versions.values():
                version[RELAY] = relay


def _named(sets: Mapping[str, Sets], prefix: str) -> dict[str, Sets]:
    return {
        role.removeprefix(prefix): versions
        for role, versions in sets.items()
        if role.startswith(prefix)
    }
