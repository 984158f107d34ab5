"""The work of a roster upload: read and compared, then applied, each batch a transaction.

waiting → reading → ready → applying → done; refused, where nothing of it is taken; failed. The
row is the job: whoever works on it holds a lease, which each batch prolongs, and writes nothing
once the lease is another's. The end of the lease is its token as well: no two are alike. What a
killed worker had begun is found again: reading begins anew, applying goes on after the last
batch.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import structlog
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership, RosterRow, RosterUpload
from courses.types import NoSeats
from organisations.access import Scope
from organisations.rosters import applying
from organisations.rosters.comparing import Comparison
from organisations.rosters.reading import read
from organisations.rosters.seats import check_seats
from organisations.rosters.types import FileRefused, Roster

State = RosterUpload.State
Effect = RosterRow.Effect

BATCH = 2000
LEASE = datetime.timedelta(seconds=60)
"""How long a worker may be silent: several times as long as a file is read or a batch applied."""
LONGEST_READING = datetime.timedelta(minutes=15)
"""After the upload: a file that is being read so late has killed its workers."""
KEPT = datetime.timedelta(days=90)
"""How long the rows of an upload are kept once it is over; what it did stays for ever."""

Item = TypeVar("Item")

logger = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the upload over."""


@dataclass(slots=True)
class Held:
    """An upload under a lease of ours."""

    upload: RosterUpload

    @contextmanager
    def batch(self) -> Iterator[None]:
        """A transaction that holds the row and prolongs the lease. Raises `LeaseLost`."""
        upload, before = self.upload, self.upload.lease_until
        try:
            with transaction.atomic():
                mine = RosterUpload.objects.select_for_update().filter(
                    pk=upload.pk, state=upload.state, lease_until=before
                )
                if not mine.exists():
                    raise LeaseLost  # noqa: TRY301  # it goes the way of every other failure
                upload.lease_until = timezone.now() + LEASE
                upload.save(update_fields=["lease_until"])
                yield
        except BaseException:
            upload.lease_until = before  # as the database has it again
            raise

    def end(self, state: State, message: str = "") -> None:
        """The work is over in this state: forget the file, free the lease."""
        upload = self.upload
        with self.batch():
            upload.state, upload.message, upload.lease_until = state, message[:500], None
            upload.content = b""
            if state != State.READY:
                upload.finished_at = timezone.now()
            upload.save(update_fields=["state", "message", "lease_until", "content", "finished_at"])


def ask_to_apply(upload: RosterUpload) -> bool:
    """Have what is ready applied; False where it is not, or was asked for before."""
    ready = RosterUpload.objects.filter(pk=upload.pk, state=State.READY)
    return bool(ready.update(state=State.APPLYING, done=0, total=applying.to_apply(upload)))


def work(until: Callable[[], bool] = lambda: False) -> int:
    """Work on one upload after another until none waits; how many there were."""
    forget_old_rows()
    worked = 0
    while not until() and (held := take()) is not None:
        _work_on(held)
        worked += 1
    return worked


def take() -> Held | None:
    """The oldest upload on which nobody works, under a lease; None when there is none."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    begun = (State.WAITING, State.READING, State.APPLYING)
    for upload in (
        RosterUpload.objects.filter(free, state__in=begun)
        .select_related("organisation", "uploaded_by")
        .order_by("created_at", "pk")[:5]
    ):
        seen = upload.state, upload.lease_until
        upload.state = State.READING if upload.state == State.WAITING else State(upload.state)
        upload.lease_until = now + LEASE
        # Of two workers that look at once, one finds the row as it was.
        same = RosterUpload.objects.filter(pk=upload.pk, state=seen[0], lease_until=seen[1])
        if not same.update(state=upload.state, lease_until=upload.lease_until):
            continue
        held = Held(upload)
        if seen[0] == State.READING and upload.created_at < now - LONGEST_READING:
            held.end(State.FAILED)
            continue
        return held
    return None


def _work_on(held: Held) -> None:
    upload = held.upload
    reader = upload.uploaded_by
    with translation.override(reader.language if reader is not None else "zh-hans"):
        try:
            if upload.state == State.READING:
                _read(held)
            else:
                _apply(held)
        except FileRefused as refusal:
            held.end(State.REFUSED, str(refusal.words))
        except NoSeats as error:
            held.end(State.REFUSED, no_seats(error, upload))
        except LeaseLost:
            logger.warning("roster_lease_lost", upload=str(upload.uuid))
        except OperationalError:
            raise  # the database is away: the lease ends and somebody takes it up again
        except Exception:
            logger.exception("roster_failed", upload=str(upload.uuid))
            held.end(State.FAILED)


def _read(held: Held) -> None:
    """Read the file, compare it and write what each row will do."""
    upload = held.upload
    scope = _scope(upload)
    roster = read(bytes(upload.content))
    with held.batch():
        upload.rows.all().delete()
        upload.total, upload.done = len(roster.entries), 0
        upload.save(update_fields=["total", "done"])
    comparison = Comparison(upload, scope)
    for entries in batches(roster.entries):
        _keep(held, comparison.rows(entries), len(entries))
    if upload.removes_missing:
        for rows in batches(comparison.missing()):
            _keep(held, rows, 0)
    refused = upload.rows.filter(effect=Effect.REFUSED).count()
    if refused == upload.total:
        raise FileRefused(_("No row of the file can be taken."))
    if refused and not upload.keeps_good_rows:
        raise FileRefused(
            _(
                "%(refused)s of %(total)s rows cannot be taken, and you chose that then none is. "
                "Mend them and upload the file again."
            )
            % {"refused": refused, "total": upload.total}
        )
    check_seats(upload)
    held.end(State.READY, notes(roster))


def _keep(held: Held, rows: Sequence[RosterRow], read_rows: int) -> None:
    with held.batch():
        RosterRow.objects.bulk_create(rows, batch_size=BATCH)
        held.upload.done += read_rows
        held.upload.save(update_fields=["done"])


def _apply(held: Held) -> None:
    """Apply what is left of the rows, in the order of `applying.ORDER`."""
    upload = held.upload
    if upload.done == 0:
        check_seats(upload)
    while True:
        with held.batch():
            applied = applying.apply_next(upload, BATCH)
            if not applied:
                break
            upload.done += applied
            upload.save(update_fields=["done"])
    held.end(State.DONE, upload.message)


def _scope(upload: RosterUpload) -> Scope:
    """What the uploader administers now, which may be less than when they uploaded."""
    role = Membership.objects.filter(
        user=upload.uploaded_by_id,
        organisation=upload.organisation,
        role=Membership.Role.ADMINISTRATOR,
    ).select_related("department")
    membership = role.first()
    if membership is None:
        raise FileRefused(_("Whoever uploaded the file does not administer the organisation."))
    return Scope(upload.organisation, membership.department)


def notes(roster: Roster) -> str:
    """What of the file was not used."""
    said = []
    if roster.unused_columns:
        columns = ", ".join(roster.unused_columns)
        said.append(_("These columns were not used: %(columns)s.") % {"columns": columns})
    if roster.others:
        said.append(
            _("%(count)s people who are no students were left out.") % {"count": roster.others}
        )
    return " ".join(said)


def no_seats(error: NoSeats, upload: RosterUpload) -> str:
    """Why there was no seat, and what that means for the rows."""
    numbers = {"limit": error.limit, "wanted": error.wanted, "done": upload.done}
    if upload.state == State.APPLYING and upload.done:
        return (
            _(
                "There are %(limit)s seats, and %(wanted)s people would need one: others took "
                "seats in the meantime. %(done)s rows had been applied."
            )
            % numbers
        )
    return (
        _(
            "There are %(limit)s seats, and %(wanted)s people would need one. Nothing was changed: "
            "raise the limit, or shorten the list."
        )
        % numbers
    )


def forget_old_rows() -> None:
    """Delete the rows of uploads that were over long ago, one upload at a time."""
    old = RosterUpload.objects.filter(finished_at__lt=timezone.now() - KEPT, rows__isnull=False)
    upload = old.first()
    if upload is not None:
        upload.rows.all().delete()


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
