"""Feedback and hints: when QTI shows which words, as far as response processing says it simply."""

from __future__ import annotations

from dataclasses import dataclass, field

from interop.xml_trees import Node

SHOWN = ("feedback-inline", "feedback-block", "modal-feedback")
_COMPARING = {"match", "equal", "equal-rounded", "string-match", "map-response", "member"}
_BRANCHES = ("response-if", "response-else-if", "response-else")


@dataclass(slots=True)
class Remarks:
    """Feedback by what it answers. Every list is of elements whose children are the words."""

    of_choice: dict[str, list[Node]] = field(default_factory=dict)
    right: list[Node] = field(default_factory=list)
    wrong: list[Node] = field(default_factory=list)
    hints: list[tuple[Node, bool]] = field(default_factory=list)
    """What is shown on request, and whether it gives the answer away."""
    left_out: list[Node] = field(default_factory=list)


def remarks_of(item: Node, choices: set[str]) -> Remarks:
    """All feedback of an item. `choices`: identifiers of what can be chosen."""
    processing = item.first("response-processing")
    asked = {
        node.get("response-identifier"): node.get("title")
        for node in item.all("end-attempt-interaction")
    }
    told = _conditions(processing, set(asked)) if processing else {}
    out = Remarks()
    for node in item.all(*SHOWN):
        identifier = node.get("identifier")
        condition = told.get((node.get("outcome-identifier"), identifier), "")
        if not node.words() or node.get("show-hide", "show") != "show":
            continue
        if condition in asked:
            secret = "sol" in f"{condition} {identifier} {asked[condition]}".lower()
            out.hints.append((node, secret))
        elif identifier in choices:
            out.of_choice.setdefault(identifier, []).append(node)
        elif condition.startswith("choice "):
            out.of_choice.setdefault(condition.removeprefix("choice "), []).append(node)
        elif condition == "right":
            out.right.append(node)
        elif condition == "wrong":
            out.wrong.append(node)
        else:
            out.left_out.append(node)
    return out


def _conditions(processing: Node, asked: set[str]) -> dict[tuple[str, str], str]:
    """Outcome and its value → the simplest words for when it is set: `right`, `wrong`, the
    response that asks for it, `choice X`, or '' for what is not simple."""
    found: dict[tuple[str, str], str] = {}
    waiting: list[tuple[Node, str]] = [(processing, "")]
    while waiting:
        node, condition = waiting.pop()
        for child in node.elements():
            if child.name in _BRANCHES:
                waiting.append((child, _condition_of(child, asked)))
            elif child.name == "response-condition":
                waiting.append((child, condition))
            elif child.name == "set-outcome-value":
                for value in child.all("base-value"):
                    key = (child.get("identifier"), value.words())
                    found.setdefault(key, condition)
    return found


def _condition_of(branch: Node, asked: set[str]) -> str:
    if branch.name == "response-else":
        # Of "is it a hint that was asked for, else …" nothing simple is said.
        return "wrong"
    test = branch.elements()[0] if branch.elements() else branch
    variables = [node.get("identifier") for node in (test, *test.all("variable"))]
    for identifier in variables:
        if identifier in asked:
            return identifier
    comparing = test.name in _COMPARING or bool(test.all(*_COMPARING))
    if comparing and test.all("correct"):
        return "wrong" if test.name == "not" else "right"
    values = test.all("base-value")
    if test.name in {"match", "member"} and len(values) == 1:
        return f"choice {values[0].words()}"
    return ""
