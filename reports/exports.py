"""Exports: a report table as a file, at once where it is short, else by the clerk.

waiting → writing (`take`) → ready, refused or failed. The row is the job: whoever writes it holds
a lease, which each chunk of rows prolongs, and changes nothing once the lease is another's. A
clerk that dies costs an attempt; at `MOST_ATTEMPTS` the export fails.
"""

from __future__ import annotations

import datetime
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.http import Http404, QueryDict
from django.utils import timezone, translation

from accounts.models import User
from courses.types import CHINA
from reports.access import export_for, reach_of
from reports.models import ReportExport, ReportExportPart
from reports.registry import exported
from reports.tables import Table
from reports.writers import CONTENT_TYPES, write

State = ReportExport.State

MOST_ROWS_AT_ONCE = 5_000
"""A longer table is written by the clerk."""
KEPT = datetime.timedelta(hours=24)
LEASE = datetime.timedelta(seconds=60)
"""How long a clerk may be silent before another takes its export. A chunk takes far less."""
MOST_ATTEMPTS = 3
MOST_UNFINISHED = 3
"""Exports of one person that may wait at a time."""
PART_BYTES = 1024 * 1024

logger = structlog.get_logger(__name__)


class TooMany(Exception):
    """A person has `MOST_UNFINISHED` exports waiting already."""


class LeaseLost(Exception):
    """Another clerk has taken the export over."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that is ready to be sent."""

    name: str
    content_type: str
    content: IO[bytes]
    """Open, at its beginning; whoever sends it closes it."""


def file_name(table: Table, form: str) -> str:
    """`provinces-2026-11-24.csv`."""
    return f"{table.key}-{table.as_of.astimezone(CHINA):%Y-%m-%d}.{form}"


def file_of(table: Table, query: QueryDict, form: str) -> ExportedFile:
    """The whole table in a format of `reports.tables.FORMATS`, on disk while it is open."""
    content = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        write(table, query, form, content, lambda _done: None)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return ExportedFile(file_name(table, form), CONTENT_TYPES[form], content)


def _with_reach(user: User, query: QueryDict) -> QueryDict:
    """The query with how far its owner sees, as a word that no report asks for."""
    known = query.copy()
    known["reach"] = reach_of(user, query.get("of", "").replace("\0", ""))
    return known


@transaction.atomic
def ask_for(*, user: User, table: Table, query: QueryDict, form: str) -> ReportExport:
    """The row of an export for the clerk to write; the one that waits already if it is the same.

    Raises `TooMany`.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two clicks are two requests
    asked = _with_reach(user, query).urlencode()
    unfinished = ReportExport.objects.filter(user=user, state__in=ReportExport.UNFINISHED)
    same = unfinished.filter(report=table.key, query=asked, form=form).first()
    if same is not None:
        return same
    if unfinished.count() >= MOST_UNFINISHED:
        raise TooMany
    return ReportExport.objects.create(
        user=user,
        report=table.key,
        title=str(table.title)[:200],
        query=asked,
        form=form,
        language=translation.get_language() or "en",
        total=table.count(),
        expires_at=timezone.now() + KEPT,
    )


def write_waiting() -> int:
    """Write one export after another until none waits; answers how many. Deletes what has ended."""
    ReportExport.objects.filter(expires_at__lt=Now()).delete()
    written = 0
    while (export := take()) is not None:
        with translation.override(export.language):
            _write(export)
        written += 1
    return written


def take() -> ReportExport | None:
    """The oldest export that nobody writes, under a lease of ours; None when there is none."""
    free = Q(state=State.WAITING) | Q(state=State.WRITING, lease_until__lt=Now())
    # Uses index: report_export_unfinished.
    unfinished = ReportExport.objects.filter(free, state__in=ReportExport.UNFINISHED)
    unfinished.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED, lease_token=None, finished_at=Now()
    )
    for export in unfinished.order_by("created_at", "pk")[:MOST_UNFINISHED]:
        token = uuid.uuid4()
        # Of two clerks that look at once, one finds the row as it was.
        taken = unfinished.filter(pk=export.pk, lease_token=export.lease_token).update(
            state=State.WRITING,
            lease_token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            done=0,
        )
        if taken:
            export.lease_token = token
            return export
    return None


def _held(export: ReportExport) -> Q:
    return Q(pk=export.pk, lease_token=export.lease_token, state=State.WRITING)


def _write(export: ReportExport) -> None:
    """Build the table anew, as its owner may see it now, and write it."""

    def said(done: int) -> None:
        lease = ReportExport.objects.filter(_held(export))
        if not lease.update(done=done, lease_until=Now() + LEASE):
            raise LeaseLost

    query = QueryDict(export.query)
    try:
        table = exported(export.user, export.report, query)
        with tempfile.TemporaryFile() as file:
            total = write(table, query, export.form, file, said)
            _keep(export, file, file_name(table, export.form), total)
    except Http404:
        _end(export, State.REFUSED)
    except LeaseLost:
        logger.warning("export_lease_lost", export=str(export.uuid))
    except Exception:
        logger.exception("export_failed", export=str(export.uuid), report=export.report)
        _end(export, State.FAILED)


@transaction.atomic
def _keep(export: ReportExport, file: IO[bytes], name: str, total: int) -> None:
    """The whole file becomes visible at once. Raises `LeaseLost`."""
    size = file.tell()
    now = timezone.now()
    ready = ReportExport.objects.filter(_held(export)).update(
        state=State.READY,
        total=total,
        done=total,
        size=size,
        file_name=name,
        lease_token=None,
        finished_at=now,
        expires_at=now + KEPT,
    )
    if not ready:
        raise LeaseLost
    file.seek(0)
    number = 0
    while content := file.read(PART_BYTES):
        ReportExportPart.objects.create(export=export, number=number, content=content)
        number += 1


def _end(export: ReportExport, state: State) -> None:
    held = ReportExport.objects.filter(_held(export))
    held.update(state=state, lease_token=None, finished_at=Now())


def ready_export_for(user: User, export_uuid: uuid.UUID) -> ReportExport:
    """An export whose file is ready, if its owner may still see all that is in it; else 404."""
    export = export_for(user, export_uuid)
    if export.state != State.READY:
        raise Http404
    query = QueryDict(export.query)
    exported(user, export.report, query)
    if _with_reach(user, query) != query:
        raise Http404
    return export


def content_of(export: ReportExport) -> Iterator[bytes]:
    """The bytes of a file that is ready, a mebibyte at a time: a query for each."""
    number = 0
    parts = ReportExportPart.objects.filter(export=export).values_list("content", flat=True)
    while (content := parts.filter(number=number).first()) is not None:
        yield bytes(content)
        number += 1
