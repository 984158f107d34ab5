"""What stands in a report table: columns, the kinds of their values, and how values are shown."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.types import CHINA

Words = str | Promise
"""A text in the reader's language, translated when it is shown."""
DASH = "—"
FEW_PEOPLE = _("Nobody, or fewer people than may be shown")


class Kind(StrEnum):
    """What the values of a column are, which decides how they are shown, sorted and exported."""

    TEXT = "text"
    """str, in the reader's language."""
    NUMBER = "number"
    """int: a count."""
    DECIMAL = "decimal"
    """float: points, an average; shown with one digit."""
    PERCENT = "percent"
    """float: a share of one. 0.25 is shown as 25.0 % and exported as 0.25."""
    DATE = "date"
    """datetime.date, or an aware datetime, of which the day in China is taken."""
    DAYS = "days"
    """int or float: a length of time in days."""

    @property
    def is_numeric(self) -> bool:
        return self in {Kind.NUMBER, Kind.DECIMAL, Kind.PERCENT, Kind.DAYS}


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A figure that is not shown, and why. It carries no value: nothing downstream can leak one."""

    reason: Words = FEW_PEOPLE


Value = str | int | float | datetime.date | None | Suppressed
"""None is a figure that there is not (nobody has come so far): a dash without a reason."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """How a cell is set apart on the page: never by its look alone.

    One constant for each look: cells of one value and one mark are written once.
    """

    name: str
    """A class of the cell, which static/css knows."""
    words: Words = ""
    """The same for who cannot see it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` names it in the address (`?sort=-people`) and in files."""

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    definition: Words = ""
    """What the figure means, shown on hover and focus and written into exports."""
    value: Callable[[Any], Value | Promise] | None = None
    """The value of a row; by default `row[key]`, or the attribute of that name."""
    link: Callable[[Any], str] | None = None
    """The address that a row's value leads to; "" for none."""
    order: str = ""
    """Of tables whose rows are a QuerySet: the field or annotation to sort by; "" is not sortable.

    Columns of tables whose rows are a list are all sorted, by their values or their ranks.
    """
    rank: Callable[[Any], Any] | None = None
    """Of tables whose rows are a list: what a row is sorted by before it is loaded, None for last;
    by default its value."""
    group: Words = ""
    """The head that it shares with the columns beside it."""
    mark: Callable[[Any], Mark | None] | None = None
    choice: Callable[[Any], str] | None = None
    """The value of a box to tick before a row's value: the page has a form around the table."""
    on_page: bool = True
    """False: only in files."""

    def of(self, row: Any) -> Value:
        """The value of a row, as its kind promises."""
        found: Value | Promise
        if self.value is not None:
            found = self.value(row)
        elif isinstance(row, Mapping):
            found = row[self.key]
        else:
            found = getattr(row, self.key)
        if isinstance(found, datetime.datetime):
            return found.astimezone(CHINA).date()
        return str(found) if isinstance(found, Promise) else found


def shown(kind: Kind, value: str | float | datetime.date | None) -> str:
    """A value as text for people: 12,345 · 12.5 % · 2026-11-24 · 3 days; a dash for None."""
    if value is None or value == "":
        return DASH
    if isinstance(value, str | datetime.date):
        return str(value)
    if kind is Kind.PERCENT:
        return gettext("%(percent)s %%") % {"percent": f"{100 * value:,.1f}"}
    if kind is Kind.DECIMAL:
        return f"{value:,.1f}"
    number = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    if kind is Kind.DAYS:
        words = ngettext("%(number)s day", "%(number)s days", 1 if value == 1 else 2)
        return words % {"number": number}
    return number
