"""How a call to a node can end badly, and how a node's answer is told apart.

A node says most of its refusals as text under one code, INTERNAL_ERROR. The phrases below are those
of ChainMaker 2.1 to 2.3 (utils/transaction.go, accesscontrol, txpool); what matches none of them is
`Refused`, with the node's own words.
"""

from __future__ import annotations

import grpc

from chains.node import wire_pb2 as wire

NOT_ENOUGH = (
    "not enough participants support this action",
    "signers do not meet the requirement",
    "authentication fail for any rule",
    "endorsement is nil",
)
NOT_AUTHENTIC = ("verify tx authentation failed", "authentication failed")
KNOWN_ID = "TxId exist"
NO_SUCH = ("no such ", "not exist", "not found")
TLS_WORDS = ("handshake", "verification", "certificate", "socket closed", "reset by peer")
"""Of gRPC's own complaints. A node that wants a certificate of ours closes without a word."""
TLS_HINT = " (check the authorities, the TLS certificate and the host name)"
CONTRACT_CODES = frozenset(
    {
        wire.CONTRACT_FAIL,
        wire.INVOKE_INIT_METHOD_FAILED,
        wire.CREATE_RUNTIME_INSTANCE_FAILED,
        wire.CONTRACT_TOO_DEEP_FAILED,
        wire.CONTRACT_INVOKE_METHOD_FAILED,
    }
)


class NotDone(Exception):
    """The node did not do what was asked, or did not say that it did."""

    def __init__(self, message: str, *, tx_id: str = "") -> None:
        super().__init__(message)
        self.tx_id = tx_id
        """Of the transaction that this is about; "" where there is none."""


class Unreachable(NotDone):
    """No connection: nobody there, TLS failed, or the node went away. A transaction with a `tx_id`
    may still have been taken: ask for it, or send it again with the same id."""


class TimedOut(NotDone):
    """The node is there but did not answer in time, or the transaction got no block in time. As
    for `Unreachable`, the transaction may still get its block."""


class NotAuthentic(NotDone):
    """The node does not believe a signature or a certificate."""


class NotPermitted(NotDone):
    """The node knows who asks and a policy says no: endorsements or a role are missing."""


class NotFound(NotDone):
    """The node has no such transaction, block or contract."""


class ContractFailed(NotDone):
    """The contract refused or broke. With a `tx_id` of a transaction, that is on the chain."""


class Refused(NotDone):
    """Any other refusal, in the node's own words."""


def answered(answer: wire.TxResponse) -> NotDone:
    """The refusal that an answer is which is not a success."""
    message = answer.message or answer.contract_result.message
    said = f"{code_name(answer.code)}: {message}"
    if answer.code in CONTRACT_CODES:
        # What a contract says is its own business: its words are not searched for ours.
        reason = answer.contract_result.message or message
        return ContractFailed(f"the contract failed: {reason}", tx_id=answer.tx_id)
    if answer.code == wire.NO_PERMISSION or any(phrase in message for phrase in NOT_ENOUGH):
        return NotPermitted(f"not permitted: {said}", tx_id=answer.tx_id)
    if any(phrase in message for phrase in NOT_AUTHENTIC):
        return NotAuthentic(f"authentication failed: {said}", tx_id=answer.tx_id)
    if answer.code == wire.TIMEOUT:
        return TimedOut(f"the node gave up waiting: {said}", tx_id=answer.tx_id)
    return Refused(f"the node refused: {said}", tx_id=answer.tx_id)


def not_found(answer: wire.TxResponse) -> bool:
    """Whether the answer of a system contract says that what was asked for is not there."""
    said = f"{answer.message} {answer.contract_result.message}"
    return answer.code != wire.SUCCESS and any(phrase in said for phrase in NO_SUCH)


def broken(error: grpc.RpcError, address: str, tx_id: str = "") -> NotDone:
    """What a failed call means."""
    code, details = error.code(), error.details() or ""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return TimedOut(f"{address} did not answer in time", tx_id=tx_id)
    if code is grpc.StatusCode.UNAVAILABLE:
        hint = TLS_HINT if any(word in details.lower() for word in TLS_WORDS) else ""
        return Unreachable(f"{address} cannot be reached{hint}: {details}", tx_id=tx_id)
    if any(phrase in details for phrase in NOT_ENOUGH):
        return NotPermitted(f"not permitted: {details}", tx_id=tx_id)
    if any(phrase in details for phrase in NOT_AUTHENTIC):
        return NotAuthentic(f"authentication failed: {details}", tx_id=tx_id)
    return Refused(f"{address} refused the call: {code.name} {details}", tx_id=tx_id)


def code_name(code: int) -> str:
    """The name of a status code; newer nodes have some that we do not know."""
    return wire.TxStatusCode.Name(code) if code in wire.TxStatusCode.values() else f"code {code}"
