"""A course → Moodle XML: a category for each lesson, a question for each exercise.

Source: https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from exercises.cloze import GAP
from exercises.numbers import exact
from interop.neutral_reading import Outgoing, OutgoingCourse, outgoing
from interop.qti.export_items import NoForm
from interop.reasons import because, refused
from interop.types import Exported, Fate, ItemReport
from interop.xhtml import element, text, words_of, xhtml
from interop.xhtml import inline as inline_xml

STRUCK = frozenset({"s", "del", "strike", "section", "aside", "figure"})
"""Elements whose words alone go out."""
WHOLE_COST = 100
"""Percent: a hint that gives the solution away."""
_EMBEDDED = re.compile(r"([\\}{#~/\"=])")


def export_moodle(files: Mapping[str, bytes], language: str) -> Exported:
    """The exercises of a course in one of its languages. Raises `Refused`: no course, or no
    exercise in it that Moodle can say."""
    course = outgoing(files, language)
    reports = list(course.reports)
    questions: list[str] = []
    found = False
    for module, lessons in course.modules:
        for lesson in lessons:
            if any(piece.get("html") for piece in lesson.body):
                said = (because("lesson_words_left_out"),)
                reports.append(ItemReport(lesson.key, lesson.title, Fate.LOSS, said))
            questions.append(_category(module, lesson.title))
            for exercise in lesson.exercises:
                try:
                    questions.append(_question(course, exercise))
                except NoForm as no_form:
                    said = (no_form.reason,)
                    where, title = exercise.where, exercise.title
                    reports.append(ItemReport(where, title, Fate.REFUSED, said))
                    continue
                found = True
                reports.append(exercise.report())
    if not found:
        raise refused("nothing_inside")
    body = element("quiz", "\n".join(questions))
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()
    return Exported(f"{course.key}-moodle.xml", "application/xml", data, tuple(reports))


def _category(*names: str) -> str:
    path = "/".join(("$course$", "top", *(name.replace("/", "//") for name in names)))
    inside = element("category", element("text", text(path)))
    return element("question", inside, {"type": "category"})


def _question(course: OutgoingCourse, exercise: Outgoing) -> str:
    """Raises `NoForm`; notes losses in the exercise."""
    maker = _MAKERS.get(exercise.kind)
    if maker is None:
        raise NoForm(because("no_form_outside", kind=exercise.kind))
    kind, inside = maker(exercise)
    if any(cost == WHOLE_COST for _, cost in exercise.hints):
        exercise.say("hint_costs_left_out")
    if exercise.statement.all("s", "del"):
        exercise.say("struck_left_out")
    content = [
        element("name", element("text", text(exercise.title))),
        _statement(course, exercise),
        element("defaultgrade", str(exercise.points)),
        element("penalty", "0"),
        inside,
        *(_words("hint", inline_xml(hint, STRUCK)) for hint, _ in exercise.hints),
    ]
    return element("question", "\n".join(content), {"type": kind})


def _statement(course: OutgoingCourse, exercise: Outgoing) -> str:
    """The words of the question, with the pictures that stand in them."""
    names = []
    for node in exercise.statement.all("img"):
        if node.get("src") in course.figures:
            names.append(node.get("src"))
            node.attributes["src"] = f"@@PLUGINFILE@@/{node.get('src').rpartition('/')[2]}"
    words = xhtml(exercise.statement.children, STRUCK)
    if exercise.kind == "cloze":
        words += element("p", _embedded(exercise))
    files = [
        element(
            "file",
            base64.b64encode(course.figures[name]).decode(),
            {"name": name.rpartition("/")[2], "path": "/", "encoding": "base64"},
        )
        for name in dict.fromkeys(names)
    ]
    return _words("questiontext", words, "".join(files))


# Kinds: the type of Moodle's question, and what follows its words


def _choice(exercise: Outgoing) -> tuple[str, str]:
    options = exercise.spec["options"]
    several = exercise.kind == "choices"
    rights = sum(bool(option.get("correct")) for option in options)
    share = 100 / rights
    answers = []
    for option in options:
        worth = share if option.get("correct") else (-share if several else 0)
        told = option.get("feedback", "")
        answers.append(_answer(worth, inline_xml(option["text"], STRUCK), told))
    shuffles = str(exercise.spec.get("shuffle", True)).lower()
    head = element("single", str(not several).lower()) + element("shuffleanswers", shuffles)
    return "multichoice", head + "".join(answers)


def _text(exercise: Outgoing) -> tuple[str, str]:
    spec = exercise.spec
    sensitive = _say_text_losses(exercise, spec)
    answers = [_answer(100, text(_literal(form))) for form in dict.fromkeys(spec["accept"])]
    for mistake in spec.get("wrong", ()):
        answers += [
            _answer(0, text(_literal(form)), mistake["feedback"]) for form in mistake["accept"]
        ]
    return "shortanswer", element("usecase", str(int(sensitive))) + "".join(answers)


def _say_text_losses(exercise: Outgoing, spec: Mapping[str, Any]) -> bool:
    """Whether upper and lower case differ."""
    normalise = set(spec.get("normalise", ("case", "space", "width", "punctuation")))
    if normalise - {"case"} != {"space"}:
        exercise.say("normalise_left_out")
    if spec.get("patterns"):
        exercise.say("patterns_left_out")
    return "case" not in normalise


def _literal(form: str) -> str:
    """An answer in which a star is a star."""
    return form.replace("*", r"\*")


def _numeric(exercise: Outgoing) -> tuple[str, str]:
    spec = exercise.spec
    answer, room = _number(exercise, spec)
    mistakes = [
        _answer(0, _decimal(one["answer"]), one["feedback"], tolerance="0")
        for one in spec.get("wrong", ())
    ]
    return "numerical", "".join([_answer(100, answer, tolerance=room), *mistakes])


def _number(exercise: Outgoing, spec: Mapping[str, Any]) -> tuple[str, str]:
    """A number and how far from it is right too."""
    if spec.get("input") == "hexadecimal":
        raise NoForm(because("hexadecimal"))
    if spec.get("input") == "integer":
        exercise.say("whole_left_out")
    if spec.get("units"):
        exercise.say("units_left_out")
    answer = _decimal(spec["answer"])
    if exact(float(answer)) != exact(spec["answer"]):
        exercise.say("bounds_left_out")
    tolerance = spec.get("tolerance", {})
    room = float(tolerance.get("absolute", 0))
    if relative := tolerance.get("relative"):
        exercise.say("tolerance_absolute")
        room = max(room, abs(float(answer)) * relative)
    return answer, f"{room:.15g}"


def _decimal(answer: object) -> str:
    number = exact(answer)  # type: ignore[arg-type]  # an answer of a checked spec is a number
    if number is None or abs(number) > 10**300:
        raise NoForm(because("bounds_left_out"))
    return str(number.numerator) if number.denominator == 1 else repr(float(number))


def _match(exercise: Outgoing) -> tuple[str, str]:
    pairs = exercise.spec["pairs"]
    if any(pair.get("feedback") for pair in pairs):
        exercise.say("row_feedback_left_out")
    rows = [(inline_xml(pair["left"], STRUCK), pair["right"]) for pair in pairs]
    rows += [("", extra["right"]) for extra in exercise.spec.get("extra", ())]
    if any("<" in right for _, right in rows):
        exercise.say("marks_in_choice")
    questions = [
        element(
            "subquestion",
            element("text", text(left)) + element("answer", element("text", text(words_of(right)))),
            {"format": "html"},
        )
        for left, right in rows
    ]
    return "matching", element("shuffleanswers", "true") + "".join(questions)


def _order(exercise: Outgoing) -> tuple[str, str]:
    pairs = exercise.spec.get("credit", "pairs") == "pairs"
    grading = "RELATIVE_NEXT_EXCLUDE_LAST" if pairs else "ALL_OR_NOTHING"
    items = [
        _answer(place, inline_xml(one, STRUCK))
        for place, one in enumerate(exercise.spec["items"], start=1)
    ]
    told = exercise.spec.get("feedback")
    inside = element("gradingtype", grading) + "".join(items)
    return "ordering", inside + (
        _words("incorrectfeedback", inline_xml(told, STRUCK)) if told else ""
    )


def _cloze(exercise: Outgoing) -> tuple[str, str]:
    gaps = exercise.spec["gaps"]
    each = exercise.points / len(gaps)
    if not each.is_integer():
        exercise.say("gap_points")
    return "cloze", ""


def _embedded(exercise: Outgoing) -> str:
    """The text of a cloze, with Moodle's codes in its gaps."""
    gaps = {gap["key"]: gap for gap in exercise.spec["gaps"]}
    each = exercise.points / len(gaps)
    grade = int(each) if each.is_integer() else 1
    pieces = []
    for place, piece in enumerate(GAP.split(inline_xml(exercise.spec["text"], STRUCK))):
        pieces.append(text(_code(exercise, gaps[piece], grade)) if place % 2 else piece)
    return "".join(pieces)


def _code(exercise: Outgoing, gap: Mapping[str, Any], grade: int) -> str:
    if gap["kind"] == "choice":
        if any("<" in option["text"] for option in gap["options"]):
            exercise.say("marks_in_choice")
        if any(option.get("feedback") for option in gap["options"]):
            exercise.say("row_feedback_left_out")
        name = "MULTICHOICE_S" if gap.get("shuffle", True) else "MULTICHOICE"
        answers = [(bool(one.get("correct")), words_of(one["text"])) for one in gap["options"]]
    elif gap["kind"] == "text":
        if gap.get("wrong"):
            exercise.say("mistakes_left_out")
        sensitive = _say_text_losses(exercise, gap)
        name = "SHORTANSWER_C" if sensitive else "SHORTANSWER"
        answers = [(True, _literal(form)) for form in dict.fromkeys(gap["accept"])]
    else:
        if gap.get("wrong"):
            exercise.say("mistakes_left_out")
        answer, room = _number(exercise, gap)
        return f"{{{grade}:NUMERICAL:={answer}:{room}}}"
    written = (f"{'=' if right else ''}{_escaped(words)}" for right, words in answers)
    return f"{{{grade}:{name}:{'~'.join(written)}}}"


def _escaped(words: str) -> str:
    return _EMBEDDED.sub(r"\\\1", words)


_MAKERS: Mapping[str, Callable[[Outgoing], tuple[str, str]]] = {
    "choice": _choice,
    "choices": _choice,
    "text": _text,
    "numeric": _numeric,
    "match": _match,
    "order": _order,
    "cloze": _cloze,
}


# Pieces


def _words(name: str, html: str, files: str = "") -> str:
    """An element whose text is HTML."""
    return element(name, element("text", text(html)) + files, {"format": "html"})


def _answer(fraction: float, words: str, told: str = "", *, tolerance: str = "") -> str:
    inside = element("text", text(words)) + (
        _words("feedback", inline_xml(told, STRUCK)) if told else ""
    )
    inside += element("tolerance", tolerance) if tolerance else ""
    return element("answer", inside, {"fraction": f"{fraction:.7g}", "format": "html"})
