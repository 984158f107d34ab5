"""Forged proofs and headers are wrong in exactly the way they say."""

from __future__ import annotations

import json

import pytest

from chains import blocks
from chains.lightclient import LightClient, Refusal, from_text, to_text
from chains.transcripts import canonical_json
from chains.types import GENESIS_SECONDS, Block, CallKind, Event, Status, Transaction, Transcript
from exercises.contract.proofs import (
    FORGERIES,
    forged,
    forged_header_text,
    header_text,
    headers_text,
    proof_text,
)
from exercises.types import Broken


def ledger() -> Transcript:
    transactions = tuple(
        Transaction(
            number=number,
            kind=CallKind.INVOKE,
            identity="plant",
            contract="c",
            method="m",
            args={"n": str(number)},
            status=Status.OK,
            events=(Event("c", "locked", ("r", "40")),) if number == 2 else (),
            id=f"{number:064x}",
            time=GENESIS_SECONDS + number,
        )
        for number in range(1, 5)
    )
    return Transcript("a", "python", "", 1, (), transactions, blocks.chain(transactions))


def client(transcript: Transcript) -> LightClient:
    made = LightClient("a")
    for block in transcript.blocks:
        made.sync(block)
    return made


def header_of(text: str) -> Block:
    data = json.loads(text)
    return Block(**{**data, "transactions": tuple(data["transactions"])})


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_proof_holds(number: int) -> None:
    transcript = ledger()
    assert client(transcript).verify(from_text(proof_text(transcript, number))) is None


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("leaf", Refusal.FORGED),
        ("height", Refusal.OTHER_BLOCK),
        ("number", Refusal.OTHER_BLOCK),
        ("ledger", Refusal.OTHER_LEDGER),
    ],
)
def test_a_forged_proof_does_not(part: str, reason: Refusal) -> None:
    transcript = ledger()
    for number in (1, 2):
        proof = from_text(forged(proof_text(transcript, number), part))
        assert client(transcript).verify(proof) is reason
    assert part in FORGERIES


def test_a_forged_leaf_says_that_more_was_sent() -> None:
    transcript = ledger()
    leaf = json.loads(from_text(forged(proof_text(transcript, 2), "leaf")).leaf)
    assert leaf["events"][-1]["data"] == ["r", "409"]
    assert json.loads(from_text(forged(proof_text(transcript, 1), "leaf")).leaf)["args"] == {
        "n": "19"
    }


def test_a_forged_header_fits_the_forged_leaf_and_breaks_the_link_after_it() -> None:
    transcript = ledger()
    header = header_of(forged_header_text(transcript, 2))
    fooled = LightClient("a")
    fooled.sync(transcript.blocks[0])
    fooled.sync(header)
    assert fooled.verify(from_text(forged(proof_text(transcript, 2), "leaf"))) is None
    assert blocks.link_faults(header, transcript.blocks[2]) != []


def test_headers_are_the_true_ones() -> None:
    transcript = ledger()
    assert header_of(header_text(transcript, 3)) == transcript.blocks[2]
    assert headers_text(transcript, 2) == canonical_json(list(transcript.blocks[:2])).decode()


def test_what_cannot_be_proved_is_the_authors_mistake() -> None:
    transcript = ledger()
    for attempt in (proof_text, header_text, forged_header_text):
        with pytest.raises(Broken):
            attempt(transcript, 9)
    with pytest.raises(Broken, match="only these"):
        forged(to_text(from_text(proof_text(transcript, 1))), "hat")
