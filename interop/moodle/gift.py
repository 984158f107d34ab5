"""GIFT: questions as Moodle's authors type them, `::Title:: Words {=right ~wrong # feedback}`.

Source: https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interop.html_markdown import Children, MarkdownWriter
from interop.moodle.shelves import Shelves
from interop.neutral_writing import Course, Page
from interop.qti.item_reading import Unfit
from interop.questions import FALSE, TRUE, Choice, Pair, Question, exercise_of, number_of
from interop.reasons import because, refused
from interop.types import Reason
from interop.xml_trees import Node, read_html

_ESCAPES = {sign: chr(0xE000 + place) for place, sign in enumerate("~=#{}:\\n")}
"""A sign behind a backslash, kept in the private use area until all is parted."""
_UNESCAPED = {ord(kept): "\n" if sign == "n" else sign for sign, kept in _ESCAPES.items()}
_TITLE = re.compile(r"::(?P<title>.*?)::(?P<rest>.*)", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(?P<format>html|moodle|plain|markdown)\]")
_ANSWER = re.compile(r"(?P<sign>[=~])")
_SHARE = re.compile(r"\s*%(?P<share>-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"(?P<truth>T|TRUE|F|FALSE)", re.IGNORECASE)
_BLANK = {"en": "_____", "zh-hans": "＿＿＿＿"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of the file between empty lines, and the line on which it begins."""

    line: int
    text: str


def is_gift(files: Mapping[str, bytes]) -> bool:
    """Whether the only file is text with answers in braces."""
    if len(files) != 1:
        return False
    ((path, data),) = files.items()
    text = data.decode("utf-8", "replace")
    braces = re.search(r"(?<!\\)\{[^{}]*[=~#TF][^{}]*\}|::[^:\n]+::", text)
    return path.lower().endswith((".txt", ".gift")) and braces is not None


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What files of GIFT hold. Raises `Refused`."""
    course = Course({language: "GIFT"}, (language,), key="gift")
    for path, data in files.items():
        _Gift(course, path).read(text_of(data))
    return course


def text_of(data: bytes) -> str:
    """The words of a text file. Raises `Refused` where they are not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise refused("not_text") from None


def entries(text: str) -> list[Entry]:
    """The questions of a file: what stands between empty lines, without remarks."""
    found: list[Entry] = []
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            continue
        if line.strip():
            start = start if lines else number
            lines.append(line)
        elif lines:
            found.append(Entry(start, "\n".join(lines)))
            lines = []
    return found


class _Gift:
    def __init__(self, course: Course, path: str) -> None:
        self.course = course
        self.path = path
        self.shelves = Shelves(course)

    def read(self, text: str) -> None:
        for entry in entries(text):
            if entry.text.startswith("$CATEGORY:"):
                self.shelves.open(entry.text.removeprefix("$CATEGORY:").strip())
                continue
            where = f"{self.path}:{entry.line}"
            question = Question(where=where, title="", kind="")
            try:
                self._read(question, entry.text)
            except Unfit as unfit:
                self.course.refuse(where, question.title, unfit.reason)

    def _read(self, question: Question, text: str) -> None:
        kept = re.sub(r"\\([~=#{}:\\n])", lambda found: _ESCAPES[found[1]], text)
        if titled := _TITLE.match(kept.strip()):
            question.title = " ".join(_shown(titled["title"]).split())
            kept = titled["rest"]
        before, brace, rest = kept.partition("{")
        if not brace:
            self._page(question, before)
            return
        inner, closed, after = rest.partition("}")
        if not closed:
            raise Unfit("not_finished")
        words_before, plain_after = before, after.strip().strip('";')
        blank = _BLANK[self.course.languages[0]] if plain_after else ""
        question.words = _content(f"{words_before}{blank}{after if plain_after else ''}")
        _answers(question, inner, self.course.languages[0])
        exercise = exercise_of(self.course, question, _no_picture)
        if exercise is not None:
            self.shelves.lesson().parts.append(exercise)

    def _page(self, question: Question, text: str) -> None:
        writer = MarkdownWriter(_no_picture)
        words = writer.blocks(_content(text))
        said = tuple(writer.said.values())
        page = Page(self.course.text(words), question.where, question.title, said)
        self.shelves.lesson().parts.append(page)


def _answers(question: Question, inner: str, language: str) -> None:
    """What stands between the braces. Raises `Unfit`."""
    inner, general, _told = inner.partition("####")
    if general:
        question.said.append(because("feedback_left_out"))
    if not inner.strip():
        question.kind = "essay"
    elif inner.lstrip().startswith("#"):
        _numbers(question, inner.lstrip().removeprefix("#"))
    elif not _ANSWER.search(inner):
        _truth(question, inner, language)
    else:
        _choices(question, inner)


def _truth(question: Question, inner: str, language: str) -> None:
    truth, *told = inner.split("#")
    found = _TRUTH.fullmatch(truth.strip())
    if found is None:
        raise Unfit("no_answer")
    is_true = found["truth"].upper().startswith("T")
    # The first remark is for a wrong answer, the second one for the right one.
    wrong, right = [*(_content(one) for one in told), [], []][:2]
    question.kind, question.shuffles = "choice", False
    question.choices = [
        Choice([TRUE[language]], float(is_true), right if is_true else wrong),
        Choice([FALSE[language]], float(not is_true), wrong if is_true else right),
    ]


def _choices(question: Question, inner: str) -> None:
    signs = _ANSWER.split(inner)[1:]
    found = []
    for sign, text in zip(signs[::2], signs[1::2], strict=True):
        share = _SHARE.match(text)
        rest = text[share.end() :] if share else text
        words, _, told = rest.partition("#")
        worth = float(share["share"]) / 100 if share else float(sign == "=")
        found.append((sign, words, Choice(_content(words), worth, _content(told))))
    only_right = all(sign == "=" for sign, _, _ in found)
    if only_right and all("->" in words for _, words, _ in found):
        question.kind = "match"
        sides = [words.partition("->") for _, words, _ in found]
        question.pairs = [Pair(_content(left), _content(right)) for left, _, right in sides]
        return
    question.choices = [choice for _, _, choice in found]
    rights = sum(choice.share > 0 for choice in question.choices)
    if only_right:
        question.kind = "text"
    else:
        question.kind = "choices" if rights > 1 and "=" not in signs else "choice"


def _numbers(question: Question, inner: str) -> None:
    question.kind = "numeric"
    parts = _ANSWER.split(inner) if _ANSWER.search(inner) else ["", "=", inner]
    # `{#3:2~#Completely wrong}`: the first one may go without its sign.
    signs = parts[1:] if not parts[0].strip() else ["=", *parts]
    choices = []
    for sign, text in zip(signs[::2], signs[1::2], strict=True):
        share = _SHARE.match(text)
        rest = text[share.end() :] if share else text
        words, _, told = rest.partition("#")
        number, tolerance = _range(words)
        worth = float(share["share"]) / 100 if share else float(sign == "=")
        choices.append(Choice([number], worth, _content(told), tolerance))
    question.choices = choices


def _range(words: str) -> tuple[str, float]:
    """`3:2` is 3 with a tolerance of 2, and `1..5` is the same."""
    low, dots, high = words.partition("..")
    if dots:
        least, most = number_of(low.strip()), number_of(high.strip())
        if least is None or most is None:
            raise Unfit("no_answer")
        return f"{(least + most) / 2:.15g}", (most - least) / 2
    number, _, room = words.partition(":")
    return number.strip(), float(number_of(room.strip()) or 0)


def _content(text: str) -> Children:
    """Words with their format: HTML is read, the others are words."""
    form = _FORMAT.match(text)
    words = _shown(text[form.end() :] if form else text).strip()
    if not words:
        return []
    if form is not None and form["format"] in {"plain", "markdown"}:
        return [words]
    return read_html(words).children


def _shown(text: str) -> str:
    return text.translate(_UNESCAPED)


def _no_picture(node: Node) -> str | Reason:
    return because("picture_missing", name=node.get("src"))
