"""Why one learner is at risk: the rules of reports/risk.py over what was read of them."""

from __future__ import annotations

import datetime

from reports.queries.cohorts import Learner
from reports.risk import CourseFacts, Facts, Reason, StuckFacts, reasons


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
