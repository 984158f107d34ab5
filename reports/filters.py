"""What a reader can choose in the address of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.columns import Words

MOST_SEARCHED = 100
"""Letters of a search that are looked at."""
EVERYTHING = _("All")


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing that a reader can choose: of `choices` (value, words), or any words if there are
    none. Its value is in the address under `key`; "" is everything."""

    key: str
    title: Words
    choices: Sequence[tuple[str, Words]] | None = None
    everything: Words = EVERYTHING


def choose(filters: Sequence[Filter], query: QueryDict) -> dict[str, str]:
    """What the query string chooses of each filter; "" where nothing, or nothing that there is."""
    chosen = {}
    for each in filters:
        asked = query.get(each.key, "").replace("\0", "").strip()
        if each.choices is None:
            chosen[each.key] = asked[:MOST_SEARCHED]
        else:
            chosen[each.key] = asked if asked in {value for value, _words in each.choices} else ""
    return chosen


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter as a form shows it."""

    key: str
    title: Words
    chosen: str
    choices: Sequence[tuple[str, Words]] | None


def filter_fields(filters: Sequence[Filter], query: QueryDict) -> list[FilterField]:
    """The filters with what is chosen: what templates/reports/_filters.html shows."""
    chosen = choose(filters, query)
    return [
        FilterField(
            each.key,
            each.title,
            chosen[each.key],
            None if each.choices is None else [("", each.everything), *each.choices],
        )
        for each in filters
    ]
