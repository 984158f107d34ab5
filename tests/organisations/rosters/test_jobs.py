"""An upload from waiting to done: compared, applied once, and found again when a worker dies."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import (
    Cohort,
    CohortMember,
    Department,
    Invitation,
    Letter,
    Membership,
    Organisation,
    RosterRow,
    RosterUpload,
    User,
)
from courses.actions import invite
from courses.types import Place
from organisations.rosters import jobs
from tests.organisations.rosters.files import csv_text
from tests.people import make_cohort, make_person

pytestmark = pytest.mark.django_db

State = RosterUpload.State
HEAD = ["email", "name", "number", "cohort"]


@pytest.fixture
def admin(organisation: Organisation) -> User:
    return make_person("admin", organisation=organisation, role="administrator")


def upload_of(admin: User, *rows: list[str], **fields: object) -> RosterUpload:
    organisation = Organisation.objects.get(key="lakeside")
    return RosterUpload.objects.create(
        organisation=organisation,
        uploaded_by=admin,
        file_name="list.csv",
        content=csv_text([HEAD, *rows]).encode(),
        **fields,
    )


def read(upload: RosterUpload) -> RosterUpload:
    jobs.work()
    upload.refresh_from_db()
    return upload


def apply(upload: RosterUpload) -> RosterUpload:
    jobs.ask_to_apply(upload)
    return read(upload)


def effects(upload: RosterUpload) -> list[tuple[int, str, str]]:
    rows = upload.rows.order_by("number", "email")
    return list(rows.values_list("number", "effect", "email"))


def places() -> list[tuple[str, str, str, str | None]]:
    kept = Invitation.objects.filter(withdrawn_at=None).order_by("email")
    return list(kept.values_list("email", "name", "external_id", "cohort__name"))


def test_a_list_is_read_compared_applied_and_changes_nothing_the_second_time(
    admin: User, cohort: Cohort
) -> None:
    make_cohort(cohort.organisation, "Spring", join_code="ABCD2345")
    rows = (
        ["New@Example.org", "New", "1", "autumn"],
        ["kept@example.org", "Kept", "2", "abcd-2345"],
        ["same@example.org", "", "", ""],
    )
    invite(
        organisation=cohort.organisation,
        by=None,
        places=[
            Place("kept@example.org", "Old name", "2", cohort.pk),
            Place("same@example.org", "Same", "3", cohort.pk),
            Place("gone@example.org", "Gone", "4", cohort.pk),
        ],
    )
    upload = read(upload_of(admin, *rows, removes_missing=True, cohort=cohort))
    assert upload.state == State.READY
    assert effects(upload) == [
        (0, "removed", "gone@example.org"),
        (2, "added", "new@example.org"),
        (3, "changed", "kept@example.org"),
        (4, "same", "same@example.org"),
    ]
    assert upload.rows.get(number=3).said == {
        "name": ["Old name", "Kept"],
        "cohort": ["Autumn", "Spring"],
    }
    assert Invitation.objects.filter(withdrawn_at=None).count() == 3
    assert apply(upload).state == State.DONE
    wanted = [
        ("kept@example.org", "Kept", "2", "Spring"),
        ("new@example.org", "New", "1", "Autumn"),
        ("same@example.org", "Same", "3", "Autumn"),
    ]
    assert places() == wanted
    again = read(upload_of(admin, *rows, removes_missing=True, cohort=cohort))
    assert [effect for _, effect, _ in effects(again)] == ["same"] * 3
    assert apply(again).state == State.DONE
    assert places() == wanted


def test_who_signed_up_joins_at_once(admin: User, cohort: Cohort, charlie: User) -> None:
    EmailAddress.objects.create(user=charlie, email=charlie.email, verified=True, primary=True)
    apply(read(upload_of(admin, [charlie.email, "", "", "Autumn"])))
    assert CohortMember.objects.filter(cohort=cohort, user=charlie).count() == 1
    assert Membership.objects.filter(organisation=cohort.organisation, user=charlie).count() == 1


BAD_ROWS = {
    "no address": (["", "A"], "There is no e-mail address.", "没有电子邮箱地址。"),
    "bad address": (
        ["a@", "A"],
        "“a@” is not an e-mail address.",
        "“a@”不是电子邮箱地址。",
    ),
    "long name": (
        ["a@b.cn", "x" * 101],
        "The name is longer than 100 signs.",
        "姓名超过 100 个字符。",
    ),
    "long number": (
        ["a@b.cn", "A", "1" * 65],
        "The number is longer than 64 signs.",
        "编号超过 64 个字符。",
    ),
    "control sign": (
        ["a@b.cn", "A\x07B"],
        "The name or the number has a sign in it that cannot be printed.",
        "姓名或编号中有无法打印的字符。",
    ),
    "same address": (
        ["GOOD@example.org", "A"],
        "The same address stands in row 2 already.",
        "第 2 行已有相同的邮箱地址。",
    ),
    "same number": (
        ["a@b.cn", "A", "n1"],
        "The same number stands in row 2 already.",
        "第 2 行已有相同的编号。",
    ),
    "no such cohort": (
        ["a@b.cn", "A", "", "Winter"],
        "There is no cohort “Winter”.",
        "没有名为“Winter”的班级。",
    ),
    "two cohorts": (
        ["a@b.cn", "A", "", "Twin"],
        "Several cohorts are called “Twin”. Write the join code instead.",
        "有多个班级名为“Twin”。请改写加入码。",
    ),
    "ended": (
        ["a@b.cn", "A", "", "Past"],
        "The cohort “Past” has ended.",
        "班级“Past”已结束。",
    ),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_named_and_the_rest_is_kept(
    admin: User, organisation: Organisation, name: str
) -> None:
    row, english, chinese = BAD_ROWS[name]
    for _ in range(2):
        make_cohort(organisation, "Twin")
    today = timezone.localdate()
    past = {"starts_on": today - datetime.timedelta(9), "ends_on": today - datetime.timedelta(1)}
    make_cohort(organisation, "Past", **past)
    good = ["good@example.org", "Good", "n1"]
    upload = read(upload_of(admin, good, row))
    assert effects(upload)[0] == (2, "added", "good@example.org")
    refused = upload.rows.get(effect="refused")
    assert refused.number == 3
    assert refused.said["reason"] == {"en": english, "zh-hans": chinese}
    apply(upload)
    assert places() == [("good@example.org", "Good", "n1", None)]


def test_all_are_refused_where_that_was_chosen(admin: User) -> None:
    good = ["good@example.org", "Good"]
    upload = read(upload_of(admin, good, ["bad", "Bad"], keeps_good_rows=False))
    assert (upload.state, upload.message) == (
        State.REFUSED,
        (
            "1 of 2 rows cannot be taken, and you chose that then none is. "
            "Mend them and upload the file again."
        ),
    )
    assert apply(upload).state == State.REFUSED
    assert places() == []


def test_a_row_that_was_refused_does_not_cost_a_place(admin: User, cohort: Cohort) -> None:
    """Whoever stands in the list is not missing, though the row is wrong otherwise."""
    kept = [Place("a@example.org", "A", "7", cohort.pk), Place("b@example.org", "B", "8")]
    invite(organisation=cohort.organisation, by=None, places=kept)
    rows = (
        ["a@example.org", "A", "7", "Nowhere"],
        ["b@", "B", "8", ""],
        ["c@example.org", "C", "9", ""],
    )
    upload = read(upload_of(admin, *rows, removes_missing=True))
    assert effects(upload) == [
        (2, "refused", "a@example.org"),
        (3, "refused", "b@"),
        (4, "added", "c@example.org"),
    ]


def test_without_seats_nothing_is_written(admin: User, organisation: Organisation) -> None:
    rows = [[f"p{number}@example.org"] for number in range(3)]
    upload = read(upload_of(admin, *rows))
    organisation.seat_limit = 2
    organisation.save()
    upload = apply(upload)
    words = (
        "There are 2 seats, and 3 people would need one. Nothing was changed: "
        "raise the limit, or shorten the list."
    )
    assert (upload.state, upload.message) == (State.REFUSED, words)
    assert places() == []
    assert read(upload_of(admin, *rows)).message == words


def test_who_leaves_makes_room(admin: User, organisation: Organisation) -> None:
    organisation.seat_limit = 1
    organisation.save()
    invite(organisation=organisation, by=None, places=[Place("old@example.org")])
    apply(read(upload_of(admin, ["new@example.org"], removes_missing=True)))
    assert [place[0] for place in places()] == ["new@example.org"]


def test_a_dean_changes_only_the_own_department(organisation: Organisation) -> None:
    law = Department.objects.create(organisation=organisation, name="Law")
    make_cohort(organisation, "Law class", department=law)
    autumn = make_cohort(organisation, "Autumn")
    dean = make_person("dean")
    Membership.objects.create(
        user=dean, organisation=organisation, role="administrator", department=law
    )
    invite(
        organisation=organisation, by=None, places=[Place("far@example.org", cohort_id=autumn.pk)]
    )
    rows = (
        ["far@example.org", "", "", "Law class"],
        ["a@example.org", "", "", "Autumn"],
        ["b@example.org", "", "", ""],
        ["c@example.org", "", "", "Law class"],
    )
    upload = read(upload_of(dean, *rows, removes_missing=True))
    assert effects(upload) == [
        (2, "refused", "far@example.org"),
        (3, "refused", "a@example.org"),
        (4, "refused", "b@example.org"),
        (5, "added", "c@example.org"),
    ]
    reasons = upload.rows.filter(effect="refused").order_by("number")
    assert [row.said["reason"]["en"] for row in reasons] == [
        "This person has a place in another part of the organisation.",
        "There is no cohort “Autumn”.",
        "The row names no cohort, and the upload has none.",
    ]


def test_letters_go_to_who_is_new(admin: User, organisation: Organisation) -> None:
    invite(organisation=organisation, by=None, places=[Place("old@example.org")])
    apply(read(upload_of(admin, ["new@example.org"], ["old@example.org"], sends_mail=True)))
    assert list(Letter.objects.values_list("invitation__email")) == [("new@example.org",)]


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)


def lose_lease(upload: RosterUpload) -> None:
    RosterUpload.objects.filter(pk=upload.pk).update(
        lease_until=timezone.now() - datetime.timedelta(seconds=1)
    )


class Killed(BaseException):
    """What ends a worker in the middle: nothing catches it."""


@pytest.mark.usefixtures("_small_batches")
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_worker_that_dies_in_the_middle_is_made_good(
    admin: User, cohort: Cohort, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    rows = [[f"p{number}@example.org", "", "", "Autumn"] for number in range(6)]
    upload = upload_of(admin, *rows)
    original = jobs.Held.batch
    begun: list[jobs.Held] = []

    def batch(held: jobs.Held) -> contextlib.AbstractContextManager[None]:
        begun.append(held)
        if len(begun) > after + 1:
            raise Killed
        return original(held)

    for prepare in (lambda upload: None, jobs.ask_to_apply):
        prepare(upload)
        begun.clear()
        monkeypatch.setattr(jobs.Held, "batch", batch)
        with pytest.raises(Killed):
            jobs.work()
        monkeypatch.setattr(jobs.Held, "batch", original)
        assert jobs.take() is None  # its lease goes on
        lose_lease(upload)
        jobs.work()
        assert [row[0] for row in effects(upload)] == [2, 3, 4, 5, 6, 7]
    upload.refresh_from_db()
    assert (upload.state, upload.done) == (State.DONE, 6)
    assert [place[0] for place in places()] == [row[0] for row in rows]


def test_whoever_lost_the_lease_writes_nothing(admin: User) -> None:
    upload = upload_of(admin, ["a@example.org"])
    first = jobs.take()
    lose_lease(upload)
    second = jobs.take()
    assert first is not None
    assert second is not None
    with pytest.raises(jobs.LeaseLost):
        first.end(State.FAILED)
    second.end(State.READY)
    upload.refresh_from_db()
    assert upload.state == State.READY


def test_a_file_that_kills_its_workers_fails(admin: User) -> None:
    upload = upload_of(admin, ["a@example.org"])
    jobs.take()
    lose_lease(upload)
    RosterUpload.objects.update(created_at=timezone.now() - jobs.LONGEST_READING)
    assert read(upload).state == State.FAILED


def test_queries_grow_with_batches_and_not_with_rows(admin: User, cohort: Cohort) -> None:
    counts = []
    for many in (3, 30):
        rows = [[f"p{many}-{n}@example.org", "N", "", "Autumn"] for n in range(many)]
        upload = upload_of(admin, *rows)
        with CaptureQueriesContext(connection) as queries:
            apply(read(upload))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_rows_are_forgotten_after_their_time(admin: User) -> None:
    upload = apply(read(upload_of(admin, ["a@example.org"])))
    assert bytes(upload.content) == b""
    RosterUpload.objects.update(finished_at=timezone.now() - jobs.KEPT)
    jobs.work()
    assert RosterRow.objects.count() == 0
    assert RosterUpload.objects.count() == 1
