"""Links, letters and places, from the administrator's page to the person who joins."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.letters import MOST_A_DAY
from accounts.models import Invitation, InviteLink, Letter, Membership, User
from organisations.addresses import Addresses, Line, read_addresses
from organisations.letters import deliver_waiting
from tests.accounts.signing_in import sign_in
from tests.learn.classroom import signed_in
from tests.organisations.town import Town
from tests.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db

LIST = """Lin <LIN@example.org>
wang@example.org, 王芳
alice@example.org
not an address

lin@example.org"""


def test_lists_are_read_as_people_write_them() -> None:
    read = read_addresses("林小满，lin@example.org\n b@example.org \na@b@c\na@x.cn b@x.cn\n@\n")
    assert read.lines == [Line("lin@example.org", "林小满"), Line("b@example.org", "")]
    assert read.invalid == ["a@b@c", "a@x.cn b@x.cn", "@"]
    long = f"{'x' * 250}@example.org"
    read = read_addresses(f"{long}\nlin@example.org, Lin\u202e\x07 Xiaoman")
    assert read == Addresses([Line("lin@example.org", "Lin Xiaoman")], [long])


def test_a_list_is_looked_at_then_invited_and_mailed_once(town: Town) -> None:
    client = town.client("administrator")
    form = {"addresses": LIST, "cohort": str(town.autumn.uuid)}
    preview = client.post(town.url("invite/letters/"), form).content.decode()
    assert [f"<dd>{number}</dd>" in preview for number in (2, 1)] == [True, True]
    assert "not an address" in preview
    assert Invitation.objects.count() == 0
    for _ in range(2):
        client.post(town.url("invite/letters/"), {**form, "confirmed": "1"})
    places = Invitation.objects.order_by("email").values_list("email", "name", "cohort__name")
    assert list(places) == [
        ("lin@example.org", "Lin", "Autumn"),
        ("wang@example.org", "王芳", "Autumn"),
    ]
    assert (deliver_waiting(pause=lambda _: None), deliver_waiting(pause=lambda _: None)) == (2, 0)
    letter = next(each for each in mail.outbox if each.to == ["lin@example.org"])
    token = Invitation.objects.get(email="lin@example.org").token
    assert letter.body.count(f"/invite/place/{token}/") == 2, "in both languages"
    assert "Administrator of Lakeside University keeps a place for you" in letter.body


def test_places_are_mailed_again_and_withdrawn(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("invite/letters/"), {"addresses": LIST, "confirmed": "1"})
    deliver_waiting(pause=lambda _: None)
    lin, wang = Invitation.objects.order_by("email")
    client.post(town.url("places/mail/"), {"place": [lin.token]})
    client.post(town.url("places/mail/"), {"place": [lin.token]})
    client.post(town.url("places/withdraw/"), {"place": [wang.token]})
    assert (deliver_waiting(pause=lambda _: None), Letter.objects.count()) == (1, 3)
    text = client.get(town.url("places/")).content.decode()
    assert ("lin@example.org" in text, "wang@example.org" in text) == (True, False)
    assert Client().get(f"/invite/place/{wang.token}/").status_code == 404


def test_a_letter_to_a_withdrawn_place_is_not_sent(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("invite/letters/"), {"addresses": LIST, "confirmed": "1"})
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert (deliver_waiting(pause=lambda _: None), Letter.objects.count()) == (0, 0)


def test_no_letter_goes_out_when_there_are_too_few_seats(town: Town) -> None:
    town.organisation.seat_limit = 3
    town.organisation.save()
    client = town.client("administrator")
    text = client.post(town.url("invite/letters/"), {"addresses": LIST, "confirmed": "1"})
    assert "There are 3 seats and 4 people would need one" in text.content.decode()
    assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)
    assert "wang@example.org" in text.content.decode(), "what was typed stays"


def test_a_dean_invites_into_the_department_only(town: Town) -> None:
    client = town.client("dean")
    for cohort in ("", str(town.autumn.uuid)):
        form = {"addresses": LIST, "cohort": cohort, "confirmed": "1"}
        assert client.post(town.url("invite/letters/"), form).status_code == 200
    assert Invitation.objects.count() == 0
    client.post(town.url("invite/links/"), link_form(role="instructor", cohort=town.law_class.uuid))
    client.post(town.url("invite/links/"), link_form(role="administrator"))
    assert InviteLink.objects.count() == 0
    client.post(town.url("invite/links/"), link_form(cohort=town.law_class.uuid))
    assert InviteLink.objects.get().cohort == town.law_class


def link_form(**changed: object) -> dict[str, object]:
    day = timezone.localdate().isoformat()
    return {"role": "learner", "cohort": "", "most_uses": "", "ends_on": day, **changed}


def test_a_link_lets_in_until_it_is_used_up_or_revoked(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("invite/links/"), link_form(role="instructor", most_uses="1"))
    link = InviteLink.objects.get()
    first, second = make_person("first"), make_person("second")
    page = Client().get(f"/invite/{link.token}/")
    assert f"/accounts/signup/?next=/invite/{link.token}/" in page.content.decode()
    assert signed_in(first).post(f"/invite/{link.token}/join/").status_code == 302
    assert signed_in(second).get(f"/invite/{link.token}/").status_code == 410
    signed_in(second).post(f"/invite/{link.token}/join/")
    roles = Membership.objects.filter(user__in=[first, second]).values_list("user__name", "role")
    assert list(roles) == [("First", "instructor")]
    InviteLink.objects.update(most_uses=None)
    client.post(town.url(f"invite/links/{link.token}/revoke/"))
    assert Client().get(f"/invite/{link.token}/").status_code == 410


def test_links_for_administrators_are_not_made(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("invite/links/"), link_form(role="administrator"))
    client.post(town.url("invite/links/"), link_form(ends_on="2099-01-01"))
    client.post(town.url("invite/links/"), link_form(most_uses="0"))
    assert InviteLink.objects.count() == 0


def test_joining_takes_a_post_and_an_account(town: Town) -> None:
    link = InviteLink.objects.create(
        organisation=town.organisation, expires_at=timezone.now() + datetime.timedelta(days=1)
    )
    path = f"/invite/{link.token}/join/"
    assert [town.client("stranger").get(path).status_code, Client().post(path).status_code] == [
        405,
        302,
    ]
    assert Client().get("/invite/no-such-link/").status_code == 404


def test_a_place_is_taken_by_its_owner_and_nobody_else(town: Town) -> None:
    from allauth.account.models import EmailAddress

    town.client("administrator").post(
        town.url("invite/letters/"), {"addresses": "new@example.org", "confirmed": "1"}
    )
    place = Invitation.objects.get()
    path = f"/invite/place/{place.token}/"
    assert town.client("stranger").post(path + "join/")["Location"] == "/accounts/email/"
    owner = make_person("new")
    client = signed_in(owner)
    assert client.get(path).status_code == 200
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    assert client.post(path + "join/")["Location"] == "/learn/"
    place.refresh_from_db()
    assert place.user == owner


def test_signing_up_from_a_link_leads_back_to_it(town: Town) -> None:
    link = InviteLink.objects.create(
        organisation=town.organisation,
        cohort=town.autumn,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    client = Client()
    back = f"/invite/{link.token}/"
    form = {
        "email": "fresh@example.org",
        "password1": PASSWORD,
        "name": "Fresh",
        "language": "en",
        "terms": "on",
        "privacy": "on",
        "next": back,
    }
    client.post("/accounts/signup/", form)
    found = re.search(r"/accounts/confirm-email/\S+", str(mail.outbox[-1].body))
    assert found
    client.get(found.group())
    client.post(found.group())
    assert sign_in(client, User.objects.get(email="fresh@example.org")) == back


def test_an_address_gets_few_letters_a_day_however_often_it_is_asked_for(town: Town) -> None:
    client = town.client("administrator")
    sent = 0
    for _ in range(3):
        client.post(town.url("invite/letters/"), {"addresses": "lin@example.org", "confirmed": "1"})
        sent += deliver_waiting(pause=lambda _: None)
        place = Invitation.objects.get(withdrawn_at=None)
        client.post(town.url("places/mail/"), {"place": [place.token]})
        sent += deliver_waiting(pause=lambda _: None)
        client.post(town.url("places/withdraw/"), {"place": [place.token]})
    assert sent == MOST_A_DAY


def test_a_dean_does_not_see_links_that_reach_beyond_the_department(town: Town) -> None:
    ends = timezone.now() + datetime.timedelta(days=1)
    for role in ("reviewer", "learner"):
        InviteLink.objects.create(
            organisation=town.organisation,
            cohort=town.law_class,
            role=role,
            token=f"token-of-a-{role}",
            expires_at=ends,
        )
    page = town.client("dean").get(town.url("invite/")).content.decode()
    assert ("token-of-a-learner" in page, "token-of-a-reviewer" in page) == (True, False)
