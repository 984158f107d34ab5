"""Lists of choice questions as CSV, and folders of Markdown.

A list has a first row of names: `question`, options (`a`, `b`, … or `option 1`, …), `answer`
(letters or numbers of the right ones, with commas or spaces between), and as one likes `title`,
`points`, `module`, `lesson`, `hint`, `feedback a`, …. In Chinese: 题目, 选项A, 答案, 标题, 分值, …
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Mapping

from interop.moodle.gift import text_of
from interop.neutral_writing import Course, Lesson, Module, Page
from interop.questions import Choice, Question, exercise_of, number_of
from interop.reasons import because, refused
from interop.types import Reason, Refused
from interop.xml_trees import Node

_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}
_PAGES = {"en": "Pages", "zh-hans": "页面"}
_NAMES = {
    "题目": "question",
    "题干": "question",
    "答案": "answer",
    "正确答案": "answer",
    "标题": "title",
    "分值": "points",
    "单元": "module",
    "课": "lesson",
    "提示": "hint",
}
_OPTION = re.compile(r"(?:option|选项)?\s*(?P<name>[a-z]|\d{1,2})")
_FEEDBACK = re.compile(r"(?:feedback|反馈)\s*(?P<name>[a-z]|\d{1,2})")
_HEADING = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+)\n?")
MOST_ROWS = 5_000


def is_list(files: Mapping[str, bytes]) -> bool:
    """Whether the only file is CSV whose first row names a question and its answer."""
    if len(files) != 1:
        return False
    ((path, data),) = files.items()
    if not path.lower().endswith((".csv", ".tsv")):
        return False
    try:
        head = _rows(data)[:1]
    except (Refused, csv.Error):
        return False
    return bool(head) and {"question", "answer"} <= set(map(_name, head[0]))


def list_course(files: Mapping[str, bytes], language: str) -> Course:
    """What lists of questions hold. Raises `Refused`."""
    course = Course({language: "CSV"}, (language,), key="questions")
    for path, data in files.items():
        _List(course, path).read(data)
    return course


def is_markdown(files: Mapping[str, bytes]) -> bool:
    """Whether there is Markdown, and no course in the neutral format."""
    names = [path.rpartition("/")[2] for path in files]
    return any(name.lower().endswith(".md") for name in names) and "course.toml" not in names


def markdown_course(files: Mapping[str, bytes], language: str) -> Course:
    """A folder of Markdown: folders become modules, files lessons, in the order of their names."""
    course = Course({language: "Markdown"}, (language,), key="markdown")
    modules: dict[str, Module] = {}
    for path in sorted(files):
        folder = posixpath.dirname(path)
        if not path.lower().endswith(".md"):
            continue
        try:
            text = text_of(files[path])
        except Refused as bad:
            course.refuse(path, "", bad.reason)
            continue
        heading = _HEADING.match(text)
        title = heading["title"].strip() if heading else _bare(path)
        words = _without_more(text[heading.end() :] if heading else text)
        if not words.strip():
            course.refuse(path, title, because("empty_page"))
            continue
        said: list[Reason] = []
        words = _pictures(course, files, folder, words, said)
        name = _bare(folder) or _PAGES[language]
        module = modules.get(folder)
        if module is None:
            module = modules[folder] = Module(course.text(name))
            course.modules.append(module)
        page = Page(course.text(words), path, title, tuple(said))
        module.lessons.append(Lesson(course.text(title), parts=[page]))
    return course


def _bare(path: str) -> str:
    """The last name of a path, without its number and its ending."""
    name = posixpath.splitext(path.rpartition("/")[2])[0]
    return re.sub(r"^\d+[-_. ]*", "", name).replace("-", " ").replace("_", " ").strip() or name


def _without_more(text: str) -> str:
    """Headings of the first order below the title go one down: a lesson has one title."""
    return re.sub(r"(?m)^#(?=[ \t])", "##", text)


def _pictures(
    course: Course, files: Mapping[str, bytes], folder: str, words: str, said: list[Reason]
) -> str:
    def brought(found: re.Match[str]) -> str:
        source = found["path"]
        path = posixpath.normpath(posixpath.join(folder, source))
        taken: str | Reason = (
            course.figure(path, files[path])
            if path in files
            else because("picture_missing", name=source)
        )
        if isinstance(taken, Reason):
            said.append(taken)
            return found["alt"]
        return f"![{found['alt']}]({taken})"

    pattern = r'!\[(?P<alt>[^\]\n]*)\]\((?P<path>[^)\s]+)(?:\s+"[^"\n]*")?\)'
    return re.sub(pattern, brought, words)


class _List:
    def __init__(self, course: Course, path: str) -> None:
        self.course = course
        self.path = path
        self.lessons: dict[tuple[str, str], Lesson] = {}
        self.modules: dict[str, Module] = {}

    def read(self, data: bytes) -> None:
        rows = _rows(data)
        if len(rows) > MOST_ROWS:
            raise refused("too_many_rows", most=MOST_ROWS)
        names = [_name(cell) for cell in rows[0]] if rows else []
        for number, row in enumerate(rows[1:], start=2):
            cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
            if any(cells.values()):
                self._row(f"{self.path}:{number}", cells)

    def _row(self, where: str, cells: Mapping[str, str]) -> None:
        asked = cells.get("question", "")
        options = {
            found["name"]: words
            for name, words in cells.items()
            if (found := _OPTION.fullmatch(name)) and words
        }
        right = set(re.split(r"[\s,;，；、]+", cells.get("answer", "").lower())) - {""}
        if len(right) == 1 and not right <= set(options) and not next(iter(right)).isdigit():
            right = set(next(iter(right)))  # `AC` is A and C
        reason = _fault(asked, options, right)
        if reason is not None:
            self.course.refuse(where, asked or cells.get("title", ""), reason)
            return
        told = {
            found["name"]: words
            for name, words in cells.items()
            if (found := _FEEDBACK.fullmatch(name)) and words
        }
        share = 1 / len(right)
        question = Question(
            where=where,
            title=cells.get("title", ""),
            kind="choice" if len(right) == 1 else "choices",
            words=[asked],
            choices=[
                Choice(
                    [words],
                    share if name in right else (0 if len(right) == 1 else -share),
                    [told[name]] if name in told else [],
                )
                for name, words in options.items()
            ],
            hints=[[cells["hint"]]] if cells.get("hint") else [],
            points=number_of(cells.get("points", "") or "1") or 1,
        )
        exercise = exercise_of(self.course, question, _no_picture)
        if exercise is not None:
            self._lesson(cells).parts.append(exercise)

    def _lesson(self, cells: Mapping[str, str]) -> Lesson:
        questions = _QUESTIONS[self.course.languages[0]]
        place = (cells.get("module") or questions, cells.get("lesson") or questions)
        if place not in self.lessons:
            if place[0] not in self.modules:
                self.modules[place[0]] = Module(self.course.text(place[0]))
                self.course.modules.append(self.modules[place[0]])
            self.lessons[place] = Lesson(self.course.text(place[1]))
            self.modules[place[0]].lessons.append(self.lessons[place])
        return self.lessons[place]


def _fault(asked: str, options: Mapping[str, str], right: set[str]) -> Reason | None:
    if not asked:
        return because("no_words")
    if len(options) < 2:
        return because("few_options")
    return None if right and right <= set(options) else because("no_answer")


def _rows(data: bytes) -> list[list[str]]:
    text = text_of(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        raise refused("not_text") from None


def _name(cell: str) -> str:
    plain = " ".join(cell.strip().lower().split())
    return _NAMES.get(plain, plain)


def _no_picture(node: Node) -> str | Reason:
    return because("picture_missing", name=node.get("src"))
