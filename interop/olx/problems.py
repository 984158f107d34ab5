"""Problems of OLX: the responses of capa, each as a question of ours.

Source: https://docs.openedx.org/en/latest/educators/references/course_development/problem_olx.html
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from interop.html_markdown import Children, Picture
from interop.neutral_writing import Course, Exercise
from interop.qti.item_reading import Unfit
from interop.questions import Choice, Question, exercise_of, number_of, plain
from interop.reasons import because
from interop.xml_trees import Node

_RESPONSES = (
    *("multiplechoiceresponse", "truefalseresponse", "choiceresponse", "optionresponse"),
    *("numericalresponse", "stringresponse", "formularesponse", "customresponse"),
    *("schematicresponse", "imageresponse", "javascriptresponse", "symbolicresponse"),
    *("annotationresponse", "coderesponse", "externalresponse", "choicetextresponse"),
)
_SILENT = frozenset({"solution", "demandhint", "script", "style", "responseparam"})
_FEEDBACK = (*("choicehint", "optionhint", "compoundhint", "correcthint"), "stringequalhint")


def exercises_of(course: Course, problem: Node, where: str, picture: Picture) -> list[Exercise]:
    """The exercises of a problem: one for each response, and the words before it as its task."""
    title = problem.get("display_name")
    responses = [node for node in problem.walk() if node.name in _RESPONSES]
    if not responses:
        course.refuse(where, title, because("no_interaction"))
        return []
    if any(node.name == "script" and node.words() for node in problem.walk()):
        course.refuse(where, title, because("custom_interaction", name="script"))
        return []
    points = number_of(problem.get("weight")) or 1.0
    found = []
    words: list[Node | str] = []
    hints = [one.children for one in problem.all("hint") if _is_demanded(problem, one)]
    number = 0
    for child in _spread(problem):
        if isinstance(child, str) or child.name not in _RESPONSES:
            words.append(child)
            continue
        number += 1
        place = where if len(responses) == 1 else f"{where}:{number}"
        name = title if len(responses) == 1 else f"{title} ({number})"
        each = points if len(responses) == 1 else 1.0
        question = Question(place, name, "", words, hints=hints, points=each)
        made = _exercise(course, child, question, picture)
        found += [made] if made is not None else []
        words = []
    if plain(words) and found:
        found[-1].said = (*found[-1].said, because("words_after_left_out"))
    return found


def _exercise(
    course: Course, response: Node, question: Question, picture: Picture
) -> Exercise | None:
    task = [one for one in response.children if not _is_answer(one)]
    labels = [one for one in response.walk() if one.name in {"label", "description"}]
    inner = [one for one in task if isinstance(one, str) or one.name not in _SILENT]
    outside = [one for one in labels if one not in inner]
    question.words = [*question.words, *inner, *[Node("p", {}, one.children) for one in outside]]
    if response.get("partial_credit"):
        question.said.append(because("partial_credit"))
    if response.all("solution"):
        question.said.append(because("solution_left_out"))
    try:
        _READERS.get(response.name, _unknown)(question, response)
    except Unfit as unfit:
        course.refuse(question.where, question.title, unfit.reason)
        return None
    return exercise_of(course, question, picture)


def _multiple_choice(question: Question, response: Node) -> None:
    question.kind = "choice"
    group = next(iter(response.all("choicegroup")), response)
    question.shuffles = group.get("shuffle", "false") == "true"
    if any(choice.get("fixed") == "true" for choice in group.elements("choice")):
        question.said.append(because("fixed_options"))
    question.choices = [_choice(one) for one in group.elements("choice")]


def _checkboxes(question: Question, response: Node) -> None:
    question.kind, question.shuffles = "choices", False
    question.choices = [_choice(one) for one in response.all("choice")]
    question.said.append(because("choices_scoring"))
    if response.all("compoundhint"):
        question.said.append(because("feedback_left_out"))


def _dropdown(question: Question, response: Node) -> None:
    question.kind, question.shuffles = "choice", False
    inputs = response.all("optioninput")
    if len(inputs) != 1:
        raise Unfit("composite", name="optioninput")
    options = inputs[0].elements("option")
    if options:
        question.choices = [_choice(one) for one in options]
        return
    try:
        names = ast.literal_eval(inputs[0].get("options"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        names = ()
    right = inputs[0].get("correct")
    names = names if isinstance(names, list | tuple) else (names,)
    question.choices = [Choice([str(name)], float(str(name) == right)) for name in names]


def _number(question: Question, response: Node) -> None:
    question.kind = "numeric"
    answer = response.get("answer").strip()
    tolerances = [
        one.get("default")
        for one in response.walk()
        if one.name == "responseparam" and one.get("type") == "tolerance"
    ]
    if answer[:1] in "[(" and answer[-1:] in "])" and answer.count(",") == 1:
        least, most = (number_of(part.strip()) for part in answer[1:-1].split(","))
        if least is None or most is None:
            raise Unfit("no_answer")
        question.choices = [Choice([f"{(least + most) / 2:.15g}"], 1, (), (most - least) / 2)]
        return
    right = number_of(answer)
    if right is None:
        raise Unfit("template_unknown", name=answer)
    room = _tolerance(tolerances[0] if tolerances else "", right)
    others = [Choice([one.get("answer")], 1) for one in response.elements("additional_answer")]
    question.choices = [Choice([answer], 1, (), room), *others]


def _tolerance(words: str, right: float) -> float:
    words = words.strip()
    if words.endswith("%"):
        return abs(right) * float(number_of(words[:-1]) or 0) / 100
    return float(number_of(words) or 0) if words else 0.0


def _string(question: Question, response: Node) -> None:
    question.kind = "text"
    kinds = response.get("type", "ci").split()
    if "regexp" in kinds:
        raise Unfit("template_unknown", name="regexp")
    question.is_case_sensitive = "cs" in kinds
    right = [response.get("answer"), *(one.get("answer") for one in _also(response))]
    wrong = [
        Choice([one.get("answer")], 0, one.children) for one in response.all("stringequalhint")
    ]
    question.choices = [*(Choice([words], 1) for words in right), *wrong]


def _also(response: Node) -> list[Node]:
    return response.elements("additional_answer")


def _formula(question: Question, response: Node) -> None:
    """A formula without variables is a number; with some it is compared in a way of its own."""
    if response.get("samples") and number_of(response.get("answer")) is None:
        raise Unfit("template_unknown", name="formularesponse")
    _number(question, response)


def _unknown(question: Question, response: Node) -> None:
    name = response.name
    if name in {"customresponse", "coderesponse", "externalresponse", "javascriptresponse"}:
        raise Unfit("custom_interaction", name=name)
    if name in {"imageresponse", "schematicresponse", "annotationresponse"}:
        raise Unfit("graphic", name=name)
    raise Unfit("unknown_interaction", name=name)


_READERS: Mapping[str, Callable[[Question, Node], None]] = {
    "multiplechoiceresponse": _multiple_choice,
    "truefalseresponse": _multiple_choice,
    "choiceresponse": _checkboxes,
    "optionresponse": _dropdown,
    "numericalresponse": _number,
    "stringresponse": _string,
    "formularesponse": _formula,
}


def _choice(node: Node) -> Choice:
    hints = [one for one in node.elements() if one.name in _FEEDBACK]
    chosen = [one for one in hints if one.get("selected", "true") != "false"]
    words = [one for one in node.children if isinstance(one, str) or one.name not in _FEEDBACK]
    told: Children = chosen[0].children if chosen else ()
    share: Any = node.get("correct").strip().lower()
    return Choice(words, float(share == "true"), told)


def _is_answer(child: Node | str) -> bool:
    """Whether it is what is answered, and not the task before it."""
    inputs = {"choicegroup", "checkboxgroup", "optioninput", "textline", "formulaequationinput"}
    inputs |= {"numericalinput", "label", "description", "additional_answer", *_FEEDBACK}
    return isinstance(child, Node) and child.name in inputs


def _is_demanded(problem: Node, hint: Node) -> bool:
    return any(hint in one.elements("hint") for one in problem.all("demandhint"))


def _spread(problem: Node) -> list[Node | str]:
    """What a problem holds, in order, with responses inside of boxes brought to the top."""
    out: list[Node | str] = []
    for child in problem.children:
        if isinstance(child, str):
            out.append(child)
        elif child.name in _SILENT:
            continue
        elif child.name not in _RESPONSES and any(one.name in _RESPONSES for one in child.walk()):
            out += _spread(child)
        else:
            out.append(child)
    return out
