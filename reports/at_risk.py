"""Which people of cohorts are at risk, and, of those that are shown, why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.types import china_day
from reports.judging import judge
from reports.queries.cohorts import HardExercise
from reports.queries.members import Member, learners_from
from reports.risk import Reason


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A person for whom at least one rule holds, and why."""

    member: Member
    reasons: Sequence[Reason]


def at_risk(members: Iterable[Member], today: datetime.date) -> list[Member]:
    """Those at risk: the most urgent first, then in the order that they came in. No query.

    Of cohorts that have ended, nobody: nothing can be done there any more.
    """
    found = [member for member in members if member.reasons and member.plan.cohort.ends_on >= today]
    return sorted(found, key=urgency)


def urgency(member: Member) -> tuple[int, int]:
    """Sorts those at risk: the most urgent first reason, then who has more of them."""
    return member.urgency, -member.reasons


def explain(
    members: Sequence[Member],
    now: datetime.datetime,
    hard: Mapping[int, Sequence[HardExercise]] | None = None,
) -> list[AtRisk]:
    """Why people are at risk. 2 queries, 1 with what is hard for each person."""
    today = china_day(now)
    learners = learners_from(members, now=now, hard=hard)
    return [
        AtRisk(member, judge(learner, today))
        for member, learner in zip(members, learners, strict=True)
    ]
