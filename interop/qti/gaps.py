"""Interactions within words: gaps of a cloze, or one answer to be written."""

from __future__ import annotations

from typing import Any

from interop.html_markdown import is_block
from interop.qti.declarations import Response, number_in
from interop.qti.interactions import Made, choice, gap_node, rights_of
from interop.qti.item_reading import FILL_IN, Item, Unfit, is_gap
from interop.xml_trees import Node

INLINE = ("text-entry-interaction", "inline-choice-interaction")


def written_answer(item: Item, interaction: Node) -> Made:
    """Kind and spec of a text entry: a number or a text."""
    response = item.response(interaction)
    if response.cardinality not in {"single", "record"}:
        raise Unfit("no_answer")
    if response.base_type in {"integer", "float"}:
        return "numeric", _number(item, response)
    return "text", _text(item, response)


def cloze(item: Item) -> tuple[str, Made]:
    """An item of gaps: the statement before the first gap, and the spec."""
    gaps: list[dict[str, Any]] = []
    children = [_with_gaps(item, child, gaps) for child in item.body]
    start = next((place for place, child in enumerate(children) if is_gap(child)), 0)
    while start > 0 and not _ends_a_line(children[start - 1]):
        start -= 1  # the words before a gap in the same line belong to it
    above, rest = children[:start], children[start:]
    pictures = [one for child in rest if isinstance(child, Node) for one in child.all("img")]
    text = item.inline([_without_pictures(child) for child in rest])
    statement = item.blocks([*above, *pictures])
    if not statement:
        statement = FILL_IN[item.course.languages[0]]
    return statement, ("cloze", {"text": text, "gaps": gaps})


def gap_match(item: Item, interaction: Node) -> tuple[str, Made]:
    """Words to be put into gaps: each gap is a choice among all words."""
    response = item.response(interaction)
    words = interaction.elements("gap-text", "gap-img")
    known = {node.get("identifier"): item.inline(node.children) for node in words}
    if any(node.name == "gap-img" for node in words):
        raise Unfit("graphic", name=interaction.name)
    partner: dict[str, str] = {}
    for pair in item.correct(response):
        parts = pair.split()
        if len(parts) != 2 or parts[1] in partner or parts[0] not in known:
            raise Unfit("many_to_many")
        partner[parts[1]] = parts[0]
    item.say("gap_match_as_choices")
    gaps: list[dict[str, Any]] = []

    def replaced(child: Node | str) -> Node | str:
        if isinstance(child, str):
            return child
        if child.name != "gap":
            return Node(child.name, child.attributes, [replaced(one) for one in child.children])
        wanted = partner.get(child.get("identifier"))
        if wanted is None:
            raise Unfit("no_answer")
        key = f"gap-{len(gaps) + 1}"
        options = [
            {"text": text} | ({"correct": True} if name == wanted else {})
            for name, text in known.items()
        ]
        gaps.append({"key": key, "kind": "choice", "options": options})
        return gap_node(key)

    own = {"prompt", "gap-text", "gap-img"}
    passage = [
        replaced(child)
        for child in interaction.children
        if isinstance(child, str) or child.name not in own
    ]
    prompt = interaction.first("prompt")
    above = [child for child in item.body if child is not interaction]
    statement = item.blocks([*above, *([Node("div", {}, prompt.children)] if prompt else [])])
    spec = {"text": item.inline(passage), "gaps": gaps}
    return statement or FILL_IN[item.course.languages[0]], ("cloze", spec)


def _with_gaps(item: Item, child: Node | str, gaps: list[dict[str, Any]]) -> Node | str:
    """A copy in which every interaction is a gap."""
    if isinstance(child, str):
        return child
    if not child.name.endswith("-interaction"):
        copy = Node(child.name, child.attributes, [], child.line, child.namespace)
        copy.children = [_with_gaps(item, one, gaps) for one in child.children]
        return copy
    key = f"gap-{len(gaps) + 1}"
    gaps.append({"key": key})
    if child.name == "text-entry-interaction":
        kind, spec = written_answer(item, child)
    elif child.name == "inline-choice-interaction":
        kind, spec = "choice", _inline_choice(item, child)
    elif child.name == "choice-interaction":
        item.say("choice_as_gap")
        kind, spec = choice(item, child)
    else:
        raise Unfit("composite", name=child.name)
    if kind not in {"text", "numeric", "choice"}:
        raise Unfit("composite", name=child.name)
    gaps[int(key.removeprefix("gap-")) - 1].update({"kind": kind, **spec})
    prompt = child.first("prompt")
    if prompt is None:
        return gap_node(key)
    return Node("p", {}, [*prompt.children, " ", gap_node(key)])


def _inline_choice(item: Item, interaction: Node) -> dict[str, Any]:
    response = item.response(interaction)
    nodes = interaction.elements("inline-choice")
    right = rights_of(item, response, {node.get("identifier") for node in nodes})
    if any(worth > 0 for key, worth in response.mapping.items() if key not in right):
        item.say("partial_credit")
    options = []
    for node in nodes:
        option: dict[str, Any] = {"text": item.inline(node.children)}
        if node.get("identifier") in right:
            option["correct"] = True
        if told := item.feedback(*item.remarks.of_choice.get(node.get("identifier"), [])):
            option["feedback"] = told
        options.append(option)
    shuffle = interaction.get("shuffle") == "true"
    return {"shuffle": shuffle, "options": options}


def _number(item: Item, response: Response) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    if expression := item.expression(response):
        spec["answer"] = expression
    else:
        right = item.correct(response) or _best(response)
        value = number_in(right[0]) if right else None
        if value is None:
            raise Unfit("no_answer")
        if len(set(right)) > 1:
            item.say("other_answers")
        spec["answer"] = int(value) if value.is_integer() and abs(value) < 1e15 else value
        if response.base_type == "integer" and isinstance(spec["answer"], int):
            spec["input"] = "integer"
    if tolerance := _tolerance(item, response):
        spec["tolerance"] = tolerance
    return spec


def _best(response: Response) -> list[str]:
    best = max(response.mapping.values(), default=0.0)
    return [key for key, worth in response.mapping.items() if worth == best and worth > 0]


def _tolerance(item: Item, response: Response) -> dict[str, float]:
    """How near a number must come, as response processing says it."""
    processing = item.node.first("response-processing")
    for test in processing.all("equal", "equal-rounded") if processing else ():
        named = {node.get("identifier") for node in test.all("variable", "correct")}
        if response.identifier not in named:
            continue
        if test.name == "equal-rounded":
            figures = test.get("figures", "0")
            if test.get("rounding-mode") != "decimalPlaces" or not figures.isdecimal():
                item.say("rounding_left_out")
                return {}
            item.say("rounding_as_tolerance")
            return {"absolute": float(f"0.{'0' * min(int(figures), 12)}5")}
        room = number_in(test.get("tolerance", "").split(" ")[0])
        if room and test.get("tolerance-mode") == "absolute":
            return {"absolute": room}
        if room and test.get("tolerance-mode") == "relative":
            return {"relative": round(room / 100, 12)}
    return {}


def _text(item: Item, response: Response) -> dict[str, Any]:
    if expression := item.expression(response):
        name = f"answer_{len(item.vary) + 1}"
        item.vary[name] = expression
        return {"accept": [f"{{{{ {name} }}}}"], "normalise": []}
    right = item.correct(response)
    best = _best(response)
    forms = list(dict.fromkeys([*right, *best]))
    if not forms:
        raise Unfit("no_answer")
    if any(worth > 0 for key, worth in response.mapping.items() if key not in forms):
        item.say("partial_credit")
    normalise = [] if response.case_sensitive else ["case"]
    return {"accept": forms, "normalise": normalise}


def _ends_a_line(node: Node | str) -> bool:
    return isinstance(node, Node) and is_block(node)


def _without_pictures(child: Node | str) -> Node | str:
    if isinstance(child, str):
        return child
    kept = [one for one in child.children if isinstance(one, str) or one.name != "img"]
    return Node(child.name, child.attributes, [_without_pictures(one) for one in kept])
