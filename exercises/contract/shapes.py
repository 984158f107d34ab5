"""The shapes that values in a checks.toml may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chains.types import Status
from exercises.specs import Review

STATUSES = tuple(status.value for status in Status)
CONDITION_SHAPES: Mapping[str, str] = {
    "status": "statuses",
    "result": "text",
    "result_contains": "text",
    "result_json": "anything",
    "message_contains": "words",
    "event": "event",
    "events": "events",
    "writes": "state",
    "writes_at_most": "count",
    "reads": "list",
    "reads_at_most": "count",
    "cost_at_most": "count",
    "state": "state",
    "calls": "list",
    "quiet": "flag",
    "relayed": "count",
    "relayed_at_most": "count",
}
"""By condition."""
LAW_SHAPES: Mapping[str, str] = {
    "absent": "list",
    "conserved": "conserved",
    "upgrade_keeps": "text",
    "at_most": "bounds",
    "emits": "emits",
    "invariant": "table",
}


def check_shape(review: Review, shape: str, value: Any, path: str) -> None:
    """Report a value that has not this shape."""
    if shape in TABLES:
        required, optional = TABLES[shape]
        _table(review, value, path, required, optional)
    elif shape == "events":
        for where, event in review.items(value, path):
            check_shape(review, "event", event, where)
    elif not SHAPES[shape][0](value):
        review.report(path, SHAPES[shape][1])


Columns = Mapping[str, str]
TABLES: Mapping[str, tuple[Columns, Columns]] = {
    "event": ({"topic": "text"}, {"data": "list", "contract": "text"}),
    "conserved": (
        {"keys": "text", "total": "text"},
        {"contract": "text", "ledger": "text", "at": "moment"},
    ),
    "bounds": ({}, {"call": "text", "reads": "count", "writes": "count", "cost": "count"}),
    "emits": ({"call": "text", "topic": "text"}, {"data": "list", "count": "count"}),
}
"""Required and optional keys, each with its shape."""


def _table(review: Review, value: Any, path: str, required: Columns, optional: Columns) -> None:
    table = review.table(value, path, required=tuple(required), optional=tuple(optional))
    for key, shape in {**required, **optional}.items():
        if key in table:
            check_shape(review, shape, table[key], f"{path}.{key}")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())


def _is_state(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(item, str) or item is False for item in value.values()
    )


def _is_choices(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(item, str) or (_is_list(item) and item) for item in value.values()
    )


def _is_statuses(value: Any) -> bool:
    return (
        value in STATUSES
        if isinstance(value, str)
        else _is_list(value) and bool(value) and (set(value) <= set(STATUSES))
    )


SHAPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "This must be a text."),
    "words": (
        lambda value: isinstance(value, str) or _is_list(value),
        "This must be a text, or a list of texts of which one is enough.",
    ),
    "list": (_is_list, "This must be a list of texts."),
    "texts": (_is_texts, "This must be a table of texts."),
    "choices": (_is_choices, "This must be a table of texts, or of lists to choose from."),
    "state": (_is_state, "This must be a table of texts; false stands for no value."),
    "statuses": (_is_statuses, f"This must be one of: {', '.join(STATUSES)}; or a list of them."),
    "count": (
        lambda value: type(value) is int and value >= 0,
        "This must be a whole number, 0 or more.",
    ),
    "weight": (
        lambda value: type(value) in (int, float) and value > 0,
        "This must be a number above 0.",
    ),
    "flag": (lambda value: isinstance(value, bool), "This must be true or false."),
    "moment": (lambda value: value in ("end", "always"), 'This must be "end" or "always".'),
    "table": (lambda value: isinstance(value, Mapping), "This must be a table."),
    "anything": (lambda _: True, ""),
}
