"""Links that let people join."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import InviteLink, User


def make_link(*, link: InviteLink, by: User) -> InviteLink:
    """Keep a link, which comes unsaved, and who made it."""
    link.made_by = by
    link.save()
    return link


def revoke_link(*, link: InviteLink) -> None:
    """Let nobody in by the link any more; who came by it stays."""
    InviteLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
