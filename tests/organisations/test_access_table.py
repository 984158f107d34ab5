"""Who gets what at every address of an organisation, whatever the method."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from accounts.models import Announcement, InviteLink
from organisations.urls import urlpatterns
from tests.organisations.town import Town
from tests.people import make_organisation

pytestmark = pytest.mark.django_db

CAST = ("administrator", "dean", "instructor", "reviewer", "alice", "other", "national", "stranger")
WHOLE = (200, 404, 404, 404, 404, 404, 404, 404)
SCOPE = (200, 200, 404, 404, 404, 404, 404, 404)
"""What an administrator of a department has too."""
CENTRE = (404, 404, 404, 404, 404, 404, 200, 404)
EVERYBODY = (200,) * 8
ONE = "/organisations/lakeside/"
AUTUMN = ONE + "cohorts/{autumn}/"
"""A cohort of no department: the dean does not see it, its instructor does."""
TAUGHT = (200, 404, 200, 404, 404, 404, 404, 404)
BELONGS = (200, 200, 200, 200, 200, 404, 404, 404)

TABLE: dict[str, tuple[str, tuple[int, ...]]] = {
    "mine": ("/organisations/", EVERYBODY),
    "register": ("/organisations/register/", EVERYBODY),
    "registration": ("/organisations/register/{asked}/", (404,) * 7 + (200,)),
    "waiting": ("/organisations/waiting/", CENTRE),
    "decide": ("/organisations/waiting/{asked}/", CENTRE),
    "overview": (ONE, SCOPE),
    "settings": (ONE + "settings/", WHOLE),
    "departments": (ONE + "departments/", WHOLE),
    "department": (ONE + "departments/{law}/", WHOLE),
    "people": (ONE + "people/", SCOPE),
    "person": (ONE + "people/{alice}/", WHOLE),
    "doubles": (ONE + "people/doubles/", WHOLE),
    # Of two who are likely one person: tests/organisations/test_doubles.py.
    "merge_people": (ONE + "people/doubles/{alice}/{alice}/", (404,) * 8),
    "cohorts": (ONE + "cohorts/", SCOPE),
    "cohort_new": (ONE + "cohorts/new/", SCOPE),
    "cohort": (AUTUMN, TAUGHT),
    "sheet": (AUTUMN + "sheet/", TAUGHT),
    "cohort_edit": (AUTUMN + "edit/", WHOLE),
    "deadlines": (AUTUMN + "deadlines/", WHOLE),
    "invite": (ONE + "invite/", SCOPE),
    "link_new": (ONE + "invite/links/", SCOPE),
    "places": (ONE + "places/", SCOPE),
    "announcements": (ONE + "announcements/", SCOPE),
    "announcement_new": (ONE + "announcements/new/", SCOPE),
    "cohort_merge": (AUTUMN + "merge/", WHOLE),
}
"""What a GET answers to each of the cast."""
POSTED: dict[str, tuple[str, tuple[int, ...]]] = {
    "announcement_seen": ("/organisations/announcements/{told}/seen/", BELONGS),
    "department_removed": (ONE + "departments/{law}/remove/", WHOLE),
    "role_taken": (ONE + "people/{alice}/learner/take/", WHOLE),
    "letters": (ONE + "invite/letters/", SCOPE),
    "link_revoked": (ONE + "invite/links/{token}/revoke/", WHOLE),
    "places_withdrawn": (ONE + "places/withdraw/", SCOPE),
    "places_mailed": (ONE + "places/mail/", SCOPE),
    "cohort_announcement": (AUTUMN + "announce/", TAUGHT),
    "members_move": (AUTUMN + "members/move/", WHOLE),
    "members_remove": (AUTUMN + "members/remove/", WHOLE),
}
"""Addresses that take only POST: 200 says that it is done, and leads on."""


def words(town: Town) -> dict[str, str]:
    asked = make_organisation("asked", verified_at=None, registered_by=town.people["stranger"])
    link = InviteLink.objects.create(
        organisation=town.organisation, expires_at=timezone.now() + datetime.timedelta(days=1)
    )
    told = Announcement.objects.create(organisation=town.organisation, subject="S", body="B")
    return {
        "asked": str(asked.uuid),
        "law": str(town.law.uuid),
        "autumn": str(town.autumn.uuid),
        "alice": str(town.people["alice"].uuid),
        "token": link.token,
        "told": str(told.uuid),
    }


def test_every_address_is_in_a_table() -> None:
    names = {
        pattern.name
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and "roster" not in str(pattern.name)
    }
    assert names == {*TABLE, *POSTED}


def test_each_page_opens_to_whom_it_concerns_and_takes_no_form_of_others(town: Town) -> None:
    """A form that is sent to a closed page is refused as the page is, and changes nothing."""
    clients, put = {who: town.client(who) for who in CAST}, words(town)
    found = {}
    for name, (written, _) in TABLE.items():
        path = written.format(**put)
        found[name] = tuple(clients[who].get(path).status_code for who in CAST)
        for who, status in zip(CAST, found[name], strict=True):
            if status == 404:
                assert clients[who].post(path, {"name": "Mine"}).status_code in {404, 405}, name
        assert Client().get(path).status_code == 302, name
    assert found == {name: statuses for name, (_, statuses) in TABLE.items()}


def test_each_act_is_refused_to_whom_it_does_not_concern(town: Town) -> None:
    clients, put = {who: town.client(who) for who in CAST}, words(town)
    for name, (written, statuses) in POSTED.items():
        path = written.format(**put)
        allowed = dict(zip(CAST, statuses, strict=True))
        for who in reversed(CAST):  # who may do it comes last: it is done then
            expected = {200, 302} if allowed[who] == 200 else {404}
            assert clients[who].post(path).status_code in expected, (name, who)
        assert clients["administrator"].get(path).status_code == 405
