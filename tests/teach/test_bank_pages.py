"""The item bank on its pages."""

from __future__ import annotations

import pytest

from authoring.actions import invite_member
from authoring.models import BankItem, BankSharing
from tests.teach.planted import fill_items
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db


def test_found_looked_at_and_copied(workshop: Workshop) -> None:
    fill_items(workshop)
    client = workshop.client("author")
    page = client.get(workshop.url("bank/?q=hash&kind=choice")).content.decode()
    assert "What a hash is" in page
    item = BankItem.objects.get(exercise_key="what-is-a-hash")
    url = workshop.url(f"bank/{item.uuid}/")
    assert item.reference in client.get(url).content.decode()
    assert client.post(url, {"lesson": "no-such-lesson"}).status_code == 200
    answer = client.post(url, {"lesson": "02-chains"})
    assert answer["Location"] == workshop.url("lessons/02-chains/exercises/what-is-a-hash-2/")
    page = client.get(workshop.url("bank/")).content.decode()
    assert "Copied into this course" in page
    assert "copied once" in page
    assert workshop.client("reviewer").post(url, {"lesson": "02-chains"}).status_code == 404


def test_who_administers_the_organisation_shares(workshop: Workshop) -> None:
    email = workshop.people["administrator"].email
    invite_member(workspace=workshop.workspace, email=email, role="reviewer")
    client = workshop.client("administrator")
    assert client.post(workshop.url("bank/share/"), {"share": "1"}).status_code == 302
    assert BankSharing.objects.exists()
    assert "Stop sharing" in client.get(workshop.url("bank/")).content.decode()
    assert client.post(workshop.url("bank/share/")).status_code == 302
    assert not BankSharing.objects.exists()
