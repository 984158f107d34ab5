"""Moodle XML: categories become modules and lessons, questions exercises, descriptions words."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from interop.html_markdown import Children, MarkdownWriter, Picture
from interop.moodle.cloze import gaps_of, points_of
from interop.moodle.shelves import Shelves
from interop.neutral_writing import Course, Page
from interop.qti.item_reading import Unfit
from interop.questions import FALSE, TRUE, Choice, Pair, Question, exercise_of, number_of
from interop.reasons import because
from interop.types import Reason, Refused
from interop.xml_trees import Node, read_html, read_xml

_PLUGIN_FILE = "@@PLUGINFILE@@/"
_GENERAL = ("generalfeedback", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def is_moodle_xml(files: Mapping[str, bytes]) -> bool:
    """Whether there is a file of Moodle's questions."""
    return any(_is_quiz(data) for data in files.values())


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What files of Moodle's questions hold. Raises `Refused`."""
    course = Course({language: "Moodle"}, (language,), key="moodle")
    for path, data in files.items():
        if _is_quiz(data):
            _Quiz(course, path).read(read_xml(data))
    return course


def _is_quiz(data: bytes) -> bool:
    return b"<quiz" in data[:4096] and b"<question" in data


class _Quiz:
    def __init__(self, course: Course, path: str) -> None:
        self.course = course
        self.path = path
        self.shelves = Shelves(course)

    def read(self, root: Node) -> None:
        for number, node in enumerate(root.elements("question"), start=1):
            kind = node.get("type")
            if kind == "category":
                category = node.first("category")
                self.shelves.open(category.words() if category else "")
                continue
            where = f"{self.path}#{number}"
            title = _words(node.first("name"))
            try:
                self._question(node, kind, where, title)
            except Unfit as unfit:
                self.course.refuse(where, title, unfit.reason)
            except Refused as bad:
                self.course.refuse(where, title, bad.reason)

    def _question(self, node: Node, kind: str, where: str, title: str) -> None:
        picture = _pictures(self.course, node)
        words = _content(node.first("questiontext"))
        if kind == "description":
            writer = MarkdownWriter(picture)
            text = self.course.text(writer.blocks(words))
            said = tuple(writer.said.values())
            self.shelves.lesson().parts.append(Page(text, where, title, said))
            return
        grade = node.first("defaultgrade")
        question = Question(
            where=where,
            title=title,
            kind=kind,
            words=words,
            hints=[_content(hint) for hint in node.elements("hint")],
            points=number_of(grade.words()) or 1.0 if grade else 1.0,
        )
        _READERS.get(kind, _unknown)(question, node, self.course)
        if any(_has_words(node.first(name)) for name in _GENERAL if not question.wrong):
            question.said.append(because("feedback_left_out"))
        exercise = exercise_of(self.course, question, picture)
        if exercise is not None:
            self.shelves.lesson().parts.append(exercise)


def _multichoice(question: Question, node: Node, course: Course) -> None:
    single = _words(node.first("single")).lower() not in {"false", "0"}
    question.kind = "choice" if single else "choices"
    question.shuffles = _words(node.first("shuffleanswers")).lower() not in {"false", "0"}
    question.choices = _choices(node)


def _truefalse(question: Question, node: Node, course: Course) -> None:
    question.kind, question.shuffles = "choice", False
    names = {"true": TRUE, "false": FALSE}
    language = course.languages[0]
    question.choices = [
        replace(choice, words=[names[one.words().split()[0].lower()][language]])
        for one, choice in zip(node.elements("answer"), _choices(node), strict=True)
        if one.words().split()[:1] and one.words().split()[0].lower() in names
    ]


def _shortanswer(question: Question, node: Node, course: Course) -> None:
    question.kind = "text"
    question.is_case_sensitive = _words(node.first("usecase")) == "1"
    question.choices = _choices(node)


def _numerical(question: Question, node: Node, course: Course) -> None:
    question.kind = "numeric"
    question.choices = _choices(node)
    if node.all("unit_name"):
        question.said.append(because("units_left_out"))


def _matching(question: Question, node: Node, course: Course) -> None:
    question.kind = "match"
    question.pairs = [
        Pair(_content(one), _content(one.first("answer"))) for one in node.elements("subquestion")
    ]


def _cloze(question: Question, node: Node, course: Course) -> None:
    question.kind = "cloze"
    question.points = points_of(question.words)
    question.words, question.gaps = gaps_of(question.words)


def _selected(question: Question, node: Node, course: Course) -> None:
    """`gapselect` and `ddwtos`: [[n]] in the text is the nth of the choices."""
    boxes = node.elements("selectoption", "dragbox")
    groups = [_words(box.first("group")) or "1" for box in boxes]
    words = [_content(box) for box in boxes]
    question.kind = "cloze"
    question.words, question.gaps = gaps_of(question.words, list(zip(groups, words, strict=True)))
    question.points = float(len(question.gaps))


def _ordering(question: Question, node: Node, course: Course) -> None:
    question.kind = "order"
    question.choices = _choices(node)
    question.gives_pairs = _words(node.first("gradingtype")) in {"1", "RELATIVE_NEXT_EXCLUDE_LAST"}
    question.wrong = _content(node.first("incorrectfeedback"))


def _essay(question: Question, node: Node, course: Course) -> None:
    question.kind = "essay"


def _unknown(question: Question, node: Node, course: Course) -> None:
    raise Unfit("unknown_interaction", name=question.kind)


_READERS: Mapping[str, Callable[[Question, Node, Course], None]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _selected,
    "ddwtos": _selected,
    "ordering": _ordering,
    "essay": _essay,
}


def _choices(node: Node) -> list[Choice]:
    found = []
    for one in node.elements("answer"):
        tolerance = one.first("tolerance")
        found.append(
            Choice(
                words=_content(one),
                share=(number_of(one.get("fraction")) or 0) / 100,
                feedback=_content(one.first("feedback")),
                tolerance=float(number_of(tolerance.words()) or 0) if tolerance else 0.0,
            )
        )
    return found


def _content(node: Node | None) -> Children:
    """The words of an element with a `text`: HTML, unless its format says that they are plain."""
    text = node.first("text") if node is not None else None
    if node is None or text is None or not text.words():
        return []
    if node.get("format", "html") in {"html", "moodle_auto_format"}:
        return read_html(text.text()).children
    return [text.text()]


def _words(node: Node | None) -> str:
    if node is None:
        return ""
    text = node.first("text")
    return (text or node).words()


def _has_words(node: Node | None) -> bool:
    return bool(_words(node))


def _pictures(course: Course, question: Node) -> Picture:
    """Pictures that stand in the question itself, in base 64."""
    files = {one.get("name"): one for one in question.all("file")}

    def picture(node: Node) -> str | Reason:
        name = unquote(node.get("src").removeprefix(_PLUGIN_FILE))
        if name not in files:
            return because("picture_missing", name=node.get("src"))
        try:
            data = base64.b64decode(files[name].text(), validate=False)
        except binascii.Error:
            return because("picture_missing", name=name)
        return course.figure(name, data)

    return picture
