"""Gaps within a text: Moodle's embedded answers `{1:SHORTANSWER:=Paris~%50%Lyon}`, and `[[1]]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interop.html_markdown import Children, raw
from interop.qti.item_reading import Unfit
from interop.questions import Choice, Gap, number_of
from interop.xml_trees import Node, read_html

_EMBEDDED = re.compile(
    r"\{(?P<grade>\d*):(?P<kind>[A-Z_]+):(?P<answers>(?:\\.|[^{}\\])*)\}", re.DOTALL
)
_NUMBERED = re.compile(r"\[\[(?P<number>\d{1,3})\]\]")
_ANSWER = re.compile(r"(?:(?P<right>=)|%(?P<share>-?\d+(?:\.\d+)?)%)?(?P<rest>.*)", re.DOTALL)
_NAMES = {
    "choice": "MULTICHOICE MC MULTICHOICE_V MCV MULTICHOICE_H MCH MULTICHOICE_S MCS "
    "MULTICHOICE_VS MCVS MULTICHOICE_HS MCHS",
    "text": "SHORTANSWER SA MW SHORTANSWER_C SAC MWC",
    "numeric": "NUMERICAL NM",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}


def points_of(words: Children) -> float:
    """The sum of the grades that the gaps of embedded answers name; 1 where one names none."""
    text = Node("", {}, list(words)).text()
    return float(sum(int(found["grade"] or 1) for found in _EMBEDDED.finditer(text)))


def gaps_of(
    words: Children, boxes: Sequence[tuple[str, Children]] = ()
) -> tuple[Children, list[Gap]]:
    """Words with `[[key]]` where an answer is asked for, and the gaps of these keys.

    `boxes`: the group and the words of each choice that `[[n]]` may name; none for embedded
    answers. Raises `Unfit` for a kind of gap that is not known.
    """
    gaps: list[Gap] = []
    pattern = _NUMBERED if boxes else _EMBEDDED

    def marked(children: Children) -> list[Node | str]:
        out: list[Node | str] = []
        for child in children:
            if isinstance(child, Node):
                out.append(Node(child.name, child.attributes, marked(child.children), child.line))
            else:
                out += pieces(child)
        return out

    def pieces(text: str) -> list[Node | str]:
        out: list[Node | str] = []
        end = 0
        for found in pattern.finditer(text):
            key = f"gap-{len(gaps) + 1}"
            gaps.append(_boxed(key, found, boxes) if boxes else _embedded(key, found))
            out += [text[end : found.start()], raw(f"[[{key}]]")]
            end = found.end()
        return [*out, text[end:]]

    return marked(_joined(words, pattern)), gaps


def _joined(words: Children, pattern: re.Pattern[str]) -> Children:
    """Embedded answers may hold line breaks, which part them: then only their words count."""
    if pattern is _NUMBERED:
        return words
    return [_whole(one) if isinstance(one, Node) else one for one in words]


def _whole(node: Node) -> Node:
    if not _EMBEDDED.search(node.text()) or all(
        _EMBEDDED.search(one) or "{" not in one for one in node.children if isinstance(one, str)
    ):
        return node
    children: list[Node | str] = []
    open_text: str | None = None
    for child in node.children:
        words = child if isinstance(child, str) else child.text() or " "
        if open_text is not None:
            open_text += words
            if "}" in words:
                children.append(open_text)
                open_text = None
        elif isinstance(child, str) and child.count("{") > child.count("}"):
            open_text = child
        else:
            children.append(child)
    return Node(node.name, node.attributes, [*children, *([open_text] if open_text else [])])


def _embedded(key: str, found: re.Match[str]) -> Gap:
    kind = _KINDS.get(found["kind"])
    if kind is None:
        raise Unfit("unknown_interaction", name=found["kind"])
    choices = []
    for part in re.split(r"(?<!\\)~", found["answers"]):
        answer = _ANSWER.fullmatch(part)
        assert answer is not None, "every text matches"
        share = 1.0 if answer["right"] else float(answer["share"] or 0) / 100
        words, _, told = re.sub(r"\\([#~=}{/\"])", r"\1", answer["rest"]).partition("#")
        tolerance = 0.0
        if kind == "numeric":
            words, _, room = words.partition(":")
            tolerance = float(number_of(room) or 0) if room else 0.0
        told_words = read_html(told).children if told.strip() else []
        choices.append(Choice([words.strip()], share, told_words, tolerance))
    name = found["kind"]
    shuffles = name in {"MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}
    return Gap(key, kind, choices, shuffles, name in {"SHORTANSWER_C", "SAC", "MWC"})


def _boxed(key: str, found: re.Match[str], boxes: Sequence[tuple[str, Children]]) -> Gap:
    place = int(found["number"]) - 1
    if not 0 <= place < len(boxes):
        raise Unfit("no_answer")
    group = boxes[place][0]
    choices = [
        Choice(words, float(number == place))
        for number, (own, words) in enumerate(boxes)
        if own == group
    ]
    return Gap(key, "choice", choices)
