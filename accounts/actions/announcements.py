"""What an organisation tells its people, in the product and by e-mail."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import Announcement, AnnouncementSeen, User


@transaction.atomic
def announce(*, announcement: Announcement, recipients: Collection[User] = ()) -> Announcement:
    """Say something to a cohort, to all learners of an organisation, or to some people only.

    Effects: the announcement, which comes unsaved, on the pages of whom it is for; where it goes
    by e-mail too, the postman writes a letter for each of them.
    """
    announcement.save()
    announcement.recipients.set(recipients)
    return announcement


def put_away(*, user: User, announcement: Announcement) -> None:
    """Show the announcement to the person no longer; twice is once."""
    AnnouncementSeen.objects.get_or_create(user=user, announcement=announcement)
