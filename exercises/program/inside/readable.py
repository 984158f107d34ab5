"""Values as people read them, short whatever their size. Used outside and inside the box."""

from __future__ import annotations

MOST = 200
"""Characters."""
_MOST_ARGUMENTS = 20
_HUGE_BITS = 4_000


class Verbatim:
    """A text that is written as it is, without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def readable(value: object, most: int = MOST) -> str:
    """`value` as Python would write it, cut to `most` characters with `…` at the end."""
    pieces: list[str] = []
    _write(value, pieces, most)
    return cut("".join(pieces), most)


def call(name: str, arguments: list[object], named: dict[str, object]) -> str:
    """A call as it would be written, cut: `build(['a', 'b'], difficulty=2)`."""
    parts = [readable(value) for value in arguments[:_MOST_ARGUMENTS]]
    parts += [f"{key}={readable(value)}" for key, value in list(named.items())[:_MOST_ARGUMENTS]]
    return cut(f"{name}({', '.join(parts)})")


def cut(text: str, most: int = MOST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _write(value: object, pieces: list[str], room: int) -> int:
    """Append `value` to `pieces` and give back the room that is left; below 0 it stops."""
    if not isinstance(value, list | tuple | set | frozenset | dict):
        return _append(_scalar(value, room), pieces, room)
    opening, closing = _brackets(value)
    room = _append(opening, pieces, room)
    for place, item in enumerate(value):
        if place:
            room = _append(", ", pieces, room)
        room = _write(item, pieces, room)
        if isinstance(value, dict):
            room = _append(": ", pieces, room)
            room = _write(value[item], pieces, room)
        if room < 0:
            return room
    return _append(closing, pieces, room)


def _append(piece: str, pieces: list[str], room: int) -> int:
    pieces.append(piece)
    return room - len(piece)


def _brackets(value: object) -> tuple[str, str]:
    if isinstance(value, list):
        return "[", "]"
    if isinstance(value, tuple):
        return "(", ",)" if len(value) == 1 else ")"
    if isinstance(value, dict):
        return "{", "}"
    return ("{", "}") if value else ("set(", ")")


def _scalar(value: object, room: int) -> str:
    if isinstance(value, str | bytes):
        return repr(value[: max(room, 0) + 1])
    if isinstance(value, int) and value.bit_length() > _HUGE_BITS:
        return hex(value)  # Python refuses to write it in decimal
    return repr(value)
