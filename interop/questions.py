"""Questions as most systems know them, and the exercises that they become.

Moodle XML, GIFT, Aiken, OLX and lists of questions are read into `Question`; what a question is
worth here is decided in this one place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from interop.html_markdown import Children, MarkdownWriter, Picture, is_block
from interop.markdown_text import escaped, parted
from interop.mathml_latex import RAW
from interop.neutral_writing import Course, Exercise
from interop.qti.item_reading import IS_RIGHT, IS_WRONG, Unfit
from interop.reasons import because
from interop.types import Reason, Refused
from interop.xml_trees import Node

TRUE = {"en": "True", "zh-hans": "正确"}
FALSE = {"en": "False", "zh-hans": "错误"}
WHOLE = 0.995
"""The least share of the points of an answer that is right."""
LARGEST = 1e300
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """An answer that a question names, and its share of the points: 1 is right, below 0 costs."""

    words: Children
    share: float
    feedback: Children = ()
    tolerance: float = 0.0
    """Of a number: how far from it is right too."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and its partner; a partner without a row has no `left`."""

    left: Children
    right: Children


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a text, whose key stands in the statement as `[[key]]`."""

    key: str
    kind: str
    """`choice`, `text` or `numeric`."""
    choices: Sequence[Choice]
    shuffles: bool = True
    is_case_sensitive: bool = False


@dataclass(slots=True)
class Question:
    """One question. `kind` is one of ours, or `essay`, or a name that has no kind here."""

    where: str
    title: str
    kind: str
    words: Children = ()
    choices: Sequence[Choice] = ()
    pairs: Sequence[Pair] = ()
    gaps: Sequence[Gap] = ()
    hints: Sequence[Children] = ()
    wrong: Children = ()
    """Feedback of an order that is not all right."""
    gives_pairs: bool = False
    """Of an order: whether right neighbours earn their share."""
    points: float = 1.0
    shuffles: bool = True
    is_case_sensitive: bool = False
    said: list[Reason] = field(default_factory=list)
    """What the reader of the format left behind already."""


def exercise_of(course: Course, question: Question, picture: Picture) -> Exercise | None:
    """The exercise that a question becomes; None where it cannot: then the report says why."""
    writer = MarkdownWriter(picture)
    title = question.title or _beginning(question.words)
    try:
        kind, spec = _Spec(course, question, writer).made()
        before = _before_gaps(question.words) if kind == "cloze" else question.words
        statement = writer.blocks(before)
        hints = [(course.text(writer.inline(hint)), 0) for hint in question.hints]
        points = _points(question.points, writer)
    except Unfit as unfit:
        course.refuse(question.where, title, unfit.reason)
        return None
    except Refused as bad:
        course.refuse(question.where, title, bad.reason)
        return None
    said = {one.text["en"]: one for one in (*question.said, *writer.said.values())}
    return Exercise(
        kind=kind,
        title=course.text(title),
        statement=course.text(statement or escaped(parted(title)[0])),
        spec=spec,
        where=question.where,
        points=points,
        hints=[hint for hint in hints if next(iter(hint[0].values()))],
        said=tuple(said.values()),
    )


class _Spec:
    """The `[spec]` table of a question."""

    def __init__(self, course: Course, question: Question, writer: MarkdownWriter) -> None:
        self.course = course
        self.question = question
        self.writer = writer

    def made(self) -> tuple[str, dict[str, Any]]:
        """The kind here and its table. Raises `Unfit`."""
        question = self.question
        if question.kind == "essay":
            raise Unfit("free_text")
        if question.kind == "match":
            return "match", self._match()
        if question.kind == "order":
            return "order", self._order()
        if question.kind == "cloze":
            return "cloze", self._cloze()
        made = {
            "choice": self._choice,
            "choices": self._choices,
            "text": self._text,
            "numeric": self._numeric,
        }.get(question.kind)
        if made is None:
            raise Unfit("unknown_interaction", name=question.kind)
        return question.kind, made(question)

    def _choice(self, asked: Question | Gap) -> dict[str, Any]:
        choices = asked.choices
        best = max((one.share for one in choices), default=0.0)
        right = [one for one in choices if one.share == best]
        if best <= 0 or len(right) > 1:
            raise Unfit("no_answer")
        if any(0 < one.share < best for one in choices):
            self.writer.say("partial_credit")
        return self._options(asked, right)

    def _choices(self, asked: Question | Gap) -> dict[str, Any]:
        choices = asked.choices
        right = [one for one in choices if one.share > 0]
        if not right:
            raise Unfit("no_answer")
        ours = 1 / len(right)
        wanted = {one: ours if one.share > 0 else -ours for one in choices}
        if any(abs(one.share - wanted[one]) > 1 - WHOLE for one in choices):
            self.writer.say("choices_scoring")
        return self._options(asked, right, needs_feedback=True)

    def _options(
        self, asked: Question | Gap, right: Sequence[Choice], *, needs_feedback: bool = False
    ) -> dict[str, Any]:
        options = []
        for one in asked.choices:
            option: dict[str, Any] = {"text": self._inline(one.words)}
            if one in right:
                option["correct"] = True
            if told := self.writer.inline(one.feedback):
                option["feedback"] = self.course.text(told)
            elif needs_feedback:
                words = IS_RIGHT if one in right else IS_WRONG
                option["feedback"] = {each: words[each] for each in self.course.languages}
            options.append(option)
        return {"shuffle": asked.shuffles, "options": options}

    def _text(self, asked: Question | Gap) -> dict[str, Any]:
        choices = asked.choices
        right = [one for one in choices if one.share >= WHOLE]
        if any(0 < one.share < WHOLE for one in choices):
            self.writer.say("partial_credit")
        forms = [plain(one.words) for one in right]
        literal = [form for form in dict.fromkeys(forms) if form and not _is_pattern(form)]
        patterns = [_pattern(form) for form in dict.fromkeys(forms) if _is_pattern(form)]
        if not literal:
            raise Unfit("no_answer")
        if any(one.feedback for one in right):
            self.writer.say("feedback_left_out")
        wrong = []
        for one in choices:
            form, told = plain(one.words), self.writer.inline(one.feedback)
            if one.share > 0 or not told or form in literal:
                continue
            if not form or _is_pattern(form):
                self.writer.say("feedback_left_out")
            else:
                wrong.append({"accept": [form], "feedback": self.course.text(told)})
        normalise = ["space"] if asked.is_case_sensitive else ["case", "space"]
        spec: dict[str, Any] = {"accept": literal, "normalise": normalise}
        return (
            spec
            | ({"patterns": patterns} if patterns else {})
            | ({"wrong": wrong} if wrong else {})
        )

    def _numeric(self, asked: Question | Gap) -> dict[str, Any]:
        choices = asked.choices
        numbers = [(one, number_of(plain(one.words))) for one in choices]
        right = [(one, number) for one, number in numbers if one.share >= WHOLE]
        if not right or right[0][1] is None:
            raise Unfit("no_answer")
        if len(right) > 1:
            self.writer.say("other_answers")
        if any(0 < one.share < WHOLE for one in choices):
            self.writer.say("partial_credit")
        first, answer = right[0]
        spec: dict[str, Any] = {"answer": answer}
        if first.tolerance > 0:
            spec["tolerance"] = {"absolute": first.tolerance}
        wrong = []
        for one, number in numbers:
            told = self.writer.inline(one.feedback)
            if one.share > 0 or not told:
                continue
            if number is None or abs(number - (answer or 0)) <= first.tolerance:
                self.writer.say("feedback_left_out")
            else:
                wrong.append({"answer": number, "feedback": self.course.text(told)})
        return spec | ({"wrong": wrong} if wrong else {})

    def _match(self) -> dict[str, Any]:
        pairs = [one for one in self.question.pairs if _has_words(one.left)]
        extra = [one for one in self.question.pairs if not _has_words(one.left)]
        if len(pairs) < 2:
            raise Unfit("no_answer")
        rows = [{"left": self._inline(one.left), "right": self._inline(one.right)} for one in pairs]
        used = [row["right"] for row in rows]
        others = [{"right": self._inline(one.right)} for one in extra if _has_words(one.right)]
        others = [other for other in others if other["right"] not in used]
        return {"pairs": rows} | ({"extra": others} if others else {})

    def _order(self) -> dict[str, Any]:
        items = [self._inline(one.words) for one in self.question.choices]
        if len(items) < 2:
            raise Unfit("few_options")
        spec: dict[str, Any] = {
            "items": items,
            "credit": "pairs" if self.question.gives_pairs else "all",
        }
        told = self.writer.inline(self.question.wrong)
        return spec | ({"feedback": self.course.text(told)} if told else {})

    def _cloze(self) -> dict[str, Any]:
        gaps = []
        for gap in self.question.gaps:
            made = {"choice": self._choice, "text": self._text, "numeric": self._numeric}[gap.kind]
            spec = made(gap)
            gaps.append({"key": gap.key, "kind": gap.kind} | spec)
        if not gaps:
            raise Unfit("no_interaction")
        words = self.question.words[len(_before_gaps(self.question.words)) :]
        return {"text": self.course.text(self.writer.inline(words)), "gaps": gaps}

    def _inline(self, words: Children) -> dict[str, str]:
        return self.course.text(self.writer.inline(words))


def _before_gaps(words: Children) -> Children:
    """The blocks that stand before the first gap: the task of a text with gaps."""
    place = next((at for at, one in enumerate(words) if _holds_gap(one)), 0)
    while place and not _ends_block(words[place - 1]):
        place -= 1
    return words[:place]


def _holds_gap(child: Node | str) -> bool:
    return isinstance(child, Node) and any(node.name == RAW for node in child.walk())


def _ends_block(child: Node | str) -> bool:
    return isinstance(child, Node) and is_block(child)


def plain(words: Children) -> str:
    """The words alone, in one line."""
    return Node("", {}, list(words)).words()


def number_of(words: str) -> int | float | None:
    """A number as people write it in such files; None for anything else."""
    try:
        number = float(words.replace(",", ".") if words.count(",") == 1 else words)
    except ValueError:
        return None
    if not abs(number) < LARGEST:
        return None
    if words.strip().lstrip("+-").isdecimal():
        return int(words)
    return int(number) if number.is_integer() else number


def refuse_unknown(course: Course, where: str, title: str, kind: str) -> None:
    """Report a question of a type that has no kind here."""
    course.refuse(where, title, because("unknown_interaction", name=kind))


def _has_words(words: Children) -> bool:
    node = Node("", {}, list(words))
    return bool(node.words() or node.all("img", "math"))


def _beginning(words: Children) -> str:
    line = plain(words)
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def _points(points: float, writer: MarkdownWriter) -> int:
    whole = max(1, min(100, int(points + 0.5)))
    if whole != points:
        writer.say("points_rounded", points=f"{points:g}")
    return whole


def _is_pattern(form: str) -> bool:
    """Whether an answer holds Moodle's sign for whatever words."""
    return "*" in form.replace(r"\*", "")


def _pattern(form: str) -> str:
    parts = re.split(r"(?<!\\)\*", form)
    return ".*".join(re.escape(part.replace(r"\*", "*")) for part in parts)
