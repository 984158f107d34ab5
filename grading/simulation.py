"""The progress of a simulated nation, and the tallies of its tries: no submission has a row."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from courses.actions import tally
from courses.actions.simulation import (
    DOMAIN,
    Built,
    TriesTable,
    forget_zeros,
    remove_simulation,
    simulate,
)
from courses.models import Tally
from courses.types import CHINA, TallyMove
from grading.models import Progress
from grading.recount import own_tally_differences

COLUMNS = (
    *("enrolment_id", "exercise_id", "version_id", "variant", "tries", "hints_used", "credit"),
    *("passed_at", "touched_at"),
)


def _row(enrolment_id: int, tried: Any) -> Sequence[Any]:
    step = tried.step
    passed_at = tried.at if tried.is_passed else None
    return (
        *(enrolment_id, step.exercise_id, step.version_id, 0, tried.tries, 0, tried.credit),
        *(passed_at, tried.at),
    )


@transaction.atomic
def build_nation(
    *,
    learners: int,
    seed: int,
    until: datetime.datetime,
    tell: Callable[[str], None],
    beside_real_people: bool = False,
) -> Built:
    """`courses.actions.simulation.simulate`, with progress and the tallies that follow from it."""
    built = simulate(
        learners=learners,
        seed=seed,
        until=until,
        tries=TriesTable(Progress, COLUMNS, _row),
        tell=tell,
        beside_real_people=beside_real_people,
    )
    tell("tallies of tries")
    tally(list(_moves()))
    return built


@transaction.atomic
def remove_nation() -> int:
    """Take it away, with whatever else was handed in by its people; how many people there were."""
    people = remove_simulation()
    wrong = own_tally_differences()
    tally([TallyMove(one.metric, one.day, one.subject, one.counted - one.tallied) for one in wrong])
    forget_zeros()
    return people


def _moves() -> Iterator[TallyMove]:
    """What the tries of simulated people are in the tallies, each at its exercise's last touch."""
    rows = Progress.objects.filter(enrolment__user__email__endswith=f"@{DOMAIN}")
    touched = rows.annotate(day=TruncDate("touched_at", tzinfo=CHINA))
    for day, course_key, tries in touched.values_list("day", "enrolment__course__key").annotate(
        Sum("tries")
    ):
        yield TallyMove(Tally.Metric.SUBMISSIONS, day, course_key, tries)
    passed = rows.exclude(passed_at=None).annotate(day=TruncDate("passed_at", tzinfo=CHINA))
    by_version = passed.values_list("day", "enrolment__course__key", "version__competencies")
    for day, course_key, competencies, passes in by_version.annotate(Count("pk")):
        yield TallyMove(Tally.Metric.PASSES, day, course_key, passes)
        for competency in competencies:
            yield TallyMove(Tally.Metric.COMPETENCY_PASSES, day, competency, passes)
