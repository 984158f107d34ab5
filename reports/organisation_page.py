"""All that the page of an organisation shows besides its tables: figures, funnel, comparison."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Programme
from reports import definitions_cohort as definitions
from reports.cohort_page import Fact
from reports.filters import Filter, FilterField, choose, filter_fields
from reports.organisation_tables import (
    Figures,
    cohorts_table,
    competency_table,
    figures_of,
    risk_table,
)
from reports.queries.organisations import (
    Comparison,
    Scope,
    Stage,
    comparison,
    competencies_of,
    programmes_named,
)
from reports.tables import TablePage
from reports.words import in_language

STAGES: Sequence[tuple[Stage, Promise]] = (
    (Stage.INVITED, _("Invited")),
    (Stage.REGISTERED, _("Registered")),
    (Stage.ENROLLED, _("Enrolled")),
    (Stage.ACTIVE, _("Active")),
    (Stage.HALFWAY, _("Halfway")),
    (Stage.COMPLETED, _("Completed")),
    (Stage.QUALIFIED, _("Qualified")),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the funnel."""

    title: Promise
    people: int
    percent: int
    """Of all that are counted, whole."""
    kept: int | None
    """Per cent of the stage before; None for the first, and where nobody was there."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One share beside that of others, in whole per cent."""

    title: Promise
    own: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What templates/reports/organisation.html shows."""

    scope: Scope
    as_of: datetime.datetime
    facts: Sequence[Fact]
    funnel: Sequence[Step]
    filters: Sequence[FilterField]
    compared: Sequence[ComparedLine]
    comparison: Comparison | None
    cohorts: TablePage
    risk: TablePage
    competencies: TablePage


def organisation_page(scope: Scope, query: QueryDict) -> OrganisationPage:
    """The page of what somebody administers of an organisation: 11 queries, and one more for the
    first of a day to compare."""
    figures = figures_of(scope)
    programmes = programmes_named(figures.sums.programmes)
    filters = _filters(programmes)
    chosen = choose(filters, query)["programme"]
    programme = next((one.pk for one in programmes if one.key == chosen), None)
    grain = {0} if scope.is_whole else {cohort.pk for cohort in scope.cohorts}
    reached: dict[int, int] = {stage: figures.sums.of(grain, stage) for stage, _title in STAGES}
    compared = comparison(scope.organisation.kind, reached)
    return OrganisationPage(
        scope,
        figures.as_of,
        _facts(figures, reached),
        funnel_of([figures.sums.of(grain, stage, programme) for stage, _title in STAGES]),
        filter_fields(filters, query) if len(programmes) > 1 else [],
        _lines(compared),
        compared,
        cohorts_table(scope, figures.cohorts).page(query),
        risk_table(scope, figures.at_risk, figures.as_of).page(query),
        competency_table(scope, competencies_of(scope, figures.people)).page(query),
    )


def _filters(programmes: Sequence[Programme]) -> tuple[Filter, ...]:
    titles = [
        (one.key, in_language(one.current.about["title"], one.key))
        for one in programmes
        if one.current
    ]
    return (Filter("programme", _("Programme"), titles),)


def _facts(figures: Figures, reached: Mapping[int, int]) -> list[Fact]:
    people = figures.people
    return [
        Fact("people", _("People"), people, definitions.ORGANISATION_PEOPLE),
        Fact("active", _("Active this week"), figures.active, definitions.ACTIVE_THIS_WEEK, people),
        Fact("at-risk", _("At risk"), len(figures.at_risk), definitions.AT_RISK),
        Fact("qualified", _("Qualified"), reached[Stage.QUALIFIED], definitions.QUALIFIED),
    ]


def funnel_of(people: Sequence[int]) -> list[Step]:
    """The steps of a funnel, from how many reached each stage."""
    steps = []
    for number, ((_stage, title), here) in enumerate(zip(STAGES, people, strict=True)):
        before = people[number - 1] if number else 0
        steps.append(
            Step(
                title,
                here,
                percent=round(100 * here / people[0]) if people[0] else 0,
                kept=round(100 * here / before) if before else None,
            )
        )
    return steps


def _lines(compared: Comparison | None) -> list[ComparedLine]:
    titles = dict(STAGES)
    return [
        ComparedLine(
            titles[Stage(row.stage)],
            *(round(100 * share) for share in (row.own, row.low, row.middle, row.high)),
        )
        for row in (compared.rows if compared else ())
    ]
