"""One item of QTI 2 or 3 → one exercise."""

from __future__ import annotations

from interop.html_markdown import MarkdownWriter, Picture
from interop.neutral_writing import Course, Exercise
from interop.qti.gaps import INLINE, cloze, gap_match, written_answer
from interop.qti.interactions import REFUSED, Made, made_of, with_prompt
from interop.qti.item_reading import Item, Unfit, open_item, plain_markdown
from interop.reasons import because
from interop.types import Texts
from interop.xml_trees import Node

_SECRET = 100
"""Percent of the points that a hint costs which is the solution."""


def read_item(course: Course, node: Node, where: str, picture: Picture) -> Exercise | None:
    """The exercise that an `assessment-item` is, or None: then the course's report says why."""
    title = node.get("title") or node.get("identifier")
    writer = MarkdownWriter(picture)
    try:
        item = open_item(course, node, writer)
        statement, (kind, spec) = _made(item)
        points, hints = item.points(), _hints(item)
    except Unfit as unfit:
        course.refuse(where, title, unfit.reason)
        return None
    except (RecursionError, ValueError):
        course.refuse(where, title, because("no_answer"))
        return None
    return Exercise(
        kind=kind,
        title=course.text(title),
        statement=course.text(statement or plain_markdown(title)),
        spec=spec,
        where=where,
        key=node.get("identifier"),
        points=points,
        vary=item.vary,
        hints=hints,
        said=tuple(writer.said.values()),
    )


def _made(item: Item) -> tuple[str, Made]:
    """Statement, kind and spec. Raises `Unfit`."""
    found = [
        one
        for child in item.body
        if isinstance(child, Node)
        for one in child.walk()
        if one.name.endswith("-interaction")
    ]
    if not found:
        raise Unfit("no_interaction")
    for one in found:
        if one.name in REFUSED:
            raise Unfit(REFUSED[one.name], name=one.name)
    only = found[0]
    if len(found) > 1:
        return cloze(item)
    if only.name == "gap-match-interaction":
        return gap_match(item, only)
    if only.name not in INLINE:
        made = made_of(item, only)
        return item.blocks(with_prompt(item, only)), made
    if only.name == "text-entry-interaction" and _stands_alone(item, only):
        return item.blocks(with_prompt(item, only)), _answer(item, only)
    return cloze(item)


def _stands_alone(item: Item, only: Node) -> bool:
    """Whether the field has a line for itself: then it needs no place among the words."""
    for child in item.body:
        if isinstance(child, Node) and only in child.walk():
            return child is only or not child.words()
    return False


def _answer(item: Item, only: Node) -> Made:
    kind, spec = written_answer(item, only)
    told = item.feedback(*item.remarks.wrong)
    if told:
        item.say("feedback_left_out")
    return kind, spec


def _hints(item: Item) -> list[tuple[Texts, int]]:
    """Hints in order. The first that gives the answer away costs all points; then there are none
    left to lose."""
    hints: list[tuple[Texts, int]] = []
    left = _SECRET
    for node, gives_away in item.remarks.hints:
        if text := item.feedback(node):
            hints.append((text, left if gives_away else 0))
            left = 0 if gives_away else left
    return hints
