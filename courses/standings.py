"""How far a person has come on a programme, and what of it stands in which tally. Pure.

The one place that says how tallies follow from standings: whoever changes standings adds the
difference between their `counts` after and before (courses/standing_rows.py), and a recount sums
the `counts` of all (courses/standing_sql.py says the same in SQL).
"""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from courses.models import Enrolment, Standing
from courses.types import CHINA

Stage = Standing.Stage

MOMENTS = (
    "invited_at",
    "registered_at",
    "enrolled_at",
    "active_at",
    "halfway_at",
    "completed_at",
    "qualified_at",
)
"""The column of each stage's moment, in the order of `Standing.Stage`."""

LONGEST_DELAY = 999
LAST_BIT = 62
ALL_TIME = 0


class StageKey(NamedTuple):
    """A row of `StageTally`, whatever its slot."""

    organisation: int
    cohort: int
    period: int
    stage: int
    programme_id: int
    province: str
    kind: str


class DelayKey(NamedTuple):
    """A row of `DelayTally`, whatever its slot."""

    stage: int
    programme_id: int
    days: int


class RetentionKey(NamedTuple):
    """A row of `RetentionTally`, whatever its slot."""

    organisation: int
    start: int
    months: int
    programme_id: int


@dataclass(slots=True)
class Counts:
    """How often standings stand in which tally."""

    stages: Counter[StageKey] = field(default_factory=Counter)
    delays: Counter[DelayKey] = field(default_factory=Counter)
    retention: Counter[RetentionKey] = field(default_factory=Counter)

    def subtract(self, other: Counts) -> None:
        """Take away what stood there before: what is left is the difference to add."""
        self.stages.subtract(other.stages)
        self.delays.subtract(other.delays)
        self.retention.subtract(other.retention)


def month_of(moment: datetime.datetime) -> int:
    """The month in China on which a moment falls: 202611."""
    local = moment.astimezone(CHINA)
    return 100 * local.year + local.month


def months_between(start: int, month: int) -> int:
    """How many months after `start` a month is: 0 for the same one."""
    return 12 * (month // 100 - start // 100) + month % 100 - start % 100


def month_after(start: int, months: int) -> int:
    """The month so many months after `start`."""
    years, rest = divmod(start % 100 - 1 + months, 12)
    return 100 * (start // 100 + years) + rest + 1


def stage_reached(required: Sequence[str], enrolments: Iterable[Enrolment]) -> int:
    """How far enrolments in the required courses of a programme bring a person, 0 for none.

    `enrolments` come with their course; those in other courses do not matter. A course that is
    completed counts one and one that is halfway a half: the person is halfway when these make half
    of the courses. Who meets the whole rule is qualified, which is not decided here.
    """
    own = [row for row in enrolments if row.course.key in required]
    if not own:
        return 0
    completed = sum(row.completed_at is not None for row in own)
    halfway = sum(row.halfway_at is not None and row.completed_at is None for row in own)
    if completed == len(required):
        return Stage.COMPLETED
    if 2 * completed + halfway >= len(required):
        return Stage.HALFWAY
    return Stage.ACTIVE if any(row.active_month for row in own) else Stage.ENROLLED


def reach(standing: Standing, stage: int, moment: datetime.datetime) -> None:
    """Bring a standing to a stage, unless it is there or further. Writes nothing.

    Stages that were passed over were reached at the same moment; and no stage before the one
    below it, whatever two clocks say.
    """
    for column in MOMENTS[:stage]:
        kept = getattr(standing, column)
        if kept is None:
            setattr(standing, column, moment)
        else:
            moment = max(moment, kept)
    standing.stage = max(standing.stage or 0, stage)


def mark_active(standing: Standing, moment: datetime.datetime) -> None:
    """Note a graded try in the month of a moment. Writes nothing."""
    if standing.enrolled_at is not None:
        months = months_between(month_of(standing.enrolled_at), month_of(moment))
        standing.active_months |= 1 << min(max(months, 0), LAST_BIT)


def counts(standings: Iterable[Standing]) -> Counts:
    """Where standings are counted."""
    found = Counts()
    for standing in standings:
        found.stages.update(_stages(standing))
        if standing.counts_nationally:
            found.delays.update(_delays(standing))
        found.retention.update(_retention(standing))
    return found


def moments(standing: Standing) -> list[tuple[int, datetime.datetime]]:
    """(stage, moment) of every stage that was reached, in order."""
    reached: list[tuple[int, datetime.datetime]] = []
    for stage, column in enumerate(MOMENTS[: standing.stage], start=1):
        reached.append((stage, getattr(standing, column)))
    return reached


def _stages(standing: Standing) -> Iterator[StageKey]:
    """The nation and an organisation by month and in all; a cohort in all."""
    groups = [standing.organisation_id] if standing.organisation_id else []
    if standing.counts_nationally:
        groups.append(0)
    place = (standing.programme_id, standing.province, standing.kind)
    for stage, moment in moments(standing):
        for group in groups:
            yield StageKey(group, 0, ALL_TIME, stage, *place)
            yield StageKey(group, 0, month_of(moment), stage, *place)
        if standing.organisation_id and standing.cohort_id:
            yield StageKey(standing.organisation_id, standing.cohort_id, ALL_TIME, stage, *place)


def _delays(standing: Standing) -> Iterator[DelayKey]:
    reached = moments(standing)
    for (_, before), (stage, moment) in itertools.pairwise(reached):
        if moment != before:
            days = min((moment - before).days, LONGEST_DELAY)
            yield DelayKey(stage, standing.programme_id, days)


def _retention(standing: Standing) -> Iterator[RetentionKey]:
    if standing.enrolled_at is None:
        return
    start = month_of(standing.enrolled_at)
    groups = [standing.organisation_id] if standing.organisation_id else []
    if standing.counts_nationally:
        groups.append(0)
    for months in range(LAST_BIT + 1):
        if standing.active_months >> months & 1:
            for group in groups:
                yield RetentionKey(group, start, months, standing.programme_id)
