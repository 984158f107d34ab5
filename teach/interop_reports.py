"""Reports of imports and exports as pages show them, and as rows keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.texts import storable
from interop.types import Fate, ItemReport, Reason
from teach.interop_forms import words_of

FATES: tuple[tuple[Fate, str | Promise, str, str], ...] = (
    (Fate.TAKEN, _("taken"), "good", "check"),
    (Fate.LOSS, _("taken with loss"), "warn", "part"),
    (Fate.REFUSED, _("refused"), "bad", "cross"),
)
"""Fate, its name, and the tone and icon of its mark."""


ReadFiles = Callable[[Mapping[str, str]], dict[str, bytes]]
"""A tree (path → digest) → path → contents."""
ROWS = 25
"""Items on a page."""


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
    files: list[tuple[str, str]] = field(default_factory=list)
    """Path and text of each file that it would be written to."""


@dataclass(frozen=True, slots=True)
class Filter:
    """How many items had a fate, and whether only they are shown."""

    fate: str
    name: str | Promise
    count: int
    is_current: bool


def as_json(items: Sequence[ItemReport]) -> list[dict[str, Any]]:
    """A report as a row keeps it: without what no database can hold."""
    report = [
        {
            "where": item.where,
            "title": item.title,
            "fate": item.fate.value,
            "path": item.path,
            "said": [{"code": one.code, "text": dict(one.text)} for one in item.said],
        }
        for item in items
    ]
    kept: list[dict[str, Any]] = storable(report)
    return kept


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


def report_context(items: Sequence[ItemReport], query: QueryDict) -> dict[str, Any]:
    """The context of templates/teach/interop/parts/report.html. Of the address: `fate` is shown
    alone, all without it; `page`."""
    fate = query.get("fate", "")
    known = {one.value for one, *_ in FATES}
    shown = [item for item in items if fate not in known or item.fate.value == fate]
    filters = [Filter("", _("all"), len(items), fate not in known)]
    for one, name, _tone, _icon in FATES:
        count = sum(item.fate is one for item in items)
        filters.append(Filter(one.value, name, count, fate == one.value))
    page = Paginator([_row(item) for item in shown], ROWS).get_page(query.get("page"))
    return {"page": page, "filters": filters}


def add_files(page: Page[Row], tree: Mapping[str, str], read: ReadFiles) -> None:
    """Put into the rows of a page the files that each would be written to. 1 query."""
    of_row = {row.path: paths_of(row.path, tree) for row in page if row.path}
    wanted = {path: tree[path] for paths in of_row.values() for path in paths}
    files = read(wanted)
    for row in page:
        for path in of_row.get(row.path, ()):
            row.files.append((path, files[path].decode(errors="replace")))


def paths_of(place: str, tree: Mapping[str, str]) -> list[str]:
    """The files of an exercise's folder, or the texts of a lesson."""
    below = sorted(path for path in tree if path.startswith(f"{place}/"))
    return below if "/" in place else [path for path in below if path.count("/") == 1]


def _row(item: ItemReport) -> Row:
    marks = {one: (name, tone, icon) for one, name, tone, icon in FATES}
    said = [words_of(reason.text) for reason in item.said]
    return Row(item.where, item.title, item.fate.value, *marks[item.fate], said, item.path)
