"""Applying the rows of an upload, so many at a time, in an order that never changes."""

from __future__ import annotations

from accounts.actions import mail_places
from accounts.models import Invitation, RosterRow, RosterUpload
from courses.actions import change_places, invite, withdraw_places
from courses.types import Place, PlaceChange

Effect = RosterRow.Effect

ORDER = (Effect.REMOVED, Effect.CHANGED, Effect.ADDED)
"""Who leaves makes room for who comes."""


def to_apply(upload: RosterUpload) -> int:
    """How many rows do something. 1 query."""
    return upload.rows.filter(effect__in=ORDER).count()


def apply_next(upload: RosterUpload, most: int) -> int:
    """Apply the next rows after the first `upload.done` of them; how many, 0 when none is left.

    Twice is once: a place that is kept already is not kept twice, and so on. Raises `NoSeats`.
    """
    before = upload.done
    for effect in ORDER:
        # Uses index: roster_row_page.
        rows = upload.rows.filter(effect=effect).order_by("number", "pk")
        count = rows.count()
        if before < count:
            batch = list(rows[before : before + most])
            _apply(upload, effect, batch)
            return len(batch)
        before -= count
    return 0


def _apply(upload: RosterUpload, effect: Effect, rows: list[RosterRow]) -> None:
    organisation = upload.organisation
    by_email = {row.email: row for row in rows}
    places = Invitation.objects.filter(
        organisation=organisation, withdrawn_at=None, email__in=by_email
    )
    if effect == Effect.REMOVED:
        pks = list(places.values_list("pk", flat=True))
        withdraw_places(organisation=organisation, invitation_ids=pks)
    elif effect == Effect.CHANGED:
        found = [(pk, by_email[email]) for pk, email in places.values_list("pk", "email")]
        changes = [PlaceChange(pk, row.name, row.external_id, row.cohort_id) for pk, row in found]
        change_places(organisation=organisation, changes=changes)
    else:
        wanted = [Place(row.email, row.name, row.external_id, row.cohort_id) for row in rows]
        invite(organisation=organisation, places=wanted, by=upload.uploaded_by)
        if upload.sends_mail:
            pks = list(places.values_list("pk", flat=True))
            mail_places(organisation=organisation, invitation_ids=pks)
