"""A simulated nation is counted exactly as if its people had acted."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db.models import Model
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Invitation, Membership, Organisation, User
from courses import recount
from courses.actions import accept_places, enrol, invite, join_cohort, record_progress
from courses.models import (
    CohortPlan,
    DelayTally,
    Enrolment,
    Programme,
    Qualification,
    RetentionTally,
    StageTally,
    Standing,
    Tally,
)
from courses.simulation import lives
from courses.simulation.building import DOMAIN, TriesTable, build
from courses.simulation.lives import Fate, Life, acts
from courses.simulation.loading import first_free
from courses.simulation.nation import Nation, make_nation
from courses.simulation.removing import remove
from courses.simulation.syllabus import Syllabus, read_syllabus
from courses.standings import MOMENTS
from courses.types import Place
from grading.models import Progress
from grading.simulation import COLUMNS, _row
from tests.courses.rows import make_course, make_exercise, make_programme

pytestmark = pytest.mark.django_db

UNTIL = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
LEARNERS = 25
TALLIES: tuple[type[Model], ...] = (StageTally, DelayTally, RetentionTally, Tally)
COUNTED = {
    Standing: (
        *("user__email", "invitation__email", "programme__key", "organisation_id", "cohort_id"),
        *("counts_nationally", "province", "kind", "stage", "active_months", *MOMENTS),
    ),
    Enrolment: (
        *("user__email", "course__key", "release_id", "cohort_id", "credit", "exercises_passed"),
        *("last_lesson_key", "created_at", "last_active_at", "halfway_at", "completed_at"),
        "active_month",
    ),
    Qualification: ("user__email", "programme__key", "version_id", "qualified_at"),
    Membership: ("user__email", "organisation_id", "role", "created_at"),
    CohortMember: ("user__email", "cohort_id", "joined_at"),
    Invitation: (
        *("email", "user__email", "organisation_id", "cohort_id", "name", "invited_at"),
        "accepted_at",
    ),
}


@pytest.fixture
def syllabus(db: None) -> Syllabus:
    """Two courses of ten points in five exercises; programmes of one, of both, and by choice."""
    for key in ("one", "two"):
        course = make_course(key)
        for number in range(5):
            make_exercise(course, lesson="lesson", exercise=f"{key}-{number}")
    make_programme("foundations", [("one", True)])
    make_programme("developer", [("one", True), ("two", True)])
    make_programme("either", [("two", True), ("one", False)], electives=1)
    assert Programme.objects.count() == 3
    return read_syllabus()


def everything() -> dict[str, Counter[Any]]:
    """All rows that people leave, and all tallies, slots summed."""
    found: dict[str, Counter[Any]] = {}
    for model, columns in COUNTED.items():
        found[model.__name__] = Counter(model._default_manager.values_list(*columns))
    for model in TALLIES:
        names = [one.attname for one in model._meta.concrete_fields]
        key = [name for name in names if name not in {"id", "slot", "value"}]
        sums: Counter[Any] = Counter()
        for *where, value in model._default_manager.values_list(*key, "value"):
            sums[tuple(where)] += value
        found[model.__name__] = Counter({where: value for where, value in sums.items() if value})
    return found


class Clock:
    """Stands still where it was set."""

    def __init__(self) -> None:
        self.now = UNTIL

    def __call__(self) -> datetime.datetime:
        return self.now


def act_out(life: Life, email: str, clock: Clock) -> None:
    """What happened to one person, by the actions of the real site."""
    group = life.group
    if life.invited_at is not None:
        assert life.organisation is not None
        place = Place(email, life.name, cohort_id=group.cohort.pk if group else None)
        invite(organisation=life.organisation, places=[place], by=None, now=life.invited_at)
    if life.registered_at is None:
        return
    clock.now = life.registered_at
    user = User.objects.create_user(email, name=life.name, province=life.province)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if life.invited_at is not None:
        accept_places(user=user)
    elif group is not None:
        join_cohort(user=user, cohort=group.cohort)
    for act in acts(life):
        clock.now = act.at
        if act.group is not None:
            join_cohort(user=user, cohort=act.group.cohort)
            continue
        assert act.study is not None
        cohort = group.cohort if group else None
        enrolment = enrol(user=user, course=act.study.subject.course, cohort=cohort)
        if act.tried is not None:
            record_progress(
                enrolment_id=enrolment.pk,
                credit_by=act.tried.credit,
                passed_by=int(act.tried.is_passed),
                lesson_key=act.tried.step.lesson_key,
                now=act.at,
            )


def nation_for(chance: random.Random, syllabus: Syllabus) -> Nation:
    """The nation that `build` makes with the same chance."""
    return make_nation(
        learners=LEARNERS,
        chance=chance,
        until=UNTIL,
        syllabus=syllabus,
        first_organisation=first_free(Organisation),
        first_cohort=first_free(Cohort),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_and_tallies_are_those_of_real_actions(
    seed: int, syllabus: Syllabus, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is rare in a nation is common here.
    monkeypatch.setattr(lives, "IN_TWO_ORGANISATIONS", 0.7)
    monkeypatch.setattr(lives, "ALONE", 0.2)
    tries = TriesTable(Progress, COLUMNS, _row)
    built = build(
        learners=LEARNERS, seed=seed, until=UNTIL, syllabus=syllabus, tries=tries, tell=print
    )
    assert built.people == User.objects.count() == LEARNERS
    assert built.tried == Progress.objects.count()
    assert recount.differences() == []
    assert Standing.objects.filter(counts_nationally=False).exists()
    simulated = everything()
    assert remove() == LEARNERS
    assert {name: rows for name, rows in everything().items() if rows} == {}

    chance = random.Random(seed)
    nation = nation_for(chance, syllabus)
    Organisation.objects.bulk_create(nation.organisations)
    Cohort.objects.bulk_create([group.cohort for group in nation.groups])
    CohortPlan.objects.bulk_create(
        [CohortPlan(cohort=group.cohort, programme=group.programme) for group in nation.groups]
    )
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    fate = Fate(nation=nation, syllabus=syllabus, chance=chance, until=UNTIL)
    for number, life in enumerate(fate.lives(LEARNERS), start=1):
        act_out(life, f"p{number}@{DOMAIN}", clock)
    real = everything()
    for name, rows in real.items():
        assert simulated[name] == rows, name
