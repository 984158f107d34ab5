"""Who may do what to a contract, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.lifecycle import Lifecycle, Standing
from chains.types import CallKind

MANAGING = (
    CallKind.INSTALL,
    CallKind.UPGRADE,
    CallKind.FREEZE,
    CallKind.UNFREEZE,
    CallKind.REVOKE,
)


def brought_to(standing: Standing | None) -> Lifecycle:
    lifecycle = Lifecycle()
    ways = {
        None: (),
        Standing.ACTIVE: (CallKind.INSTALL,),
        Standing.FROZEN: (CallKind.INSTALL, CallKind.FREEZE),
        Standing.REVOKED: (CallKind.INSTALL, CallKind.REVOKE),
    }
    for kind in ways[standing]:
        assert lifecycle.refusal(kind, "carbon", "admin") == ""
        lifecycle.settle(kind, "carbon")
    return lifecycle


TAKEN = "there is a contract carbon already"
NONE = "there is no contract carbon"
FROZEN = "the contract carbon is frozen"
NOT_FROZEN = "the contract carbon is not frozen"
REVOKED = "the contract carbon is revoked"


@pytest.mark.parametrize(
    ("kind", "absent", "active", "frozen", "revoked"),
    [
        (CallKind.INSTALL, "", TAKEN, TAKEN, TAKEN),
        (CallKind.UPGRADE, NONE, "", "", REVOKED),
        (CallKind.FREEZE, NONE, "", FROZEN, REVOKED),
        (CallKind.UNFREEZE, NONE, NOT_FROZEN, "", REVOKED),
        (CallKind.REVOKE, NONE, "", "", REVOKED),
        (CallKind.INVOKE, NONE, "", FROZEN, REVOKED),
        (CallKind.QUERY, NONE, "", "", REVOKED),
    ],
)
def test_what_an_admin_is_refused(
    kind: CallKind, absent: str, active: str, frozen: str, revoked: str
) -> None:
    found = [
        brought_to(standing).refusal(kind, "carbon", "admin")
        for standing in (None, Standing.ACTIVE, Standing.FROZEN, Standing.REVOKED)
    ]
    assert found == [absent, active, frozen, revoked]


@pytest.mark.parametrize("role", ["client", "common", "consensus", "light", "", "Admin"])
def test_only_an_admin_manages(role: str) -> None:
    found = [brought_to(Standing.FROZEN).refusal(kind, "carbon", role) for kind in MANAGING]
    assert found == [
        f"not permitted: only an admin may {kind.value} a contract" for kind in MANAGING
    ]


def test_anybody_calls() -> None:
    active = brought_to(Standing.ACTIVE)
    assert active.refusal(CallKind.INVOKE, "carbon", "light") == ""
    assert active.refusal(CallKind.QUERY, "carbon", "light") == ""


def test_contracts_stand_by_themselves() -> None:
    lifecycle = brought_to(Standing.REVOKED)
    assert lifecycle.refusal(CallKind.INSTALL, "medical", "admin") == ""
    lifecycle.settle(CallKind.INSTALL, "medical")
    assert lifecycle.standing("medical") is Standing.ACTIVE
    assert lifecycle.standing("carbon") is Standing.REVOKED


@given(st.lists(st.sampled_from([*CallKind])))
def test_nothing_brings_a_revoked_contract_back(kinds: list[CallKind]) -> None:
    lifecycle = brought_to(Standing.REVOKED)
    for kind in kinds:
        assert lifecycle.refusal(kind, "carbon", "admin") != ""
    assert lifecycle.standing("carbon") is Standing.REVOKED


@given(st.sampled_from([Standing.ACTIVE, Standing.FROZEN, Standing.REVOKED]))
def test_calls_and_upgrades_leave_the_standing(standing: Standing) -> None:
    lifecycle = brought_to(standing)
    for kind in (CallKind.INVOKE, CallKind.QUERY, CallKind.UPGRADE):
        lifecycle.settle(kind, "carbon")
    assert lifecycle.standing("carbon") is standing
