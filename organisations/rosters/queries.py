"""What the pages of rosters show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import RosterRow, RosterUpload, User
from organisations.access import Scope
from organisations.rosters.access import uploads_in

State = RosterUpload.State
Effect = RosterRow.Effect

ROWS_ON_A_PAGE = 50
UPLOADS_ON_A_PAGE = 20
UNFINISHED = (State.WAITING, State.READING, State.APPLYING)
SHOWN_FIRST = (Effect.REFUSED, Effect.ADDED, Effect.CHANGED, Effect.REMOVED, Effect.SAME)
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("name"),
    "external_id": gettext_lazy("number"),
    "cohort": gettext_lazy("cohort"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows of an upload have one effect."""

    effect: str
    title: Promise | str
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one field of a place."""

    field: Promise | str
    before: str
    after: str


def uploads_page(scope: Scope, user: User, number: str | None) -> Page[RosterUpload]:
    """The history, the latest first. 2 queries."""
    uploads = uploads_in(scope, user).select_related("uploaded_by").order_by("-created_at", "-pk")
    return Paginator(uploads, UPLOADS_ON_A_PAGE).get_page(number)


def is_unfinished(upload: RosterUpload) -> bool:
    return upload.state in UNFINISHED


def percent(upload: RosterUpload) -> int:
    return upload.done * 100 // upload.total if upload.total else 0


def outcomes(upload: RosterUpload, wanted: str | None) -> list[Outcome]:
    """How many rows have which effect, and which of them the page shows. 1 query."""
    counted = upload.rows.values_list("effect").annotate(Count("pk"))
    counts = dict(counted.order_by("effect"))
    present = [effect for effect in SHOWN_FIRST if counts.get(effect)]
    shown = wanted if wanted in present else next(iter(present), None)
    return [
        Outcome(effect, effect.label, counts.get(effect, 0), effect == shown)
        for effect in SHOWN_FIRST
    ]


def rows_page(upload: RosterUpload, effect: str, number: str | None) -> Page[RosterRow]:
    """Rows of one effect in the order of the file. 2 queries. Uses index: roster_row_page."""
    rows = upload.rows.filter(effect=effect).select_related("cohort").order_by("number", "pk")
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(number)


def reason_of(row: RosterRow) -> str:
    """Why the row was refused, in the reader's language."""
    words: dict[str, str] = row.said.get("reason", {})
    return words.get(get_language() or "", "") or words.get("en", "")


def changes_of(row: RosterRow) -> list[Change]:
    return [Change(title, *row.said[field]) for field, title in FIELDS.items() if field in row.said]


def refused_lines(upload: RosterUpload) -> Iterator[str]:
    """The refused rows as CSV, as the file had them, to be mended and uploaded. 1 query.

    With the mark that makes Excel read UTF-8. Cells that a spreadsheet would run are quoted.
    """
    yield "\ufeff" + _line([_("row"), _("reason"), "email", "name", "number", "cohort"])
    rows = upload.rows.filter(effect=Effect.REFUSED).order_by("number", "pk")
    for row in rows.iterator(chunk_size=2000):
        said: dict[str, Any] = row.said
        cells = (reason_of(row), row.email, row.name, row.external_id, said.get("cohort", ""))
        yield _line([str(row.number), *map(_harmless, cells)])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _line(cells: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()
