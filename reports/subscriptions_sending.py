"""Sending the reports that are due by e-mail, each once."""

from __future__ import annotations

import datetime
import math
import smtplib

import structlog
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404
from django.utils import timezone, translation

from courses.types import CHINA
from reports.models import ReportSubscription
from reports.subscriptions import Reason, end, next_due, stop_token
from reports.subscriptions_letter import letter_of

LEASE = datetime.timedelta(minutes=10)
"""For which a letter is one clerk's to send; far longer than that takes."""
MOST_TRIES = 5

logger = structlog.get_logger(__name__)


def send_due(now: datetime.datetime) -> int:
    """Send what is due, at most as many as go out in a second (the clerk comes back in one), so
    that nothing else waits long; how many letters were sent. 1 query when nothing is due.

    Each is taken by one clerk, for the time of the lease: it goes out twice only where a clerk dies
    between sending and marking. Access is asked again; whose right is lost gets no letter, and the
    reason is kept. However long nobody sent, there is one letter and not one for each time.
    """
    # Uses index: report_subscription_due.
    waiting = ReportSubscription.objects.filter(ended_at=None, due_at__lte=now)
    loaded = waiting.select_related("user", "organisation", "cohort").order_by("due_at", "pk")
    due = list(loaded[: math.ceil(settings.LETTERS_PER_SECOND)])
    if not due:
        return 0
    sent = 0
    try:
        with mail.get_connection() as connection:
            for subscription in due:
                mine = waiting.filter(pk=subscription.pk, due_at=subscription.due_at)
                if mine.update(due_at=now + LEASE):
                    sent += _send(subscription, connection, now)
    except OSError:
        # No mail server: what waits goes on waiting, what was taken to the end of its lease.
        logger.exception("mail_failed", worker="clerk")
    return sent


def _send(
    subscription: ReportSubscription, connection: BaseEmailBackend, now: datetime.datetime
) -> bool:
    """Whether it went out. Raises OSError where there is no mail server."""
    taken = ReportSubscription.objects.filter(pk=subscription.pk)
    user = subscription.user
    if not user.is_active or not user.email:
        end(subscription, Reason.NO_ACCESS)
        return False
    try:
        with translation.override(user.language), timezone.override(CHINA):
            letter = letter_of(subscription, stop_token(subscription), now)
    except Http404:
        end(subscription, Reason.NO_ACCESS)
        return False
    try:
        message = mail.EmailMultiAlternatives(
            letter.subject,
            letter.text,
            to=[user.email],
            headers=dict(letter.headers),
            connection=connection,
        )
        message.attach_alternative(letter.html, "text/html")
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
        logger.warning("letter_refused", subscription=subscription.pk, error=type(error).__name__)
        tries = subscription.tries + 1
        again = now + datetime.timedelta(hours=2**tries)
        taken.update(tries=tries, due_at=again)
        if tries >= MOST_TRIES:
            end(subscription, Reason.REFUSED)
        return False
    due_at = next_due(subscription.rhythm, now)
    taken.update(due_at=due_at, tries=0, last_sent_at=now)
    return True
