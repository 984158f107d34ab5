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
        standing = self.standing(contract)
        if kind is CallKind.INSTALL:
            return f"there is a contract {contract} already" if standing else ""
        if standing is None:
            return f"there is no contract {contract}"
        if standing is Standing.REVOKED:
            return f"the contract {contract} is revoked"
        if kind is CallKind.UNFREEZE and standing is not Standing.FROZEN:
            return f"the contract {contract} is not frozen"
        if kind in (CallKind.INVOKE, CallKind.FREEZE) and standing is Standing.FROZEN:
            return f"the contract {contract} is frozen"
        return ""

    def settle(self, kind: CallKind, contract: str) -> None:
        """Note what a transaction that went well has done to the contract."""
        if kind in _SETTLED:
            self._standings[contract] = _SETTLED[kind]
