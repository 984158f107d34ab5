"""What pages of repairs read. Each docstring says how many queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from accounts.models import Cohort, User
from courses.models import (
    CohortDeadline,
    Course,
    Exercise,
    ExerciseVersion,
    LessonExercise,
)
from grading.models import (
    Extension,
    LateRule,
    Notice,
    Override,
    RegradeBatch,
    RegradeItem,
    RegradeRequest,
    RequestMessage,
    Submission,
)

ROWS = 50
NOTICES = 10
"""The most that are shown at once: what is put away makes room."""
REGRADES = 20


@dataclass(frozen=True, slots=True)
class JudgedVersion:
    """One version of an exercise, for somebody who chooses what judges and what is judged."""

    version: ExerciseVersion
    number: int
    """From 1, the oldest."""
    releases: Sequence[int]
    """Numbers of the releases that show it."""
    tries: int


def versions_of(exercise: Exercise) -> list[JudgedVersion]:
    """All versions of an exercise, the newest first. 3 queries."""
    versions = list(exercise.versions.order_by("pk"))
    # Uses index: submission_version.
    counted = (
        Submission.objects.filter(version__in=versions, purpose=Submission.Purpose.TRY)
        .filter(state=Submission.State.DONE)
        .values_list("version")
        .annotate(Count("pk"))
        .order_by()
    )
    tries = dict(counted)
    placed = LessonExercise.objects.filter(version__in=versions).values_list(
        "version", "lesson__release__number"
    )
    releases: dict[int, set[int]] = {}
    for version, number in placed:
        releases.setdefault(version, set()).add(number)
    found = [
        JudgedVersion(one, number, sorted(releases.get(one.pk, ())), tries.get(one.pk, 0))
        for number, one in enumerate(versions, 1)
    ]
    return found[::-1]


def exercise_in(course_key: str, key: str) -> Exercise | None:
    """An exercise of a published course, in any release. 1 query."""
    rows = Exercise.objects.select_related("course")
    return rows.filter(course__key=course_key, key=key).first()


def regrades_of(course_key: str) -> list[RegradeBatch]:
    """The latest regrades of a course, the newest first. 1 query."""
    rows = RegradeBatch.objects.filter(exercise__course__key=course_key).order_by("-pk")
    return list(rows.select_related("exercise", "begun_by", "applied_by")[:REGRADES])


def judged_so_far(batch: RegradeBatch) -> tuple[int, int]:
    """Of a regrade that is worked on: how many tries are done with, and of how many. 1 query."""
    counted = batch.items.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(state=RegradeItem.State.WAITING)),
        applied=Count("pk", filter=Q(applied_at__isnull=False)),
        judged=Count("pk", filter=Q(state=RegradeItem.State.JUDGED)),
    )
    if batch.state == RegradeBatch.State.APPLYING:
        return counted["applied"], counted["judged"]
    return counted["all"] - counted["waiting"], counted["all"]


def changed_tries(batch: RegradeBatch, number: str | None) -> Page[Any]:
    """A page of the tries that a regrade changes, who loses first. 2 queries.

    Loaded: submission, progress, enrolment, its person.
    """
    changed = ~Q(credit_after=F("credit_before")) | ~Q(outcome_after=F("outcome_before"))
    rows = batch.items.filter(changed).annotate(gain=F("credit_after") - F("credit_before"))
    loaded = rows.select_related("submission__progress__enrolment__user")
    return Paginator(loaded.defer("verdict", "packed").order_by("gain", "pk"), ROWS).get_page(
        number
    )


def broken_tries(batch: RegradeBatch) -> list[RegradeItem]:
    """Some of the tries that could not be judged. 1 query."""
    rows = batch.items.filter(state=RegradeItem.State.BROKEN).select_related("submission")
    return list(rows.defer("verdict", "packed").order_by("pk")[:REGRADES])


def overrides_of(submission: Submission) -> list[Override]:
    """What people decided about a try, the latest first. 1 query."""
    rows = Override.objects.filter(submission=submission).order_by("-pk")
    return list(rows.select_related("by", "withdrawn_by"))


def requests_of(course_key: str, *, is_open: bool) -> QuerySet[RegradeRequest]:
    """The requests of a course: open ones the oldest first, decided ones the newest. No query."""
    rows = RegradeRequest.objects.filter(submission__version__exercise__course__key=course_key)
    loaded = rows.select_related(
        "submission__version__exercise", "progress__enrolment__user", "decided_by"
    ).defer("submission__version__spec", "submission__version__statement")
    if is_open:
        return loaded.filter(decision=RegradeRequest.Decision.OPEN).order_by("opened_at", "pk")
    return loaded.exclude(decision=RegradeRequest.Decision.OPEN).order_by("-decided_at", "-pk")


def waiting_requests(course_keys: Sequence[str]) -> dict[str, int]:
    """How many requests wait for those who teach, by key of the course. 1 query."""
    rows = RegradeRequest.objects.filter(decision=RegradeRequest.Decision.OPEN, is_answered=False)
    key = "submission__version__exercise__course__key"
    counted = rows.filter(**{f"{key}__in": course_keys}).values_list(key)
    return dict(counted.annotate(Count("pk")).order_by())


def request_about(submission: Submission) -> RegradeRequest | None:
    """The open request about the exercise of a try, else the latest about the try. 2 queries."""
    rows = RegradeRequest.objects.filter(progress=submission.progress_id)
    rows = rows.select_related("submission")
    found = rows.filter(decision=RegradeRequest.Decision.OPEN).first()
    return found or rows.filter(submission=submission).order_by("-pk").first()


def thread_of(request: RegradeRequest) -> list[RequestMessage]:
    """What was said, in order. 1 query."""
    return list(request.messages.select_related("by").order_by("pk"))


def notices_for(user: User) -> list[Notice]:
    """News of repairs that the person has not put away, the latest first. 1 query."""
    # Uses index: notice_unseen, for each enrolment of the person.
    rows = Notice.objects.filter(enrolment__user=user, seen_at=None).order_by("-pk")
    loaded = rows.select_related("enrolment__release", "submission__version__exercise")
    return list(
        loaded.defer(
            "submission__version__spec",
            "submission__version__statement",
            "enrolment__release__outline",
            "enrolment__release__search_text",
        )[:NOTICES]
    )


def late_rules_of(course: Course) -> list[LateRule]:
    """The late rules of a course, its own first. 1 query."""
    rows = LateRule.objects.filter(course=course).select_related("cohort")
    return list(rows.order_by(F("cohort").asc(nulls_first=True)))


def deadlines_of(course: Course, cohorts: Sequence[Cohort]) -> dict[int, Any]:
    """The day by which each of these cohorts is to have done the course, by its id. 1 query."""
    rows = CohortDeadline.objects.filter(course=course, plan__cohort__in=cohorts)
    return dict(rows.values_list("plan__cohort", "due_on"))


def extensions_of(course: Course) -> list[Extension]:
    """The later days in force for a course, the latest first. 1 query."""
    rows = Extension.objects.filter(course=course, withdrawn_at=None).order_by("-pk")
    return list(rows.select_related("cohort", "enrolment__user", "by"))
