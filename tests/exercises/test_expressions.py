"""The expression language: what it has, what it has not, and that nothing in it runs away."""

from __future__ import annotations

import contextlib
import hashlib
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.budget import MAX_INT_BITS, Budget, ExpressionError
from exercises.expressions import check_name, evaluate, evaluate_all
from exercises.functions import WORDS, names, sm3
from exercises.types import Json

VALUES: dict[str, Json] = {"n": 7, "word": "block", "items": [1, 2, 3], "flag": True}


def value(source: str, seed: int = 1) -> Json:
    return evaluate(source, VALUES, random.Random(seed))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("7 // 2 + 7 % 2", 4),
        ("1 / 4", 0.25),
        ("2 ** 10", 1024),
        ("2 ** 4096", 2**4096),
        ("2 ** -1", 0.5),
        ("-n + +n", 0),
        ("'a' + 'b' * 3", "abbb"),
        ("[1] + [2] * 2", [1, 2, 2]),
        ("3 * 'x'", "xxx"),
        ("1 < 2 <= 2 != 3", True),
        ("1 in items and 'lo' in word", True),
        ("4 not in items or flag", True),
        ("not flag", False),
        ("0 or 5", 5),
        ("'big' if n > 5 else 'small'", "big"),
        ("items[-1]", 3),
        ("word[1:4]", "loc"),
        ("items[::-1]", [3, 2, 1]),
        ("[x * y for x in items for y in [1, 10] if x != 2]", [1, 10, 3, 30]),
        ("[a + b for a, b in zip(items, [1, 1, 1])]", [2, 3, 4]),
        ("f'{n:03d}-{word}-{n / 2:.2f}-{n:#x}'", "007-block-3.50-0x7"),
        ("f'{n:{2 + 1}d}'", "  7"),
        ("len(word) + len(items)", 8),
        ("min(items) + max(4, 5) + sum(items) + abs(-1)", 13),
        ("round(2.567, 1)", 2.6),
        ("round(2.5)", 2),
        ("sorted([3, 1, 2]) + reversed([1, 2])", [1, 2, 3, 2, 1]),
        ("range(3)", [0, 1, 2]),
        ("range(4, 0, -2)", [4, 2]),
        ("enumerate(['a'], 1)", [[1, "a"]]),
        ("hex(255) + bin(5) + text(n)", "0xff0b1017"),
        ("int('ff', 16) + int('10') + int(2.9)", 267),
        ("hex(unhex('0xAB'))", "ab"),
        ("int(unhex('0100'))", 256),
        ("sha256('abc')", hashlib.sha256(b"abc").hexdigest()),
        ("sha256(unhex('616263'))", hashlib.sha256(b"abc").hexdigest()),
        ("sha3_256('abc')", hashlib.sha3_256(b"abc").hexdigest()),
        (
            "sm3('abc')",
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        ),
        (
            "doublesha256('abc')",
            hashlib.sha256(hashlib.sha256(b"abc").digest()).hexdigest(),
        ),
    ],
)
def test_what_the_language_has(source: str, expected: Json) -> None:
    given = value(source)
    assert given == expected
    assert type(given) is type(expected)


def test_sm3_without_openssl_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = sm3("abc")
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert sm3("abc") == expected


def test_a_merkle_root_by_hand() -> None:
    leaf = [hashlib.sha256(b"\x00" + name.encode()).digest() for name in "abc"]
    left = hashlib.sha256(b"\x01" + leaf[0] + leaf[1]).digest()
    root = hashlib.sha256(b"\x01" + left + leaf[2]).hexdigest()
    assert value("merkle_root(['a', 'b', 'c'])") == root
    assert value("merkle_root(['a', unhex('62')])") == left.hex()
    assert value("merkle_root(['a'])") == leaf[0].hex()


@pytest.mark.parametrize(
    "source",
    [
        "",
        "1 +",
        "n = 1",
        "lambda: 1",
        "(x for x in items)",
        "{1: 2}",
        "{1}",
        "(1, 2)",
        "word.upper()",
        "items.__class__",
        "f'{word.upper()}'",
        "f'{n!r}'",
        "__import__('os')",
        "open('/etc/passwd')",
        "eval('1')",
        "print",
        "sha256",
        "unknown",
        "sorted(items, reverse=True)",
        "sum(*items)",
        "None",
        "b'x'",
        "1j",
        "...",
        "~1",
        "1 << 2",
        "1 ^ 2",
        "'%d' % 5",
        "1 is 1",
        "(y := 5)",
        "await x",
        "unhex('00')",
        "unhex('0')",
        "text(unhex('00'))",
        "'\\ud800'",
        "1 / 0",
        "1 % 0",
        "items[9]",
        "items['a']",
        "n[0]",
        "1 < 'a'",
        "1e308 * 10",
        "1e308 * 10 - 1e308 * 10",
        "(-8) ** 0.5",
        "choice([])",
        "sample([1], 2)",
        "merkle_root([])",
        "randint(2, 1)",
        "randint(0.5, 1)",
        "[a for a, b in [[1]]]",
        "[a for a in 5]",
        "f'{n:s}'",
        "f'{n:c}'",
        "int('x')",
        "x" * 3000,
        "(" * 300 + "1" + ")" * 300,
        "-" * 1500 + "1",
        "0+" * 900 + "0",
        "[" * 60 + "]" * 60,
        "a.b" * 600,
        "1\0",
    ],
)
def test_what_the_language_has_not(source: str) -> None:
    with pytest.raises(ExpressionError):
        value(source)


@pytest.mark.parametrize(
    "source",
    [
        "9 ** 9 ** 9",
        "2 ** 8193",
        "2 ** (2 ** 4000)",
        "10 ** 2000 * 10 ** 2000",
        "'a' * 10 ** 9",
        "10 ** 9 * 'a'",
        "[0] * 10 ** 9",
        "[[0] * 1000] * 1000",
        "f'{n:1000d}'",
        "f'{n:>99999999999}'",
        "f'{1.5:.1000f}'",
        "range(10 ** 9)",
        "randhex(10 ** 9)",
        "randtext(10 ** 9)",
        "round(1, -10 ** 9)",
        "int('f' * 9999, 16)",
        "int('9' * 9999)",
        "sum([10 ** 2400] * 1000) ** 9",
        "[x for x in range(1000) for y in range(1000)]",
        "[0 for x in range(1000) for y in range(1000) if False]",
        "sum([1 for x in range(1000) for y in range(900)])",
        "sorted([[0] * 900 for x in range(900)])",
        "[[[x for x in range(99)] for y in range(99)] for z in range(99)]",
        "len(str)",
    ],
)
def test_what_would_take_too_much(source: str) -> None:
    with pytest.raises(ExpressionError):
        value(source)


def test_doubling_a_list_by_name_is_stopped() -> None:
    pairs = [("a0", "[1, 1]"), *((f"a{k + 1}", f"[a{k}, a{k}]") for k in range(40))]
    with pytest.raises(ExpressionError, match=r"^a\d+: "):
        evaluate_all(pairs, random.Random(1))


def test_all_values_share_one_budget() -> None:
    pairs = [(f"a{k}", "sum([x for x in range(1000)])") for k in range(50)]
    with pytest.raises(ExpressionError, match="too much work"):
        evaluate_all(pairs, random.Random(1))


def test_values_use_those_before_them() -> None:
    pairs = [("n", "randint(1, 9)"), ("twice", "2 * n"), ("said", "f'{twice}!'")]
    values = evaluate_all(pairs, random.Random(3))
    assert values == {"n": values["n"], "twice": 2 * values["n"], "said": f"{2 * values['n']}!"}  # type: ignore[operator]
    with pytest.raises(ExpressionError, match="twice: There is no value named “n”"):
        evaluate_all(pairs[1:], random.Random(3))


@given(seed=st.integers())
def test_chance_comes_from_the_seed_alone(seed: int) -> None:
    source = (
        "[randint(1, 6), choice(['a', 'b']), sample(range(9), 3), shuffled(range(5)), "
        "randhex(4), randtext(2)]"
    )
    drawn = value(source, seed)
    assert drawn == value(source, seed)
    assert isinstance(drawn, list)
    die, letter, three, five, digits, words = drawn
    assert die in range(1, 7)
    assert letter in {"a", "b"}
    assert len(set(three)) == 3
    assert set(three) <= set(range(9))
    assert sorted(five) == list(range(5))
    assert len(digits) == 8
    assert set(digits) <= set(string.hexdigits.lower())
    assert set(words.split()) <= set(WORDS.split())


@pytest.mark.parametrize("name", ["", "1a", "a-b", "True", "and", "sha256", "len", "a b"])
def test_names_that_cannot_be_used(name: str) -> None:
    with pytest.raises(ExpressionError):
        check_name(name)


ATOMS = st.sampled_from(["n", "word", "items", "flag", "0", "1", "-1", "999", "2.5", "'ab'", "[]"])
SIGNS = st.sampled_from(
    ["+", "-", "*", "/", "//", "%", "**", "<", "==", "in", "and", "or", "not in"]
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, SIGNS, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(sorted(names())), st.lists(inner, max_size=3)).map(
            lambda parts: f"{parts[0]}({', '.join(parts[1])})"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: "({} if {} else {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{}[{}]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "[{} for x in {}]".format(*parts)),
        st.lists(inner, max_size=4).map(lambda parts: f"[{', '.join(parts)}]"),
        inner.map(lambda part: f"f'{{{part}:>9}}'" if "'" not in part else part),
    )


def size(made: Json) -> int:
    if isinstance(made, list):
        return 1 + sum(map(size, made))
    if isinstance(made, bool | float):
        return 1
    return made.bit_length() if isinstance(made, int) else len(str(made))


@settings(max_examples=400)
@given(source=st.recursive(ATOMS, combined, max_leaves=12))
def test_any_program_of_the_language_ends_within_its_budget(source: str) -> None:
    budget = Budget()
    with contextlib.suppress(ExpressionError):
        made = evaluate(source, VALUES, random.Random(1), budget)
        assert budget.left >= 0
        assert size(made) <= 16 * 50_000 + MAX_INT_BITS


@given(source=st.text(max_size=60))
def test_any_text_is_a_value_or_an_expression_error(source: str) -> None:
    with contextlib.suppress(ExpressionError):
        value(source)
