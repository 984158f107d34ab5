"""Who writes in a workspace."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership, User
from authoring.models import Workspace, WorkspaceMember
from authoring.types import LastEditor, NotAMember

EDITOR = WorkspaceMember.Role.EDITOR


@transaction.atomic
def invite_member(*, workspace: Workspace, email: str, role: str) -> WorkspaceMember:
    """Let a person of the workspace's organisation in, or give them another role.

    Raises `NotAMember` when nobody of the organisation has signed up with this address,
    `LastEditor` when nobody else edits.
    """
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    own = Membership.objects.filter(user=person, organisation=workspace.organisation_id)
    if person is None or not own.exists():
        raise NotAMember(email)
    _lock(workspace)
    member, _ = WorkspaceMember.objects.get_or_create(
        workspace=workspace, user=person, defaults={"role": role}
    )
    return _with_role(member, role)


@transaction.atomic
def set_member_role(*, member: WorkspaceMember, role: str) -> WorkspaceMember:
    """Give a member another role. Raises `LastEditor`."""
    _lock(member.workspace)
    return _with_role(member, role)


@transaction.atomic
def remove_member(*, member: WorkspaceMember) -> None:
    """Let a member go; what they wrote stays. Raises `LastEditor`."""
    _lock(member.workspace)
    _keep_an_editor(member)
    member.delete()


def _with_role(member: WorkspaceMember, role: str) -> WorkspaceMember:
    if role != EDITOR:
        _keep_an_editor(member)
    if member.role != role:
        member.role = role
        member.save(update_fields=["role"])
    return member


def _lock(workspace: Workspace) -> None:
    """Two editors cannot let each other go at once."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)


def _keep_an_editor(member: WorkspaceMember) -> None:
    if member.role != EDITOR:
        return
    others = WorkspaceMember.objects.filter(workspace=member.workspace_id, role=EDITOR)
    if not others.exclude(pk=member.pk).exists():
        raise LastEditor
