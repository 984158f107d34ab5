"""`manage.py simulate`: when it refuses, what it leaves, and what it takes away."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from accounts.models import Organisation, User
from courses.models import Course, Standing, Tally
from grading.models import Progress
from grading.recount import enrolment_differences, own_tally_differences
from tests.courses.rows import make_programme

pytestmark = pytest.mark.django_db

METRIC = Tally.Metric


@pytest.fixture
def studied(small_course: Course) -> Course:
    make_programme("path", [(small_course.key, True)])
    return small_course


def simulate(*more: str, learners: int = 30) -> None:
    until = ("--until", "2026-11-24")
    call_command("simulate", *until, *more, learners=learners, verbosity=0)


def people() -> list[tuple[object, ...]]:
    rows = User.objects.order_by("email").values_list("email", "name", "uuid", "date_joined")
    return [tuple(row) for row in rows]


def tallied(metric: str) -> int:
    return int(Tally.objects.filter(metric=metric).aggregate(sum=Sum("value"))["sum"] or 0)


def test_the_same_arguments_give_the_same_nation_and_nothing_is_left_of_it(
    studied: Course,
) -> None:
    simulate()
    once = people()
    assert len(once) == 30
    assert {str(email).partition("@")[2] for email, *_ in once} == {"sim.invalid"}
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert all("(simulated)" in row.name for row in Organisation.objects.all())
    with pytest.raises(CommandError, match="already"):
        simulate()
    call_command("simulate", remove=True, verbosity=0)
    left = [User, Organisation, Standing, Progress, Tally]
    assert [model._default_manager.count() for model in left] == [0] * len(left)
    simulate()
    assert people() == once
    call_command("simulate", remove=True, verbosity=0)
    simulate("--seed", "2")
    assert people() != once


def test_tries_and_passes_are_tallied_as_progress_has_them(studied: Course) -> None:
    simulate()
    assert list(enrolment_differences()) == []
    passed = Progress.objects.exclude(passed_at=None)
    assert tallied(METRIC.PASSES) == passed.count() > 0
    tries = Progress.objects.aggregate(sum=Sum("tries"))["sum"]
    assert tallied(METRIC.SUBMISSIONS) == tries > passed.count()
    wrong = {one.metric for one in own_tally_differences()}
    assert wrong <= {METRIC.SUBMISSIONS, METRIC.COMPETENCY_PASSES}, "these have no submissions"
    call_command("recount", check=True, people=True)
    with pytest.raises(SystemExit):
        call_command("recount", check=True)
    with pytest.raises(CommandError, match="--check"):
        call_command("recount", repair=True, people=True)


def test_it_refuses_a_database_that_is_not_for_it(studied: Course, alice: User) -> None:
    with pytest.raises(CommandError, match="--yes-this-database"):
        simulate()
    simulate("--yes-this-database")
    call_command("simulate", remove=True, verbosity=0)
    assert list(User.objects.all()) == [alice]


def test_it_refuses_where_nothing_can_be_studied(db: None) -> None:
    with pytest.raises(CommandError, match="publish"):
        simulate()


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL takes any size")
def test_sqlite_is_for_small_nations(studied: Course) -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        simulate(learners=500_000)
