"""Asking the postman for letters. organisations/letters.py writes and sends them."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Announcement, Invitation, Letter, Organisation, User
from accounts.queries import audience_of

BATCH = 2000
MOST_A_DAY = 3
"""Letters about a place that one address gets, however often it is asked for or kept anew."""


def mail_places(*, organisation: Organisation, invitation_ids: Collection[int]) -> int:
    """Ask for a letter for each of these places that is still open; how many are asked for.

    For a place whose letter waits already this changes nothing. A place that had one is mailed
    again, but no address more than `MOST_A_DAY` times a day for one organisation.
    """
    waiting = Letter.objects.filter(sent_at=None, given_up_at=None).exclude(invitation=None)
    places = Invitation.objects.filter(
        organisation=organisation, accepted_at=None, withdrawn_at=None
    ).exclude(pk__in=waiting.values("invitation"))
    ids = sorted(set(invitation_ids))
    asked = 0
    for start in range(0, len(ids), BATCH):
        now = timezone.now()
        batch = places.filter(pk__in=ids[start : start + BATCH])
        of_late = Letter.objects.filter(
            invitation__organisation=organisation,
            invitation__email__in=batch.values("email"),
            due_at__gt=now - datetime.timedelta(days=1),
        )
        often = of_late.values("invitation__email").annotate(letters=Count("pk"))
        enough = often.filter(letters__gte=MOST_A_DAY).values("invitation__email")
        open_ids = batch.exclude(email__in=enough).values_list("pk", flat=True)
        letters = [Letter(invitation_id=pk, due_at=now) for pk in open_ids]
        Letter.objects.bulk_create(letters, batch_size=BATCH, ignore_conflicts=True)
        asked += len(letters)
    return asked


def mail_decision(*, organisation: Organisation) -> None:
    """Ask for the letter that tells who registered an organisation what the centre decided."""
    if organisation.registered_by_id is not None:
        Letter.objects.create(
            organisation=organisation,
            user_id=organisation.registered_by_id,
            due_at=timezone.now(),
        )


def mail_announcements(*, now: datetime.datetime) -> int:
    """Ask for the letters of the announcements that go by e-mail; how many are asked for.

    Effects, for each announcement in a transaction of its own: a letter for each person, and the
    moment at which they were asked for.
    """
    waiting = Announcement.objects.filter(sends_mail=True, mailed_at=None).order_by("pk")
    return sum(_mail(announcement, now) for announcement in waiting)


@transaction.atomic
def _mail(announcement: Announcement, now: datetime.datetime) -> int:
    mine = Announcement.objects.filter(pk=announcement.pk, mailed_at=None)
    if not mine.update(mailed_at=now):
        return 0
    people: list[User] = list(audience_of(announcement).only("pk"))
    Letter.objects.bulk_create(
        [Letter(announcement=announcement, user=person, due_at=now) for person in people],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(people)
