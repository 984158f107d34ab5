"""What the pages of repairs show, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.access import cohorts_for
from accounts.models import User
from analysis.queries import cohorts_in, pseudonym
from courses.models import Course, Enrolment
from exercises.types import Outcome
from grading.models import RegradeBatch, RegradeItem
from grading.queries import (
    broken_tries,
    changed_tries,
    deadlines_of,
    extensions_of,
    judged_so_far,
    late_rules_of,
)
from teach.repair_forms import ExtensionForm, LateRuleForm
from teach.statistics.browser import OUTCOME_NAMES


@dataclass(frozen=True, slots=True)
class Person:
    """A learner as the person who looks may know them."""

    pseudonym: str
    name: str
    """'' for who may not know it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One try that a regrade changes."""

    item: RegradeItem
    learner: Person
    before: str
    after: str
    """The verdicts in words."""
    points_before: float
    points_after: float


@dataclass(frozen=True, slots=True)
class Move:
    """So many learners would come from one number of points to another."""

    before: float
    after: float
    learners: int
    percent: int
    """Of the most frequent one, for a bar."""


def people(user: User, enrolments: Iterable[Enrolment]) -> dict[int, Person]:
    """Learners by the id of their enrolment, whose person is loaded. 1 query, if any has a cohort:
    names are known to who may see the people of the cohort."""
    found = list(enrolments)
    asked = {one.cohort_id for one in found if one.cohort_id is not None}
    named: set[int] = set()
    if asked:
        named = set(cohorts_for(user).filter(pk__in=asked).values_list("pk", flat=True))
    return {
        one.pk: Person(pseudonym(one.pk), one.user.name if one.cohort_id in named else "")
        for one in found
    }


def regrade_page(user: User, batch: RegradeBatch, number: str | None) -> Mapping[str, Any]:
    """A regrade as it stands. 1 query while it is worked on; at most 5 after that."""
    if batch.state in RegradeBatch.WORKED_ON:
        done, of = judged_so_far(batch)
        return {"done": done, "of": of, "percent": 100 * done // of if of else 0}
    if batch.state == RegradeBatch.State.ABANDONED:
        return {}
    page = changed_tries(batch, number)
    known = people(user, [item.submission.progress.enrolment for item in page])
    rows = [
        Change(
            item,
            known[item.submission.progress.enrolment_id],
            str(OUTCOME_NAMES[Outcome(item.outcome_before)]),
            str(OUTCOME_NAMES[Outcome(item.outcome_after)]),
            item.credit_before / 100,
            item.credit_after / 100,
        )
        for item in page
    ]
    broken = broken_tries(batch) if batch.preview.get("broken") else []
    return {
        "page": page,
        "rows": rows,
        "broken": broken,
        "ways": [
            {"key": key, **batch.preview[key], "moves": moves(batch.preview[key]["moves"])}
            for key in ("never_lower", "free")
            if batch.preview
        ],
    }


def moves(found: Iterable[tuple[int, int, int]]) -> list[Move]:
    """What a preview lists, in points."""
    listed = list(found)
    most = max((count for _, _, count in listed), default=1)
    return [
        Move(before / 100, after / 100, count, 100 * count // most)
        for before, after, count in listed
    ]


def deadlines_page(user: User, course: Course) -> dict[str, Any]:
    """What lateness costs and who has more time. At most 7 queries."""
    cohorts = cohorts_in(user, course)
    extensions = extensions_of(course)
    days = deadlines_of(course, cohorts)
    return {
        "course": course,
        "cohorts": [(cohort, days.get(cohort.pk)) for cohort in cohorts],
        "rules": late_rules_of(course),
        "known": {cohort.pk for cohort in cohorts},
        "extensions": extensions,
        "people": people(user, [one.enrolment for one in extensions if one.enrolment is not None]),
        "rule": LateRuleForm(None, cohorts),
        "extension": ExtensionForm(None, course, cohorts),
    }
