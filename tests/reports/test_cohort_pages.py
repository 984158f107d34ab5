"""The pages of an organisation, its cohorts and learners: who sees them, and that they add up.

Anna administers the organisation, Dora its department, Emil another department, Ivo teaches the
cohort; Alice and Bob are in it; Charlie is a stranger; Nina administers the nation.
"""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import (
    Cohort,
    CohortInstructor,
    CohortMember,
    Department,
    Membership,
    Organisation,
    User,
)
from courses.actions import enrol, join_cohort, set_deadlines, set_plan
from courses.models import Course, Enrolment
from exercises.seeds import opaque_ids, seed_for
from grading.models import Progress
from tests.courses.rows import make_programme
from tests.grading.learners import Learner, learner_in
from tests.people import make_cohort, make_organisation, make_person
from tests.reports.reading import status_of

pytestmark = pytest.mark.django_db


def pass_the_first_module(learner: Learner) -> None:
    """8 of 18 points, of which 12.6 complete the course."""
    learner.submit("bits")
    learner.submit("word", {"value": ["hash"]})
    for key, count in (("what-is-a-hash", 1), ("properties", 2)):
        version = learner.placements[key].version
        seed = seed_for(learner.enrolment.seed, version.exercise.uuid, 0)
        learner.submit(key, {"option": opaque_ids(seed, "option", 3)[:count]})


@dataclass(frozen=True, slots=True)
class School:
    """An organisation at work."""

    organisation: Organisation
    cohort: Cohort
    course: Course
    people: dict[str, User]

    def client(self, name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(self.people[name])
        return client

    def page(self, name: str, path: str, **query: str) -> str:
        response = self.client(name).get(self.path(path), query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def path(self, path: str) -> str:
        return path.format(
            key=self.organisation.key,
            cohort=self.cohort.uuid,
            alice=self.people["alice"].uuid,
            charlie=self.people["charlie"].uuid,
        )


@pytest.fixture
def school(
    small_course: Course,
    organisation: Organisation,
    alice: User,
    bob: User,
    charlie: User,
    settings: Settings,
) -> School:
    settings.REQUIRE_ADMIN_MFA = False
    cache.clear()  # limits of earlier tests, whose people had the same ids
    administrator = partial(make_person, organisation=organisation, role="administrator")
    people = {
        "alice": alice,
        "bob": bob,
        "charlie": charlie,
        "anna": administrator("anna"),
        "dora": administrator("dora"),
        "emil": administrator("emil"),
        "ivo": make_person("ivo", organisation=organisation, role="instructor"),
        "nina": make_person("nina", is_national_administrator=True),
        "sam": make_person("sam", is_staff=True),
        "omar": make_person(
            "omar", organisation=make_organisation("hillside"), role="administrator"
        ),
    }
    law, art = (
        Department.objects.create(organisation=organisation, name=name) for name in ("Law", "Art")
    )
    for name, department in (("dora", law), ("emil", art)):
        Membership.objects.filter(user=people[name]).update(department=department)
    cohort = make_cohort(organisation, department=law)
    CohortInstructor.objects.create(cohort=cohort, user=people["ivo"])
    set_plan(cohort=cohort, programme=make_programme("small", [("small-course", True)]), target=2)
    today = timezone.localdate()
    set_deadlines(cohort=cohort, due={"small-course": today + datetime.timedelta(days=20)})
    for person in (alice, bob):
        join_cohort(user=person, cohort=cohort)
    enrol(user=alice, course=small_course, cohort=cohort)
    pass_the_first_module(learner_in(small_course, alice))
    return School(organisation, cohort, small_course, people)


ORGANISATION = "/reports/organisations/{key}/"
PEOPLE = "/reports/organisations/{key}/people/"
COHORT = "/reports/cohorts/{cohort}/"
GRADEBOOK = "/reports/cohorts/{cohort}/gradebook/"
LEARNER = "/reports/cohorts/{cohort}/learners/{alice}/"
CAST = (
    *("anonymous", "anna", "dora", "emil", "ivo", "alice", "bob", "charlie", "nina", "sam"),
    "omar",
)
OF_A_COHORT = (302, 200, 200, 404, 200, *[404] * 6)
OF_THE_ORGANISATION = (302, 200, 200, 200, *[404] * 7)
EXPORT = "/reports/export/{}/csv/?of="


STATUSES = {
    COHORT: OF_A_COHORT,
    GRADEBOOK: OF_A_COHORT,
    LEARNER: OF_A_COHORT,
    LEARNER.replace("alice", "charlie"): (302, *[404] * 10),
    ORGANISATION: OF_THE_ORGANISATION,
    PEOPLE: OF_THE_ORGANISATION,
    **{
        EXPORT.format(name) + "{cohort}": (404, *OF_A_COHORT[1:])
        for name in ("cohort-progress", "cohort-at-risk", "cohort-gradebook")
    },
    **{
        EXPORT.format(name) + "{key}": (404, *OF_THE_ORGANISATION[1:])
        for name in ("organisation-people", "organisation-at-risk", "organisation-cohorts")
    },
}


def test_who_may_see_what(school: School) -> None:
    clients = {name: school.client(name) for name in CAST}
    for path, statuses in STATUSES.items():
        address = school.path(path)
        got = {}
        for name, client in clients.items():
            got[name] = status_of(client, address)
        assert got == dict(zip(CAST, statuses, strict=True)), path


def test_another_department_sees_nobody_of_this_one(school: School) -> None:
    for path in (ORGANISATION, PEOPLE):
        whole, own, other = (school.page(name, path) for name in ("anna", "dora", "emil"))
        assert [said.count(str(school.cohort.uuid)) > 0 for said in (whole, own, other)] == [
            True,
            True,
            False,
        ]
        assert "Alice" not in other


MORE = 0 if connection.vendor == "postgresql" else 2
"""Queries for the figures of people, which on PostgreSQL are one statement."""
MOST_QUERIES = {
    COHORT: 8 + MORE,
    GRADEBOOK: 7,
    LEARNER: 9,
    ORGANISATION: 13 + MORE,
    PEOPLE: 10,
}
"""Besides the session and the person."""


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries) - 2


def test_queries_do_not_grow_with_people_or_cohorts(school: School) -> None:
    client = school.client("anna")
    addresses = {path: school.path(path) for path in MOST_QUERIES}
    client.get(addresses[ORGANISATION])  # takes the quartiles of the day
    few = {path: queries_of(client, address) for path, address in addresses.items()}
    programme = school.cohort.plan.programme
    for number in range(3):
        other = make_cohort(school.organisation, f"Cohort {number}")
        set_plan(cohort=other, programme=programme)
        for cohort in (school.cohort, other):
            person = make_person(f"extra{number}{cohort.pk}")
            join_cohort(user=person, cohort=cohort)
            enrol(user=person, course=school.course, cohort=cohort)
            learner_in(school.course, person).submit("bits")
    many = {path: queries_of(client, address) for path, address in addresses.items()}
    assert many == few
    assert {path: max(few[path], most) for path, most in MOST_QUERIES.items()} == MOST_QUERIES


def rows_of(school: School, report: str, of: str, **query: str) -> list[dict[str, str]]:
    response = school.client("anna").get(f"/reports/export/{report}/csv/", {"of": of, **query})
    said = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(said.split("\r\n\r\n")[0])))


def test_figures_are_those_of_what_happened(school: School) -> None:
    uuid = str(school.cohort.uuid)
    heat = rows_of(school, "cohort-progress", uuid)
    today = timezone.localdate().isoformat()
    share = Enrolment.objects.get(user=school.people["alice"]).credit / (18 * 70)
    assert [
        (row["Name"], round(float(row["Progress"]), 6), row["Last active"], row["Blocks"])
        for row in heat
    ] == [("Alice", round(share, 6), today, "100"), ("Bob", 0.0, "", "")]
    (alice, bob) = rows_of(school, "cohort-gradebook", uuid)
    progress = Progress.objects.filter(enrolment__user=school.people["alice"])
    points = sum(row.credit for row in progress) / 100
    assert (float(alice["Points"]), bob["Points"]) == (points, "")
    assert float(alice["The word · 1"]) == 1.0
    (cohort,) = rows_of(school, "organisation-cohorts", school.organisation.key)
    assert [cohort[name] for name in ("People", "Active this week", "Halfway", "Qualified")] == [
        "2",
        "1",
        "1",
        "0",
    ]
    people = rows_of(school, "organisation-people", school.organisation.key)
    assert [(row["Name"], row["Cohorts"], row["Stage"]) for row in people] == [
        ("Alice", "Autumn", "halfway"),
        ("Bob", "Autumn", "registered"),
    ]


def test_lessons_of_one_course_and_names_that_fit(school: School) -> None:
    said = school.page("ivo", COHORT, course="small-course", q="ali")
    assert "Alice</a>" in said
    assert "Bob</a>" not in said


def test_people_are_sorted_by_what_they_have_of_a_unit(school: School) -> None:
    enrol(user=school.people["bob"], course=school.course, cohort=school.cohort)
    carol = make_person("carol")
    join_cohort(user=carol, cohort=school.cohort)
    uuid = str(school.cohort.uuid)
    for sort, names in (
        ("small-course.first", ["Bob", "Alice", "Carol"]),
        ("-small-course.first", ["Alice", "Bob", "Carol"]),
        ("-active", ["Alice", "Bob", "Carol"]),
        ("-name", ["Carol", "Bob", "Alice"]),
    ):
        rows = rows_of(school, "cohort-progress", uuid, sort=sort)
        assert [row["Name"] for row in rows] == names, sort
    assert [row["Blocks"] for row in rows] == ["", "0", "100"]


def test_who_is_at_risk_is_said_with_numbers(school: School) -> None:
    ago = timezone.now() - datetime.timedelta(days=15)
    CohortMember.objects.filter(user=school.people["bob"]).update(joined_at=ago)
    Progress.objects.filter(enrolment__user=school.people["alice"], exercise__key="word").update(
        passed_at=None, tries=7
    )
    rows = rows_of(school, "cohort-at-risk", str(school.cohort.uuid))
    day = timezone.localdate().isoformat()
    due = timezone.localdate() + datetime.timedelta(days=20)
    behind = (
        f"Has done 0 % of what completes A small course; an even pace up to its deadline, {due}"
        ", would have done 42 % by today. "
        "In the cohort for 15 days and enrolled in none of its courses."
    )
    assert [(row["Name"], row["Reasons"]) for row in rows] == [
        ("Bob", behind),
        (
            "Alice",
            f"Has tried “The word” 7 times without passing it, the last time on {day}.",
        ),
    ]
    said = school.page("ivo", COHORT)
    assert "1 person, 7 tries" in said
    assert "In the cohort for 15 days" in school.page("anna", ORGANISATION)
    Cohort.objects.filter(pk=school.cohort.pk).update(
        ends_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert rows_of(school, "organisation-at-risk", school.organisation.key) == []


def test_a_learner_in_detail(school: School) -> None:
    said = school.page("ivo", LEARNER)
    assert "4 of 8 exercises passed" in said
    assert said.count("<td>Passed</td>") == 4
    assert "/submissions/" not in said


def test_a_cohort_without_a_programme_is_what_its_people_enrolled_in(school: School) -> None:
    school.cohort.plan.delete()
    assert "small-course.first" in school.page("anna", COHORT)
    Enrolment.objects.update(cohort=None)
    assert "This cohort studies no programme yet" in school.page("anna", COHORT)
    assert "This cohort studies no programme yet" in school.page("anna", GRADEBOOK)
