"""The list of submissions, as its address asks for it."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analysis.queries import Filters, cohorts_in, exercises_of, submissions
from courses.models import Course
from exercises.types import Outcome
from teach.statistics.listing import choice

OUTCOME_NAMES = {
    Outcome.PASSED: _("Passed"),
    Outcome.PARTLY: _("Partly right"),
    Outcome.WRONG: _("Not right yet"),
    Outcome.ERROR: _("An exception ended it"),
    Outcome.TIME: _("Took too long"),
    Outcome.MEMORY: _("Used too much memory"),
    Outcome.OUTPUT: _("Printed too much"),
    Outcome.CRASHED: _("Crashed"),
    Outcome.EXITED: _("The program ended itself"),
}
LARGEST_ID = 2**63 - 1


def browse(course: Course, user: User, query: QueryDict) -> dict[str, Any]:
    """Rows, filters and the ways to the pages before and behind. 3 queries."""
    language = get_language() or "en"
    cohorts = cohorts_in(user, course)
    exercises = [(key, title.get(language) or title["en"]) for key, title in exercises_of(course)]
    outcomes = [(outcome.value, name) for outcome, name in OUTCOME_NAMES.items()]
    fields = [
        choice("exercise", _("Exercise"), exercises, query),
        choice("outcome", _("Verdict"), outcomes, query),
    ]
    if cohorts:
        names = [(str(cohort.uuid), cohort.name) for cohort in cohorts]
        fields.append(choice("cohort", _("Cohort"), names, query))
    chosen = {field.key: field.chosen for field in fields}
    filters = Filters(
        exercise=chosen["exercise"],
        outcome=chosen["outcome"],
        cluster=query.get("cluster", "")[:16],
        cohort=next((one.pk for one in cohorts if str(one.uuid) == chosen.get("cohort")), None),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
    )
    page = submissions(
        course, filters, cohorts, before=_id(query, "before"), after=_id(query, "after")
    )
    return {
        "page": page,
        "fields": fields,
        "filters": filters,
        "is_filtered": filters != Filters(),
        "newer_url": "" if page.newer is None else _url(query, after=str(page.newer)),
        "older_url": "" if page.older is None else _url(query, before=str(page.older)),
        "without_cluster": _url(query, cluster=""),
        "knows_names": bool(cohorts),
    }


def _url(query: QueryDict, **changed: str) -> str:
    """The address with other values; "" takes one away. It leads to the first page else."""
    asked = query.copy()
    for key in ("before", "after"):
        asked.pop(key, None)
    for key, value in changed.items():
        asked[key] = value
        if not value:
            del asked[key]
    return f"?{asked.urlencode()}"


def _id(query: QueryDict, key: str) -> int | None:
    text = query.get(key, "")
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() else None


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:  # a day that no month has
        return None
