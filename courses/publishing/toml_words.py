"""Values as TOML, in the style of docs/course-format.md."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from courses.publishing.tables import is_text

_BARE = re.compile(r"[A-Za-z0-9_-]+")
LONGEST = 100
"""Characters of a list that stands in one line."""


class Fresh(dict[str, Any]):
    """A table of a list that comes from none that was there: it takes over no comments."""


def same(one: object, other: object) -> bool:
    """Whether two values are the same TOML: `1`, `1.0` and `true` are three values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


def written(table: Mapping[str, Any]) -> str:
    """A whole document."""
    return _pairs(table, "", at_top=True).lstrip("\n")


def section(header: str, table: Mapping[str, Any], *, in_array: bool) -> str:
    """A table below a header of its own, with what is below it in turn."""
    line = f"[[{header}]]\n" if in_array else f"[{header}]\n"
    return line + _pairs(table, header, at_top=False)


def is_section(value: object, *, at_top: bool) -> bool:
    """Whether a value is written below headers: arrays of tables, and tables of the document."""
    if isinstance(value, dict):
        return at_top and not is_text(value)
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and one and not is_text(one) for one in value)
    )


def inline(value: Any) -> str:
    """A value behind an equals sign."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool() | int() | float():
            return repr(value).lower()  # true, 3, 0.5, 1e-09, nan, -inf
        case dict():
            pairs = ", ".join(f"{key_word(key)} = {inline(one)}" for key, one in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list():
            return list_of([(inline(one), "", "") for one in value], is_long=False)
    return str(value.isoformat())  # dates and times: TOML has nothing else


def list_of(rows: Sequence[tuple[str, str, str]], *, is_long: bool) -> str:
    """A list of values that are written already, each with the comments above and behind it."""
    line = f"[{', '.join(words for words, _, _ in rows)}]"
    if not rows or (not is_long and len(line) <= LONGEST):
        return line
    lines = []
    for words, above, behind in rows:
        lines += [f"  {remark}\n" for remark in above.split("\n") if remark]
        lines.append(f"  {words},{'  ' if behind else ''}{behind}\n")
    return f"[\n{''.join(lines)}]"


def key_word(key: str) -> str:
    return key if _BARE.fullmatch(key) else inline(key)


def header_of(path: str) -> str:
    """The words of a header, of a dotted path without indexes."""
    return ".".join(key_word(part) for part in path.split("."))


def _pairs(table: Mapping[str, Any], path: str, *, at_top: bool) -> str:
    """The pairs of a table, and then what has headers."""
    text = ""
    for key, value in table.items():
        if not is_section(value, at_top=at_top):
            text += f"{key_word(key)} = {inline(value)}\n"
    for key, value in table.items():
        if is_section(value, at_top=at_top):
            header = f"{path}.{key_word(key)}" if path else key_word(key)
            many = value if isinstance(value, list) else [value]
            gap = "\n" if at_top else ""
            for one in many:
                text += gap + section(header, one, in_array=isinstance(value, list))
    return text
