"""Courses that hypothesis makes up, with exercises of every kind that other systems know."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from interop.neutral_writing import Course, Exercise, Lesson, Module, written

WORDS = (
    "block",
    "哈希（hash）是",
    "**bold**",
    "*soft*",
    "`a < b & c`",
    "$x^{2}$",
    r"\*star\*",
    r"1 \< 2",
    "H₂O",
    r"\[x\]",
    r"\$5",
    "[a link](<https://example.org/a?b=c&d=e>)",
    "&amp;",
    '"quoted"',
    "it's",
    "区块",
)
BLOCKS = (
    "- one\n- two",
    "1. one\n2. two",
    "```\nif a < b:\n    c()\n```",
    "| a | b |\n| --- | --- |\n| 1 | `2` |",
    "3. three\n4. four",
    "```python\nif a < b:\n    c()\n```",
    "| a | b | c |\n| --: | :-: | :-- |\n| 1 | 2 | 3 |",
    "- one\n\n  two\n\n- three\n  - four",
    "## A heading",
    "> quoted words",
    "![a box](figures/box.svg)",
    "$$\\frac{1}{2}$$",
)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
statements = st.lists(st.one_of(words, st.sampled_from(BLOCKS)), min_size=1, max_size=4).map(
    "\n\n".join
)
SVG = b'<svg viewBox="0 0 8 8"><rect class="fg" width="4" height="4" fill="currentColor"/></svg>'


def text(plain: str) -> dict[str, str]:
    return {"en": plain}


def texts(count: int) -> st.SearchStrategy[list[dict[str, str]]]:
    """Texts of which no two say the same."""
    return st.lists(words, min_size=count, max_size=count).map(
        lambda drawn: [text(f"{place} {one}") for place, one in enumerate(drawn)]
    )


@st.composite
def options(draw: st.DrawFn, *, several: bool = False) -> list[dict[str, Any]]:
    drawn = draw(texts(draw(st.integers(2, 5))))
    rights = draw(st.sets(st.integers(0, len(drawn) - 1), min_size=1, max_size=len(drawn) - 1))
    right = rights if several else {min(rights)}
    made = []
    for place, one in enumerate(drawn):
        option: dict[str, Any] = {"text": one}
        if place in right:
            option["correct"] = True
        if several or draw(st.booleans()):
            option["feedback"] = text(draw(words))
        made.append(option)
    return made


@st.composite
def choice(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    return {
        "shuffle": draw(st.booleans()),
        "options": draw(options(several=kind == "choices")),
    }


@st.composite
def match(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(2, 4))
    lefts, rights = draw(texts(count)), draw(texts(count + 1))
    pairs = [
        {"left": left, "right": right} for left, right in zip(lefts, rights[:count], strict=True)
    ]
    if draw(st.booleans()):
        pairs[0]["feedback"] = text(draw(words))
    return {"pairs": pairs} | ({"extra": [{"right": rights[-1]}]} if draw(st.booleans()) else {})


@st.composite
def order(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "items": draw(texts(draw(st.integers(2, 5)))),
        "credit": draw(st.sampled_from(["pairs", "all"])),
    }
    return spec | ({"feedback": text(draw(words))} if draw(st.booleans()) else {})


@st.composite
def answer_text(draw: st.DrawFn) -> dict[str, Any]:
    forms = st.sampled_from(["hash", "a b", "哈希", "x < y", "Merkle"])
    spec: dict[str, Any] = {
        "accept": draw(st.lists(forms, min_size=1, max_size=3, unique=True)),
        "normalise": draw(st.sampled_from([[], ["case"], ["case", "space"]])),
    }
    if draw(st.booleans()):
        spec["wrong"] = [{"accept": ["wrong answer"], "feedback": text("No.")}]
    return spec


@st.composite
def number(draw: st.DrawFn) -> dict[str, Any]:
    whole = draw(st.integers(-1000, 10**12))
    if draw(st.booleans()):
        return {"answer": whole, "input": "integer"}
    spec: dict[str, Any] = {"answer": draw(st.sampled_from([whole, 0.25, -1.5, 1e-9, 3.25e20]))}
    room = draw(st.sampled_from([{}, {"absolute": 0.5}, {"relative": 0.01}]))
    return spec | ({"tolerance": room} if room else {})


@st.composite
def cloze(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(["text", "numeric", "choice"]), min_size=1, max_size=3))
    gaps, pieces = [], []
    for place, kind in enumerate(kinds, start=1):
        made = {"text": answer_text(), "numeric": number(), "choice": choice("choice")}
        spec = draw(made[kind])
        gaps.append({"key": f"gap-{place}", "kind": kind, **spec})
        pieces.append(f"{draw(words)} [[gap-{place}]]")
    return {"text": text(" ".join(pieces) + " end"), "gaps": gaps}


@st.composite
def exercises(draw: st.DrawFn) -> Exercise:
    made = {
        "choice": choice("choice"),
        "choices": choice("choices"),
        "match": match(),
        "order": order(),
        "text": answer_text(),
        "numeric": number(),
        "cloze": cloze(),
    }
    kind = draw(st.sampled_from(sorted(made)))
    costs = draw(st.lists(st.sampled_from([0, 10, 100]), max_size=2, unique=True))
    return Exercise(
        kind=kind,
        title=text(draw(st.sampled_from(["A title", "区块 & co", 'The "last" <one>']))),
        statement=text(draw(statements)),
        spec=draw(made[kind]),
        where="here",
        points=draw(st.integers(1, 7)),
        hints=[(text(draw(words)), cost) for cost in costs if sum(costs) <= 100],
        policy={"tries": 3} if draw(st.booleans()) else {},
    )


@st.composite
def course_files(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a course of one lesson."""
    parts = draw(st.lists(exercises(), min_size=1, max_size=3))
    lesson = Lesson(text("A lesson"), "lesson", list(parts))
    course = Course(text("A course"), key="generated", modules=[Module(text("M"), [lesson])])
    course.figures["box.svg"] = SVG
    return written(course).files
