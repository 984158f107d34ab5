"""That somebody changed what learners have: a chain of entries that nobody changes unnoticed."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from grading.models import AuditEntry

FIRST = "0" * 64
LOCK = 0x43574155
"""Number of the advisory lock: entries are made one after another."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """The first entry that does not follow from the one before it."""

    entry: int
    what: str

    def __str__(self) -> str:
        return f"audit entry {self.entry}: {self.what}"


def record(act: str, *, by: User | None, facts: Mapping[str, object]) -> AuditEntry:
    """Write that something was done, in the caller's transaction, which others wait for.

    `facts`, as JSON: ids and numbers, of free text its `digest_of`: nothing that may have to be
    forgotten.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = AuditEntry.objects.order_by("-pk").first()
    entry = AuditEntry(
        previous=last.digest if last else FIRST,
        act=act,
        at=datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds"),
        by=by.pk if by else None,
        facts=dict(facts),
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    return entry


def digest_of(words: str) -> str:
    """What stands in an entry for free text."""
    return hashlib.sha256(words.encode()).hexdigest()


def faults() -> Iterator[AuditFault]:
    """Where the chain breaks: nothing, or the first wrong entry. Reads all of it: not for pages."""
    previous = FIRST
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        if entry.previous != previous:
            yield AuditFault(entry.pk, "an entry before it is missing or was changed")
            return
        if entry.digest != _digest(entry):
            yield AuditFault(entry.pk, "it was changed")
            return
        previous = entry.digest


def _digest(entry: AuditEntry) -> str:
    said = {"act": entry.act, "at": entry.at, "by": entry.by, "facts": entry.facts}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{entry.previous}{canonical}".encode()).hexdigest()
