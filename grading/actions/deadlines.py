"""What lateness costs, and more time for some."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Cohort, User
from courses.models import Course, Enrolment
from courses.types import china_day
from grading import audit, policy
from grading.models import Extension, LateRule, Notice, Submission
from grading.policy import Late
from grading.regrading import forgive_lateness
from grading.statements import terms_of

LAID_DOWN = 2000
"""Learners of a cohort that are told in one statement."""


@transaction.atomic
def set_late_rule(
    *,
    course: Course,
    cohort: Cohort | None,
    late: str,
    percent_per_day: int,
    floor_percent: int,
    by: User,
) -> LateRule:
    """Say what becomes of late tries of a cohort, or of all that have no rule of their own.

    It judges what is handed in from now on. Effects: the rule, an audit entry.
    """
    is_percent = late == Late.PERCENT
    rule, _is_new = LateRule.objects.update_or_create(
        course=course,
        cohort=cohort,
        defaults={
            "late": late,
            "percent_per_day": percent_per_day if is_percent else 0,
            "floor_percent": floor_percent if is_percent else 0,
        },
    )
    facts = {
        "course": course.pk,
        "cohort": cohort.pk if cohort else None,
        "late": late,
        "percent_per_day": rule.percent_per_day,
        "floor_percent": rule.floor_percent,
    }
    audit.record("late_rule.set", by=by, facts=facts)
    return rule


def extend(
    *,
    course: Course,
    due_on: datetime.date,
    reason: str,
    by: User,
    enrolment: Enrolment | None = None,
    cohort: Cohort | None = None,
) -> Extension:
    """Give one learner or a whole cohort a later day for a course.

    Effects: the extension, the learners' notices, an audit entry; then, each in a transaction of
    its own, what late tries of theirs had lost and now would not have lost, by
    `grading.regrading.forgive_lateness`.
    """
    with transaction.atomic():
        made = Extension.objects.create(
            course=course,
            enrolment=enrolment,
            cohort=cohort,
            due_on=due_on,
            reason=reason,
            by=by,
        )
        learners = list(_learners(made))
        notices = [
            Notice(enrolment=learner, about=Notice.About.EXTENDED, due_on=due_on, words=reason)
            for learner in learners
        ]
        Notice.objects.bulk_create(notices, batch_size=LAID_DOWN)
        facts = {"extension": made.pk, "due_on": due_on.isoformat()}
        audit.record("extension.made", by=by, facts={**facts, "reason": audit.digest_of(reason)})
    for learner in learners:
        _forgive(learner, reason)
    return made


@transaction.atomic
def withdraw_extension(*, extension: Extension, by: User) -> bool:
    """Let the former day hold again, for what is handed in from now on; False when it does.

    Effects: the extension, an audit entry. What was forgiven stays forgiven.
    """
    own = Extension.objects.filter(pk=extension.pk, withdrawn_at=None)
    if not own.update(withdrawn_at=timezone.now()):
        return False
    audit.record("extension.withdrawn", by=by, facts={"extension": extension.pk})
    return True


def _learners(extension: Extension) -> list[Enrolment]:
    rows = Enrolment.objects.filter(course=extension.course_id).order_by("pk")
    if extension.enrolment is not None:
        return [extension.enrolment]
    return list(rows.filter(cohort=extension.cohort_id))


def _forgive(learner: Enrolment, reason: str) -> None:
    terms = terms_of(learner)
    late = Submission.objects.filter(progress__enrolment=learner, late_percent__gt=0)
    for submission in late.order_by("progress", "pk"):
        costs = policy.late_percent(terms, china_day(submission.created_at))
        if costs >= submission.late_percent:
            continue
        if submission.state == Submission.State.DONE:
            forgive_lateness(submission, late_percent=costs, reason=reason)
        else:
            waiting = Submission.objects.filter(pk=submission.pk, state=Submission.State.QUEUED)
            waiting.update(late_percent=costs)
