"""Roles, organisations and cohorts: owner, team mate, stranger."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts.access import cohort_with_code
from accounts.actions import verify_organisation
from accounts.models import Cohort, CohortMember, Membership, Organisation, User
from courses.actions import join_cohort
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}-{0[1]}", "lower"])
def test_a_code_may_be_written_as_people_write(cohort: Cohort, written: str) -> None:
    code = cohort.join_code
    forms = {"{}": code, " {} ": f" {code} ", "lower": code.lower()}
    assert cohort_with_code(forms.get(written, f"{code[:4]}-{code[4:]}")) == cohort


def test_an_ended_cohort_takes_nobody(organisation: Organisation) -> None:
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    ended = make_cohort(organisation, starts_on=yesterday, ends_on=yesterday)
    last_day = make_cohort(organisation, "Last day", starts_on=yesterday, ends_on=today)
    with pytest.raises(Http404):
        cohort_with_code(ended.join_code)
    assert cohort_with_code(last_day.join_code) == last_day


def test_joining_makes_a_learner_and_keeps_who_is_more(cohort: Cohort, charlie: User) -> None:
    teacher = make_person("tess", organisation=cohort.organisation, role="instructor")
    for person in (charlie, teacher):
        join_cohort(user=person, cohort=cohort)
        join_cohort(user=person, cohort=cohort)
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
            join_cohort(user=person, cohort=cohort)
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
