"""Which learners are at risk: the rules of reports/risk.py over the people of cohorts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.queries.cohorts import Learner
from reports.risk import CourseFacts, Facts, Reason, Rule, StuckFacts, reasons

_ORDER = list(Rule)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A learner for whom at least one rule holds, and why."""

    learner: Learner
    reasons: Sequence[Reason]


def judge(learner: Learner, today: datetime.date) -> list[Reason]:
    """Why a learner is at risk on a day, the most urgent first; nothing where they are not.

    Of the courses, those that the programme requires; the others are a choice.
    """
    cohort = learner.plan.cohort
    courses = []
    for course in learner.plan.measured:
        studied = learner.courses.get(course.pk)
        if studied is None:
            courses.append(CourseFacts(course.title, due_on=course.due_on))
            continue
        courses.append(
            CourseFacts(
                course.title,
                share=studied.share,
                is_completed=studied.is_completed,
                has_tried=studied.has_tried,
                enrolled_on=studied.enrolled_on,
                active_on=studied.active_on,
                due_on=course.due_on,
            )
        )
    hard = [StuckFacts(one.title, one.tries, one.last_on) for one in learner.hard]
    return reasons(Facts(max(cohort.starts_on, learner.joined_on), courses, hard), today)


def at_risk(learners: Iterable[Learner], today: datetime.date) -> list[AtRisk]:
    """Those at risk: the most urgent reason first, then who has more of them, then by name.

    Of cohorts that have ended, nobody: nothing can be done there any more.
    """
    found = [
        AtRisk(learner, why)
        for learner in learners
        if learner.plan.cohort.ends_on >= today and (why := judge(learner, today))
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.reasons[0].rule), -len(one.reasons)))
