"""A course on its way out: what exporters need of every exercise, in one language and one variant.

The rules of publishing read and render it, so that what goes out is what learners see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from courses.publishing.faults import Faults
from courses.publishing.files import CourseFiles, LessonFiles
from courses.publishing.loader import read_course
from courses.publishing.ready import ReadyCourse, ReadyExercise, make_ready
from courses.publishing.tables import is_text
from exercises.registry import KINDS
from exercises.specs import calculated
from exercises.texts import fill, fill_plain
from exercises.types import Broken, Json, Spec, Variant
from interop.reasons import because, refused
from interop.settling import staged
from interop.types import Fate, ItemReport, Reason
from interop.xml_trees import Node, read_html

SEED = 1
"""Of the variant that goes out."""

_FIGURE = re.compile(
    r'!\[(?P<alt>(?:\\.|[^\]\\])*)\]\(figures/(?P<name>[\w-]+)\.svg(?: "(?P<caption>[^"]*)")?\)'
)
_TOKEN = re.compile(r"FIGURE0(\d+)0ERUGIF")
_SPECIAL = ("<aside", "<cw-", 'class="diagram"', 'class="footnotes"')


@dataclass(slots=True)
class Outgoing:
    """An exercise: texts are HTML of one language, filled with the values of one variant."""

    key: str
    kind: str
    title: str
    points: int
    statement: Node
    """An element whose children are the statement. Figures are `img` with `src="figures/…"`."""
    spec: dict[str, Any]
    """As in exercise.toml; texts are strings of HTML, computed answers are numbers."""
    hints: list[tuple[str, int]]
    where: str
    said: dict[str, Reason] = field(default_factory=dict)

    def say(self, code: str, **values: object) -> None:
        """Note a loss."""
        reason = because(code, **values)
        self.said.setdefault(reason.text["en"], reason)

    def report(self) -> ItemReport:
        """What became of it."""
        fate = Fate.LOSS if self.said else Fate.TAKEN
        return ItemReport(self.where, self.title, fate, tuple(self.said.values()), self.where)


@dataclass(slots=True)
class OutgoingLesson:
    title: str
    key: str
    body: list[Mapping[str, str]]
    """Pieces in reading order: {"html": …} or {"exercise": key}."""
    exercises: list[Outgoing]


@dataclass(slots=True)
class OutgoingCourse:
    key: str
    title: str
    language: str
    modules: list[tuple[str, list[OutgoingLesson]]]
    """Title and lessons of each."""
    figures: dict[str, bytes]
    """`figures/NAME.svg` → contents, of those that statements show."""
    reports: list[ItemReport]
    """Of the course itself, and of exercises that cannot go out at all."""

    def lessons(self) -> list[OutgoingLesson]:
        """All lessons, in order."""
        return [lesson for _, lessons in self.modules for lesson in lessons]


def outgoing(files: Mapping[str, bytes], language: str) -> OutgoingCourse:
    """The course in these files. Exercises with faults are reported and left out.

    Raises `Refused` when there is no course.toml to be read, or not in this language.
    """
    faults = Faults()
    figures: list[re.Match[str]] = []
    with staged(_with_tokens(files, figures)) as folder:
        course = read_course(folder, faults)
        if course is None or language not in course.languages:
            raise refused("unknown_format")
        ready = make_ready(course, faults)
        faulty = {_folder_of(fault.file, folder) for fault in faults.found}
    return _Reader(files, course, ready, language, faulty, figures).read()


def _with_tokens(files: Mapping[str, bytes], figures: list[re.Match[str]]) -> dict[str, bytes]:
    """The files, with words in the place of figures in statements, which publishing would draw."""

    def token(found: re.Match[str]) -> str:
        figures.append(found)
        return f"FIGURE0{len(figures) - 1}0ERUGIF"

    staged_files = dict(files)
    for path, data in files.items():
        if path.rpartition("/")[2].startswith("statement."):
            text = data.decode(errors="replace")
            staged_files[path] = _FIGURE.sub(token, text).encode()
    return staged_files


def _folder_of(file: str, folder: Path) -> str:
    return "/".join(file.removeprefix(f"{folder}/").split("/")[:2])


class _Reader:
    def __init__(
        self,
        files: Mapping[str, bytes],
        course: CourseFiles,
        ready: ReadyCourse,
        language: str,
        faulty: set[str],
        figures: Sequence[re.Match[str]],
    ) -> None:
        self.files = files
        self.course = course
        self.ready = ready
        self.language = language
        self.faulty = faulty
        self.placed = figures
        self.out = OutgoingCourse(course.key, course.title[language], language, [], {}, [])

    def read(self) -> OutgoingCourse:
        if len(self.course.languages) > 1:
            said = (because("other_languages", language=self.language),)
            report = ItemReport("course.toml", self.out.title, Fate.LOSS, said)
            self.out.reports.append(report)
        lessons = {
            name: self._lesson(lesson)
            for name, lesson in zip(self.course.lessons, self._ready_lessons(), strict=True)
        }
        for module in self.course.modules:
            named = [lessons[name] for name in module.lessons if name in lessons]
            self.out.modules.append((module.title[self.language], named))
        return self.out

    def _ready_lessons(self) -> list[tuple[LessonFiles, list[ReadyExercise], list[Any]]]:
        return [
            (files, ready.exercises, ready.body[self.language])
            for files, ready in zip(self.course.lessons.values(), self.ready.lessons, strict=True)
        ]

    def _lesson(self, lesson: tuple[LessonFiles, list[ReadyExercise], list[Any]]) -> OutgoingLesson:
        files, ready, body = lesson
        exercises = [one for one in map(self._exercise, ready) if one is not None]
        return OutgoingLesson(files.title[self.language], files.key, body, exercises)

    def _exercise(self, ready: ReadyExercise) -> Outgoing | None:
        files = ready.files
        where = f"{files.folder.parent.name}/{files.key}"
        title = files.title[self.language]
        kind = KINDS.get(files.kind)
        if kind is None or where in self.faulty:
            self._refuse(where, title, because("does_not_hold", why=files.kind))
            return None
        if kind.slow:
            self._refuse(where, title, because("no_form_outside", kind=files.kind))
            return None
        spec = cast("Spec", ready.spec)
        try:
            variant = kind.vary(spec, SEED)
            plain = _plain(spec, self.language, variant, ())
        except Broken as broken:
            self._refuse(where, title, because("does_not_hold", why=broken))
            return None
        html = self._filled(ready.content["statement"], variant)
        hints = cast("list[dict[str, Any]]", ready.content["hints"])
        out = Outgoing(
            key=files.key,
            kind=files.kind,
            title=title,
            points=files.points,
            statement=self._with_figures(read_html(html), title),
            spec={key: value for key, value in plain.items() if key != "vary"},
            hints=[(self._filled(hint["text"], variant), hint["cost"]) for hint in hints],
            where=where,
        )
        self._say_losses(out, ready, html)
        return out

    def _filled(self, text: object, variant: Variant) -> str:
        return fill(cast("Mapping[str, str]", text)[self.language], variant.values)

    def _refuse(self, where: str, title: str, reason: Reason) -> None:
        self.out.reports.append(ItemReport(where, title, Fate.REFUSED, (reason,)))

    def _say_losses(self, out: Outgoing, ready: ReadyExercise, html: str) -> None:
        files = ready.files
        if ready.spec.get("vary"):
            out.say("fixed_variant_out")
        if files.tries or files.penalty or files.reveal != "after_pass":
            out.say("policy_left_out")
        if files.competencies:
            out.say("competencies_left_out")
        if any(path.endswith(".misconception") for path in files.document.lines):
            out.say("misconceptions_left_out")
        if any(cost not in {0, 100} for _, cost in out.hints):
            out.say("hint_costs_left_out")
        if any(mark in html for mark in _SPECIAL):
            out.say("interactive_left_out")

    def _with_figures(self, node: Node, title: str) -> Node:
        """The statement with its figures in place of their tokens."""
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node):
                children.append(self._with_figures(child, title))
                continue
            place = 0
            for found in _TOKEN.finditer(child):
                children += [child[place : found.start()], self._figure(int(found[1]), title)]
                place = found.end()
            children.append(child[place:])
        node.children = [child for child in children if child != ""]
        return node

    def _figure(self, number: int, title: str) -> Node | str:
        found = self.placed[number]
        for name in (f"{found['name']}.{self.language}.svg", f"{found['name']}.svg"):
            if data := self.files.get(f"figures/{name}"):
                self.out.figures[f"figures/{name}"] = data
                words = re.sub(r"\\(.)", r"\1", found["alt"])
                return Node("img", {"src": f"figures/{name}", "alt": words or title})
        return ""


def _plain(value: Any, language: str, variant: Variant, path: tuple[str, ...]) -> Any:
    """A spec with its texts in one language, filled, and its answers computed."""
    if is_text(value):
        return fill(value[language], variant.values)
    if isinstance(value, Mapping):
        return {
            key: one if key == "vary" else _plain(one, language, variant, (*path, key))
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(one, language, variant, path) for one in value]
    if isinstance(value, str) and path[-1:] == ("answer",):
        return _number(value, variant)
    if isinstance(value, str) and path[-1:] == ("accept",):
        return fill_plain(value, variant.values)
    return value


def _number(source: str, variant: Variant) -> Json:
    return calculated(source, variant.values, variant.seed)
