"""A report as a letter: its headline figures as they are when it is written.

The figures come from what the pages show, so what is suppressed there is suppressed here.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import cohort_for
from courses.queries import qualified_history
from courses.types import china_day
from reports.cohort_page import Fact, cohort_page
from reports.columns import Words
from reports.models import ReportSubscription
from reports.nation.page import Line, funnel, goal_line
from reports.nation.scopes import PROVINCES, asked_for
from reports.organisation_page import organisation_page
from reports.organisation_tables import scope_of
from reports.queries.nation import Stages, cube_of_stages
from reports.words import name_of

NOTHING = QueryDict()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure."""

    title: Words
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """Figures under a head; "" for the first ones."""

    title: Words
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Digest:
    """The headline of a report, and the path of its page."""

    title: str
    path: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class ReportLetter:
    """A letter that is ready to be sent."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def letter_of(
    subscription: ReportSubscription, stop_token: str, now: datetime.datetime
) -> ReportLetter:
    """The letter, in the language that is active. Raises Http404 to who may not see the report."""
    digest = digest_of(subscription, now)
    stop = settings.SITE_URL + reverse("reports:stop_subscription", args=[stop_token])
    context = {
        "digest": digest,
        "rhythm": subscription.get_rhythm_display(),
        "as_of": now,
        "page": settings.SITE_URL + digest.path,
        "stop": stop,
    }
    subject = _("%(report)s: the figures of %(day)s") % {
        "report": digest.title,
        "day": china_day(now).isoformat(),
    }
    return ReportLetter(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{' '.join(subject.split())}",
        render_to_string("reports/subscriptions/letter.txt", context).strip() + "\n",
        render_to_string("reports/subscriptions/letter.html", context),
        # RFC 8058: mail programs stop it by one click, with a POST that needs no session.
        {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def digest_of(subscription: ReportSubscription, now: datetime.datetime) -> Digest:
    """What the letter says. Raises Http404 where the person may no longer see it."""
    if subscription.cohort is not None:
        return _of_cohort(subscription)
    if subscription.organisation is not None:
        return _of_organisation(subscription)
    return _of_nation(subscription, now)


def _of_cohort(subscription: ReportSubscription) -> Digest:
    assert subscription.cohort is not None
    cohort = cohort_for(subscription.user, subscription.cohort.uuid)
    if cohort.merged_into_id is not None:
        raise Http404
    page = cohort_page(cohort, NOTHING)
    due = [
        Figure(deadline.title, f"{deadline.met:,} / {deadline.people:,} · {deadline.due_on}")
        for deadline in page.deadlines
        if deadline.days_left >= 0
    ]
    return Digest(
        f"{name_of(cohort.organisation)} · {cohort.name}",
        reverse("reports:cohort", args=[cohort.uuid]),
        [
            Block("", _facts(page.facts)),
            *([Block(_("Met the next deadlines"), due)] if due else []),
        ],
    )


def _of_organisation(subscription: ReportSubscription) -> Digest:
    assert subscription.organisation is not None
    key = subscription.organisation.key
    page = organisation_page(scope_of(subscription.user, key), NOTHING)
    steps = [Figure(step.title, f"{step.people:,}") for step in page.funnel]
    return Digest(
        name_of(subscription.organisation),
        reverse("reports:organisation", args=[key]),
        [Block("", _facts(page.facts)), Block(_("How far they come"), steps)],
    )


def _of_nation(subscription: ReportSubscription, now: datetime.datetime) -> Digest:
    asked = asked_for(subscription.user, NOTHING)
    line = goal_line(qualified_history(), now)
    counted = Stages(cube_of_stages(asked.names), asked.scope.where)
    steps = [Figure(step.name, step.people) for step in funnel(asked, counted, {})]
    held_to = asked.scope.held_to
    where = str(dict(PROVINCES)[held_to]) if held_to else _("The nation")
    return Digest(
        where,
        reverse("reports:nation"),
        [
            Block(_("The way to the goal") if held_to else "", _goal(line)),
            Block(_("How far they come"), steps),
        ],
    )


def _goal(line: Line) -> list[Figure]:
    foreseen = line.forecast
    ends = [f"{day:%Y-%m}" if day else _("open") for day in (foreseen.earliest, foreseen.latest)]
    return [
        Figure(_("Qualified"), f"{line.qualified:,} / {line.goal:,}"),
        Figure(_("still to go"), f"{line.remaining:,}"),
        Figure(_("Weekly rate"), line.rate),
        Figure(_("Required weekly rate"), line.required),
        Figure(_("Forecast"), " – ".join(ends) if foreseen.earliest else "—"),
    ]


def _facts(facts: Sequence[Fact]) -> list[Figure]:
    return [
        Figure(fact.title, f"{fact.value:,}" + (f" / {fact.of:,}" if fact.of else ""))
        for fact in facts
    ]
