"""Items of QTI 1.2, as cartridges and Canvas write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interop.html_markdown import MarkdownWriter, Picture
from interop.markdown_text import escaped, parted
from interop.neutral_writing import Course, Exercise
from interop.qti.declarations import number_in
from interop.qti.item_reading import IS_RIGHT, IS_WRONG, Unfit
from interop.types import Refused
from interop.xml_trees import Node, read_html

Made = tuple[str, dict[str, Any]]
_RIGHT = {"correct_fb", "correct"}
_WRONG = {"general_incorrect_fb", "incorrect_fb", "incorrect"}


@dataclass(slots=True)
class Scored:
    """What response processing says of one answer to one response."""

    score: float
    answers: list[tuple[str, str]] = field(default_factory=list)
    """Response and answer, of every `varequal` that is not negated."""
    between: list[tuple[str, float]] = field(default_factory=list)
    """`vargte` and `varlte`, with their bounds."""
    shown: list[str] = field(default_factory=list)
    """Feedback that is displayed."""
    loose: bool = True
    """Whether upper and lower case are the same."""
    partial: bool = False
    """Whether a part of the answer is enough (`varsubstring`)."""


def read_question(course: Course, node: Node, where: str, picture: Picture) -> Exercise | None:
    """The exercise that an `item` is, or None: then the course's report says why."""
    title = node.get("title") or node.get("ident")
    question = _Question(course, node, MarkdownWriter(picture))
    try:
        kind, spec = question.made()
        statement = question.statement()
    except Unfit as unfit:
        course.refuse(where, title, unfit.reason)
        return None
    except Refused as bad:
        course.refuse(where, title, bad.reason)
        return None
    said = tuple(question.writer.said.values())
    return Exercise(
        kind=kind,
        title=course.text(title),
        statement=course.text(statement or escaped(parted(title)[0])),
        spec=spec,
        where=where,
        points=question.points(),
        said=said,
    )


class _Question:
    def __init__(self, course: Course, node: Node, writer: MarkdownWriter) -> None:
        self.course = course
        self.node = node
        self.writer = writer
        self.metadata = {
            one.elements("fieldlabel")[0].words(): one.elements("fieldentry")[0].words()
            for one in node.all("qtimetadatafield")
            if one.elements("fieldlabel") and one.elements("fieldentry")
        }
        presentation = node.first("presentation")
        self.presentation = presentation or Node("presentation")
        self.lids = self.presentation.all("response_lid")
        self.fields = self.presentation.all("response_str", "response_num")
        self.scored = [_scored(one) for one in node.all("respcondition")]
        self.told = {
            one.get("ident"): one for one in node.all("itemfeedback") if one.all("mattext")
        }

    def kind_name(self) -> str:
        """`cc.multiple_choice.v0p1` or `multiple_choice_question` as `multiple_choice`."""
        name = self.metadata.get("cc_profile") or self.metadata.get("question_type", "")
        return name.removeprefix("cc.").partition(".")[0].removesuffix("_question")

    def points(self) -> int:
        best = number_in(self.metadata.get("points_possible", "1")) or 1.0
        whole = max(1, min(100, int(best + 0.5)))
        if whole != best:
            self.writer.say("points_rounded", points=f"{best:g}")
        return whole

    def statement(self) -> str:
        """The words of the question: those that belong to no response."""
        inside = {id(one) for lid in self.lids for one in lid.walk()}
        return "\n\n".join(
            self.writer.blocks(_content(one))
            for one in self.presentation.all("mattext")
            if id(one) not in inside
        )

    def made(self) -> Made:
        name = self.kind_name()
        if name in {"essay", "file_upload", "text_only"}:
            raise Unfit("upload" if name == "file_upload" else "free_text")
        if name == "calculated":
            raise Unfit("template_unknown", name=name)
        if len(self.lids) > 1:
            return self._match()
        if len(self.lids) == 1:
            return self._choice()
        if len(self.fields) == 1:
            return self._field()
        raise Unfit("composite" if self.fields else "no_interaction", name=name or "item")

    def _choice(self) -> Made:
        response = self.lids[0]
        several = response.get("rcardinality", "Single").lower() == "multiple"
        labels = response.all("response_label")
        known = {label.get("ident") for label in labels}
        right = self._right(response.get("ident"), known, several=several)
        if several:
            self.writer.say("choices_scoring")
        options = []
        for label in labels:
            is_right = label.get("ident") in right
            option: dict[str, Any] = {"text": self._text(label)}
            if is_right:
                option["correct"] = True
            told = self._feedback(response.get("ident"), label.get("ident"), is_right=is_right)
            if not told and several:
                words = IS_RIGHT if is_right else IS_WRONG
                told = {language: words[language] for language in self.course.languages}
            options.append(option | ({"feedback": told} if told else {}))
        render = response.first("render_choice")
        shuffle = render is not None and render.get("shuffle", "No").lower() == "yes"
        return ("choices" if several else "choice"), {"shuffle": shuffle, "options": options}

    def _right(self, response: str, known: set[str], *, several: bool) -> set[str]:
        gains = [one for one in self.scored if one.score > 0]
        if several:
            best = max(gains, key=lambda one: one.score, default=None)
            right = {answer for name, answer in best.answers if name == response} if best else set()
        else:
            most = max((one.score for one in gains), default=0)
            named = [
                (one.score, answer)
                for one in gains
                for name, answer in one.answers
                if name == response and answer in known
            ]
            right = {answer for score, answer in named if score == most}
            if any(score < most for score, _ in named):
                self.writer.say("partial_credit")
        if not right & known or (not several and len(right) > 1):
            raise Unfit("no_answer")
        return right & known

    def _field(self) -> Made:
        response = self.fields[0].get("ident")
        gains = [one for one in self.scored if one.score > 0]
        forms = [answer for one in gains for name, answer in one.answers if name == response]
        forms = list(dict.fromkeys(form for form in forms if form))
        if any(one.partial for one in gains):
            raise Unfit("unknown_interaction", name="varsubstring")
        if self.kind_name() == "numerical" or self.fields[0].name == "response_num":
            return "numeric", self._number(forms, [one.between for one in gains])
        if not forms:
            raise Unfit("no_answer")
        if len({one.score for one in gains}) > 1:
            self.writer.say("partial_credit")
        loose = all(one.loose for one in gains)
        return "text", {"accept": forms, "normalise": ["case"] if loose else []}

    def _number(self, forms: list[str], bounds: list[list[tuple[str, float]]]) -> dict[str, Any]:
        between = next((dict(one) for one in bounds if len(one) == 2), {})
        low, high = between.get("low"), between.get("high")
        right = number_in(forms[0]) if forms else None
        if right is None and low is not None and high is not None:
            right = (low + high) / 2
        if right is None:
            raise Unfit("no_answer")
        spec: dict[str, Any] = {"answer": int(right) if right.is_integer() else right}
        if low is not None and high is not None:
            room = round(max(abs(right - low), abs(high - right)), 12)
            spec |= {"tolerance": {"absolute": room}} if room else {}
        return spec

    def _match(self) -> Made:
        pairs = []
        used: set[str] = set()
        labels: dict[str, dict[str, str]] = {}
        for lid in self.lids:
            options = {one.get("ident"): self._text(one) for one in lid.all("response_label")}
            labels |= options
            right = self._right(lid.get("ident"), set(options), several=False)
            chosen = options[next(iter(right))]
            used |= right
            material = lid.first("material")
            if material is None:
                raise Unfit("composite", name="response_lid")
            pairs.append({"left": self._text(material), "right": chosen})
        rights = [pair["right"] for pair in pairs]
        extra = [
            {"right": text}
            for text in {
                words[self.course.languages[0]]: words for words in labels.values()
            }.values()
            if text not in rights
        ]
        return "match", {"pairs": pairs} | ({"extra": extra} if extra else {})

    def _text(self, node: Node) -> dict[str, str]:
        parts = [self.writer.inline(_content(one)) for one in node.all("mattext")]
        return self.course.text(" ".join(parts))

    def _feedback(self, response: str, answer: str, *, is_right: bool) -> dict[str, str]:
        own = [
            name
            for one in self.scored
            if (response, answer) in one.answers
            for name in one.shown
            if name in self.told and name not in _RIGHT | _WRONG
        ]
        own = own or [name for name in (_RIGHT if is_right else _WRONG) if name in self.told]
        if not own:
            return {}
        return self._text(self.told[own[0]])


def _content(mattext: Node) -> list[Node | str]:
    """The content of a `mattext`: HTML in its text, or plain words."""
    if mattext.elements():
        return mattext.children
    if mattext.get("texttype", "text/plain").lower() in {"text/html", "text/xhtml"}:
        return read_html(mattext.text()).children
    return [mattext.text()]


def _scored(condition: Node) -> Scored:
    sets = condition.elements("setvar")
    values = [number_in(one.words()) or 0.0 for one in sets]
    out = Scored(max(values, default=0.0))
    out.shown = [one.get("linkrefid") for one in condition.elements("displayfeedback")]
    conditions = condition.first("conditionvar")
    waiting = [(one, False) for one in conditions.elements()] if conditions else []
    while waiting:
        node, negated = waiting.pop(0)
        response = node.get("respident")
        if node.name == "varequal" and not negated:
            out.answers.append((response, node.words()))
            out.loose &= node.get("case", "No").lower() != "yes"
        elif node.name in {"vargte", "vargt", "varlte", "varlt"} and not negated:
            bound = number_in(node.words())
            if bound is not None:
                out.between.append(("low" if "g" in node.name else "high", bound))
        elif node.name == "varsubstring":
            out.partial = True
        waiting += [(one, negated != (node.name == "not")) for one in node.elements()]
    return out
