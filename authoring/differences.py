"""What of a text has changed, as lines to show."""

from __future__ import annotations

import difflib

Line = tuple[str, int, str]
"""`-`, `+` or ` `; the line's number, in the new text but for `-`; the line."""
AROUND = 2


def changed_lines(before: str, after: str, around: int = AROUND) -> list[Line]:
    """The changed lines, each with some around it, in order."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(around):
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                lines += [(" ", n + 1, new[n]) for n in range(new_start, new_end)]
                continue
            lines += [("-", n + 1, old[n]) for n in range(old_start, old_end)]
            lines += [("+", n + 1, new[n]) for n in range(new_start, new_end)]
    return lines
