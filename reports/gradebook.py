"""The gradebook of a cohort: learners × exercises of one course, page by page.

However many people there are, it reads the rows of one page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, CohortMember
from courses.models import Enrolment
from reports import definitions_cohort as definitions
from reports.cohort_tables import cohort_of
from reports.queries.cohorts import Plan, Point, StudiedCourse, plans_of, points_of
from reports.tables import Column, Filter, Kind, Mark, Reader, Table, choose
from reports.words import in_language

PASSED = Mark("is-passed", _("passed"))
TRIED = Mark("is-tried", _("tried, not passed"))
Entry = Mapping[str, Any]
"""An exercise of `Release.outline`."""


@dataclass(frozen=True, slots=True)
class GradeRow:
    """What one learner has in one course."""

    member: CohortMember
    enrolment: Enrolment | None
    needed: int
    """The credit that completes the release that they are on."""
    points: Mapping[str, Point]
    """By the key of the exercise."""


def gradebook(user: Reader, query: QueryDict, of: str) -> Table:
    """The gradebook of a cohort, by its uuid, of the course that the address names."""
    cohort = cohort_of(user, of)
    return gradebook_table(plans_of([cohort])[cohort.pk], query)


def filters_of(plan: Plan) -> tuple[Filter, ...]:
    """Which course, the first one if none is named; names; how long a page is."""
    courses = [(one.key, in_language(one.title, one.key)) for one in plan.courses]
    first = courses[0][1] if courses else ""
    return (
        Filter("course", _("Course"), courses[1:], everything=first),
        Filter("q", _("Name")),
        Filter("rows", _("Rows on a page"), (("100", "100"),), everything="50"),
    )


def chosen_course(plan: Plan, query: QueryDict) -> StudiedCourse | None:
    """The course that the address names, else the first; None where there is none to study."""
    key = choose(filters_of(plan), query)["course"]
    named = [course for course in plan.courses if key in {"", course.key}]
    return named[0] if named else None


def gradebook_table(plan: Plan, query: QueryDict) -> Table:
    """The table. Its page takes 4 queries: how many, whom, their enrolments, their points."""
    chosen = choose(filters_of(plan), query)
    course = chosen_course(plan, query)
    return Table(
        "cohort-gradebook",
        _("Gradebook"),
        _columns(plan.cohort, course),
        _members(plan.cohort, course, chosen["q"], query.get("sort", "")),
        as_of=timezone.now(),
        filters=filters_of(plan),
        of=str(plan.cohort.uuid),
        order="name",
        load=partial(_load, course),
        per_page=int(chosen["rows"] or 50),
        empty=_("Nobody is in this cohort yet"),
        note=_("Behind the name of an exercise: the most points that it gives."),
    )


def _members(
    cohort: Cohort, course: StudiedCourse | None, wanted: str, asked: str
) -> QuerySet[CohortMember, Any]:
    # Uses index: cohort_member_unique, by its first column.
    members = CohortMember.objects.filter(cohort=cohort).select_related("user")
    if wanted:
        members = members.filter(user__name__icontains=wanted)
    if asked.removeprefix("-") in {"", "name"}:
        return members
    # Uses index: enrolment_unique. Only where it sorts, for it is asked of every member.
    own = Enrolment.objects.filter(user=OuterRef("user"), course=course.pk if course else None)
    return members.annotate(
        credit=Subquery(own.values("credit")[:1]),
        completed=Subquery(own.values("completed_at")[:1]),
    )


def _load(course: StudiedCourse | None, members: Sequence[CohortMember]) -> list[GradeRow]:
    users = [member.user_id for member in members]
    rows = Enrolment.objects.filter(user__in=users, course=course.pk if course else None)
    # Without what a release shows, which is long.
    rows = rows.only("user", "credit", "completed_at")
    needed = F("release__points") * F("release__completion_percent")
    enrolments = {row.user_id: row for row in rows.annotate(needed=needed)}
    points = points_of([row.pk for row in enrolments.values()])
    return [
        GradeRow(member, own, own.needed, points[own.pk]) if own else GradeRow(member, None, 0, {})
        for member in members
        for own in (enrolments.get(member.user_id),)
    ]


def _share(row: GradeRow) -> float | None:
    if row.enrolment is None:
        return None
    return min(1.0, row.enrolment.credit / row.needed) if row.needed else 1.0


def _columns(cohort: Cohort, course: StudiedCourse | None) -> list[Column]:
    def person_url(row: GradeRow) -> str:
        return reverse("reports:cohort_learner", args=[cohort.uuid, row.member.user.uuid])

    columns = [
        Column(
            "name",
            _("Name"),
            value=lambda row: row.member.user.name or row.member.user.email,
            link=person_url,
            order="user__name",
        ),
        Column(
            "points",
            _("Points"),
            Kind.DECIMAL,
            definition=definitions.POINTS,
            value=lambda row: row.enrolment and row.enrolment.credit / 100,
            order="credit",
        ),
        Column("share", _("Done"), Kind.PERCENT, definition=definitions.SHARE, value=_share),
        Column(
            "completed",
            _("Completed"),
            Kind.DATE,
            definition=definitions.COMPLETED_ON,
            value=lambda row: row.enrolment and row.enrolment.completed_at,
            order="completed",
        ),
    ]
    for module in course.outline if course else []:
        group = in_language(module["title"], module["key"])
        for lesson in module["lessons"]:
            for exercise in lesson["exercises"]:
                columns += _exercise_columns(exercise, group)
    return columns


def _exercise_columns(exercise: Entry, group: str) -> list[Column]:
    """The points on the page and in files, the state in files: the page marks it."""
    key, title = exercise["key"], in_language(exercise["title"], exercise["key"])

    def points(row: GradeRow) -> float | None:
        point = row.points.get(key)
        return point.credit / 100 if point is not None and _touched(point) else None

    def mark(row: GradeRow) -> Mark | None:
        point = row.points.get(key)
        if point is None or not _touched(point):
            return None
        return PASSED if point.is_passed else TRIED

    def state(row: GradeRow) -> str:
        point = row.points.get(key)
        return _state(point) if point is not None else ""

    head = f"{title} · {exercise['points']}"
    return [
        Column(key, head, Kind.DECIMAL, value=points, group=group, mark=mark),
        Column(
            f"{key}-state",
            _("State"),
            value=state,
            definition=title,
            group=group,
            on_page=False,
        ),
    ]


def _touched(point: Point) -> bool:
    return bool(point.tries) or point.is_passed


def _state(point: Point) -> str:
    if point.is_passed:
        return gettext("passed")
    if not point.tries:
        return ""
    return ngettext("%(tries)d try, not passed", "%(tries)d tries, not passed", point.tries) % {
        "tries": point.tries
    }
