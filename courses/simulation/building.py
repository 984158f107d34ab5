"""Building a simulated nation in a database, and taking it away again."""

from __future__ import annotations

import datetime
import gc
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import Cohort, CohortMember, Invitation, Membership, Organisation, User
from courses import recount, standing_sql, tallies
from courses.models import CohortPlan, Enrolment, Qualification, Standing
from courses.simulation.lives import Fate, Life, Tried
from courses.simulation.living import Lived, live
from courses.simulation.loading import first_free, load, move_sequences, without_indexes
from courses.simulation.nation import Nation, make_nation
from courses.simulation.syllabus import Syllabus
from courses.standings import MOMENTS
from courses.types import TallyMove

DOMAIN = "sim.invalid"
"""Of the address of every simulated person, and of nobody else: a domain that never exists."""
BATCH = 2000
"""Lives of one round: what is in memory at once."""

Columns = tuple[str, ...]
ORGANISATION: Columns = (
    *("id", "uuid", "key", "name", "name_zh_hans", "kind", "province", "credit_code", "contact"),
    *("verified_at", "decision", "created_at"),
)
COHORT: Columns = (
    *("id", "uuid", "organisation_id", "name", "join_code", "starts_on", "ends_on", "created_at"),
)
USER: Columns = (
    *("id", "password", "is_superuser", "is_staff", "is_active", "date_joined", "uuid", "email"),
    *("name", "language", "province", "is_national_administrator", "administers_province"),
)
INVITATION: Columns = (
    *("id", "organisation_id", "cohort_id", "email", "name", "external_id", "token", "user_id"),
    *("invited_at", "accepted_at"),
)
MEMBERSHIP: Columns = ("user_id", "organisation_id", "role", "created_at")
MEMBER: Columns = ("cohort_id", "user_id", "joined_at")
ENROLMENT: Columns = (
    *("id", "user_id", "course_id", "release_id", "cohort_id", "seed", "credit"),
    *("exercises_passed", "last_lesson_key", "created_at", "last_active_at", "halfway_at"),
    *("completed_at", "active_month"),
)
QUALIFICATION: Columns = ("user_id", "programme_id", "version_id", "uuid", "qualified_at")
STANDING: Columns = (
    *("programme_id", "user_id", "invitation_id", "organisation_id", "cohort_id"),
    *("counts_nationally", "province", "kind", "stage", "active_months", *MOMENTS),
)


@dataclass(frozen=True, slots=True)
class TriesTable:
    """A table of a room above that has a row for each exercise that somebody has tried."""

    model: type[Model]
    columns: Columns
    row: Callable[[int, Tried], Sequence[Any]]
    """Of the primary key of an enrolment and what was tried."""


@dataclass(slots=True)
class Built:
    """How much there is now."""

    organisations: int
    cohorts: int
    people: int = 0
    places: int = 0
    enrolments: int = 0
    tried: int = 0
    standings: int = 0
    qualifications: int = 0


@transaction.atomic
def build(
    *,
    learners: int,
    seed: int,
    until: datetime.datetime,
    syllabus: Syllabus,
    tries: TriesTable,
    tell: Callable[[str], None],
) -> Built:
    """Write a nation of so many people who have signed up, as it is at the moment `until`.

    Effects: the rows, then the tallies of this room that follow from them. The same for the same
    arguments, but for primary keys where rows were there before. All or nothing.
    """
    chance = random.Random(seed)  # noqa: S311  # a simulation is to be repeated, not kept secret
    nation = make_nation(
        learners=learners,
        chance=chance,
        until=until,
        syllabus=syllabus,
        first_organisation=first_free(Organisation),
        first_cohort=first_free(Cohort),
    )
    built = Built(len(nation.organisations), len(nation.groups))
    people = (User, Invitation, Membership, CohortMember, Enrolment, Qualification, Standing)
    models = (Organisation, Cohort, CohortPlan, *people, tries.model)
    with without_indexes(models), _without_collector():
        _load_nation(nation)
        fate = Fate(nation=nation, syllabus=syllabus, chance=chance, until=until)
        numbers = random.Random(f"{seed} rows")  # noqa: S311
        writer = _Writer(syllabus, numbers, tries, built)
        lives = fate.lives(learners)
        told = 0
        while batch := list(islice(lives, BATCH)):
            writer.write(batch)
            if built.people - told >= learners // 10:
                told = built.people
                tell(f"{told} of {learners} people, {built.tried} exercises tried")
        tell("indexes and foreign keys")
    move_sequences(models)
    tell("tallies")
    count_anew()
    return built


@contextmanager
def _without_collector() -> Iterator[None]:
    """Lives hold no circles: walking over them in search of some takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def count_anew() -> None:
    """Move every tally of this room by what it differs from the rows."""
    days = recount.day_differences()
    tallies.add(
        [TallyMove(one.metric, one.day, one.subject, one.counted - one.tallied) for one in days]
    )
    if connection.vendor == "postgresql":
        standing_sql.repair()
    else:
        recount.repair()


def _load_nation(nation: Nation) -> None:
    load(
        Organisation,
        ORGANISATION,
        ([getattr(one, name) for name in ORGANISATION] for one in nation.organisations),
    )
    load(Cohort, COHORT, ([getattr(one.cohort, name) for name in COHORT] for one in nation.groups))
    load(
        CohortPlan,
        ("cohort_id", "programme_id", "target"),
        ((one.cohort.pk, one.programme.pk, None) for one in nation.groups),
    )


class _Writer:
    """Writes lives in batches; counts what it has written."""

    def __init__(
        self, syllabus: Syllabus, chance: random.Random, tries: TriesTable, built: Built
    ) -> None:
        self.syllabus = syllabus
        self.chance = chance
        self.tries = tries
        self.built = built
        self.users = count(first_free(User))
        self.invitations = count(first_free(Invitation))
        self.enrolments = count(first_free(Enrolment))
        self.number = 0

    def write(self, lives: Sequence[Life]) -> None:
        users, places, lived = [], [], []
        for life in lives:
            self.number += 1
            email = f"p{self.number}@{DOMAIN}"
            user_id = next(self.users) if life.registered_at is not None else None
            if user_id is not None:
                users.append(self.user(life, user_id, email))
            one = live(life, self.syllabus, user_id)
            lived.append(one)
            if life.invited_at is not None:
                places.append(self.place(life, user_id, email, one))
        for enrolment in (row for one in lived for row in one.enrolments):
            enrolment.pk = next(self.enrolments)
            enrolment.seed = self.chance.getrandbits(62)
        load(User, USER, users)
        load(Invitation, INVITATION, places)
        load(Membership, MEMBERSHIP, _memberships(lived))
        load(CohortMember, MEMBER, _members(lived))
        enrolments = [row for one in lived for row in one.enrolments]
        load(
            Enrolment, ENROLMENT, ([getattr(row, name) for name in ENROLMENT] for row in enrolments)
        )
        qualifications = [row for one in lived for row in one.qualifications]
        for row in qualifications:
            row.uuid = self.uuid()
        load(
            Qualification,
            QUALIFICATION,
            ([getattr(row, name) for name in QUALIFICATION] for row in qualifications),
        )
        standings = [row for one in lived for row in one.standings]
        load(Standing, STANDING, ([getattr(row, name) for name in STANDING] for row in standings))
        tried = [(row.pk, tried) for one in lived for row, tried in one.tried]
        load(self.tries.model, self.tries.columns, (self.tries.row(*pair) for pair in tried))
        self.built.people += len(users)
        self.built.places += len(places)
        self.built.enrolments += len(enrolments)
        self.built.qualifications += len(qualifications)
        self.built.standings += len(standings)
        self.built.tried += len(tried)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def user(self, life: Life, pk: int, email: str) -> Sequence[Any]:
        unusable = f"!{self.chance.getrandbits(160):040x}"
        flags = (False, False, True)
        return (
            *(pk, unusable, *flags, life.registered_at, self.uuid(), email),
            *(life.name, "zh-hans", life.province, False, ""),
        )

    def place(self, life: Life, user_id: int | None, email: str, lived: Lived) -> Sequence[Any]:
        """The row of an invitation; the standing that came of it names it."""
        assert life.organisation is not None
        pk = next(self.invitations)
        if lived.of_place is not None:
            lived.of_place.invitation_id = pk
        cohort_id = life.group.cohort.pk if life.group else None
        token = f"{self.chance.getrandbits(128):032x}"
        return (
            *(pk, life.organisation.pk, cohort_id, email, life.name, f"S{self.number}", token),
            *(user_id, life.invited_at, life.registered_at),
        )


def _memberships(lived: Sequence[Lived]) -> Iterator[Sequence[Any]]:
    for one in lived:
        for organisation_id, since in one.organisations.items():
            yield (one.user_id, organisation_id, Membership.Role.LEARNER.value, since)


def _members(lived: Sequence[Lived]) -> Iterator[Sequence[Any]]:
    for one in lived:
        for cohort_id, since in one.cohorts.items():
            yield (cohort_id, one.user_id, since)
