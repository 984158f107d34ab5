"""Reports by e-mail: when they are due, that each is sent once, and to whom no more."""

from __future__ import annotations

import datetime
import re
import smtplib
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Cohort, CohortInstructor, Membership, Organisation, User
from courses.models import StageTally, Standing
from reports.models import ReportSubscription
from reports.subscriptions import Subject, next_due, stop_token, subjects_of, subscribe
from reports.subscriptions_sending import LEASE, MOST_TRIES, send_due
from tests.courses.rows import make_course, make_programme
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")
Reason = ReportSubscription.Reason
LIST = "/reports/subscriptions/"


@pytest.fixture(autouse=True)
def no_second_factor(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_MFA = False


@pytest.fixture
def nina() -> User:
    return make_person("nina", is_national_administrator=True, language="en")


@pytest.fixture
def anna(organisation: Organisation) -> User:
    return make_person("anna", organisation=organisation, role="administrator", language="en")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def due(user: User, key: str = "nation") -> ReportSubscription:
    """A subscription whose letter is due."""
    subject = {subject.key: subject for subject in subjects_of(user)}[key]
    found = subscribe(user=user, subject=subject, rhythm="weekly")
    found.due_at = timezone.now() - datetime.timedelta(minutes=1)
    found.save()
    return found


@pytest.mark.parametrize(
    ("rhythm", "after", "then"),
    [
        # In UTC it is still Sunday.
        ("weekly", "2026-11-22T23:59:59+00:00", "2026-11-23T08:00"),
        ("weekly", "2026-11-23T00:00:00+00:00", "2026-11-30T08:00"),
        ("weekly", "2026-12-31T12:00:00+00:00", "2027-01-04T08:00"),
        ("monthly", "2026-11-30T23:00:00+00:00", "2026-12-01T08:00"),
        ("monthly", "2026-12-01T00:00:00+00:00", "2027-01-01T08:00"),
        ("monthly", "2027-01-31T18:00:00+00:00", "2027-02-01T08:00"),
    ],
)
def test_letters_are_due_in_the_morning_of_china(rhythm: str, after: str, then: str) -> None:
    found = next_due(rhythm, datetime.datetime.fromisoformat(after))
    assert found == datetime.datetime.fromisoformat(then).replace(tzinfo=CHINA)


def test_the_letter_says_the_figures_of_the_nation(nina: User) -> None:
    subscription = due(nina)
    now = timezone.now()
    assert send_due(now) == 1
    [letter] = mail.outbox
    assert letter.to == [nina.email]
    day = now.astimezone(CHINA).date()
    assert letter.subject == f"[Chainwright] The nation: the figures of {day}"
    assert f"Qualified: 0 / {configured.NATIONAL_GOAL:,}" in letter.body
    assert f"{configured.SITE_URL}/reports/\n" in letter.body
    assert isinstance(letter, mail.EmailMultiAlternatives)
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert re.findall(r"<(?:img|script|link|iframe)|src=|url\(", str(html)) == []
    subscription.refresh_from_db()
    assert (subscription.last_sent_at, subscription.due_at) == (now, next_due("weekly", now))


def test_a_letter_is_written_in_the_language_of_the_person() -> None:
    nina = make_person("nina", is_national_administrator=True, language="zh-hans")
    due(nina)
    send_due(timezone.now())
    assert "合格" in mail.outbox[0].body
    assert "You get" not in mail.outbox[0].body


class SecondClerk(BaseEmailBackend):
    """While the first clerk sends, another one looks."""

    sent: ClassVar[Counter[str]] = Counter()

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        self.sent.update(message.to[0] for message in messages)
        assert send_due(timezone.now()) <= 1, "each takes what the other has not taken"
        return len(messages)


def test_two_clerks_send_a_letter_once(nina: User, anna: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{SecondClerk.__name__}"
    SecondClerk.sent.clear()
    due(nina)
    due(anna, f"organisation:{Membership.objects.get(user=anna).organisation.key}")
    send_due(timezone.now())
    assert send_due(timezone.now()) == 0
    assert SecondClerk.sent == {nina.email: 1, anna.email: 1}


def test_after_weeks_without_a_clerk_one_letter_comes(nina: User) -> None:
    subscription = due(nina)
    subscription.due_at -= datetime.timedelta(weeks=5)
    subscription.save()
    assert (send_due(timezone.now()), send_due(timezone.now()), len(mail.outbox)) == (1, 0, 1)


def test_only_so_many_letters_go_out_in_a_second(
    nina: User, anna: User, organisation: Organisation, settings: Settings
) -> None:
    settings.LETTERS_PER_SECOND = 1
    due(nina)
    due(anna, f"organisation:{organisation.key}")
    assert [send_due(timezone.now()) for _ in range(3)] == [1, 1, 0]


def test_nothing_due_costs_one_query(nina: User) -> None:
    subscribe(user=nina, subject=Subject("The nation"), rhythm="monthly")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert send_due(timezone.now()) == 0
    assert len(queries) == 1


class Down(BaseEmailBackend):
    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        raise ConnectionRefusedError


class Refusing(BaseEmailBackend):
    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        raise smtplib.SMTPRecipientsRefused({"nina@example.org": (550, b"no such person")})


def test_without_a_mail_server_the_letter_waits(nina: User, settings: Settings) -> None:
    due(nina)
    now = timezone.now()
    settings.EMAIL_BACKEND = f"{__name__}.{Down.__name__}"
    assert send_due(now) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (send_due(now), send_due(now + LEASE)) == (0, 1)


def test_an_address_that_refuses_ends_it(nina: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{Refusing.__name__}"
    subscription, now = due(nina), timezone.now()
    for _ in range(MOST_TRIES):
        assert subscription.ended_at is None
        assert send_due(now) == 0
        subscription.refresh_from_db()
        now = subscription.due_at
    assert subscription.reason == Reason.REFUSED


def test_who_lost_the_right_gets_no_letter_and_reads_why(nina: User) -> None:
    subscription = due(nina)
    nina.is_national_administrator = False
    nina.save()
    assert (send_due(timezone.now()), mail.outbox) == (0, [])
    subscription.refresh_from_db()
    assert subscription.reason == Reason.NO_ACCESS
    page = signed_in(nina).get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "you may no longer see this report" in page


def test_who_no_longer_teaches_the_cohort_gets_no_letter(organisation: Organisation) -> None:
    cohort = make_cohort(organisation)
    ivo = make_person("ivo", organisation=organisation, role="instructor", language="en")
    taught = CohortInstructor.objects.create(cohort=cohort, user=ivo)
    kept, lost = due(ivo, f"cohort:{cohort.uuid}"), make_cohort(organisation, "Spring")
    CohortInstructor.objects.create(cohort=lost, user=ivo)
    gone = due(ivo, f"cohort:{lost.uuid}")
    CohortInstructor.objects.filter(cohort=lost).delete()
    assert (taught.cohort, send_due(timezone.now())) == (cohort, 1)
    assert f"{organisation.name} · Autumn" in mail.outbox[0].body
    assert f"/reports/cohorts/{cohort.uuid}/" in mail.outbox[0].body
    assert [row.reason for row in ReportSubscription.objects.order_by("pk")] == ["", "no_access"]
    assert (kept.pk < gone.pk, lost.name) == (True, "Spring")


def test_small_figures_of_a_province_are_not_in_the_letter(organisation: Organisation) -> None:
    """3 of Zhejiang are qualified, which are gathered with a neighbour; 43 of Beijing."""
    make_course("chains")
    programme = make_programme("path", [("chains", True)])
    for province, people in (("11", 43), ("31", 20), ("33", 3), ("44", 60)):
        for stage in Standing.Stage.values:
            StageTally.objects.create(
                programme=programme,
                province=province,
                kind=organisation.kind,
                stage=stage,
                period=0,
                slot=0,
                value=people,
            )
    for name, province in (("pia", "33"), ("bo", "11")):
        due(make_person(name, administers_province=province, language="en"))
    assert send_due(timezone.now()) == 2
    bodies = {letter.to[0].split("@")[0]: letter.body for letter in mail.outbox}
    of_stage = {name: re.findall(r"Qualified: (\S+)\n", str(body)) for name, body in bodies.items()}
    assert of_stage == {"pia": ["—"], "bo": ["43"]}


def test_one_finds_only_what_one_may_see(nina: User, anna: User, alice: User) -> None:
    organisation = Membership.objects.get(user=anna).organisation
    cohort = make_cohort(organisation)
    make_cohort(make_organisation("hillside"))
    keys = {user: [subject.key for subject in subjects_of(user)] for user in (nina, anna, alice)}
    assert keys == {
        nina: ["nation"],
        anna: [f"organisation:{organisation.key}", f"cohort:{cohort.uuid}"],
        alice: [],
    }
    assert [signed_in(user).get(LIST).status_code for user in keys] == [200, 200, 404]


def test_one_adds_changes_and_stops_a_report(nina: User, anna: User) -> None:
    client = signed_in(nina)
    for rhythm in ("weekly", "monthly"):
        posted = client.post(LIST, {"subject": "nation", "rhythm": rhythm})
        assert posted.status_code == 302
    [subscription] = ReportSubscription.objects.all()
    assert (subscription.user, subscription.rhythm) == (nina, "monthly")
    organisation = Membership.objects.get(user=anna).organisation
    foreign = client.post(LIST, {"subject": f"organisation:{organisation.key}", "rhythm": "weekly"})
    assert (foreign.status_code, ReportSubscription.objects.count()) == (200, 1)
    path = reverse("reports:end_subscription", args=[subscription.uuid])
    assert signed_in(anna).post(path).status_code == 404
    assert client.post(path).status_code == 302
    subscription.refresh_from_db()
    assert subscription.reason == Reason.STOPPED
    client.post(LIST, {"subject": "nation", "rhythm": "weekly"})
    assert ReportSubscription.objects.filter(ended_at=None).count() == 1


def test_the_link_of_a_letter_stops_that_report_and_no_other(nina: User, anna: User) -> None:
    subscription = due(nina)
    other = due(anna, f"organisation:{Membership.objects.get(user=anna).organisation.key}")
    send_due(timezone.now())
    letter = next(each for each in mail.outbox if each.to == [nina.email])
    link = str(letter.extra_headers["List-Unsubscribe"]).strip("<>")
    assert link in letter.body
    path = link.removeprefix(configured.SITE_URL)
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.ended_at is None, "looking stops nothing"
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    subscription.refresh_from_db()
    other.refresh_from_db()
    assert (subscription.reason, other.reason) == (Reason.STOPPED, "")
    forged = stop_token(subscription).replace(str(subscription.uuid), str(other.uuid))
    assert stranger.post(reverse("reports:stop_subscription", args=[forged])).status_code == 404


def test_a_cohort_that_was_merged_away_ends_it(anna: User, organisation: Organisation) -> None:
    cohort: Cohort = make_cohort(organisation)
    due(anna, f"cohort:{cohort.uuid}")
    cohort.merged_into = make_cohort(organisation, "Spring")
    cohort.save()
    assert send_due(timezone.now()) == 0
    assert ReportSubscription.objects.get().reason == Reason.NO_ACCESS
