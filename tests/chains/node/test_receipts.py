"""What a node tells, as plain values."""

from __future__ import annotations

import pytest

from chains.node import receipts, refusals
from chains.node import wire_pb2 as wire
from tests.chains.node.standin import FAILED


@pytest.mark.parametrize(
    ("outcome", "inner", "ok"),
    [
        (wire.SUCCESS, 0, True),
        (wire.SUCCESS, 1, False),
        (wire.CONTRACT_FAIL, 0, False),
        (wire.CONTRACT_FAIL, 1, False),
    ],
)
def test_a_transaction_succeeds_where_chain_and_contract_say_so(
    outcome: wire.TxStatusCode, inner: int, ok: bool
) -> None:
    result = wire.Result(code=outcome, contract_result=wire.ContractResult(code=inner))
    found = wire.TransactionInfo(transaction=wire.Transaction(result=result))
    assert receipts.receipt(found).ok == ok


def test_codes_that_are_newer_than_we() -> None:
    # Field 1 of TxResponse with the value 99.
    answer = wire.TxResponse.FromString(b"\x08\x63")
    assert refusals.code_name(answer.code) == "code 99"
    assert str(refusals.answered(answer)) == "the node refused: code 99: "


def test_a_contract_is_described_in_json() -> None:
    found = b'{"name":"a","version":"2","status":1,"creator":{"org_id":"o"},"address":"x"}'
    assert receipts.contract(found) == receipts.Contract("a", "2", "frozen", "o")
    assert receipts.contract(b"{}") == receipts.Contract("", "", "normal", "")
    for other in (b"", b"[]", b"\xff", b'{"creator":1}', b'{"status":[]}'):
        with pytest.raises(ValueError, match=r"."):
            receipts.contract(other)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (
            wire.INTERNAL_ERROR,
            f"{FAILED}: authentication fail: signers do not meet the requirement (ARCHIVE)",
            refusals.NotPermitted,
        ),
        (
            wire.INTERNAL_ERROR,
            f"{FAILED}: authentication failed, [refine endorsements failed]",
            refusals.NotAuthentic,
        ),
        (wire.NO_PERMISSION, "", refusals.NotPermitted),
        (wire.TIMEOUT, "", refusals.TimedOut),
        (wire.INTERNAL_ERROR, "TxPool is full", refusals.Refused),
        (
            wire.CONTRACT_FAIL,
            "not enough participants support this action",
            refusals.ContractFailed,
        ),
        (wire.INVOKE_INIT_METHOD_FAILED, "", refusals.ContractFailed),
    ],
)
def test_refusals_are_told_apart(
    code: wire.TxStatusCode, message: str, kind: type[refusals.NotDone]
) -> None:
    found = refusals.answered(wire.TxResponse(code=code, message=message, tx_id="7"))
    assert (type(found), found.tx_id) == (kind, "7")
    assert message in str(found)
