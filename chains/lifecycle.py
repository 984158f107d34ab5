"""The life of contracts on a ledger, the same for every engine: who may do what, and when.

    lifecycle = Lifecycle()
    refusal = lifecycle.refusal(CallKind.FREEZE, "carbon", role="client")    # "not permitted: …"
    lifecycle.settle(CallKind.INSTALL, "carbon")                             # after it went well

An administrator installs a contract under a name that is free for ever after. Frozen, it can be
queried and upgraded, but not invoked; revoked, nothing, and not brought back.
"""

from __future__ import annotations

from enum import StrEnum

from chains.types import CallKind

MANAGER = "admin"
"""The role that installs, upgrades, freezes, unfreezes and revokes."""

_CALLS = (CallKind.INVOKE, CallKind.QUERY)
_WHILE_ACTIVE = (CallKind.INVOKE, CallKind.FREEZE)


class Standing(StrEnum):
    """Of a contract that was installed."""

    ACTIVE = "active"
    FROZEN = "frozen"
    REVOKED = "revoked"


_SETTLED = {
    CallKind.INSTALL: Standing.ACTIVE,
    CallKind.FREEZE: Standing.FROZEN,
    CallKind.UNFREEZE: Standing.ACTIVE,
    CallKind.REVOKE: Standing.REVOKED,
}


class Lifecycle:
    """The contracts of one ledger and where they stand."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}

    def standing(self, contract: str) -> Standing | None:
        """None: never installed."""
        return self._standings.get(contract)

    def refusal(self, kind: CallKind, contract: str, role: str) -> str:
        """Why the ledger does not let this begin, as a sentence; "" where it does."""
        if kind not in _CALLS and role != MANAGER:
            return f"not permitted: only an {MANAGER} may {kind.value} a contract"
        why = _why_not(kind, self.standing(contract))
        return why.format(f"contract {contract}")

    def settle(self, kind: CallKind, contract: str) -> None:
        """Note what a transaction that went well has done to the contract."""
        if kind in _SETTLED:
            self._standings[contract] = _SETTLED[kind]


def _why_not(kind: CallKind, standing: Standing | None) -> str:
    """With a place for the contract's name."""
    if kind is CallKind.INSTALL:
        return "there is a {} already" if standing else ""
    if standing is None:
        return "there is no {}"
    if standing is Standing.REVOKED:
        return "the {} is revoked"
    frozen = standing is Standing.FROZEN
    if kind is CallKind.UNFREEZE:
        return "" if frozen else "the {} is not frozen"
    return "the {} is frozen" if frozen and kind in _WHILE_ACTIVE else ""
