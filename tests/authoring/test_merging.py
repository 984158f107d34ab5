"""Laws of merging, over generated texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from authoring.merging import Clash, merge, pieces

texts = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=1, max_size=8).map("\n".join)


@given(texts, texts)
def test_a_side_that_changed_nothing_gives_the_other(base: str, changed: str) -> None:
    assert merge(base, changed, base) == changed
    assert merge(base, base, changed) == changed
    assert merge(base, changed, changed) == changed


@given(texts, texts, texts)
def test_it_does_not_matter_who_comes_first(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, theirs) == merge(base, theirs, mine)
    mirrored = [
        Clash(piece.base, piece.theirs, piece.mine) if isinstance(piece, Clash) else piece
        for piece in pieces(base, theirs, mine)
    ]
    assert pieces(base, mine, theirs) == mirrored


@given(texts, texts, texts)
def test_no_new_line_is_lost_and_no_line_comes_from_nowhere(
    base: str, mine: str, theirs: str
) -> None:
    """Clashes hold both versions: every line that a side added is in one or the other."""
    found: list[str] = []
    for piece in pieces(base, mine, theirs):
        found += [*piece.mine, *piece.theirs] if isinstance(piece, Clash) else piece
    known = set(base.split("\n"))
    for side in (mine, theirs):
        assert set(side.split("\n")) - known <= set(found)
    assert set(found) <= known | set(mine.split("\n")) | set(theirs.split("\n"))


@given(st.data(), st.integers(4, 9))
def test_changes_that_do_not_touch_are_both_made(data: st.DataObject, count: int) -> None:
    """Each side changes, removes or adds lines in its own part of a text of different lines."""
    lines = [f"line {number}" for number in range(count)]
    middle = data.draw(st.integers(1, count - 2))  # belongs to nobody and stays
    parts = {"mine": range(middle), "theirs": range(middle + 1, count)}
    sides = {}
    for side, part in parts.items():
        sides[side] = {
            number: data.draw(st.sampled_from([[], [f"{side} {number}"], [lines[number], side]]))
            for number in part
            if data.draw(st.booleans())
        }

    def written(*changes: dict[int, list[str]]) -> str:
        made = {number: new for change in changes for number, new in change.items()}
        return "\n".join(
            line for number, old in enumerate(lines) for line in made.get(number, [old])
        )

    merged = merge(written(), written(sides["mine"]), written(sides["theirs"]))
    assert merged == written(sides["mine"], sides["theirs"])


def test_a_clash_names_what_each_side_made_of_the_lines() -> None:
    found = pieces("a\nb\nc", "a\nB\nc", "a\nbb\nc")
    assert found == [["a"], Clash(["b"], ["B"], ["bb"]), ["c"]]
