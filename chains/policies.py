"""Endorsement policies: who must agree before a resource may be used.

Source: ChainMaker's docs, tech/身份权限管理 (权限定义: rule, orgList, roleList), and what its
module accesscontrol of version 2 does. A rule counts organisations, never signatures: one that
endorses twice counts once. Endorsements that do not fit are passed over, they spoil nothing.
`MAJORITY` and `SELF` look at admins only, and `MAJORITY` at all organisations of the chain,
whatever the lists say.

Two things are stricter here. Endorsements of organisations that are not on the chain never count.
And "0" is no rule, since it would let everybody in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

NUMBER = re.compile(r"[1-9][0-9]{0,5}")
FRACTION = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")
KEYWORDS = ("ALL", "ANY", "MAJORITY", "SELF", "FORBIDDEN")
ADMIN = "admin"


class Signer(Protocol):
    """Whoever endorses; every `Identity` is one. Its signature was verified before."""

    @property
    def organisation(self) -> str: ...

    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """Raises `ValueError` for a rule that is none of ALL, ANY, MAJORITY, SELF, FORBIDDEN, a whole
    number such as "3", or a fraction such as "2/3"."""

    rule: str
    organisations: tuple[str, ...] = ()
    """orgList: whose endorsement counts; () for every organisation of the chain."""
    roles: tuple[str, ...] = ()
    """roleList: in which roles; () for every role."""

    def __post_init__(self) -> None:
        if self.rule not in KEYWORDS and not (
            NUMBER.fullmatch(self.rule) or FRACTION.fullmatch(self.rule)
        ):
            raise ValueError(f"no rule: {self.rule!r}")


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str
    """A sentence, of an allowance too."""
    counted: tuple[str, ...] = ()
    """The organisations whose endorsement counted, sorted."""


def decide(
    policy: Policy,
    endorsements: Iterable[Signer],
    organisations: Collection[str],
    resource_owner: str | None = None,
) -> Decision:
    """Whether these endorsements satisfy the policy on a chain of these organisations.

    `resource_owner` is the organisation that the resource belongs to; only `SELF` asks for it.
    """
    rule = policy.rule
    members = frozenset(organisations)
    if rule == "FORBIDDEN":
        return Decision(allowed=False, reason="the resource is forbidden to everybody")
    if rule == "SELF":
        if resource_owner is None:
            return Decision(allowed=False, reason="SELF needs a resource with an owner")
        listed, roles = members & {resource_owner}, {ADMIN}
    elif rule == "MAJORITY":
        listed, roles = members, {ADMIN}
    else:
        listed, roles = frozenset(policy.organisations) or members, set(policy.roles)
    counted = tuple(
        sorted(
            {
                each.organisation
                for each in endorsements
                if each.organisation in listed & members and (not roles or each.role in roles)
            }
        )
    )
    needed = _needed(rule, len(listed))
    who = f"of {len(listed)} organisations" + (f" as {' or '.join(sorted(roles))}" if roles else "")
    reason = f"{rule} needs {needed} {who}; {len(counted)} agreed"
    return Decision(allowed=len(counted) >= needed, reason=reason, counted=counted)


def _needed(rule: str, count: int) -> int:
    """How many of `count` organisations must agree; always at least one."""
    if rule in ("ANY", "SELF"):
        return 1
    if rule == "ALL":
        return max(count, 1)
    if rule == "MAJORITY":
        return count // 2 + 1
    if fraction := FRACTION.fullmatch(rule):
        numerator, denominator = map(int, fraction.groups())
        return max(-(-count * numerator // denominator), 1)
    return int(rule)
