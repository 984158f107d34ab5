"""What differs between revisions, and how texts that two people changed come together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from authoring.merging import Clash, pieces
from authoring.models import Revision, Workspace
from authoring.trees import contents_of, tree_at
from authoring.types import ComparedFile, ComparedLine, MergedFile

CONTEXT = 3
"""How many lines around a change are shown."""
MARK_MINE, MARK_BETWEEN, MARK_THEIRS = "<<<<<<<", "=======", ">>>>>>>"
"""Before, between and after the two versions of lines that clash."""


def compare(old: Revision | None, new: Revision) -> list[ComparedFile]:
    """Every file that differs, by path. `old` None: all files are added. 1 query."""
    before = {} if old is None else old.tree
    paths = sorted(path for path in {*before, *new.tree} if before.get(path) != new.tree.get(path))
    contents = contents_of(
        {tree[path] for tree in (before, new.tree) for path in paths if path in tree}
    )
    found = []
    for path in paths:
        what = "changed" if path in before and path in new.tree else "added"
        if path not in new.tree:
            what = "removed"
        texts = [_text(contents[tree[path]]) if path in tree else "" for tree in (before, new.tree)]
        found.append(ComparedFile(path, what, compare_texts(*texts)))
    return found


def compare_texts(old: str | None, new: str | None) -> list[ComparedLine] | None:
    """The lines of two texts with what differs and a little around it; None of what is no text."""
    if old is None or new is None:
        return None
    before, after = _lines(old), _lines(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[ComparedLine] = []
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if found or group[0][1] or group[0][3]:
            found.append(ComparedLine("…", None, None, ""))
        for tag, start, end, first, last in group:
            found += _compared(tag, before, after, (start, end, first, last))
    return found


def merged_files(
    workspace: Workspace, head: Revision, changes: Mapping[str, bytes], base: int
) -> list[MergedFile]:
    """Texts that somebody wrote on revision `base`, brought together with `head`. 2 queries."""
    before = tree_at(workspace.pk, base) or {}
    wanted = {tree[path] for tree in (before, head.tree) for path in changes if path in tree}
    contents = contents_of(wanted)
    found = []
    for path, mine in changes.items():
        old = _text(contents[before[path]]) if path in before else ""
        theirs = _text(contents[head.tree[path]]) if path in head.tree else ""
        found.append(_merged(path, old or "", mine.decode(errors="replace"), theirs or ""))
    return found


def _merged(path: str, base: str, mine: str, theirs: str) -> MergedFile:
    lines: list[str] = []
    clashes = 0
    for piece in pieces(base, mine, theirs):
        if isinstance(piece, Clash):
            clashes += 1
            lines += [MARK_MINE, *piece.mine, MARK_BETWEEN, *piece.theirs, MARK_THEIRS]
        else:
            lines += piece
    return MergedFile(
        path=path,
        base=base,
        mine=mine,
        theirs=theirs,
        text="\n".join(lines),
        clashes=clashes,
        my_changes=compare_texts(base, mine),
        their_changes=compare_texts(base, theirs),
    )


def _compared(
    tag: str, before: list[str], after: list[str], span: tuple[int, int, int, int]
) -> Iterator[ComparedLine]:
    start, end, first, last = span
    if tag == "equal":
        for offset, text in enumerate(before[start:end]):
            yield ComparedLine(" ", start + offset + 1, first + offset + 1, text)
        return
    for number in range(start, end):
        yield ComparedLine("-", number + 1, None, before[number])
    for number in range(first, last):
        yield ComparedLine("+", None, number + 1, after[number])


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
