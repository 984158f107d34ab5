"""Tables → TOML in the style of the format's examples: texts in one line, lists of tables as
`[[spec.options]]`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from courses.publishing.tables import is_text
from interop.markdown_text import storable_text

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def document(table: Mapping[str, Any]) -> bytes:
    """A whole document. Values are strings, numbers, booleans, lists and tables of them."""
    lines: list[str] = []
    _table(table, "", lines)
    return ("\n".join(lines).strip("\n") + "\n").encode()


def _table(table: Mapping[str, Any], path: str, lines: list[str]) -> None:
    later: list[tuple[str, Any]] = []
    for key, value in table.items():
        if _stands_alone(value):
            later.append((key, value))
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in later:
        below = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            lines += ["", f"[{below}]"]
            _table(value, below, lines)
            continue
        for item in value:
            lines += ["", f"[[{below}]]"]
            _table(item, below, lines)


def _stands_alone(value: object) -> bool:
    """Whether a value gets a header of its own: tables that are no texts, and lists of them."""
    if isinstance(value, Mapping):
        return not is_text(value) and bool(value)
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return all(isinstance(item, Mapping) and not is_text(item) for item in value)
    return False


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(storable_text(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
