"""Reports of imports and exports as pages show them, and as rows keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interop.types import Fate, ItemReport, Reason
from teach.interop_forms import words_of

FATES: tuple[tuple[Fate, str | Promise, str, str], ...] = (
    (Fate.TAKEN, _("taken"), "good", "check"),
    (Fate.LOSS, _("taken with loss"), "warn", "part"),
    (Fate.REFUSED, _("refused"), "bad", "cross"),
)
"""Fate, its name, and the tone and icon of its mark."""


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a report."""

    where: str
    title: str
    fate: str
    name: str | Promise
    tone: str
    icon: str
    said: list[str]
    path: str


@dataclass(frozen=True, slots=True)
class Filter:
    """How many items had a fate, and whether only they are shown."""

    fate: str
    name: str | Promise
    count: int
    is_current: bool


def as_json(items: Sequence[ItemReport]) -> list[dict[str, Any]]:
    """A report as a row keeps it."""
    return [
        {
            "where": item.where,
            "title": item.title,
            "fate": item.fate.value,
            "path": item.path,
            "said": [{"code": one.code, "text": dict(one.text)} for one in item.said],
        }
        for item in items
    ]


def from_json(report: Sequence[Mapping[str, Any]]) -> list[ItemReport]:
    """A kept report."""
    return [
        ItemReport(
            where=item["where"],
            title=item["title"],
            fate=Fate(item["fate"]),
            said=tuple(Reason(one["code"], one["text"]) for one in item["said"]),
            path=item["path"],
        )
        for item in report
    ]


def report_context(items: Sequence[ItemReport], fate: str) -> dict[str, Any]:
    """The context of templates/teach/interop/parts/report.html. `fate`: shown alone; '' for all."""
    marks = {one: (name, tone, icon) for one, name, tone, icon in FATES}
    known = {one.value for one in marks}
    shown = [item for item in items if fate not in known or item.fate.value == fate]
    filters = [Filter("", _("all"), len(items), fate not in known)]
    for one, name, _tone, _icon in FATES:
        count = sum(item.fate is one for item in items)
        filters.append(Filter(one.value, name, count, fate == one.value))
    rows = [
        Row(
            item.where,
            item.title,
            item.fate.value,
            *marks[item.fate],
            [words_of(reason.text) for reason in item.said],
            item.path,
        )
        for item in shown
    ]
    return {"rows": rows, "filters": filters}
