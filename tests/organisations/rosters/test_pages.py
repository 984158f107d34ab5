"""The pages of rosters: who may open them, and the way from a file to a changed cohort."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Invitation, RosterUpload
from organisations.rosters import jobs
from organisations.rosters.reading import read
from tests.organisations.rosters.files import csv_text
from tests.organisations.town import Town

pytestmark = pytest.mark.django_db

CAST = ("administrator", "dean", "instructor", "reviewer", "alice", "other", "national", "stranger")
HEAD = ["email", "name", "number", "cohort"]
State = RosterUpload.State


def uploaded(town: Town, who: str = "administrator", *rows: list[str], **posted: str) -> str:
    """Upload rows as a person; the address of the upload's page."""
    content = csv_text([HEAD, *(rows or (["new@example.org", "New", "1", "Law class"],))])
    file = SimpleUploadedFile("list.csv", content.encode())
    fields = {"file": file, "whole": "good", **posted}
    response = town.client(who).post(town.url("roster/"), fields)
    assert response.status_code == 302
    return str(response["Location"])


def test_only_administrators_come_in_and_a_dean_only_to_own_lists(town: Town) -> None:
    whole, dean = uploaded(town), uploaded(town, "dean")
    jobs.work()
    clients = {who: town.client(who) for who in CAST}
    scope = (200, 200) + (404,) * 6
    only_whole = (200,) + (404,) * 7
    pages = {
        town.url("roster/"): scope,
        town.url("roster/sample.csv"): scope,
        town.url("roster/sample.xlsx"): scope,
        whole: only_whole,
        whole + "state/": only_whole,
        whole + "refused.csv": only_whole,
        dean: scope,
        dean + "state/": scope,
        dean + "refused.csv": scope,
    }
    for path, expected in pages.items():
        assert tuple(clients[who].get(path).status_code for who in CAST) == expected, path
        assert Client().get(path).status_code == 302
    for who in CAST[1:]:
        assert clients[who].post(whole + "apply/").status_code == 404
        if who != "dean":
            assert clients[who].post(town.url("roster/")).status_code == 404
    assert clients["administrator"].get(whole + "apply/").status_code == 405
    assert set(RosterUpload.objects.values_list("state", flat=True)) == {State.READY}


def test_from_the_file_to_the_places(town: Town) -> None:
    client = town.client("administrator")
    page = uploaded(
        town,
        "administrator",
        ["new@example.org", "New", "1", ""],
        ["bad", "=HYPERLINK(1)", "2", ""],
        cohort=str(town.autumn.uuid),
    )
    assert "hx-trigger" in client.get(page).text
    jobs.work()
    assert client.get(page + "state/").headers["HX-Refresh"] == "true"
    assert "“bad” is not an e-mail address." in client.get(page).text
    refused = client.get(page + "refused.csv").text
    assert refused == (
        "\ufeffrow,reason,email,name,number,cohort\r\n"
        "3,“bad” is not an e-mail address.,bad,'=HYPERLINK(1),2,\r\n"
    )
    assert "new@example.org" in client.get(page + "?effect=added").text
    for _ in range(2):
        assert client.post(page + "apply/").status_code == 302
        jobs.work()
    place = Invitation.objects.get(email="new@example.org")
    assert (place.name, place.external_id, place.cohort) == ("New", "1", town.autumn)
    assert "The list is applied." in client.get(page).text


def test_without_a_file_the_form_says_so(town: Town) -> None:
    response = town.client("administrator").post(town.url("roster/"), {"whole": "good"})
    assert response.status_code == 200
    assert "This field is required." in response.text
    assert not RosterUpload.objects.exists()


def test_the_samples_can_be_uploaded_as_they_are(town: Town) -> None:
    client = town.client("administrator")
    for language, names in {
        "en": ["Ada Example", "Ben Example"],
        "zh-hans": ["王小明", "李雷"],
    }.items():
        for form in ("csv", "xlsx"):
            path = town.url(f"roster/sample.{form}")
            content = client.get(path, headers={"accept-language": language}).content
            roster = read(content)
            assert [entry.name for entry in roster.entries] == names
            assert roster.unused_columns == []


@pytest.mark.parametrize("many", [1, 30])
def test_pages_ask_the_same_of_the_database_for_one_row_and_for_many(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    client = town.client("administrator")
    page = uploaded(town, "administrator", *([f"p{n}@example.org"] for n in range(many)))
    jobs.work()
    client.get(page)
    with django_assert_num_queries(7):
        client.get(page)
    with django_assert_num_queries(6):
        client.get(town.url("roster/"))
