"""What people do with their consent and their sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Consent, User


@transaction.atomic
def give_consent(*, user: User) -> None:
    """Agree to every text in the version in force. What was agreed to before stays as it is.

    Agreeing twice is agreeing once; agreeing after taking it back is a row of its own.
    """
    for document, version in settings.CONSENT_VERSIONS.items():
        Consent.objects.get_or_create(
            user=user, document=document, version=version, withdrawn_at=None
        )


@transaction.atomic
def withdraw_consent(*, user: User) -> None:
    """Take back every consent.

    Effects: the consents in force marked; the person signed out everywhere, so that the next
    sign-in asks again before anything else.
    """
    user.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    sign_out_everywhere(user=user)


def sign_out_everywhere(*, user: User) -> None:
    """End every session of a person, this one too."""
    for session in UserSession.objects.filter(user=user):
        session.end()
