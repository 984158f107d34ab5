"""Block interactions: one item, one exercise of the kind that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from interop.html_markdown import raw
from interop.qti.declarations import Response
from interop.qti.item_reading import IS_RIGHT, IS_WRONG, Item, Unfit
from interop.xml_trees import Node

Made = tuple[str, dict[str, Any]]
"""Kind and spec."""

REFUSED: Mapping[str, str] = {
    "extended-text-interaction": "free_text",
    "upload-interaction": "upload",
    "drawing-interaction": "drawing",
    "media-interaction": "media_interaction",
    "custom-interaction": "custom_interaction",
    "portable-custom-interaction": "custom_interaction",
    "hotspot-interaction": "graphic",
    "graphic-order-interaction": "graphic",
    "graphic-associate-interaction": "graphic",
    "graphic-gap-match-interaction": "graphic",
    "select-point-interaction": "graphic",
    "position-object-interaction": "graphic",
}
"""Interaction → why it is not taken."""


def made_of(item: Item, interaction: Node) -> Made:
    """The exercise of an item with this one block interaction. Raises `Unfit`."""
    makers: Mapping[str, Callable[[Item, Node], Made]] = {
        "choice-interaction": choice,
        "hottext-interaction": choice,
        "order-interaction": order,
        "match-interaction": match,
        "associate-interaction": associate,
        "slider-interaction": slider,
    }
    if interaction.name not in makers:
        raise Unfit(REFUSED.get(interaction.name, "unknown_interaction"), name=interaction.name)
    return makers[interaction.name](item, interaction)


def choice(item: Item, interaction: Node) -> Made:
    """One or several of some options."""
    response = item.response(interaction)
    nodes = interaction.all("simple-choice", "hottext")
    right = rights_of(item, response, {node.get("identifier") for node in nodes})
    several = response.cardinality == "multiple"
    if several:
        _say_limits(item, interaction, len(nodes))
        _say_scoring(item, response, right, len(nodes))
    elif any(response.mapping.get(key, 0) > 0 for key in response.mapping if key not in right):
        item.say("partial_credit")
    options = [_option(item, node, node.get("identifier") in right, several) for node in nodes]
    if interaction.name == "hottext-interaction":
        item.say("hottext_as_choice")
    shuffle = interaction.get("shuffle") == "true"
    held = [node.get("fixed") == "true" for node in nodes]
    if shuffle and any(held):
        shuffle = not all(held)
        if shuffle:
            item.say("fixed_options")
    return ("choices" if several else "choice"), {"shuffle": shuffle, "options": options}


def rights_of(item: Item, response: Response, known: set[str]) -> set[str]:
    """The right options. Raises `Unfit` where nothing says which."""
    right = {one for one in item.correct(response) if one in known}
    if not right and response.mapping:
        best = max(response.mapping.values())
        several = response.cardinality == "multiple"
        right = {
            key
            for key, worth in response.mapping.items()
            if key in known and worth > 0 and (several or worth == best)
        }
    if not right or (response.cardinality != "multiple" and len(right) > 1):
        raise Unfit("no_answer")
    return right


def _option(item: Item, node: Node, right: bool, several: bool) -> dict[str, Any]:  # noqa: FBT001
    remarks = item.remarks
    own = remarks.of_choice.get(node.get("identifier"), [])
    told = item.feedback(*own) or item.feedback(*(remarks.right if right else remarks.wrong))
    if not told and several:
        told = {
            language: (IS_RIGHT if right else IS_WRONG)[language]
            for language in item.course.languages
        }
    option: dict[str, Any] = {"text": item.inline(node.children)}
    if right:
        option["correct"] = True
    if told:
        option["feedback"] = told
    return option


def _say_limits(item: Item, interaction: Node, count: int) -> None:
    most = interaction.get("max-choices", "1")
    least = interaction.get("min-choices", "0")
    if (most.isdecimal() and 0 < int(most) < count) or least not in {"", "0", "1"}:
        item.say("choice_limit")


def _say_scoring(item: Item, response: Response, right: set[str], count: int) -> None:
    """Ours is (rights - wrongs) / rights, at least 0."""
    gains = {response.worth(key) for key in right}
    losses = {worth for key, worth in response.mapping.items() if key not in right}
    if len(response.mapping) < count:
        losses.add(response.default)
    if len(right) == count:
        losses = {-gain for gain in gains}  # there is nothing wrong to choose
    ours = response.lower == 0 and len(gains) == len(losses) == 1
    if not (ours and min(gains) > 0 and abs(sum(gains) + sum(losses)) < 1e-6):
        item.say("choices_scoring")


def order(item: Item, interaction: Node) -> Made:
    """Items in their right order."""
    response = item.response(interaction)
    nodes = {node.get("identifier"): node for node in interaction.all("simple-choice")}
    right = item.correct(response)
    if sorted(right) != sorted(nodes):
        raise Unfit("no_answer")
    spec: dict[str, Any] = {
        "items": [item.inline(nodes[key].children) for key in right],
        "credit": "all",
    }
    if told := item.feedback(*item.remarks.wrong):
        spec["feedback"] = told
    return "order", spec


def match(item: Item, interaction: Node) -> Made:
    """Rows of which each has one partner."""
    response = item.response(interaction)
    sets = interaction.elements("simple-match-set")
    if len(sets) != 2:
        raise Unfit("no_answer")
    lefts, rights = (
        {node.get("identifier"): node for node in one.elements("simple-associable-choice")}
        for one in sets
    )
    pairs = _pairs(item, response)
    if not _each_once([left for left, _ in pairs], lefts):
        pairs = [(right, left) for left, right in pairs]
        lefts, rights = rights, lefts
    if not _each_once([left for left, _ in pairs], lefts):
        raise Unfit("many_to_many")
    if not all(right in rights for _, right in pairs):
        raise Unfit("no_answer")
    _say_row_scoring(item, response, len(pairs))
    return "match", _rows(item, dict(pairs), lefts, rights)


def associate(item: Item, interaction: Node) -> Made:
    """Pairs out of one set: the first of each pair becomes its row."""
    response = item.response(interaction)
    nodes = {node.get("identifier"): node for node in interaction.all("simple-associable-choice")}
    pairs = _pairs(item, response)
    used = [one for pair in pairs for one in pair]
    if not pairs or len(set(used)) != len(used) or not set(used) <= set(nodes):
        raise Unfit("many_to_many")
    item.say("associate_as_match")
    _say_row_scoring(item, response, len(pairs))
    lefts = {left: nodes[left] for left, _ in pairs}
    rights = {key: node for key, node in nodes.items() if key not in lefts}
    return "match", _rows(item, dict(pairs), lefts, rights)


def slider(item: Item, interaction: Node) -> Made:
    """A number on a scale, to be written instead."""
    response = item.response(interaction)
    right = item.correct(response)
    if not right:
        raise Unfit("no_answer")
    item.say("slider_as_number")
    return "numeric", {"answer": float(right[0]) if "." in right[0] else int(right[0])}


def _pairs(item: Item, response: Response) -> list[tuple[str, str]]:
    found = []
    for words in item.correct(response) or [
        k for k, worth in response.mapping.items() if worth > 0
    ]:
        parts = words.split()
        if len(parts) != 2:
            raise Unfit("no_answer")
        found.append((parts[0], parts[1]))
    if not found:
        raise Unfit("no_answer")
    return found


def _each_once(used: list[str], known: Mapping[str, Node]) -> bool:
    return sorted(used) == sorted(known)


def _say_row_scoring(item: Item, response: Response, count: int) -> None:
    """Ours is the share of the rows."""
    worths = set(response.mapping.values())
    if count > 1 and (len(worths) != 1 or response.default or len(response.mapping) != count):
        item.say("rows_scoring")


def _rows(
    item: Item, partner: Mapping[str, str], lefts: Mapping[str, Node], rights: Mapping[str, Node]
) -> dict[str, Any]:
    texts = {key: item.inline(node.children) for key, node in rights.items()}
    told = item.feedback(*item.remarks.wrong)
    pairs = []
    for left, node in lefts.items():
        pair: dict[str, Any] = {"left": item.inline(node.children), "right": texts[partner[left]]}
        own = item.feedback(*item.remarks.of_choice.get(left, [])) or told
        pairs.append(pair | ({"feedback": own} if own else {}))
    extra = [{"right": text} for key, text in texts.items() if key not in partner.values()]
    return {"pairs": pairs} | ({"extra": extra} if extra else {})


def with_prompt(item: Item, interaction: Node) -> list[Node | str]:
    """The body, with the words of its block interaction in the interaction's place."""
    return _replaced(item.body, interaction)


def _replaced(children: list[Node | str], interaction: Node) -> list[Node | str]:
    out: list[Node | str] = []
    for child in children:
        if child is interaction:
            out += _own_words(interaction)
        elif isinstance(child, Node):
            copy = Node(child.name, child.attributes, [], child.line, child.namespace)
            copy.children = _replaced(child.children, interaction)
            out.append(copy)
        else:
            out.append(child)
    return out


def _own_words(interaction: Node) -> list[Node | str]:
    prompt = interaction.first("prompt")
    words: list[Node | str] = [Node("div", {}, list(prompt.children))] if prompt else []
    if interaction.name == "hottext-interaction":
        words += [_marked(child) for child in interaction.children if child is not prompt]
    return words


def _marked(child: Node | str) -> Node | str:
    """A passage with its hot texts in bold."""
    if isinstance(child, str):
        return child
    name = "strong" if child.name == "hottext" else child.name
    return Node(name, child.attributes, [_marked(one) for one in child.children], child.line)


def gap_node(key: str) -> Node:
    """Where a gap stands in the words."""
    return raw(f"[[{key}]]")
