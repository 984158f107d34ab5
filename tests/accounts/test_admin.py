"""Django's admin has no door of its own, and gives no powers that its user does not have."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Membership, Organisation, User
from tests.accounts.signing_in import sign_in
from tests.people import make_organisation, make_person

pytestmark = pytest.mark.django_db

PERSON = {"email": "alice@example.org", "name": "Alice", "language": "en", "province": ""}


def staff(name: str, *permissions: str, is_superuser: bool = False) -> Client:
    person = make_person(name, is_staff=True, is_superuser=is_superuser)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture(autouse=True)
def no_second_factor(settings: object) -> None:
    settings.REQUIRE_ADMIN_MFA = False  # type: ignore[attr-defined]


def test_its_sign_in_is_the_one_of_the_site(client: Client, alice: User) -> None:
    wanted = "/accounts/login/?next=%2Fadmin%2F"
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == wanted
    response = client.post("/admin/login/?next=/admin/", {"username": "x", "password": "y"})
    assert response.headers["Location"] == wanted
    client.force_login(alice)
    assert client.get("/admin/login/").status_code == 403


def test_only_who_has_all_powers_gives_one(alice: User) -> None:
    address = f"/admin/accounts/user/{alice.pk}/change/"
    wanted = {**PERSON, "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    helper = staff("sam", "change_user", "view_user")
    assert helper.post(address, wanted).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_staff, alice.is_active) == (False, False, True)
    chief = staff("zoe", is_superuser=True)
    assert chief.post(address, wanted).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_staff) == (True, True)


def test_nobody_changes_who_stands_above_them() -> None:
    chief = make_person("zoe", is_superuser=True, is_staff=True)
    helper = staff("sam", "change_user", "view_user", "delete_user")
    stolen = {**PERSON, "email": "sam2@example.org"}
    assert helper.post(f"/admin/accounts/user/{chief.pk}/change/", stolen).status_code == 403
    assert (
        helper.post(f"/admin/accounts/user/{chief.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_verifying_is_written_down(organisation: Organisation) -> None:
    new = make_organisation("hillside", verified_at=None)
    helper = staff("sam", "change_organisation", "view_organisation")
    action = {"action": "verify", "_selected_action": [new.pk, organisation.pk]}
    helper.post("/admin/accounts/organisation/", action)
    new.refresh_from_db()
    assert new.verified_at is not None
    entries = LogEntry.objects.values_list("object_id", "user__name", "change_message")
    assert list(entries) == [(str(new.pk), "Sam", "verified")]


def test_a_new_administrator_signs_in_again(alice: User, organisation: Organisation) -> None:
    browser = Client()
    sign_in(browser, alice)
    assert browser.get("/profile/").status_code == 200
    helper = staff("sam", "add_membership", "view_user", "view_organisation")
    form = {"user": alice.pk, "organisation": organisation.pk, "role": "administrator"}
    helper.post("/admin/accounts/membership/add/", form)
    assert Membership.objects.filter(user=alice, role="administrator").count() == 1
    assert browser.get("/profile/").headers["Location"] == "/accounts/login/?next=/profile/"
