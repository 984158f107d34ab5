"""Taking one's data along, and having oneself erased."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Consent, Membership, User
from courses.actions import enrol
from courses.models import Course, Enrolment
from grading.models import Body
from tests.people import PASSWORD, make_organisation, make_person
from tests.submissions import submit_one_program

pytestmark = pytest.mark.django_db
ERASE = "/profile/erase/"


def window(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def files_of(person: User) -> dict[str, Any]:
    response = window(person).get("/profile/data/")
    assert response["Content-Type"] == "application/zip"
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            "me": json.loads(archive.read("me.json")),
            "learning": json.loads(archive.read("learning.json")),
            "answers": [json.loads(line) for line in archive.read("answers.jsonl").splitlines()],
        }


def test_the_file_holds_what_is_kept_and_nothing_of_others(small_course: Course) -> None:
    alice, bob = make_person("alice"), make_person("bob")
    enrol(user=alice, course=small_course)
    submit_one_program(alice, small_course)
    enrol(user=bob, course=small_course)
    files = files_of(alice)
    assert (files["me"]["name"], files["me"]["email"]) == ("Alice", "alice@example.org")
    assert [each["document"] for each in files["me"]["consents"]] == ["terms", "privacy"]
    assert [each["course__key"] for each in files["learning"]["courses"]] == [small_course.key]
    (answer,) = files["answers"]
    assert answer["body__answer"] == Body.objects.get().answer
    assert files_of(bob)["answers"] == []
    assert "alice" not in json.dumps(files_of(bob))


def test_who_types_address_and_password_is_erased_and_counted(small_course: Course) -> None:
    alice = make_person("alice")
    enrol(user=alice, course=small_course)
    client = window(alice)
    assert "Nobody can undo it" in client.get(ERASE).content.decode()
    for typed in (
        {},
        {"email": "bob@example.org", "password": PASSWORD},
        {"email": alice.email, "password": "wrong"},
        {"email": alice.email},
    ):
        assert client.post(ERASE, typed).status_code == 200
        assert User.objects.get(pk=alice.pk).erased_at is None
    typed = {"email": "Alice@Example.org ", "password": PASSWORD}
    assert client.post(ERASE, typed)["Location"] == "/"
    gone = User.objects.get(pk=alice.pk)
    assert (gone.name, gone.is_active, Consent.objects.count()) == ("", False, 0)
    assert Enrolment.objects.get().user == gone
    assert client.get("/profile/").status_code == 302
    assert not Client().login(email="alice@example.org", password=PASSWORD)


def test_who_signs_in_elsewhere_has_no_password_to_type() -> None:
    alice = make_person("alice")
    alice.set_unusable_password()
    alice.save()
    assert window(alice).post(ERASE, {"email": alice.email}).status_code == 302
    assert User.objects.get(pk=alice.pk).erased_at is not None


def test_an_organisation_keeps_somebody_who_administers_it(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_MFA = False  # tests/accounts/test_gate.py
    lakeside = make_organisation()
    dora = make_person("dora", organisation=lakeside, role="administrator")
    typed = {"email": dora.email, "password": PASSWORD}
    page = window(dora).post(ERASE, typed)
    assert "/organisations/lakeside/people/" in page.content.decode()
    assert User.objects.get(pk=dora.pk).erased_at is None
    second = make_person("dan", organisation=lakeside, role="administrator")
    assert window(dora).post(ERASE, typed).status_code == 302
    assert Membership.objects.get().user == second


def test_nobody_erases_without_being_signed_in() -> None:
    assert Client().post(ERASE, {"email": "alice@example.org"}).status_code == 302
    assert Client().get("/profile/data/")["Location"].startswith("/accounts/login/")
