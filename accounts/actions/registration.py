"""How an organisation comes to be counted: somebody asks, the centre decides."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.actions.letters import mail_decision
from accounts.actions.roles import give_role, measure_anew
from accounts.models import Membership, Organisation, User
from accounts.types import AlreadyDecided

KEY_LENGTH = 48
RESERVED_KEYS = frozenset({"register", "waiting", "announcements", "rosters"})
"""Words that stand in addresses where an organisation's key would."""


@transaction.atomic
def register_organisation(*, user: User, organisation: Organisation) -> Organisation:
    """Ask the centre to verify an organisation; after a refusal, ask again.

    Effects: the organisation (unsaved or refused) as it is given, with a key where it has none
    and waiting for a decision; the person as who asked for it, who finds it on their pages at
    once. Raises `AlreadyDecided` where it is verified.
    """
    if organisation.pk:
        now_is = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if now_is.verified_at is not None:
            raise AlreadyDecided
    organisation.registered_by = user
    organisation.refused_at = None
    organisation.decision = ""
    organisation.key = organisation.key or _new_key(organisation.name)
    organisation.save()
    measure_anew(user=user)
    return organisation


@transaction.atomic
def verify_organisation(*, organisation: Organisation, reason: str = "") -> None:
    """Count the organisation nationally from now on; verifying twice keeps the first moment.

    Effects, the first time: the moment and the reason; who asked for it administers it, and gets
    a letter.
    """
    waiting = Organisation.objects.filter(pk=organisation.pk, verified_at=None)
    if not waiting.update(verified_at=timezone.now(), refused_at=None, decision=reason):
        return
    person = organisation.registered_by
    if person is not None:
        give_role(user=person, organisation=organisation, role=Membership.Role.ADMINISTRATOR)
    mail_decision(organisation=organisation)


@transaction.atomic
def refuse_organisation(*, organisation: Organisation, reason: str) -> None:
    """Say no to an organisation that waits, with the reason that who asked for it will read.

    Effects: the moment and the reason; a letter. Raises `AlreadyDecided` where it does not wait.
    """
    waiting = Organisation.objects.filter(pk=organisation.pk, verified_at=None, refused_at=None)
    if not waiting.update(refused_at=timezone.now(), decision=reason):
        raise AlreadyDecided
    mail_decision(organisation=organisation)


def _new_key(name: str) -> str:
    """A key that no organisation has: the name where it can be written in an address."""
    stem = slugify(name)[:KEY_LENGTH].strip("-")
    if not stem:
        return f"organisation-{secrets.token_hex(4)}"
    if stem in RESERVED_KEYS or Organisation.objects.filter(key=stem).exists():
        return f"{stem}-{secrets.token_hex(4)}"
    return stem
