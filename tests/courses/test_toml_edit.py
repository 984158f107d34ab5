"""TOML rewritten in place: the values that are wanted, and all else as it was."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.publishing.toml_edit import rewritten
from courses.publishing.toml_words import same, written

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "curricula").rglob("*.toml"))

WORDS = st.text(alphabet='ab"\\\n #[]=,哈\x7f\t', max_size=6)
TEXT = st.fixed_dictionaries({"en": WORDS, "zh-hans": WORDS})
SCALAR = st.one_of(WORDS, st.integers(-5, 5), st.booleans(), st.floats(allow_nan=False), TEXT)
KEYS = st.sampled_from(["a", "b", "key", "text", "wrong-x", "k 1", "x.y"])
ROW = st.dictionaries(KEYS, SCALAR | st.lists(SCALAR, max_size=3), max_size=3)
TABLE = st.dictionaries(
    KEYS, st.one_of(SCALAR, st.lists(ROW, max_size=3), st.lists(TEXT, max_size=3), ROW), max_size=4
)
DOCUMENT = st.dictionaries(
    KEYS, st.one_of(SCALAR, TABLE, st.lists(TABLE, max_size=3), st.lists(SCALAR, max_size=3))
)

SOURCE = """\
# a choice
kind = "choice"  # of one
points = 2

[spec]
shuffle = false # in this order
# the right one
[[spec.options]]
text = { en = "A", zh-hans = "甲" }  # short
correct = true
# the wrong one
[[spec.options]]
text = { en = "B", zh-hans = "乙" }
accept = [
  "x",  # ex
  # why
  "y",
]
"""


@settings(max_examples=200)
@given(DOCUMENT, DOCUMENT)
def test_it_says_what_is_wanted(before: dict[str, Any], after: dict[str, Any]) -> None:
    source = written(before)
    assert same(tomllib.loads(source), before)
    assert same(tomllib.loads(rewritten(source, after)), after)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_same_values_keep_every_byte(path: Path) -> None:
    source = path.read_bytes().decode()
    assert rewritten(source, tomllib.loads(source)) == source


def test_rows_move_with_their_comments() -> None:
    wanted = tomllib.loads(SOURCE)
    wanted["spec"]["options"].reverse()
    wanted["spec"]["options"][0]["accept"].insert(0, "w")
    wanted["points"] = 3
    assert rewritten(SOURCE, wanted) == SOURCE[: SOURCE.index("# the right")].replace(
        "points = 2", "points = 3"
    ) + (
        "# the wrong one\n"
        "[[spec.options]]\n"
        'text = { en = "B", zh-hans = "乙" }\n'
        "accept = [\n"
        '  "w",\n'
        '  "x",  # ex\n'
        "  # why\n"
        '  "y",\n'
        "]\n"
        "# the right one\n"
        "[[spec.options]]\n"
        'text = { en = "A", zh-hans = "甲" }  # short\n'
        "correct = true\n"
    )


def test_one_text_changes_in_its_place() -> None:
    wanted = copy.deepcopy(tomllib.loads(SOURCE))
    wanted["spec"]["options"][0]["text"]["zh-hans"] = "丙"
    wanted["spec"]["options"][1]["correct"] = False
    del wanted["spec"]["shuffle"]
    changed = SOURCE.replace('"甲"', '"丙"').replace("shuffle = false # in this order\n", "")
    assert rewritten(SOURCE, wanted) == f"{changed}correct = false\n"


def test_ends_of_lines_stay() -> None:
    source = SOURCE.replace("\n", "\r\n")
    wanted = tomllib.loads(source)
    wanted["points"] = 5
    assert rewritten(source, wanted) == source.replace("points = 2", "points = 5")
