"""Transcripts as JSON: nothing is lost, the same transcript gives the same bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chains.transcripts import hidden, shown


@given(st.binary())
def test_bytes_come_back_from_their_text(value: bytes) -> None:
    assert hidden(shown(value)) == value
