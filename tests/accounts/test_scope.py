"""Whose cohorts and whose country: each kind of administrator, instructors, and nobody else."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.access import cohort_for, cohorts_for, may_verify, national_for
from accounts.models import (
    Cohort,
    CohortInstructor,
    CohortMember,
    Department,
    Membership,
    Organisation,
    User,
)
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(organisation: Organisation) -> Department:
    return Department.objects.create(organisation=organisation, name="Law")


def make_people(organisation: Organisation, law: Department) -> dict[str, User]:
    """One person of each kind; the dean administers the department only."""
    roles = ("administrator", "instructor", "reviewer", "learner")
    people = {role: make_person(role, organisation=organisation, role=role) for role in roles}
    people["dean"] = make_person("dean")
    Membership.objects.create(
        user=people["dean"], organisation=organisation, role="administrator", department=law
    )
    elsewhere = make_organisation("hillside")
    people["other"] = make_person("other", organisation=elsewhere, role="administrator")
    people["national"] = make_person("nina", is_national_administrator=True)
    people["staff"] = make_person("sam", is_superuser=True, is_staff=True)
    return people


def test_each_sees_the_cohorts_of_their_scope(organisation: Organisation, law: Department) -> None:
    people = make_people(organisation, law)
    autumn = make_cohort(organisation, "Autumn")
    make_cohort(organisation, "Law", department=law)
    CohortInstructor.objects.create(cohort=autumn, user=people["instructor"])
    CohortInstructor.objects.create(cohort=autumn, user=people["learner"])  # holds no such role
    CohortMember.objects.create(cohort=autumn, user=people["learner"])
    seen = {
        who: sorted(cohorts_for(person, organisation).values_list("name", flat=True))
        for who, person in people.items()
    }
    assert seen == {
        "administrator": ["Autumn", "Law"],
        "dean": ["Law"],
        "instructor": ["Autumn"],
        "reviewer": [],
        "learner": [],
        "other": [],
        "national": [],
        "staff": [],
    }


def test_a_cohort_opens_with_what_pages_show(
    organisation: Organisation,
    law: Department,
    cohort: Cohort,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = make_people(organisation, law)
    with django_assert_num_queries(1):
        found = cohort_for(people["administrator"], cohort.uuid)
        assert (found, found.organisation.name, found.department) == (
            cohort,
            organisation.name,
            None,
        )
    for who in ("dean", "instructor", "learner", "other", "national"):
        with pytest.raises(Http404):
            cohort_for(people[who], cohort.uuid)
    with pytest.raises(Http404):
        cohort_for(people["administrator"], uuid.uuid4())


def test_the_centre_decides_which_organisations_count(organisation: Organisation) -> None:
    centre = make_organisation("centre", kind=Organisation.Kind.CENTRE)
    new_centre = make_organisation("new", kind=Organisation.Kind.CENTRE, verified_at=None)
    office = Department.objects.create(organisation=centre, name="Office")
    clerk = make_person("clerk")
    Membership.objects.create(
        user=clerk, organisation=centre, role="administrator", department=office
    )
    table: dict[str, User | AnonymousUser] = {
        "centre": make_person("ada", organisation=centre, role="administrator"),
        "centre's instructor": make_person("ian", organisation=centre, role="instructor"),
        "a part of the centre": clerk,
        "unverified centre": make_person("eve", organisation=new_centre, role="administrator"),
        "university": make_person("uma", organisation=organisation, role="administrator"),
        "national": make_person("nina", is_national_administrator=True),
        "province": make_person("pia", administers_province="33"),
        "nobody": AnonymousUser(),
    }
    assert [who for who, person in table.items() if may_verify(person)] == ["centre", "national"]


def test_the_nation_its_provinces_and_strangers(alice: User) -> None:
    assert national_for(make_person("nina", is_national_administrator=True)) == ""
    assert national_for(make_person("pia", administers_province="33")) == "33"
    for person in (alice, make_person("sam", is_staff=True)):
        with pytest.raises(Http404):
            national_for(person)
