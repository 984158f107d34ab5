"""Reports that come by e-mail: who may have which, when they are due, and how they end."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import cohorts_for, national_for
from accounts.models import Cohort, Membership, Organisation, Province, User
from courses.types import CHINA
from reports.models import ReportSubscription
from reports.words import name_of

Rhythm = ReportSubscription.Rhythm
Reason = ReportSubscription.Reason

MORNING = datetime.time(8, tzinfo=CHINA)
_SIGNER = signing.Signer(salt="reports.subscriptions.stop")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a letter is about: a cohort, an organisation, else what one sees of the nation."""

    title: str
    organisation: Organisation | None = None
    cohort: Cohort | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        if self.cohort is not None:
            return f"cohort:{self.cohort.uuid}"
        return f"organisation:{self.organisation.key}" if self.organisation else "nation"


def subjects_of(user: User) -> list[Subject]:
    """What the person may have by e-mail: what they may see of the nation, the organisations that
    they administer, and cohorts that have not ended. 2 queries.
    """
    found = []
    try:
        province = national_for(user)
        found.append(Subject(str(Province(province).label) if province else _("The nation")))
    except Http404:
        pass
    own = Membership.objects.filter(user=user, role=Membership.Role.ADMINISTRATOR)
    memberships = own.select_related("organisation").order_by("organisation__name")
    whole = [membership.organisation for membership in memberships]
    found += [Subject(name_of(each), organisation=each) for each in whole]
    running = cohorts_for(user).filter(merged_into=None, ends_on__gte=timezone.localdate())
    cohorts = running.select_related("organisation").order_by("organisation__name", "name")
    return found + [
        Subject(f"{name_of(one.organisation)} · {one.name}", cohort=one) for one in cohorts
    ]


def next_due(rhythm: str, after: datetime.datetime) -> datetime.datetime:
    """The first moment later than `after` at which it is due: 8:00 in China, on a Monday or on the
    first of a month.
    """
    day = after.astimezone(CHINA).date()
    while True:
        moment = datetime.datetime.combine(day, MORNING)
        fits = day.weekday() == 0 if rhythm == Rhythm.WEEKLY else day.day == 1
        if fits and moment > after:
            return moment
        day += datetime.timedelta(days=1)


def subscribe(*, user: User, subject: Subject, rhythm: str) -> ReportSubscription:
    """Send the person this report from now on. `subject` is one of `subjects_of`.

    Whoever has it already gets it in the new rhythm.
    """
    due_at = next_due(rhythm, timezone.now())
    running = ReportSubscription.objects.filter(
        user=user, organisation=subject.organisation, cohort=subject.cohort, ended_at=None
    )
    try:
        with transaction.atomic():
            found, _is_new = running.update_or_create(
                defaults={"rhythm": rhythm, "due_at": due_at, "tries": 0},
                create_defaults={
                    "user": user,
                    "organisation": subject.organisation,
                    "cohort": subject.cohort,
                    "rhythm": rhythm,
                    "due_at": due_at,
                },
            )
    except IntegrityError:  # a second click at the same moment was first
        return running.get()
    return found


def end(subscription: ReportSubscription, reason: Reason) -> None:
    """Send no more letters. Twice is once, and the first reason stays."""
    running = ReportSubscription.objects.filter(pk=subscription.pk, ended_at=None)
    running.update(ended_at=timezone.now(), reason=reason)


def stop_token(subscription: ReportSubscription) -> str:
    """What the link of a letter shows, so that it stops this report and nothing else."""
    return _SIGNER.sign(str(subscription.uuid))


def subscription_to_stop(token: str) -> ReportSubscription:
    """That of the link of a letter; else 404. Whoever has the letter may stop it. 1 query."""
    try:
        found = ReportSubscription.objects.filter(uuid=_SIGNER.unsign(token))
    except signing.BadSignature:
        raise Http404 from None
    subscription = found.select_related("user", "organisation", "cohort").first()
    if subscription is None:
        raise Http404
    return subscription
