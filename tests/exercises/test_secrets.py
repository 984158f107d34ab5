"""Nothing that a page is given tells the answer."""

from __future__ import annotations

from typing import Any

import pytest

from exercises.registry import kind_named
from tests.exercises.specimens import ALL, CHOICE, CHOICES, CLOZE, MATCH, ORDER

KEYS = {
    "choice": {"options", "multiple"},
    "choices": {"options", "multiple"},
    "numeric": {"input_kind", "units", "unit", "value"},
    "text": {"value"},
    "order": {"items"},
    "match": {"rows", "rights"},
    "cloze": {"segments"},
    "program": {"files", "main", "limits", "language"},
    "contract": {
        "languages",
        "language",
        "files",
        "engine",
        "contract",
        "people",
        "ledgers",
        "scenarios",
        "laws",
    },
}


@pytest.mark.parametrize(("name", "spec"), ALL)
def test_no_secret_is_shown(name: str, spec: dict[str, Any]) -> None:
    kind = kind_named(name)
    planted = str(spec).lower().count("secret-")
    if name != "numeric" or "units" in spec:
        assert planted or name == "order"
    variant = kind.vary(spec, 3)
    wrong = kind.wrong(spec, variant)
    for answer in (
        None,
        *(wrong[label] for label in wrong if "secret" not in str(wrong[label]).lower()),
    ):
        shown = kind.show(spec, variant, answer)
        assert set(shown) == KEYS[name]
        assert "secret" not in repr(shown).lower()
        assert "correct" not in repr(shown)


def ids(kind: str, spec: dict[str, Any], seed: int) -> list[str]:
    """All ids of a page, by the author's order."""
    shown: Any = kind_named(kind).show(spec, kind_named(kind).vary(spec, seed), None)
    if kind == "order":
        return sorted(item["id"] for item in shown["items"])
    if kind == "match":
        return [row["id"] for row in shown["rows"]] + [right["id"] for right in shown["rights"]]
    if kind == "cloze":
        return [o["id"] for s in shown["segments"]["en"] for o in s.get("options", ())]
    return [option["id"] for option in shown["options"]]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("choice", CHOICE),
        ("choices", CHOICES),
        ("order", ORDER),
        ("match", MATCH),
        ("cloze", CLOZE),
    ],
)
def test_ids_differ_from_variant_to_variant(kind: str, spec: dict[str, Any]) -> None:
    """Otherwise one learner could tell another which to choose, or count on the author's order."""
    seen = [name for seed in range(50) for name in ids(kind, spec, seed)]
    assert len(seen) == len(set(seen))


def test_equal_right_sides_are_shown_once_and_both_count() -> None:
    kind = kind_named("match")
    shown: Any = kind.show(MATCH, kind.vary(MATCH, 5), None)
    assert sorted(right["text"]["en"] for right in shown["rights"]) == [
        "first",
        "nobody's",
        "second",
    ]


def test_values_are_escaped_and_bring_no_gaps() -> None:
    spec = {**CLOZE, "vary": [["n", "'<b>[[what]]</b>'"]]}
    spec["gaps"] = [{"key": "what", "kind": "text", "accept": ["x"]}]
    spec["text"] = {"en": "{{ n }} [[what]]"}
    kind = kind_named("cloze")
    shown: Any = kind.show(spec, kind.vary(spec, 5), None)
    assert shown["segments"]["en"] == [
        {"html": "&lt;b&gt;[[what]]&lt;/b&gt; "},
        {"gap": "what", "kind": "text", "options": [], "value": ""},
    ]
