"""An item while it is read: its body without what is shown later, its words as Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from interop.html_markdown import Children, MarkdownWriter, raw
from interop.markdown_text import escaped, parted
from interop.mathml_latex import RAW
from interop.neutral_writing import Course
from interop.qti.declarations import Response, points_of, responses_of
from interop.qti.feedback import SHOWN, Remarks, remarks_of
from interop.qti.operators import Untranslatable
from interop.qti.templates import Fixed, Varied, fixed, varied
from interop.reasons import because
from interop.types import Reason
from interop.xml_trees import Node

FILL_IN = {"en": "Fill in the gaps.", "zh-hans": "请填空。"}
IS_RIGHT = {"en": "This is right.", "zh-hans": "这一项是正确的。"}
IS_WRONG = {"en": "This is wrong.", "zh-hans": "这一项是错误的。"}
"""Feedback of options that have none, where the kind needs some."""

_WRAPPERS = frozenset({"div", "section", "article", "content-body", "item-body"})


class Unfit(Exception):
    """An item that cannot be taken, with the reason."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.reason: Reason = because(code, **values)


@dataclass(slots=True)
class Item:
    """One item. `body` is its item-body, ready to be written."""

    course: Course
    node: Node
    writer: MarkdownWriter
    responses: dict[str, Response] = field(default_factory=dict)
    remarks: Remarks = field(default_factory=Remarks)
    varied: Varied | None = None
    fixed: Fixed | None = None
    body: list[Node | str] = field(default_factory=list)
    vary: dict[str, str] = field(default_factory=dict)

    def blocks(self, children: Children) -> str:
        """Markdown of a document."""
        return self.writer.blocks(children)

    def inline(self, children: Children) -> dict[str, str]:
        """A text of a spec."""
        return self.course.text(self.writer.inline(children))

    def say(self, code: str, **values: object) -> None:
        """Note a loss."""
        self.writer.say(code, **values)

    def response(self, interaction: Node) -> Response:
        """The declaration of an interaction's response. Raises `Unfit`."""
        identifier = interaction.get("response-identifier")
        if identifier not in self.responses:
            raise Unfit("no_answer")
        return self.responses[identifier]

    def correct(self, response: Response) -> list[str]:
        """The right answers as literals, of the fixed variant where there is one."""
        if self.fixed and response.identifier in self.fixed.answers:
            value = self.fixed.answers[response.identifier]
            return [str(one) for one in value] if isinstance(value, list) else [str(value)]
        return list(response.correct)

    def expression(self, response: Response) -> str:
        """The expression of a varied right answer, or ''."""
        return self.varied.answers.get(response.identifier, "") if self.varied else ""

    def feedback(self, *remarks: Node) -> dict[str, str]:
        """The words of remarks as one text, or {}."""
        children: list[Node | str] = []
        for remark in remarks:
            children += [*([" "] if children else []), *self.prepared(remark.children)]
        words = self.writer.inline(children) if remarks else ""
        return self.course.text(words) if words else {}

    def points(self) -> int:
        """The item's best score as whole points."""
        best = points_of(self.node)
        whole = max(1, min(100, math.floor(best + 0.5)))
        if whole != best:
            self.say("points_rounded", points=f"{best:g}")
        return whole

    def prepared(self, children: Children) -> list[Node | str]:
        """Children in which variables are their names or values, and nothing stands that is only
        shown later."""
        out: list[Node | str] = []
        for child in children:
            if isinstance(child, str):
                out.append(child)
            elif child.name == "printed-variable":
                if child.get("format"):
                    self.say("number_format")
                out.append(self._variable(child.get("identifier")))
            elif child.name == "mi" and self._is_template(child.words()):
                out.append(self._in_formula(child.words()))
            elif child.name in {"template-inline", "template-block"}:
                out += self.prepared(child.children) if self._is_shown(child) else []
            elif child.name == "rubric-block" and "candidate" not in child.get("view"):
                self.say("rubric_left_out")
            elif child.name not in {*SHOWN, "end-attempt-interaction", "rubric-block"}:
                copy = Node(child.name, child.attributes, [], child.line, child.namespace)
                copy.children = self.prepared(child.children)
                out.append(copy)
            elif child.name == "rubric-block":
                out += self.prepared(child.children)
        return out

    def _is_template(self, identifier: str) -> bool:
        known = self.varied.names if self.varied else self.fixed.values if self.fixed else {}
        return identifier in known

    def _variable(self, identifier: str) -> Node | str:
        if self.varied and identifier in self.varied.names:
            return raw(f"{{{{ {self.varied.names[identifier]} }}}}")
        return shown(self.fixed.values[identifier]) if self._is_template(identifier) else ""  # type: ignore[union-attr]  # known to be there

    def _in_formula(self, identifier: str) -> Node | str:
        value = self._variable(identifier)
        return value if isinstance(value, Node) else Node("mn", {}, [value])

    def _is_shown(self, node: Node) -> bool:
        """Whether a template block belongs to the fixed variant."""
        value = self.fixed.values.get(node.get("template-identifier")) if self.fixed else None
        values = value if isinstance(value, list) else [value]
        return (node.get("identifier") in values) == (node.get("show-hide", "show") == "show")


def open_item(course: Course, node: Node, writer: MarkdownWriter) -> Item:
    """An item with its templates read and its body ready. Raises `Unfit`."""
    body = node.first("item-body")
    if body is None:
        raise Unfit("no_interaction")
    choices = {
        one.get("identifier")
        for one in body.all("simple-choice", "inline-choice", "hottext", "simple-associable-choice")
    }
    item = Item(course, node, writer, responses_of(node), remarks_of(node, choices))
    _read_templates(item, body)
    item.body = unwrapped(item.prepared(body.children))
    if node.get("adaptive") == "true":
        item.say("adaptive")
    if item.remarks.left_out:
        item.say("feedback_left_out")
    for name, code in (("catalog-info", "catalog_left_out"), ("stylesheet", "style_left_out")):
        if node.first(name):
            item.say(code)
    return item


def unwrapped(children: Sequence[Node | str]) -> list[Node | str]:
    """Children without boxes that hold nothing but blocks."""
    out: list[Node | str] = []
    for child in children:
        if isinstance(child, Node) and child.name in _WRAPPERS:
            out += unwrapped(child.children)
        else:
            out.append(child)
    return out


def shown(value: Any) -> str:
    """A value of a template as learners read it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)


def plain_markdown(words: str) -> str:
    """Plain words as Markdown."""
    return escaped(parted(" ".join(words.split()))[0])


def _read_templates(item: Item, body: Node) -> None:
    """Varied where nothing depends on the variant but numbers and words; else one variant."""
    if not item.node.elements("template-declaration"):
        return
    try:
        item.varied = _as_expressions(item.node, body)
        item.vary = dict(item.varied.expressions)
    except Untranslatable as unknown:
        try:
            item.fixed = fixed(item.node)
        except Untranslatable as no_value:
            raise Unfit("template_unknown", name=no_value) from no_value
        item.say("fixed_variant", name=unknown)


def _as_expressions(node: Node, body: Node) -> Varied:
    """Templates on which nothing depends but numbers and words. Raises `Untranslatable`."""
    if body.all("template-inline", "template-block"):
        raise Untranslatable("template-block")
    out = varied(node)
    for one in node.elements("response-declaration"):
        words = one.get("base-type") in {"integer", "float", "string"}
        if one.get("identifier") in out.answers and not words:
            raise Untranslatable("set-correct-response")
    return out


def is_gap(node: Node | str) -> bool:
    """Whether a gap stands in here."""
    if isinstance(node, str):
        return False
    return any(one.name == RAW and one.text().startswith("[[") for one in node.walk())
