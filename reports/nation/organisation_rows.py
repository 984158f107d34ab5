"""The rows of the nation's table of organisations: counted anew at most once a minute.

There are thousands of them, of which a page shows fifty. The table says when they were counted.
"""

from __future__ import annotations

import datetime
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Organisation, Province
from reports.queries.nation import ProgrammeName, Scope
from reports.queries.nation_organisations import organisation_counts
from reports.tables import Suppressed

Row = dict[str, Any]
KEPT_SECONDS = 60.0
MOST_KEPT = 16
"""Scopes and languages that a process keeps, the last used: about 2 MB for the whole nation."""


class Counted(NamedTuple):
    """Rows to be read, never written to, and when they were counted."""

    rows: Sequence[Row]
    at: datetime.datetime
    until: float


_kept: OrderedDict[tuple[Any, ...], Counted] = OrderedDict()


def organisation_rows(scope: Scope, names: Sequence[ProgrammeName]) -> Counted:
    """Every verified organisation of a scope as a row, at most a minute old. 4 queries, or none."""
    key = (scope, tuple(name.pk for name in names), get_language())
    found = _kept.pop(key, None)
    if found is None or found.until < time.monotonic():
        now = timezone.now()
        found = Counted(_rows(scope, names), now, time.monotonic() + KEPT_SECONDS)
    _kept[key] = found
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found


def forget_rows() -> None:
    """Count anew the next time."""
    _kept.clear()


def _rows(scope: Scope, names: Sequence[ProgrammeName]) -> list[Row]:
    kinds = {value: str(label) for value, label in Organisation.Kind.choices}
    provinces = {code: str(label) for code, label in Province.choices}
    return [
        {
            "key": row.key,
            "name": row.name,
            "kind": kinds[row.kind],
            "province": provinces[row.province],
            "enrolled": row.enrolled or Suppressed(),
            "qualified": row.qualified or Suppressed(),
        }
        for row in organisation_counts(scope, names)
    ]
