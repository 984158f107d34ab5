"""The only door to workspaces: takes the person, and raises 404 to strangers."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from authoring.models import Workspace, WorkspaceMember

Role = WorkspaceMember.Role
EVERY_ROLE = (Role.AUTHOR, Role.EDITOR, Role.REVIEWER)
WRITING_ROLES = (Role.AUTHOR, Role.EDITOR)


def workspace_for(
    user: User | AnonymousUser, course_key: str, *roles: WorkspaceMember.Role
) -> Workspace:
    """A workspace in which the person has one of these roles (none named: any); else 404.

    1 query. Loaded: organisation, head. `role` on it is the person's role.
    """
    if not isinstance(user, User):
        raise Http404
    own = WorkspaceMember.objects.filter(user_id=user.pk, role__in=roles or EVERY_ROLE)
    loaded = ("workspace__organisation", "workspace__head")
    found = get_object_or_404(own.select_related(*loaded), workspace__course_key=course_key)
    found.workspace.role = found.role  # type: ignore[attr-defined]  # said above
    return found.workspace


def workspaces_for(user: User) -> QuerySet[WorkspaceMember]:
    """The person's places in workspaces, by title of the course. No query until it is read."""
    own = WorkspaceMember.objects.filter(user=user)
    return own.select_related("workspace__organisation").order_by("workspace__course_key")
