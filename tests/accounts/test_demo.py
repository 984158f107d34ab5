"""People to look around as."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.demo import JOIN_CODE, make_demo_people
from accounts.models import Cohort, Membership, User

pytestmark = pytest.mark.django_db


def test_four_people_who_can_sign_in() -> None:
    people = make_demo_people()
    assert [person.email for person in people] == [
        *("learner@example.org", "instructor@example.org"),
        *("administrator@example.org", "national@example.org"),
    ]
    for person in people:
        user = authenticate(None, email=person.email, password=person.password)
        assert user == User.objects.get(email=person.email)
    assert sorted(Membership.objects.values_list("role", flat=True)) == [
        *("administrator", "instructor", "learner"),
    ]
    assert Cohort.objects.get(join_code=JOIN_CODE).members.count() == 1


def test_passwords_can_be_typed_from_a_terminal() -> None:
    for person in make_demo_people():
        assert re.fullmatch(r"(?:[2-9a-hjkmnp-z]{4}-){2}[2-9a-hjkmnp-z]{4}", person.password or "")


def test_the_second_time_nobody_is_made_and_no_password_told() -> None:
    first = make_demo_people()
    assert [person.password for person in make_demo_people()] == [None] * 4
    assert User.objects.count() == len(first)


def test_new_passwords_replace_the_old() -> None:
    old = make_demo_people()[0]
    new = make_demo_people(reset_passwords=True)[0]
    assert authenticate(None, email=old.email, password=old.password) is None
    assert authenticate(None, email=new.email, password=new.password) is not None


def test_production_must_say_yes(settings: object) -> None:
    with pytest.raises(CommandError, match="say --yes"):
        call_command("demo_people")
    assert User.objects.count() == 0
