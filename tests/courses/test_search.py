"""Words and bigrams: what is stored and what is asked for are cut alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.search import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hash functions, SHA-256!", ["hash", "functions", "sha", "256"]),
        ("区块链", ["区块", "块链"]),
        ("链", ["链"]),
        ("国密SM3算法", ["国密", "sm3", "算法"]),
        ("Hash hash HASH", ["hash"]),
        ("lang=en", ["lang", "en"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text("区块链技术ab ", max_size=12), st.integers(0, 10), st.integers(2, 6))
def test_a_piece_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    """Every term of a piece begins a term of the whole, but for words that are cut in front."""
    piece = text[start : start + length]
    stored = " " + " ".join(terms(text)) + " "
    found = [term for term in terms(piece) if len(term) == 2 and not term.isascii()]
    assert [term for term in found if f" {term}" not in stored] == []
