"""Every value of a TOML document is found on the line on which it was written."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.publishing.tables import Document
from courses.publishing.toml_lines import line_numbers

EXAMPLE = '''# a comment with [brackets] and "quotes"
key = "value"      # line 2
a.b = 1
text = { en = "one # no comment", zh-hans = "二" }
long = """
three ] } "quotes" \\""" lines
"""
after = '[not] a {table}'
list = [
    1,
    # a comment
    { en = "x" }, 2026-11-24,
]
"quoted key" = 07:32:00

[spec]
shuffle = true
[[spec.options]]
text = { en = "first" }
[[spec.options]]
text = { en = "second" }
[spec.options.more]
deep = [[1, 2], ["]"]]
[other.table]
x = """a"""""
y = \'\'\'
"""
\'\'\'
z = 1e-3
'''

LINES = {
    "key": 2,
    "a": 3,
    "a.b": 3,
    "text": 4,
    "text.en": 4,
    "text.zh-hans": 4,
    "long": 5,
    "after": 8,
    "list": 9,
    "list[0]": 10,
    "list[1]": 12,
    "list[1].en": 12,
    "list[2]": 12,
    "quoted key": 14,
    "spec": 16,
    "spec.shuffle": 17,
    "spec.options": 18,
    "spec.options[0]": 18,
    "spec.options[0].text": 19,
    "spec.options[0].text.en": 19,
    "spec.options[1]": 20,
    "spec.options[1].text": 21,
    "spec.options[1].text.en": 21,
    "spec.options[1].more": 22,
    "spec.options[1].more.deep": 23,
    "spec.options[1].more.deep[0]": 23,
    "spec.options[1].more.deep[0][0]": 23,
    "spec.options[1].more.deep[0][1]": 23,
    "spec.options[1].more.deep[1]": 23,
    "spec.options[1].more.deep[1][0]": 23,
    "other": 24,
    "other.table": 24,
    "other.table.x": 25,
    "other.table.y": 26,
    "other.table.z": 29,
}


def test_an_example_with_everything() -> None:
    assert line_numbers(EXAMPLE) == LINES


def test_every_value_that_tomllib_reads_has_a_line() -> None:
    assert set(paths(tomllib.loads(EXAMPLE))) == set(LINES)


def paths(value: object, path: str = "") -> list[str]:
    """The dotted paths of everything inside a parsed document."""
    found = []
    if isinstance(value, dict):
        for key, item in value.items():
            inner = f"{path}.{key}" if path else key
            found += [inner, *paths(item, inner)]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += [f"{path}[{index}]", *paths(item, f"{path}[{index}]")]
    return found


@pytest.mark.parametrize(
    ("path", "line"),
    [("spec.options[1].text.fr", 21), ("spec.options[7].text", 18), ("nowhere", 1), ("", 1)],
)
def test_what_is_not_there_is_placed_beside_what_is(path: str, line: int) -> None:
    document = Document("x.toml", {}, line_numbers(EXAMPLE))
    assert document.line(path) == line


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
SCALARS = st.one_of(st.integers(), st.booleans(), WORDS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(value: object, spread: bool) -> str:
    """TOML for a value; lists over several lines when `spread`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        gap = "\n" if spread else " "
        return "[" + gap + "".join(f"{written(one, spread)},{gap}" for one in value) + "]"
    if isinstance(value, dict):
        pairs = [f"{quoted(key)} = {written(one, False)}" for key, one in value.items()]
        return "{ " + ", ".join(pairs) + " }"
    return quoted(value) if isinstance(value, str) else str(value)


@given(
    st.lists(
        st.tuples(VALUES, st.booleans(), st.sampled_from(["", "\n", "# [x] = {\n", "  \n\n"])),
        max_size=6,
    )
)
def test_any_document_keeps_count(entries: list[tuple[object, bool, str]]) -> None:
    source, expected = "", {}
    for index, (value, spread, between) in enumerate(entries):
        source += between
        expected[f"k{index}"] = source.count("\n") + 1
        source += f"k{index} = {written(value, spread)}\n"
    lines = line_numbers(source)
    assert set(lines) == set(paths(tomllib.loads(source)))
    assert {key: lines[key] for key in expected} == expected
