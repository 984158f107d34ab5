"""Whether a capstone on a real chain is the learner's own. Reads only; sends no transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chains.node import refusals
from chains.node.client import Connection
from chains.node.receipts import Contract, Receipt


class Reason(StrEnum):
    """Why something is not theirs."""

    NO_CONTRACT = "no-contract"
    OTHER_INSTALLER = "other-installer"
    NOT_NORMAL = "not-normal"
    """Frozen or revoked."""
    REPEATED = "repeated"
    """The same transaction was named twice."""
    NO_TRANSACTION = "no-transaction"
    OTHER_CONTRACT = "other-contract"
    OTHER_SENDER = "other-sender"
    NOT_SIGNED = "not-signed"
    """The sender's certificate did not make the signature."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Problem:
    reason: Reason
    tx_id: str = ""
    """"" where it is about the contract."""
    found: str = ""
    """What was there instead."""


@dataclass(frozen=True, slots=True)
class Verification:
    contract: Contract | None
    receipts: tuple[Receipt, ...]
    """Of the transactions that are on the chain, in the order in which they were named."""
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def verify_contract(
    connection: Connection,
    *,
    contract: str,
    organisation: str,
    transactions: Sequence[str] = (),
    name: str = "",
) -> Verification:
    """Whether a member of `organisation` installed `contract` and it may be called, and whether
    each of `transactions` (ids) is a successful call of it by that organisation and, where `name`
    is given, by the member with that common name.

    The node is believed that its blocks are the chain's and that it checked who issued the
    certificates: ask a node that you trust. Raises `refusals.NotDone` where the node cannot be
    asked: that is nobody's failure.
    """
    problems: list[Problem] = []
    try:
        described = connection.contract(contract)
    except refusals.NotFound:
        described = None
        problems.append(Problem(Reason.NO_CONTRACT))
    if described is not None:
        if described.organisation != organisation:
            problems.append(Problem(Reason.OTHER_INSTALLER, found=described.organisation))
        if described.state != "normal":
            problems.append(Problem(Reason.NOT_NORMAL, found=described.state))
    receipts = []
    for number, tx_id in enumerate(transactions):
        if tx_id in transactions[:number]:
            problems.append(Problem(Reason.REPEATED, tx_id))
            continue
        try:
            receipt = connection.transaction(tx_id)
        except refusals.NotFound:
            problems.append(Problem(Reason.NO_TRANSACTION, tx_id))
            continue
        receipts.append(receipt)
        if problem := _problem(receipt, contract, organisation, name):
            problems.append(problem)
    return Verification(described, tuple(receipts), tuple(problems))


def _problem(receipt: Receipt, contract: str, organisation: str, name: str) -> Problem | None:
    """The first reason why this transaction is not theirs."""
    sender = receipt.sender
    if receipt.contract != contract:
        return Problem(Reason.OTHER_CONTRACT, receipt.tx_id, receipt.contract)
    if sender.organisation != organisation or name not in ("", sender.name):
        found = f"{sender.name} ({sender.organisation})"
        return Problem(Reason.OTHER_SENDER, receipt.tx_id, found)
    if not receipt.is_signed:
        return Problem(Reason.NOT_SIGNED, receipt.tx_id)
    if not receipt.ok:
        return Problem(Reason.FAILED, receipt.tx_id, receipt.message or receipt.code)
    return None
