"""The list of a course's exercises with their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analysis.queries import ExerciseRow, course_statistics
from analysis.types import Flag
from courses.models import Course
from exercises.registry import KINDS

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. `of` gives what a row is sorted by; None comes last."""

    key: str
    title: Words
    of: Callable[[ExerciseRow], float | None]
    definition: Words


def _discrimination(row: ExerciseRow) -> float | None:
    found = row.figures.discrimination
    return None if found is None else found.value


COLUMNS = (
    Column(
        "learners",
        _("Learners"),
        lambda row: row.figures.learners,
        _("Whose first try at the exercise has been graded."),
    ),
    Column(
        "facility",
        _("Facility"),
        lambda row: row.figures.facility,
        _("Mean score of the first tries, in percent."),
    ),
    Column(
        "discrimination",
        _("Discrimination"),
        _discrimination,
        _(
            "Correlation of the first try with the score at the other exercises, from -1 to 1. "
            "Above 0.2 is good; below 0 the strong do worse than the weak."
        ),
    ),
    Column("tries", _("Tries"), lambda row: row.figures.tries_each, _("On average, of a learner.")),
    Column(
        "time",
        _("Time"),
        lambda row: row.figures.seconds,
        _("Median from the last hand-in elsewhere in the course to the first try."),
    ),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: a link that sorts by it."""

    key: str
    title: Words
    definition: Words
    url: str
    sorted: str
    """The value of aria-sort, or ""."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as templates/reports/_filters.html shows it."""

    key: str
    title: Words
    chosen: str
    choices: Sequence[tuple[str, Words]]


def listing(course: Course, query: QueryDict) -> dict[str, Any]:
    """Rows, heads and filters of the list. 3 queries."""
    every = course_statistics(course)
    filters = _filters(every, query)
    chosen = {each.key: each.chosen for each in filters}
    rows = [row for row in every if _fits(row, chosen)]
    column, falls = _order(query)
    return {
        "rows": _sorted(rows, column, falls=falls),
        "heads": [_head(each, query, column, falls=falls) for each in COLUMNS],
        "by_flags": column is None,
        "by_flags_url": _without_sort(query),
        "lessons": [
            {"key": key, "title": title}
            for key, title in {row.lesson_key: row.lesson for row in every}.items()
        ],
        "filters": filters,
        "kept": [(key, query[key]) for key in ("sort",) if key in query],
        "is_filtered": any(chosen.values()),
        "answered": any(row.figures.tries for row in every),
        "flagged": sum(bool(row.flags) for row in every),
        "total": len(every),
    }


def _filters(rows: Sequence[ExerciseRow], query: QueryDict) -> list[Choice]:
    language = get_language() or "en"
    lessons = {row.lesson_key: row.lesson.get(language) or row.lesson["en"] for row in rows}
    kinds = [kind for kind in KINDS if any(row.version.kind == kind for row in rows)]
    return [
        choice("lesson", _("Lesson"), list(lessons.items()), query),
        choice("kind", _("Kind"), [(kind, KIND_NAMES[kind]) for kind in kinds], query),
        choice("flag", _("What to look at"), [("any", _("Anything")), *Flag.choices], query),
    ]


def choice(
    key: str, title: Words, choices: Sequence[tuple[str, Words]], query: QueryDict
) -> Choice:
    """A filter, with what the address chooses of it: nothing of what is not there."""
    asked = query.get(key, "")
    known = asked if asked in {value for value, _words in choices} else ""
    return Choice(key, title, known, [("", _("All")), *choices])


KIND_NAMES: Mapping[str, Words] = {
    "choice": _("one of several"),
    "choices": _("several of several"),
    "numeric": _("a number"),
    "text": _("a word"),
    "order": _("an order"),
    "match": _("a matching"),
    "cloze": _("gaps"),
    "program": _("a program"),
    "contract": _("a contract"),
}


def _fits(row: ExerciseRow, chosen: Mapping[str, str]) -> bool:
    flags = {one.flag.value for one in row.flags}
    return (
        chosen["lesson"] in ("", row.lesson_key)
        and chosen["kind"] in ("", row.version.kind)
        and (chosen["flag"] in {"", *flags} or (chosen["flag"] == "any" and bool(flags)))
    )


def _order(query: QueryDict) -> tuple[Column | None, bool]:
    asked = query.get("sort", "")
    found = [column for column in COLUMNS if column.key == asked.removeprefix("-")]
    return (found[0] if found else None), asked.startswith("-")


def _sorted(
    rows: Sequence[ExerciseRow], column: Column | None, *, falls: bool
) -> list[ExerciseRow]:
    """By a column; else what is flagged first, the most urgent before the others."""
    if column is None:
        urgency = list(Flag)
        return sorted(
            rows,
            key=lambda row: (
                min((urgency.index(one.flag) for one in row.flags), default=len(urgency)),
                row.place,
            ),
        )
    known = [(value, row) for row in rows if (value := column.of(row)) is not None]
    missing = [row for row in rows if column.of(row) is None]
    known.sort(key=lambda one: (-one[0] if falls else one[0], one[1].place))
    return [row for _value, row in known] + missing


def _without_sort(query: QueryDict) -> str:
    asked = query.copy()
    asked.pop("sort", None)
    return f"?{asked.urlencode()}"


def _head(column: Column, query: QueryDict, by: Column | None, *, falls: bool) -> Head:
    asked = query.copy()
    is_by = column is by
    asked["sort"] = column.key if not is_by or falls else f"-{column.key}"
    direction = ("descending" if falls else "ascending") if is_by else ""
    return Head(column.key, column.title, column.definition, f"?{asked.urlencode()}", direction)
