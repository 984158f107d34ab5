"""Proofs that a transaction is on a ledger, and forged ones, as texts for contracts and relays.

The texts are those of `chains.lightclient` and of block headers as canonical JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chains import lightclient
from chains.blocks import header_hash, root
from chains.lightclient import Proof
from chains.transcripts import canonical_json
from chains.types import Block, Transcript
from exercises.types import Broken

Forge = Callable[[Proof], Proof]


def header_text(transcript: Transcript, number: int) -> str:
    """The header of the block that lists the transaction. Raises Broken."""
    return canonical_json(_block(transcript, number)).decode()


def headers_text(transcript: Transcript, number: int) -> str:
    """All headers from the first to that one, as a list."""
    last = _block(transcript, number)
    return canonical_json([one for one in transcript.blocks if one.height <= last.height]).decode()


def proof_text(transcript: Transcript, number: int) -> str:
    """The proof that the transaction is on its ledger. Raises Broken."""
    try:
        return lightclient.to_text(
            lightclient.prove(transcript.ledger, transcript.blocks, transcript.transactions, number)
        )
    except ValueError as error:
        raise Broken(f"checks.toml: {error}") from error


def forged(text: str, part: str) -> str:
    """The proof with one part changed, as somebody who lies would change it. Raises Broken."""
    if part not in FORGERIES:
        raise Broken(f"checks.toml: only these can be forged: {', '.join(FORGERIES)}")
    return lightclient.to_text(FORGERIES[part](lightclient.from_text(text)))


def forged_header_text(transcript: Transcript, number: int) -> str:
    """A header that fits the proof with the forged leaf: its root and its hash are right, and only
    whoever knows the true hash of this block, or of one after it, can tell."""
    proof = _with_other_leaf(lightclient.from_text(proof_text(transcript, number)))
    header = replace(_block(transcript, number), transaction_root=root([proof.leaf.encode()]).hex())
    return canonical_json(replace(header, hash=header_hash(header))).decode()


def _block(transcript: Transcript, number: int) -> Block:
    block = next((one for one in transcript.blocks if number in one.transactions), None)
    if block is None:
        raise Broken(f"checks.toml: no block lists the transaction {number}")
    return block


def _with_other_leaf(proof: Proof) -> Proof:
    """Says that more was sent: the last text of the last event, or an argument, is another."""
    leaf: dict[str, Any] = json.loads(proof.leaf)
    events = [event for event in leaf["events"] if event["data"]]
    if events:
        events[-1]["data"][-1] = _more(events[-1]["data"][-1])
    elif leaf["args"]:
        name = max(leaf["args"])
        leaf["args"][name] = _more(leaf["args"][name])
    else:
        leaf["result"] = _more(leaf["result"])
    return replace(proof, leaf=canonical_json(leaf).decode())


def _more(text: str) -> str:
    return str(int(text) * 10 + 9) if text.isdigit() else f"{text}x"


FORGERIES: Mapping[str, Forge] = {
    "leaf": _with_other_leaf,
    "height": lambda proof: replace(proof, height=proof.height + 1),
    "number": lambda proof: replace(proof, number=proof.number + 1),
    "ledger": lambda proof: replace(proof, ledger=f"{proof.ledger}-other"),
}
