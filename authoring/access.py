"""The only door to workspaces: takes the person, and raises 404 to strangers."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership, Organisation, User
from authoring.models import Revision, Workspace, WorkspaceMember
from authoring.queries import revision_at

Role = WorkspaceMember.Role
EVERY_ROLE = (Role.AUTHOR, Role.EDITOR, Role.REVIEWER)
WRITING_ROLES = (Role.AUTHOR, Role.EDITOR)
TEACHING_ROLES = (Membership.Role.INSTRUCTOR, Membership.Role.ADMINISTRATOR)


def workspace_for(
    user: User | AnonymousUser, course_key: str, *roles: WorkspaceMember.Role
) -> Workspace:
    """A workspace in which the person has one of these roles (none named: any); else 404.

    Who is no longer of the workspace's organisation is a stranger. 1 query. Loaded: organisation,
    head. `role` on it is the person's role.
    """
    if not isinstance(user, User):
        raise Http404
    own = _places(user).filter(role__in=roles or EVERY_ROLE)
    loaded = ("workspace__organisation", "workspace__head")
    found = get_object_or_404(own.select_related(*loaded), workspace__course_key=course_key)
    workspace = found.workspace
    workspace.role = found.role
    if workspace.head is not None:
        workspace.head.workspace = workspace
    return workspace


def workspaces_for(user: User) -> QuerySet[WorkspaceMember]:
    """The person's places in workspaces, by key of the course. No query until it is read."""
    loaded = ("workspace__organisation", "workspace__head__by")
    return _places(user).select_related(*loaded).order_by("workspace__course_key")


def organisations_to_write_for(user: User) -> QuerySet[Organisation]:
    """The verified organisations for which the person may begin a course: those in which they
    teach or which they administer. No query until it is read."""
    teaches = Membership.objects.filter(
        user_id=user.pk, organisation=OuterRef("pk"), role__in=TEACHING_ROLES
    )
    return Organisation.objects.filter(Exists(teaches), verified_at__isnull=False)


def may_teach(user: User) -> bool:
    """Whether the pages for teachers have something for the person. At most 2 queries."""
    return organisations_to_write_for(user).exists() or _places(user).exists()


def member_in(workspace: Workspace, member_pk: int) -> WorkspaceMember:
    """A member of a workspace by the number of their place; else 404. 1 query."""
    members = workspace.members.select_related("user", "workspace")
    return get_object_or_404(members, pk=member_pk)


def revision_in(workspace: Workspace, number: int) -> Revision:
    """A revision of a workspace by its number; else 404. 1 query."""
    found = revision_at(workspace, number)
    if found is None:
        raise Http404
    return found


def _places(user: User) -> QuerySet[WorkspaceMember]:
    """Where the person is a member, as long as they belong to the organisation too."""
    belongs = Membership.objects.filter(
        user_id=user.pk, organisation=OuterRef("workspace__organisation")
    )
    return WorkspaceMember.objects.filter(Exists(belongs), user_id=user.pk)
