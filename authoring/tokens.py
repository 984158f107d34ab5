"""Upload tokens: made once, shown once, kept as a hash, each for one workspace."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from authoring.access import WRITING_ROLES, workspace_for
from authoring.models import UploadToken, Workspace

SIGN = "cwu_"
"""What every token begins with: whoever finds one in a log knows what it is."""
SHOWN_SIGNS = 12
USED_EVERY = datetime.timedelta(minutes=1)
"""How exact `last_used_at` is: a write a minute, not one for each call."""


def make_token(
    *, workspace: Workspace, user: User, name: str, days: int
) -> tuple[UploadToken, str]:
    """A new token and its text, which nobody can learn again."""
    text = SIGN + secrets.token_urlsafe(32)
    token = UploadToken.objects.create(
        workspace=workspace,
        user=user,
        name=name,
        digest=digest_of(text),
        beginning=text[:SHOWN_SIGNS],
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    return token, text


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def workspace_by(text: str, course_key: str) -> tuple[Workspace, UploadToken] | None:
    """The workspace that a token opens today, with its owner's role; None for every other text.

    The token must be of this course, must not have ended nor been revoked, and its owner must
    still write in the workspace. 2 queries; one more, at most once a minute, keeps when it was
    last used.
    """
    now = timezone.now()
    valid = UploadToken.objects.select_related("user")
    token = valid.filter(
        digest=digest_of(text),
        workspace__course_key=course_key,
        revoked_at=None,
        expires_at__gt=now,
    ).first()
    if token is None or not token.user.is_active:
        return None
    try:
        workspace = workspace_for(token.user, course_key, *WRITING_ROLES)
    except Http404:
        return None
    unused = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        UploadToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)
    return workspace, token


def revoke(token: UploadToken) -> None:
    """From now on the token opens nothing. Twice is once."""
    UploadToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
