"""The figures of one organisation, or of the part of it that somebody administers."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Membership, Organisation, User
from courses.models import Course, Enrolment, LessonExercise, Programme, StageTally, Standing
from courses.types import china_day
from reports.suppression import ORGANISATION_K

Stage = Standing.Stage
ENOUGH = 5
"""Organisations beside one's own without which there is no comparison."""
A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Scope:
    """What of an organisation somebody administers."""

    organisation: Organisation
    is_whole: bool
    """False: the cohorts of a department."""
    cohorts: Sequence[Cohort]


@dataclass(frozen=True, slots=True)
class StageSums:
    """How many standings have reached each stage, by cohort (0: the organisation) and programme."""

    by_cohort: Mapping[tuple[int, int, int], int]
    """(cohort, programme, stage) → people."""

    def of(self, cohorts: Collection[int], stage: int, programme: int | None = None) -> int:
        """The sum over cohorts, and over all programmes where none is named."""
        return sum(
            people
            for (cohort, of_programme, reached), people in self.by_cohort.items()
            if cohort in cohorts and reached == stage and programme in {None, of_programme}
        )

    @property
    def programmes(self) -> set[int]:
        return {programme for _cohort, programme, _stage in self.by_cohort}


def stage_sums(organisation_id: int, cohort_id: int | None = None) -> StageSums:
    """The tallies of an organisation and of its cohorts, or of one cohort. 1 query."""
    # Uses index: stage_tally_unique, by its first columns.
    rows = StageTally.objects.filter(organisation=organisation_id, period=0)
    if cohort_id is not None:
        rows = rows.filter(cohort=cohort_id)
    sums = rows.values_list("cohort", "programme", "stage").annotate(Sum("value"))
    return StageSums({(cohort, one, stage): total for cohort, one, stage, total in sums if total})


def programmes_named(pks: Collection[int]) -> list[Programme]:
    """Programmes with the version in force, by key. 1 query."""
    rows = Programme.objects.filter(pk__in=pks).exclude(current=None)
    return list(rows.select_related("current").order_by("key"))


def people_of(scope: Scope) -> QuerySet[User]:
    """Everybody who learns in a scope, each once: in one of its cohorts, or, of a whole
    organisation, as a learner without a cohort. No query.
    """
    return User.objects.filter(pk__in=_people(scope))


def people_count(scope: Scope) -> int:
    """How many there are. 1 query."""
    return _people(scope).count()


def _people(scope: Scope) -> QuerySet[Any, Any]:
    """Their keys, each once."""
    members = CohortMember.objects.filter(cohort__in=[cohort.pk for cohort in scope.cohorts])
    there = members.values("user").distinct()
    if scope.is_whole:
        learners = Membership.objects.filter(
            organisation=scope.organisation, role=Membership.Role.LEARNER
        )
        # One set, and not two conditions: PostgreSQL would ask both of every person there is.
        there = there.union(learners.values("user"))
    return there


def member_counts(scope: Scope) -> dict[int, int]:
    """How many people are in each cohort of a scope. 1 query."""
    # Uses index: cohort_member_unique, by its first column.
    rows = CohortMember.objects.filter(cohort__in=[cohort.pk for cohort in scope.cohorts])
    return dict(rows.values_list("cohort").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class CompetencyCount:
    """A competency, by its code, and how many have shown it."""

    code: str
    people: int
    share: float
    """Of everybody in the scope."""


def competencies_of(scope: Scope, people: int) -> list[CompetencyCount]:
    """Who has completed a course that examines each competency, the most common first. 2 queries.

    `people`: how many there are. Of courses, those of which somebody completed one; a competency
    belongs to a course where an exercise of its current release examines it.
    """
    rows = Enrolment.objects.filter(user__in=people_of(scope)).exclude(completed_at=None)
    completed = list(rows.values_list("course", "user"))
    current = Course.objects.filter(pk__in={course for course, _user in completed})
    placed = LessonExercise.objects.filter(lesson__release__in=current.values("current"))
    codes: dict[int, set[str]] = {}
    for course, examined in placed.values_list("lesson__release__course", "version__competencies"):
        codes.setdefault(course, set()).update(examined)
    holders: dict[str, set[int]] = {code: set() for found in codes.values() for code in found}
    for course, user in completed:
        for code in codes.get(course, ()):
            holders[code].add(user)
    counts = [
        CompetencyCount(code, len(users), len(users) / people if people else 0.0)
        for code, users in holders.items()
    ]
    return sorted(counts, key=lambda one: (-one.people, one.code))


@dataclass(frozen=True, slots=True)
class Compared:
    """A share of those enrolled, beside that of other organisations of the same kind."""

    stage: int
    own: float
    low: float
    middle: float
    high: float
    """The quartiles."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Own shares beside the quartiles of all organisations of the kind."""

    rows: Sequence[Compared]
    organisations: int
    day: datetime.date
    """On which the quartiles were taken: they stand still until the next."""


COMPARED_STAGES = (Stage.ACTIVE, Stage.HALFWAY, Stage.COMPLETED, Stage.QUALIFIED)


def comparison(kind: str, own: Mapping[int, int]) -> Comparison | None:
    """`own`: how many reached each stage. None where there is too little to compare with.

    The quartiles are of every organisation of the kind in which at least 5 people are enrolled,
    in whole per cent, and are taken once a day: looking twice shows nobody's step. 1 query on the
    first call of a day, else none.
    """
    today = china_day(timezone.now())
    name = f"reports.quartiles.{kind}.{today}"
    taken: tuple[int, dict[int, list[float]]] | None = cache.get(name)
    if taken is None:
        taken = _quartiles(kind)
        cache.set(name, taken, A_DAY)
    organisations, quartiles = taken
    enrolled = own.get(Stage.ENROLLED, 0)
    if organisations <= ENOUGH or not enrolled:
        return None
    rows = [
        Compared(stage, own.get(stage, 0) / enrolled, *quartiles[stage])
        for stage in COMPARED_STAGES
    ]
    return Comparison(rows, organisations, today)


def _quartiles(kind: str) -> tuple[int, dict[int, list[float]]]:
    """How many organisations there are to compare with, and stage → quartiles of their shares."""
    # Uses index: stage_tally_organisations.
    rows = StageTally.objects.filter(
        period=0, cohort=0, organisation__gt=0, kind=kind, stage__gte=Stage.ENROLLED
    )
    reached: dict[int, Counter[int]] = {}
    for organisation, stage, people in rows.values_list("organisation", "stage").annotate(
        Sum("value")
    ):
        reached.setdefault(organisation, Counter())[stage] = people
    large = [one for one in reached.values() if one[Stage.ENROLLED] >= ORGANISATION_K]
    if len(large) <= ENOUGH:
        return len(large), {}
    return len(large), {
        stage: [
            round(share, 2)
            for share in statistics.quantiles(
                [one[stage] / one[Stage.ENROLLED] for one in large], n=4, method="inclusive"
            )
        ]
        for stage in COMPARED_STAGES
    }
