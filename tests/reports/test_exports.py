"""Exports in the request and in the background: Alice asks, Bob and Charlie get nothing of hers."""

from __future__ import annotations

import datetime
from codecs import BOM_UTF8
from typing import Any

import pytest
from django.core.management import call_command
from django.http import Http404, QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Department, Membership, Organisation, User
from reports import exports, registry
from reports.exports import MOST_ATTEMPTS, TooMany, ask_for, take, write_waiting
from reports.models import ReportExport, ReportExportPart
from reports.tables import Column, Kind, Reader, Table
from tests.people import make_organisation

pytestmark = pytest.mark.django_db

ADDRESS = "/reports/export/places/csv/"
State = ReportExport.State


def places(user: Reader, query: QueryDict, of: str) -> Table:
    """Everybody's own organisations: whoever is in none may see nothing."""
    if not isinstance(user, User) or not user.memberships.exists():
        raise Http404
    columns = (Column("key", "Key", order="key"), Column("pk", "Number", Kind.NUMBER, order="pk"))
    return Table("places", "Places", columns, Organisation.objects.all(), timezone.now(), of=of)


@pytest.fixture(autouse=True)
def _report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.REPORTS, "places", places)


@pytest.fixture
def long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is a long one."""
    monkeypatch.setattr("reports.views.exports.MOST_ROWS_AT_ONCE", 0)


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def taken() -> ReportExport:
    """What the clerk would write next, under its lease."""
    export = take()
    assert export is not None
    return export


def asked_by(user: User, asked: str = "sort=key") -> ReportExport:
    query = QueryDict(asked)
    return ask_for(user=user, table=places(user, query, ""), query=query, form="csv")


def test_a_short_one_comes_at_once(alice: User, charlie: User) -> None:
    make_organisation("hillside")
    response = client_of(alice).get(f"{ADDRESS}?sort=-key")
    assert response["Content-Disposition"].startswith('attachment; filename="places-20')
    lines = body(response).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Key", "lakeside", "hillside"]
    assert client_of(charlie).get(ADDRESS).status_code == 404
    assert client_of(None).get(ADDRESS).status_code == 404
    assert not ReportExport.objects.exists()


@pytest.mark.usefixtures("long_ones")
def test_a_long_one_is_asked_for_written_and_fetched_by_its_owner_alone(
    alice: User, bob: User, charlie: User
) -> None:
    client = client_of(alice)
    page = client.get(f"{ADDRESS}?sort=-key")
    assert page.status_code == 200
    assert not ReportExport.objects.exists()
    asked = client.post(f"{ADDRESS}?sort=-key")
    export = ReportExport.objects.get()
    address = f"/reports/exports/{export.uuid}/"
    assert asked["Location"] == address
    assert 'hx-trigger="every 1s"' in client.get(address).content.decode()
    assert client.get(f"{address}file/").status_code == 404
    call_command("clerk", "--once")
    state = client.get(f"{address}state/").content.decode()
    assert "hx-trigger" not in state
    assert f"{address}file/" in state
    response = client.get(f"{address}file/")
    assert body(response).decode("utf-8-sig").splitlines()[1].startswith("lakeside,")
    assert int(response["Content-Length"]) == ReportExport.objects.get().size
    for stranger in (bob, charlie):
        for part in ("", "state/", "file/"):
            assert client_of(stranger).get(address + part).status_code == 404
    assert client_of(None).get(address).status_code == 302
    assert "Places" in client.get("/reports/exports/").content.decode()
    assert "Places" not in client_of(bob).get("/reports/exports/").content.decode()


def test_asking_twice_is_asking_once_and_nobody_asks_without_end(alice: User) -> None:
    first = asked_by(alice)
    assert asked_by(alice) == first
    asked_by(alice, "sort=-key")
    asked_by(alice, "sort=pk")
    with pytest.raises(TooMany):
        asked_by(alice, "sort=-pk")
    assert write_waiting() == 3
    asked_by(alice, "sort=-pk")


def test_who_lost_their_role_gets_nothing(alice: User) -> None:
    waiting, ready = asked_by(alice), asked_by(alice, "")
    ReportExport.objects.filter(pk=waiting.pk).update(created_at=timezone.now() + exports.KEPT)
    ready_address = f"/reports/exports/{ready.uuid}/file/"
    exports._write(taken())
    assert client_of(alice).get(ready_address).status_code == 200
    Membership.objects.filter(user=alice).delete()
    assert client_of(alice).get(ready_address).status_code == 404
    write_waiting()
    waiting.refresh_from_db()
    assert waiting.state == State.REFUSED


def test_whoever_sees_less_than_before_gets_no_file_of_before(
    alice: User, settings: Settings
) -> None:
    settings.REQUIRE_ADMIN_MFA = False
    role = Membership.objects.get(user=alice)
    role.role = Membership.Role.ADMINISTRATOR
    role.save()
    export = asked_by(alice, f"of={role.organisation.key}")
    write_waiting()
    path = f"/reports/exports/{export.uuid}/file/"
    assert body(client_of(alice).get(path)).startswith(BOM_UTF8)
    role.department = Department.objects.create(organisation=role.organisation, name="Law")
    role.save()
    assert client_of(alice).get(path).status_code == 404


def test_a_link_ends_and_the_file_is_removed(alice: User) -> None:
    export = asked_by(alice)
    write_waiting()
    assert ReportExportPart.objects.count() == 1
    ReportExport.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    address = f"/reports/exports/{export.uuid}/"
    assert client_of(alice).get(f"{address}file/").status_code == 404
    assert client_of(alice).get(address).status_code == 404
    write_waiting()
    assert not ReportExport.objects.exists()
    assert not ReportExportPart.objects.exists()


def test_a_clerk_that_was_thought_dead_changes_nothing(alice: User) -> None:
    asked_by(alice)
    dead = taken()
    assert take() is None
    past = timezone.now() - datetime.timedelta(seconds=1)
    ReportExport.objects.update(lease_until=past)
    alive = taken()
    exports._write(dead)
    assert not ReportExportPart.objects.exists()
    exports._write(alive)
    alive.refresh_from_db()
    assert (alive.state, alive.done, alive.attempts) == (State.READY, 1, 2)


def test_one_that_kills_its_clerks_fails(alice: User) -> None:
    asked_by(alice)
    past = timezone.now() - datetime.timedelta(seconds=1)
    for _attempt in range(MOST_ATTEMPTS):
        assert take() is not None
        ReportExport.objects.update(lease_until=past)
    assert take() is None
    assert ReportExport.objects.get().state == State.FAILED


def test_a_broken_report_is_our_fault(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked_by(alice)

    def broken(user: Reader, query: QueryDict, of: str) -> Table:
        raise ZeroDivisionError

    monkeypatch.setitem(registry.REPORTS, "places", broken)
    write_waiting()
    export.refresh_from_db()
    assert export.state == State.FAILED
    page = client_of(alice).get(f"/reports/exports/{export.uuid}/")
    assert "our fault" in page.content.decode()


def test_a_file_of_several_parts_is_whole(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART_BYTES", 7)
    export = asked_by(alice)
    write_waiting()
    assert ReportExportPart.objects.count() > 2
    content = body(client_of(alice).get(f"/reports/exports/{export.uuid}/file/"))
    assert content.decode("utf-8-sig").splitlines()[0] == "Key,Number"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same(
    alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for asked in ("", "sort=key", "sort=pk")[:number]:
        asked_by(alice, asked)
    client = client_of(alice)
    client.get("/reports/exports/")
    with django_assert_num_queries(3):
        assert client.get("/reports/exports/").status_code == 200
