"""What an organisation tells its people reaches exactly them, on their page and by letter."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.models import Announcement, AnnouncementSeen, Letter
from organisations.letters import deliver_waiting
from tests.organisations.town import Town
from tests.people import make_person

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Room 4", "body": "We meet in room 4.\nBring nothing.", "sends_mail": "on"}


def readers(town: Town) -> list[str]:
    return [
        who
        for who in town.people
        if "We meet in room 4." in town.client(who).get("/learn/").content.decode()
    ]


def test_a_cohort_is_told_on_its_pages_and_by_letter(town: Town) -> None:
    form = {**WORDS, "cohort": str(town.autumn.uuid)}
    town.client("administrator").post(town.url("announcements/new/"), form)
    assert readers(town) == ["alice", "bob"]
    assert (deliver_waiting(pause=lambda _: None), deliver_waiting(pause=lambda _: None)) == (2, 0)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "alice@example.org",
        "bob@example.org",
    ]
    assert mail.outbox[0].body.startswith("We meet in room 4.\nBring nothing.")


def test_whoever_puts_it_away_sees_it_no_more(town: Town) -> None:
    town.client("administrator").post(town.url("announcements/new/"), {**WORDS, "cohort": ""})
    told = Announcement.objects.get()
    for _ in range(2):
        town.client("alice").post(f"/organisations/announcements/{told.uuid}/seen/")
    assert readers(town) == ["bob"]
    assert AnnouncementSeen.objects.count() == 1


def test_an_instructor_tells_chosen_people_of_the_cohort(town: Town) -> None:
    client = town.client("instructor")
    at = town.cohort_url("announce/")
    stranger = str(town.people["stranger"].uuid)
    chosen = {"person": [str(town.people["bob"].uuid), stranger]}
    asked = client.post(at, chosen).content.decode()
    assert f'value="{town.people["bob"].uuid}"' in asked
    assert stranger not in asked
    client.post(at, {**chosen, "subject": "", "body": "x"})
    assert Announcement.objects.count() == 0
    client.post(at, {**WORDS, **chosen, "sends_mail": ""})
    assert readers(town) == ["bob"]
    assert (deliver_waiting(pause=lambda _: None), Letter.objects.count()) == (0, 0)


def test_a_choice_of_nobody_known_tells_nobody(town: Town) -> None:
    """Somebody who left since the page was opened is no reason to tell everybody."""
    client = town.client("instructor")
    form = {**WORDS, "person": [str(make_person("gone").uuid)]}
    client.post(town.cohort_url("announce/"), form)
    assert readers(town) == []


def test_a_dean_tells_the_department_only(town: Town) -> None:
    client = town.client("dean")
    for cohort in ("", str(town.autumn.uuid)):
        client.post(town.url("announcements/new/"), {**WORDS, "cohort": cohort})
    assert Announcement.objects.count() == 0
