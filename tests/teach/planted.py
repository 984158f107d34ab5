"""What a workspace may hold besides its files: an arrival, an import, a token, a repository, an
item."""

from __future__ import annotations

from authoring.actions.arrivals import connect_git, receive
from authoring.actions.imports import keep_import
from authoring.bank import fill_bank
from authoring.models import BankItem, Revision
from authoring.queries import draft, files_of
from authoring.tokens import make_token
from tests.teach.workshop import Workshop


def plant(workshop: Workshop) -> dict[str, str]:
    """One of each, and the words by which addresses name them."""
    workspace, editor, head = workshop.workspace, workshop.people["editor"], workshop.head
    arrival = receive(
        workspace=workspace,
        by=editor,
        files=files_of(head),
        base=head.number,
        origin=Revision.Origin.ARCHIVE,
    )
    imported = keep_import(workspace=workspace, by=editor, name="a.zip", files={}, report=[])
    token, _text = make_token(workspace=workspace, user=editor, name="CI", days=1)
    connect_git(workspace=workspace, url="https://git.example.org/a.git", branch="", folder="")
    fill_items(workshop)
    item = BankItem.objects.get(exercise_key="bits")
    return {
        "arrival": str(arrival.uuid),
        "imported": str(imported.uuid),
        "token": str(token.uuid),
        "item": str(item.uuid),
    }


def fill_items(workshop: Workshop) -> None:
    """The bank as if the head had been published from the workspace."""
    head = workshop.head
    head.workspace = workshop.workspace
    ready = draft(head).ready
    assert ready is not None
    fill_bank(workspace=workshop.workspace, revision=head, ready=ready)
