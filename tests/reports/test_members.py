"""The statement about the people of cohorts says of everybody what the rules say of each."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Cohort, CohortMember, Organisation, User
from courses.models import CohortDeadline, CohortPlan, Course, Enrolment, LessonExercise, Programme
from courses.types import CHINA, china_day
from grading.models import Progress
from reports.at_risk import at_risk, explain
from reports.queries.cohorts import Plan, learners_of, plans_of
from reports.queries.members import Member, figures_of, members_of
from reports.risk import Rule
from tests.courses.rows import make_course, make_exercise, make_programme
from tests.people import make_cohort, make_organisation

pytestmark = pytest.mark.django_db

Studies = tuple[list[Programme], list[list[LessonExercise]]]
"""Programmes, and the exercises of each course."""
NOW = datetime.datetime(2026, 11, 24, 15, 59, 59, tzinfo=datetime.UTC)
"""The last second of a day in China."""


def moment(chance: random.Random, days: Sequence[int]) -> datetime.datetime:
    """Some days before `NOW`, as often as not at one end of its day in China."""
    day = china_day(NOW) - datetime.timedelta(days=chance.choice(days))
    second = chance.choice([0, 1, 43200, 86399])
    found = datetime.datetime.combine(day, datetime.time(), CHINA)
    return min(NOW, found + datetime.timedelta(seconds=second))


def random_cohort(
    chance: random.Random, organisation: Organisation, programmes: Sequence[Programme], number: int
) -> Cohort:
    today = china_day(NOW)
    cohort = make_cohort(
        organisation,
        f"Cohort {number}",
        starts_on=today - datetime.timedelta(days=chance.choice([1, 6, 7, 13, 14, 60])),
        ends_on=today + datetime.timedelta(days=chance.choice([-1, 0, 30])),
    )
    if programmes:
        plan = CohortPlan.objects.create(cohort=cohort, programme=chance.choice(programmes))
        for course in Course.objects.all():
            if chance.random() < 0.7:
                left = chance.choice([-1, 0, 1, 14, 28, 29])
                due_on = today + datetime.timedelta(days=left)
                CohortDeadline.objects.create(plan=plan, course=course, due_on=due_on)
    return cohort


def random_enrolment(
    chance: random.Random, user: User, placements: Sequence[LessonExercise], cohort: Cohort
) -> None:
    release = placements[0].lesson.release
    days = [0, 3, 6, 7, 13, 14, 15, 29, 30, 31, 90]
    begun, active = sorted([moment(chance, days), moment(chance, days)])
    enrolment = Enrolment.objects.create(
        user=user,
        course=release.course,
        release=release,
        cohort=cohort,
        credit=chance.choice([0, 1, 175, 350, 699, 700, 1000]),
        active_month=chance.choice([0, 202611]),
        completed_at=chance.choice([None, None, None, active]),
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(created_at=begun, last_active_at=active)
    for placement in placements:
        passed = chance.choice([None, None, active])
        progress = Progress.objects.create(
            enrolment=enrolment,
            exercise=placement.version.exercise,
            version=placement.version,
            tries=chance.choice([2, 3, 4, 5, 9]),
            passed_at=passed,
        )
        touched = min(active, moment(chance, days))
        Progress.objects.filter(pk=progress.pk).update(touched_at=touched)


@pytest.fixture
def studies() -> Studies:
    """Three courses, one of which gives no points, and two programmes of them."""
    courses = [make_course("one"), make_course("two"), make_course("free", points=0)]
    placements = [
        [make_exercise(course, lesson="first", exercise=f"{course.key}-{n}") for n in range(2)]
        for course in courses
    ]
    programmes = [
        make_programme("both", [("one", True), ("two", True), ("free", False)]),
        make_programme("choice", [("two", False), ("free", False), ("missing", True)]),
    ]
    return programmes, placements


def random_plans(chance: random.Random, studies: Studies, size: int) -> list[Plan]:
    """Five cohorts of one organisation, the last without a programme, and people in them."""
    organisation = make_organisation()
    programmes, placements = studies
    cohorts = [random_cohort(chance, organisation, programmes, number) for number in range(4)]
    cohorts.append(random_cohort(chance, organisation, [], 4))
    for number in range(size):
        name = chance.choice(["", "Same", f"Person {number}"])
        user = User.objects.create(email=f"p{number}@example.org", name=name, language="en")
        for cohort in chance.sample(cohorts, chance.choice([1, 1, 2])):
            member = CohortMember.objects.create(cohort=cohort, user=user)
            joined = moment(chance, [0, 6, 7, 13, 14, 60])
            CohortMember.objects.filter(pk=member.pk).update(joined_at=joined)
        eager = chance.choice([0.0, 0.5, 1.0])
        for some in placements:
            if chance.random() < eager:
                random_enrolment(chance, user, some, chance.choice(cohorts))
    loaded = Cohort.objects.select_related("plan__programme__current")
    return list(plans_of(list(loaded.filter(organisation=organisation))).values())


def comparable(member: Member) -> Member:
    return member._replace(
        progress=round(member.progress, 9),
        enrolled=sorted(member.enrolled),
        met=sorted(member.met),
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite judges in Python")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), size=st.integers(0, 15))
def test_the_statement_says_what_the_rules_say(studies: Studies, seed: int, size: int) -> None:
    with transaction.atomic():
        plans = random_plans(random.Random(seed), studies, size)
        learners = learners_of(plans, now=NOW)
        judged = [comparable(figures_of(learner, china_day(NOW))) for learner in learners]
        said = members_of(plans, NOW)
        assert [comparable(member) for member in said] == judged
        transaction.set_rollback(True)


def test_whoever_is_at_risk_has_as_many_reasons_as_were_counted(studies: Studies) -> None:
    plans = random_plans(random.Random(3), studies, 60)
    members = at_risk(members_of(plans, NOW), china_day(NOW))
    explained = explain(members, NOW)
    assert {reason.rule for row in explained for reason in row.reasons} == set(Rule)
    assert [row.member for row in explained] == members
    assert [len(row.reasons) for row in explained] == [member.reasons for member in members]
    assert {member.plan.cohort.ends_on >= china_day(NOW) for member in members} == {True}
    keys = [(member.urgency, -member.reasons) for member in members]
    assert keys == sorted(keys)


def test_nobody_is_asked_of_no_cohort() -> None:
    assert members_of([], timezone.now()) == []
