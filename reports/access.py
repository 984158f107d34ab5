"""The only door to exports and tokens, and to what only reports ask for."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.access import has_organisations
from accounts.models import Cohort, Membership, Organisation, User
from reports.api.subjects import Subject
from reports.models import ReportExport, ReportSubscription, ReportToken
from reports.queries.subscriptions import subscriptions_of
from reports.subscriptions import Subject as MailSubject
from reports.subscriptions import subjects_of
from reports.tables import Reader
from reports.tokens import Scope, scopes_of


def export_for(user: User, export_uuid: uuid.UUID) -> ReportExport:
    """An export of the person's own that has not ended; else 404. 1 query."""
    own = ReportExport.objects.filter(user=user, expires_at__gt=timezone.now())
    return get_object_or_404(own, uuid=export_uuid)


def reach_of(user: User, of: str) -> str:
    """How far the person's right to see the figures of an organisation (its key), a cohort (its
    uuid) or the nation ("") goes now: when it is another word, it goes less far or further.

    At most 1 query.
    """
    if not of:
        return "all" if user.is_national_administrator else user.administers_province
    roles = Membership.objects.filter(
        user_id=user.pk, organisation__key=of, role=Membership.Role.ADMINISTRATOR
    )
    departments = roles.values_list("department", flat=True)
    return " ".join("all" if department is None else str(department) for department in departments)


def token_scopes_for(user: User) -> list[Scope]:
    """What the person may make tokens for; 404 to who may make none. 1 query."""
    scopes = scopes_of(user)
    if not scopes:
        raise Http404
    return scopes


def token_to_revoke(user: User, token_uuid: uuid.UUID) -> ReportToken:
    """A token of the person's own; else 404. 1 query."""
    return get_object_or_404(ReportToken, user=user, uuid=token_uuid)


def subscriptions_for(user: User) -> tuple[list[MailSubject], list[ReportSubscription]]:
    """What the person may have by e-mail, and what they have or had. 3 queries.

    404 without any to who has nothing to do with organisations; 2 more queries then.
    """
    subjects, own = subjects_of(user), subscriptions_of(user)
    if not subjects and not own and not has_organisations(user):
        raise Http404
    return subjects, own


def subscription_for(user: User, subscription_uuid: uuid.UUID) -> ReportSubscription:
    """A report by e-mail of the person's own; else 404. 1 query."""
    return get_object_or_404(ReportSubscription, user=user, uuid=subscription_uuid)


def whole_organisation_for(user: Reader, key: str) -> Organisation:
    """An organisation all of which the person administers; else 404. 1 query."""
    if not isinstance(user, User):
        raise Http404
    whole = Membership.objects.filter(
        user_id=user.pk, role=Membership.Role.ADMINISTRATOR, department=None
    )
    found = get_object_or_404(whole.select_related("organisation"), organisation__key=key)
    return found.organisation


def token_opens(token: ReportToken, subject: str, of: str) -> bool:
    """Whether a token is of the organisation whose figures, or whose cohort's, are asked for.

    `subject` is one of `reports.api.subjects.Subject`. 1 query for a cohort.
    """
    if subject == Subject.NATION:
        return token.organisation is None
    if token.organisation is None:
        return False
    if subject == Subject.ORGANISATION:
        return token.organisation.key == of
    return Cohort.objects.filter(organisation=token.organisation, uuid=of).exists()
