"""Endorsement policies, by table and by law."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.identities import ROLES, identity
from chains.policies import Decision, Policy, decide

ORGANISATIONS = ("org1", "org2", "org3", "org4")


@dataclass(frozen=True, slots=True)
class Endorser:
    organisation: str
    role: str


def by(*texts: str) -> list[Endorser]:
    """`1a` is the admin of org1, `2c` a client of org2, `3l` a light user, `9a` a stranger."""
    roles = {"a": "admin", "c": "client", "l": "light"}
    return [Endorser(f"org{text[0]}", roles[text[1]]) for text in texts]


@pytest.mark.parametrize(
    ("policy", "endorsers", "allowed"),
    [
        (Policy("ANY"), [], False),
        (Policy("ANY"), ["1c"], True),
        (Policy("ANY"), ["9a"], False),
        (Policy("ANY", (), ("admin",)), ["1c", "2l"], False),
        (Policy("ANY", (), ("admin",)), ["1c", "2a"], True),
        (Policy("ANY", (), ("admin", "client")), ["1l"], False),
        (Policy("ANY", ("org2",), ("admin",)), ["1a", "2c"], False),
        (Policy("ANY", ("org2",), ("admin",)), ["1a", "2a"], True),
        (Policy("ALL"), ["1a", "2c", "3l"], False),
        (Policy("ALL"), ["1a", "2c", "3l", "4a"], True),
        (Policy("ALL", ("org1", "org2")), ["1a", "2a"], True),
        (Policy("ALL", ("org1", "org2")), ["1a", "3a"], False),
        (Policy("ALL", ("org1", "org1")), ["1a"], True),
        (Policy("ALL", ("org1", "org9")), ["1a", "9a"], False),
        (Policy("ALL", ("org1", "org2"), ("admin",)), ["1a", "2c"], False),
        (Policy("MAJORITY"), ["1a", "2a"], False),
        (Policy("MAJORITY"), ["1a", "2a", "3a"], True),
        (Policy("MAJORITY"), ["1a", "2a", "2a"], False),
        (Policy("MAJORITY"), ["1a", "2a", "3c"], False),
        (Policy("MAJORITY"), ["1a", "2a", "9a"], False),
        (Policy("MAJORITY", ("org1",), ("client",)), ["1c"], False),
        (Policy("MAJORITY", ("org1",), ("client",)), ["1a", "2a", "3a"], True),
        (Policy("1"), [], False),
        (Policy("3"), ["1a", "2c"], False),
        (Policy("3"), ["1a", "2c", "3l"], True),
        (Policy("3"), ["1a", "1c", "1l"], False),
        (Policy("2", ("org1", "org2", "org3"), ("admin",)), ["1a", "2c", "4a"], False),
        (Policy("2", ("org1", "org2", "org3"), ("admin",)), ["1a", "2c", "3a"], True),
        (Policy("5"), ["1a", "2a", "3a", "4a"], False),
        (Policy("1/2"), ["1c"], False),
        (Policy("1/2"), ["1c", "2c"], True),
        (Policy("2/3"), ["1c", "2c"], False),
        (Policy("2/3"), ["1c", "2c", "3c"], True),
        (Policy("2/3", ("org1", "org2", "org3")), ["1c", "2c"], True),
        (Policy("3/2"), ["1a", "2a", "3a", "4a"], False),
        (Policy("1/1000"), [], False),
        (Policy("1/1000"), ["1c"], True),
        (Policy("1/4"), ["1c"], True),
        (Policy("SELF"), ["2a"], True),
        (Policy("SELF"), ["2c", "1a"], False),
        (Policy("SELF", ("org1",), ("client",)), ["2a"], True),
        (Policy("FORBIDDEN"), ["1a", "2a", "3a", "4a"], False),
    ],
)
def test_a_policy_decides(policy: Policy, endorsers: list[str], allowed: bool) -> None:
    assert decide(policy, by(*endorsers), ORGANISATIONS, "org2").allowed is allowed


@pytest.mark.parametrize(
    ("count", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4)]
)
def test_a_majority_is_more_than_half(count: int, needed: int) -> None:
    organisations = [f"org{number}" for number in range(count)]
    endorsers = [Endorser(each, "admin") for each in organisations]
    found = [
        decide(Policy("MAJORITY"), endorsers[:given], organisations).allowed
        for given in range(count + 1)
    ]
    assert found == [given >= needed for given in range(count + 1)]


def test_a_decision_says_why() -> None:
    endorsers = by("2a", "1a", "1a", "3c", "9a")
    assert decide(Policy("MAJORITY"), endorsers, ORGANISATIONS) == Decision(
        allowed=False,
        reason="MAJORITY needs 3 of 4 organisations as admin; 2 agreed",
        counted=("org1", "org2"),
    )
    assert decide(Policy("2/3"), endorsers, ORGANISATIONS) == Decision(
        allowed=True,
        reason="2/3 needs 3 of 4 organisations; 3 agreed",
        counted=("org1", "org2", "org3"),
    )
    assert decide(Policy("SELF"), endorsers, ORGANISATIONS) == Decision(
        allowed=False, reason="SELF needs a resource with an owner"
    )
    assert decide(Policy("FORBIDDEN"), endorsers, ORGANISATIONS) == Decision(
        allowed=False, reason="the resource is forbidden to everybody"
    )


def test_an_identity_endorses() -> None:
    admin = identity("boss", "org1", "admin", 7)
    assert decide(Policy("ANY", (), ("admin",)), [admin], ORGANISATIONS).counted == ("org1",)


@pytest.mark.parametrize(
    "rule", ["", "any", "SOME", "0", "-1", "03", "1/0", "0/2", "1/2/3", "½", "1.5", " 1", "9999999"]
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="no rule"):
        Policy(rule)


rules = st.sampled_from(["ALL", "ANY", "MAJORITY", "SELF", "FORBIDDEN"]) | st.one_of(
    st.integers(1, 6).map(str),
    st.builds("{}/{}".format, st.integers(1, 5), st.integers(1, 5)),
)
some_organisations = st.lists(st.sampled_from([*ORGANISATIONS, "org9"]), max_size=4).map(tuple)
policies = st.builds(
    Policy, rules, some_organisations, st.lists(st.sampled_from(ROLES), max_size=2).map(tuple)
)
endorsements = st.lists(
    st.builds(Endorser, st.sampled_from([*ORGANISATIONS, "org9"]), st.sampled_from(ROLES)),
    max_size=8,
)
owners = st.none() | st.sampled_from([*ORGANISATIONS, "org9"])


@given(policies, endorsements, endorsements, owners)
def test_more_endorsements_never_take_away(
    policy: Policy, some: list[Endorser], more: list[Endorser], owner: str | None
) -> None:
    before = decide(policy, some, ORGANISATIONS, owner)
    after = decide(policy, some + more, ORGANISATIONS, owner)
    assert before.allowed <= after.allowed
    assert set(before.counted) <= set(after.counted)


@given(policies, endorsements, owners, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(
    policy: Policy, some: list[Endorser], owner: str | None, random: Random
) -> None:
    decision = decide(policy, some, ORGANISATIONS, owner)
    turned = some * 2
    random.shuffle(turned)
    assert decide(policy, turned, ORGANISATIONS[::-1], owner) == decision


@given(policies, endorsements, owners)
def test_nobody_gets_in_without_an_endorsement_of_the_chain(
    policy: Policy, some: list[Endorser], owner: str | None
) -> None:
    strangers = [each for each in some if each.organisation not in ORGANISATIONS]
    assert not decide(policy, strangers, ORGANISATIONS, owner).allowed
    assert not decide(policy, some, [], owner).allowed
