"""Roles, organisations and cohorts: owner, team mate, stranger."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts.access import cohort_with_code, has_role, organisation_for
from accounts.actions import join_cohort, verify_organisation
from accounts.models import Cohort, CohortMember, Membership, Organisation, User
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_roles(organisation: Organisation, bob: User, charlie: User) -> None:
    ada = make_person("ada", organisation=organisation, role="administrator")
    table = {
        person.name if isinstance(person, User) else "nobody": (
            has_role(person, organisation),
            has_role(person, organisation, "administrator"),
        )
        for person in (ada, bob, charlie, AnonymousUser())
    }
    assert table == {
        "Ada": (True, True),
        "Bob": (True, False),
        "Charlie": (False, False),
        "nobody": (False, False),
    }


def test_an_organisation_opens_to_its_people_only(
    organisation: Organisation, bob: User, charlie: User
) -> None:
    assert organisation_for(bob, organisation.key) == organisation
    for person, roles in ((bob, ("administrator",)), (charlie, ())):
        with pytest.raises(Http404):
            organisation_for(person, organisation.key, *roles)


def test_a_role_elsewhere_is_no_role_here(organisation: Organisation) -> None:
    other = make_organisation("hillside")
    ada = make_person("ada", organisation=other, role="administrator")
    with pytest.raises(Http404):
        organisation_for(ada, organisation.key)


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}-{0[1]}", "lower"])
def test_a_code_may_be_written_as_people_write(cohort: Cohort, written: str) -> None:
    code = cohort.join_code
    forms = {"{}": code, " {} ": f" {code} ", "lower": code.lower()}
    assert cohort_with_code(forms.get(written, f"{code[:4]}-{code[4:]}")) == cohort


def test_an_ended_cohort_takes_nobody(organisation: Organisation, alice: User) -> None:
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    ended = make_cohort(organisation, starts_on=yesterday, ends_on=yesterday)
    last_day = make_cohort(organisation, "Last day", starts_on=yesterday, ends_on=today)
    with pytest.raises(Http404):
        join_cohort(user=alice, code=ended.join_code)
    assert join_cohort(user=alice, code=last_day.join_code) == last_day


def test_joining_makes_a_learner_and_keeps_who_is_more(cohort: Cohort, charlie: User) -> None:
    teacher = make_person("tess", organisation=cohort.organisation, role="instructor")
    for person in (charlie, teacher):
        join_cohort(user=person, code=cohort.join_code)
        join_cohort(user=person, code=cohort.join_code)
    assert CohortMember.objects.count() == 2
    assert sorted(Membership.objects.values_list("user__name", "role")) == [
        ("Charlie", "learner"),
        ("Tess", "instructor"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_twenty_at_once_join_once() -> None:
    cohort = make_cohort(make_organisation())
    person = make_person("charlie")

    def join() -> None:
        try:
            join_cohort(user=person, code=cohort.join_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=join) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (CohortMember.objects.count(), Membership.objects.count()) == (1, 1)


def test_verifying_twice_keeps_the_first_moment() -> None:
    organisation = make_organisation(verified_at=None)
    verify_organisation(organisation=organisation)
    organisation.refresh_from_db()
    first = organisation.verified_at
    verify_organisation(organisation=organisation)
    organisation.refresh_from_db()
    assert first is not None
    assert organisation.verified_at == first
