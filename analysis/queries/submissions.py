"""What learners of a course handed in, for those who write it.

They see answers without names: a learner is *learner 3f2a91*, the same all through the course. The
name of a learner is seen by who may see the people of their cohort (`accounts.access.cohorts_for`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.crypto import salted_hmac

from accounts.access import cohorts_for
from accounts.models import Cohort, User
from analysis.answers import CODE_KINDS
from analysis.models import Clustered
from courses.models import Course, Enrolment, Exercise, ExerciseVersion
from courses.types import CHINA
from exercises.types import Outcome
from grading.models import Submission

PER_PAGE = 30
PSEUDONYM_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" and None ask for all."""

    exercise: str = ""
    """Its key."""
    outcome: str = ""
    cluster: str = ""
    cohort: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    """Days in China, both included."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One submission in a list."""

    submission: Submission
    """With version (without its spec), exercise and progress."""
    pseudonym: str
    name: str
    """"" for who may not know it."""
    cohort: str
    """The same."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of submissions, the newest first."""

    rows: Sequence[Listed]
    newer: int | None
    """What to ask `after` for the page before; None at the beginning."""
    older: int | None
    """What to ask `before` for the page behind; None at the end."""


def watched_course(key: str) -> Course | None:
    """The published course of this key, with its current release. 1 query."""
    published = Course.objects.exclude(current=None).select_related("current")
    return published.filter(key=key).first()


def watched_exercise(course: Course, key: str) -> Exercise | None:
    """An exercise of the course, in any release. 1 query."""
    return Exercise.objects.filter(course=course, key=key).first()


def code_exercise(course: Course, key: str) -> Exercise | None:
    """The same, if it is one that is written as a program. 1 query."""
    versions = ExerciseVersion.objects.filter(exercise=OuterRef("pk"), kind__in=CODE_KINDS)
    return Exercise.objects.filter(Exists(versions), course=course, key=key).first()


def exercises_of(course: Course) -> list[tuple[str, Mapping[str, str]]]:
    """Key and title of every exercise of the current release, in its order. No query."""
    assert course.current is not None, "a course that was published"
    return [
        (exercise["key"], exercise["title"])
        for module in course.current.outline
        for lesson in module["lessons"]
        for exercise in lesson["exercises"]
    ]


def cohorts_in(user: User, course: Course) -> list[Cohort]:
    """The cohorts of the course whose people the person may see. 1 query."""
    studies = Enrolment.objects.filter(course=course, cohort=OuterRef("pk"))
    return list(cohorts_for(user).filter(Exists(studies)).order_by("name", "pk"))


def submissions(
    course: Course,
    filters: Filters,
    cohorts: Sequence[Cohort],
    *,
    before: int | None = None,
    after: int | None = None,
) -> Page:
    """Tries at the exercises of a course. 2 queries, whatever the page.

    `cohorts`: of `cohorts_in`: whose names are given, and by which one may filter. `before` and
    `after` are ids of submissions, which are not in the page.
    """
    rows = _filtered(course, filters, cohorts)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PER_PAGE + 1])
        has_newer, has_older = len(found) > PER_PAGE, True
        found = found[:PER_PAGE][::-1]
    else:
        older = rows if before is None else rows.filter(pk__lt=before)
        found = list(older.order_by("-pk")[: PER_PAGE + 1])
        has_newer, has_older = before is not None, len(found) > PER_PAGE
        found = found[:PER_PAGE]
    named = {cohort.pk: cohort.name for cohort in cohorts}
    return Page(
        [listed(submission, named) for submission in found],
        newer=found[0].pk if found and has_newer else None,
        older=found[-1].pk if found and has_older else None,
    )


def watched_submission(
    user: User, course: Course, uuid: Any
) -> tuple[Listed, list[Submission]] | None:
    """A try at the course, loaded as `grading.access.submission_for` does, and all tries and runs
    of its learner at the exercise, the newest first. 2 queries; 1 more for a learner of a cohort.
    """
    found = (
        Submission.objects.select_related(
            "body",
            "version__exercise",
            "progress__enrolment__course",
            "progress__enrolment__release",
            "progress__enrolment__user",
        )
        .filter(uuid=uuid, progress__enrolment__course=course)
        .exclude(purpose=Submission.Purpose.PLAY)
        .first()
    )
    if found is None:
        return None
    history = Submission.objects.filter(progress=found.progress_id).exclude(
        purpose=Submission.Purpose.PLAY
    )
    cohort = found.progress.enrolment.cohort_id
    named = dict(cohorts_for(user).filter(pk=cohort).values_list("pk", "name")) if cohort else {}
    return listed(found, named), list(history.order_by("-pk"))


def pseudonym(enrolment: int) -> str:
    """What a learner is called among those who may not know their name. Nobody without the key of
    this installation can work it out."""
    return salted_hmac("analysis.pseudonym", str(enrolment)).hexdigest()[:PSEUDONYM_DIGITS]


def _filtered(course: Course, filters: Filters, cohorts: Sequence[Cohort]) -> QuerySet[Submission]:
    versions = ExerciseVersion.objects.filter(exercise__course=course)
    if filters.exercise:
        versions = versions.filter(exercise__key=filters.exercise)
    # Uses index: submission_version. A list and not a join, which would read all of its rows.
    rows = Submission.objects.filter(
        version__in=list(versions.values_list("pk", flat=True)),
        purpose=Submission.Purpose.TRY,
    )
    if filters.outcome in {outcome.value for outcome in Outcome}:
        rows = rows.filter(outcome=filters.outcome)
    if filters.cluster:
        own = Clustered.objects.filter(submission=OuterRef("pk"), cluster=filters.cluster)
        rows = rows.filter(Exists(own))
    if filters.cohort is not None:
        rows = rows.filter(
            progress__enrolment__cohort__in=[
                cohort.pk for cohort in cohorts if cohort.pk == filters.cohort
            ]
        )
    if filters.since is not None:
        rows = rows.filter(created_at__gte=_midnight(filters.since))
    if filters.until is not None:
        rows = rows.filter(created_at__lt=_midnight(filters.until) + datetime.timedelta(days=1))
    loaded = rows.select_related("version__exercise", "progress__enrolment__user")
    return loaded.defer("version__spec", "version__statement")


def listed(submission: Submission, named: Mapping[int, str]) -> Listed:
    """A submission in a list. `named`: the cohorts, by id, whose people may be named. No query."""
    enrolment = submission.progress.enrolment
    is_known = enrolment.cohort_id is not None and enrolment.cohort_id in named
    return Listed(
        submission,
        pseudonym(enrolment.pk),
        enrolment.user.name if is_known else "",
        named[enrolment.cohort_id] if is_known and enrolment.cohort_id else "",
    )


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), CHINA)
