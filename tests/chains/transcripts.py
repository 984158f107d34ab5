"""Transcripts of every shape, for laws that hold for all of them."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from chains.blocks import chain
from chains.identities import identity
from chains.types import (
    GENESIS_SECONDS,
    CallKind,
    Event,
    Frame,
    Identity,
    Read,
    Status,
    Transaction,
    Transcript,
    Write,
)

T = TypeVar("T")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
maybe_texts = st.none() | texts
arguments = st.dictionaries(texts, texts, max_size=3)
statuses = st.sampled_from(Status)
small = st.integers(0, 1 << 40)


def frames() -> st.SearchStrategy[Frame]:
    def frame(calls: st.SearchStrategy[tuple[Frame, ...]]) -> st.SearchStrategy[Frame]:
        return st.builds(
            Frame,
            contract=texts,
            method=texts,
            args=arguments,
            status=statuses,
            result=texts,
            message=texts,
            cost=small,
            calls=calls,
        )

    return st.recursive(
        frame(st.just(())),
        lambda inner: frame(st.lists(inner, max_size=2).map(tuple)),
        max_leaves=3,
    )


def tuples_of(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, max_size=3).map(tuple)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Numbered, timed transactions with their blocks; all else is any value."""
    transactions = [
        draw(transaction(number, GENESIS_SECONDS + number))
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    return Transcript(
        ledger=draw(texts),
        engine=draw(texts),
        profile=draw(texts),
        seed=draw(st.integers(0, 1 << 62)),
        identities=draw(tuples_of(st.sampled_from(PEOPLE))),
        transactions=tuple(transactions),
        blocks=chain(transactions),
    )


def transaction(number: int, time: int) -> st.SearchStrategy[Transaction]:
    return st.builds(
        Transaction,
        number=st.just(number),
        kind=st.sampled_from(CallKind),
        identity=texts,
        contract=texts,
        method=texts,
        args=arguments,
        status=statuses,
        result=texts,
        message=texts,
        cost=small,
        reads=tuples_of(st.builds(Read, texts, texts, maybe_texts)),
        writes=tuples_of(st.builds(Write, texts, texts, maybe_texts, maybe_texts)),
        events=tuples_of(st.builds(Event, texts, texts, tuples_of(texts))),
        root=st.none() | frames(),
        log=tuples_of(texts),
        id=texts,
        block=st.none() | small,
        time=st.just(time),
    )


PEOPLE: tuple[Identity, ...] = (
    identity("meter", "grid.example", "client", 7),
    Identity("bare", "", "", "", ""),
)
