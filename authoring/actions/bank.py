"""The item bank: sharing, and copying into a lesson."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User
from authoring.actions.files import write_files
from authoring.bank_copies import copy_exercise
from authoring.models import BankItem, BankSharing, BankUse, Workspace
from authoring.trees import files_in


@transaction.atomic
def copy_item(*, item: BankItem, workspace: Workspace, by: User, lesson: str) -> str:
    """Copy an item into a lesson of a workspace; the key that it has there.

    Effects, in order: a revision with the exercise, whose `origin` names the item, and with what it
    needs of its course; the use. Raises `NoSuchPart` and what `write_files` raises. Loaded: the
    item's workspace and revision, the workspace's head.
    """
    head = workspace.head
    assert head is not None, "a workspace has a first revision"
    source = files_in(item.revision.tree)
    files = files_in(head.tree)
    key, changes = copy_exercise(files, lesson, source, item.folder, item.reference)
    write_files(
        workspace=workspace, by=by, changes=changes, base=head.number, message=f"+ {item.reference}"
    )
    BankUse.objects.get_or_create(item=item, workspace=workspace, defaults={"by": by})
    return key


def share_items(*, organisation: Organisation, by: User, shares: bool) -> None:
    """Let everybody who writes courses find an organisation's exercises, or only its own people."""
    if shares:
        BankSharing.objects.get_or_create(organisation=organisation, defaults={"by": by})
    else:
        BankSharing.objects.filter(organisation=organisation).delete()
