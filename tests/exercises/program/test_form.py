"""Programs in forms and on pages, and the limits that a spec may set."""

from __future__ import annotations

import pytest

from exercises.program.inside.readable import Verbatim, call, readable
from exercises.program.kind import MAX_CHARACTERS, limits_of
from exercises.registry import kind_named
from exercises.types import Spec, Unreadable, Variant
from sandbox.types import Limits

PROGRAMS = kind_named("program")
SPEC: Spec = {
    "files": ["solution.py", "parts.py"],
    "starter": {"solution.py": "start", "parts.py": "more"},
}
VARIANT = Variant(1)


def test_files_are_read_with_plain_line_ends() -> None:
    posted = {"file:solution.py": ["a\r\nb\rc\n"], "file:other.py": ["x"]}
    answer = PROGRAMS.read(SPEC, VARIANT, posted)
    assert answer == {"files": {"solution.py": "a\nb\nc\n", "parts.py": ""}}
    assert PROGRAMS.show(SPEC, VARIANT, answer) == {
        "files": [
            {"name": "solution.py", "text": "a\nb\nc\n", "starter": "start"},
            {"name": "parts.py", "text": "", "starter": "more"},
        ],
        "main": "solution.py",
        "limits": {"cpu_seconds": 2, "wall_seconds": 5, "memory_mb": 128},
        "language": "python",
    }


def test_the_starter_is_shown_first() -> None:
    shown = PROGRAMS.show(SPEC, VARIANT, None)
    assert shown["files"] == [
        {"name": "solution.py", "text": "start", "starter": "start"},
        {"name": "parts.py", "text": "more", "starter": "more"},
    ]


@pytest.mark.parametrize("text", ["", " \n", "x" * (MAX_CHARACTERS + 1), "a\0b", "a\ud800b"])
def test_what_is_no_program(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        PROGRAMS.read(SPEC, VARIANT, {"file:solution.py": [text]})
    assert sorted(refusal.value.message) == ["en", "zh-hans"]


def test_limits_are_the_authors() -> None:
    assert limits_of({}) == Limits(cpu_seconds=2, wall_seconds=5.0, memory_bytes=128 << 20)
    spec: Spec = {"limits": {"cpu_seconds": 3, "wall_seconds": 1.5, "memory_mb": 64}}
    assert limits_of(spec) == Limits(cpu_seconds=3, wall_seconds=1.5, memory_bytes=64 << 20)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        ("a'b", '"a\'b"'),
        (b"\0", "b'\\x00'"),
        ([1, (2,), (), set(), {3}, {"k": [4.5]}], "[1, (2,), (), set(), {3}, {'k': [4.5]}]"),
        (frozenset(), "set()"),
        ("x" * 999, "'" + "x" * 198 + "…"),
        (list(range(999)), str(list(range(999)))[:199] + "…"),
        ([["x" * 150], "y" * 150], "[['" + "x" * 150 + "'], '" + "y" * 41 + "…"),
        (["x" * 196], "['" + "x" * 196 + "']"),
        (["x" * 197], "['" + "x" * 197 + "…"),
        (Verbatim("<C#1>"), "<C#1>"),
    ],
)
def test_values_are_readable_and_short(value: object, words: str) -> None:
    assert readable(value) == words
    assert len(readable(value)) <= 200


def test_a_number_too_long_for_decimal_is_written_in_hexadecimal() -> None:
    assert readable(16**4000) == "0x1" + "0" * 196 + "…"
    assert readable(16**900) == str(16**900)[:199] + "…"


def test_a_value_of_many_parts_takes_no_longer_than_it_shows() -> None:
    shared: list[object] = []
    for _ in range(60):
        shared = [shared, shared]
    assert len(readable(shared)) == 200


def test_calls_are_readable() -> None:
    assert call("f", [1, "a"], {"k": [2]}) == "f(1, 'a', k=[2])"
    assert call("f", [], {}) == "f()"
    assert len(call("f", ["x" * 999] * 99, {})) == 200
