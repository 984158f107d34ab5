"""Tokens of the reporting API: made once, shown once, kept as a hash."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import national_for
from accounts.models import Membership, Organisation, Province, User
from reports.models import ReportToken

SIGN = "cwr_"
"""What every token begins with: whoever finds one in a log knows what it is."""
SHOWN_SIGNS = 12
USED_EVERY = datetime.timedelta(minutes=1)
"""How exact `last_used_at` is: a write a minute, not one for each call."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures a token may open: of an organisation, of a province, else of the nation."""

    title: str
    organisation: Organisation | None = None
    province: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        if self.organisation is not None:
            return f"organisation:{self.organisation.key}"
        return f"province:{self.province}" if self.province else "nation"


def scopes_of(user: User) -> list[Scope]:
    """What the person may make tokens for; [] for most people. 1 query."""
    scopes = []
    try:
        province = national_for(user)
        title = str(Province(province).label) if province else _("The nation")
        scopes.append(Scope(title, province=province))
    except Http404:
        pass
    whole = Membership.objects.filter(
        user=user, role=Membership.Role.ADMINISTRATOR, department=None
    )
    memberships = whole.select_related("organisation").order_by("organisation__name")
    organisations = [membership.organisation for membership in memberships]
    return scopes + [Scope(each.name, organisation=each) for each in organisations]


def make_token(*, user: User, name: str, scope: Scope, days: int) -> tuple[ReportToken, str]:
    """A new token and its text, which nobody can learn again. The scope is one of `scopes_of`."""
    text = SIGN + secrets.token_urlsafe(32)
    token = ReportToken.objects.create(
        user=user,
        name=name,
        organisation=scope.organisation,
        province=scope.province,
        digest=digest_of(text),
        beginning=text[:SHOWN_SIGNS],
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    return token, text


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def token_for(text: str) -> ReportToken | None:
    """The token of that text, its maker and organisation loaded, if it opens anything today.

    2 queries: it must not have ended nor been revoked, and its maker must still have its scope.
    One more, at most once a minute, keeps when it was last used.
    """
    now = timezone.now()
    valid = ReportToken.objects.select_related("user", "organisation")
    token = valid.filter(digest=digest_of(text), revoked_at=None, expires_at__gt=now).first()
    if token is None or not token.user.is_active:
        return None
    scope = Scope("", token.organisation, token.province)
    if scope.key not in {each.key for each in scopes_of(token.user)}:
        return None
    unused = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        ReportToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)
    return token


def revoke(token: ReportToken) -> None:
    """From now on the token opens nothing. Twice is once."""
    ReportToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
