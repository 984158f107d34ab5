"""An organisation asks, the centre decides, and who asked administers it and hears of it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organisation, User
from organisations.credit_codes import SIGNS, check_sign, is_credit_code, tidy
from organisations.letters import deliver_waiting
from tests.accounts.signing_in import sign_in
from tests.learn.classroom import signed_in
from tests.organisations.town import Town
from tests.people import make_person

pytestmark = pytest.mark.django_db

CODE = "91110000600037341L"
FORM = {
    "name": "Hilltop Institute",
    "name_zh_hans": "山顶研究所",
    "kind": "institute",
    "province": "11",
    "credit_code": "9111 0000-6000 3734 1l",
    "contact": "010 5555 0100",
}


def test_the_check_sign_is_that_of_real_codes() -> None:
    assert [is_credit_code(code) for code in (CODE, "91350100M000100Y43")] == [True, True]
    wrong = ["91110000600037341M", "A1110000600037342L", CODE[:-1], CODE + "1", CODE.lower(), ""]
    assert [is_credit_code(code) for code in wrong] == [False] * 6
    assert tidy(FORM["credit_code"]) == CODE


@given(st.text(SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(body: str, place: int, sign: str) -> None:
    code = body + check_sign(body)
    changed = code[:place] + sign + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@pytest.fixture
def asker(town: Town) -> User:
    return make_person("ask", language="zh-hans")


def asked(asker: User) -> Organisation:
    response = signed_in(asker).post("/organisations/register/", FORM)
    assert (response.status_code, response["Location"]) == (302, "/organisations/")
    return Organisation.objects.get(registered_by=asker)


def test_a_refusal_is_read_mended_and_approved(town: Town, asker: User) -> None:
    organisation = asked(asker)
    assert (organisation.key, organisation.credit_code) == ("hilltop-institute", CODE)
    client, centre = signed_in(asker), town.client("national")
    decide = f"/organisations/waiting/{organisation.uuid}/"
    assert "Say why" in centre.post(decide, {"decision": "refuse"}).content.decode()
    centre.post(decide, {"decision": "refuse", "reason": "The name differs."})
    assert "The name differs." in client.get("/organisations/").content.decode()
    again = f"/organisations/register/{organisation.uuid}/"
    client.post(again, {**FORM, "name": "Hilltop Research Institute"})
    assert centre.get("/organisations/waiting/").content.decode().count(decide) == 1
    assert not organisation.memberships.exists()
    centre.post(decide, {"decision": "verify"})
    assert list(organisation.memberships.values_list("user", "role")) == [
        (asker.pk, "administrator")
    ]
    assert client.get(f"/organisations/{organisation.key}/").status_code == 200
    assert client.get(again).status_code == 404
    assert deliver_waiting(pause=lambda _: None) == 2
    assert [letter.subject for letter in mail.outbox] == [
        "[Chainwright] 中心已批准山顶研究所",
        "[Chainwright] 中心已批准山顶研究所",
    ]


def test_wrong_codes_and_taken_ones_keep_what_was_typed(town: Town, asker: User) -> None:
    client = signed_in(asker)
    page = client.post("/organisations/register/", {**FORM, "credit_code": CODE[:-1] + "M"})
    text = page.content.decode()
    assert "compare it sign by sign" in text
    assert 'value="Hilltop Institute"' in text
    Organisation.objects.filter(pk=town.organisation.pk).update(credit_code=CODE)
    assert "is registered" in client.post("/organisations/register/", FORM).content.decode()
    assert Organisation.objects.filter(registered_by=asker).count() == 0


def test_nobody_lets_more_than_three_wait_or_registers_a_centre(town: Town, asker: User) -> None:
    client = signed_in(asker)
    client.post("/organisations/register/", {**FORM, "kind": "centre"})
    assert Organisation.objects.filter(registered_by=asker).count() == 0
    for _ in range(4):
        client.post("/organisations/register/", FORM)
    keys = Organisation.objects.filter(registered_by=asker).values_list("key", flat=True)
    assert len(set(keys)) == 3


def test_the_menu_leads_there_from_the_next_page_on(town: Town, asker: User) -> None:
    client = Client()
    sign_in(client, asker)
    link = 'href="/organisations/"'
    assert link not in client.get("/learn/").content.decode()
    client.post("/organisations/register/", FORM)
    assert link in client.get("/learn/").content.decode()
