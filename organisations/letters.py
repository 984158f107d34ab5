"""Writing and sending the letters that wait (accounts.models.Letter)."""

from __future__ import annotations

import datetime
import smtplib
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import mail_announcements
from accounts.models import Letter, Organisation, User

BATCH = 50
LEASE = datetime.timedelta(minutes=10)
"""For which the letters of a batch are one postman's; more than they take at one a second."""
MOST_TRIES = 5
BOTH = ("zh-hans", "en")
"""For an address whose person is not known yet."""

logger = structlog.get_logger(__name__)


def deliver_waiting(pause: Callable[[float], None] = time.sleep) -> int:
    """Send what is due, at most `LETTERS_PER_SECOND`; how many letters were sent.

    Effects: letters of new announcements are asked for; each letter is marked when it is sent. A
    letter that fails is tried again, later each time, and given up after five times or when the
    address is refused. Raises OSError where there is no mail server: what waits goes on waiting.
    """
    mail_announcements(now=timezone.now())
    sent = 0
    while letters := take_due():
        with mail.get_connection() as connection:
            for letter in letters:
                sent += _deliver(letter, connection)
                pause(1 / settings.LETTERS_PER_SECOND)
    return sent


@transaction.atomic
def take_due() -> list[Letter]:
    """The next letters, ours for the time of the lease; what became pointless is deleted.

    Of two postmen each takes its own: a letter goes out twice only where one dies between sending
    and marking.
    """
    now = timezone.now()
    # Uses index: letter_waiting.
    waiting = Letter.objects.filter(sent_at=None, given_up_at=None, due_at__lte=now)
    taken = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")
    loaded = taken.select_related(
        "user",
        "invitation__organisation",
        "invitation__cohort",
        "invitation__invited_by",
        "announcement__organisation",
        "announcement__author",
        "organisation",
    )
    letters = list(loaded[:BATCH])
    pointless = [letter.pk for letter in letters if _is_pointless(letter)]
    Letter.objects.filter(pk__in=pointless).delete()
    kept = [letter for letter in letters if letter.pk not in set(pointless)]
    Letter.objects.filter(pk__in=[letter.pk for letter in kept]).update(due_at=now + LEASE)
    return kept if kept or not letters else take_due()


def _is_pointless(letter: Letter) -> bool:
    place = letter.invitation
    if place is not None:
        return place.accepted_at is not None or place.withdrawn_at is not None
    return letter.user is None or not letter.user.is_active


def _deliver(letter: Letter, connection: BaseEmailBackend) -> int:
    subject, body = written(letter)
    address = letter.invitation.email if letter.invitation else _user(letter).email
    message = mail.EmailMessage(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", body, to=[address]
    )
    message.connection = connection
    now = timezone.now()
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
        letter.tries += 1
        letter.due_at = now + datetime.timedelta(minutes=2**letter.tries)
        if isinstance(error, ValueError) or letter.tries >= MOST_TRIES or _is_final(error):
            letter.given_up_at = now
        letter.save(update_fields=["tries", "due_at", "given_up_at"])
        logger.warning("letter_refused", letter=letter.pk, error=type(error).__name__)
        return 0
    letter.sent_at = now
    letter.save(update_fields=["sent_at"])
    if letter.invitation is not None:
        letter.invitation.mailed_at = now
        letter.invitation.save(update_fields=["mailed_at"])
    return 1


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the server says that it will never take it: a code of 500 and more."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def written(letter: Letter) -> tuple[str, str]:
    """Subject and text: in the language of the person, or in both where nobody is known yet."""
    languages = (letter.user.language,) if letter.user is not None else BOTH
    parts = []
    for language in languages:
        with translation.override(language):
            parts.append(_in_this_language(letter, language))
    return " / ".join(subject for subject, _ in parts), "\n\n".join(body for _, body in parts)


def _in_this_language(letter: Letter, language: str) -> tuple[str, str]:
    if letter.invitation is not None:
        place = letter.invitation
        name, address = "invitation", reverse("invite:place", args=[place.token])
        where = _name(place.organisation, language)
        subject = _("%(organisation)s invites you") % {"organisation": where}
        context = {"place": place, "where": where}
    elif letter.announcement is not None:
        said = letter.announcement
        name, address = "announcement", reverse("learn:my_learning")
        subject = said.subject
        context = {"announcement": said, "where": _name(said.organisation, language)}
    else:
        organisation = letter.organisation
        assert organisation is not None, "a letter is about one of three things"
        name, address = "decision", reverse("organisations:mine")
        where = _name(organisation, language)
        is_verified = organisation.verified_at is not None
        subject = (
            _("The centre has approved %(name)s")
            if is_verified
            else _("The centre has refused %(name)s")
        )
        subject %= {"name": where}
        context = {"organisation": organisation, "where": where}
    context |= {"address": settings.SITE_URL + address, "person": letter.user}
    body = render_to_string(f"organisations/letters/{name}.txt", context)
    return " ".join(subject.split()), body.strip() + "\n"


def _name(organisation: Organisation, language: str) -> str:
    if language == "zh-hans" and organisation.name_zh_hans:
        return organisation.name_zh_hans
    return organisation.name


def _user(letter: Letter) -> User:
    assert letter.user is not None, "only an invitation has an address without a person"
    return letter.user
