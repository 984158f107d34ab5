"""The only door to an upload: who administers the whole organisation, and who uploaded it."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import RosterUpload, User
from organisations.access import Scope


def uploads_in(scope: Scope, user: User) -> QuerySet[RosterUpload]:
    """Without their files. Who administers a department has only their own: others name people
    of other departments."""
    uploads = RosterUpload.objects.filter(organisation=scope.organisation).defer("content")
    return uploads if scope.is_whole else uploads.filter(uploaded_by=user)


def upload_in(scope: Scope, user: User, upload_uuid: uuid.UUID) -> RosterUpload:
    """With its cohort and who uploaded it; else 404. 1 query."""
    uploads = uploads_in(scope, user).select_related("cohort", "uploaded_by")
    return get_object_or_404(uploads, uuid=upload_uuid)
