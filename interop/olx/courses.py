"""Courses and libraries of Open edX: chapters become modules, sequentials lessons."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from interop.html_markdown import MarkdownWriter
from interop.neutral_writing import Course, Lesson, Module, Page
from interop.olx.problems import exercises_of
from interop.reasons import because
from interop.types import Reason, Refused
from interop.xml_trees import Node, read_html, read_xml

DEEPEST = 12
_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}
_ROOTS = ("course.xml", "library.xml")
_STATIC = "/static/"
_POINTERS = frozenset({"chapter", "sequential", "vertical", "problem", "html"})
"""Blocks that, without anything inside, only point to a file of their own."""


def is_olx(files: Mapping[str, bytes]) -> bool:
    """Whether there is the outermost file of a course or library, or one problem alone."""
    if any(path.rpartition("/")[2] in _ROOTS for path in files):
        return True
    return len(files) == 1 and b"<problem" in next(iter(files.values()))[:4096]


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What an export of Open edX holds, before it is checked. Raises `Refused`."""
    return _Olx(files, language).read()


class _Olx:
    def __init__(self, files: Mapping[str, bytes], language: str) -> None:
        self.files = files
        self.course = Course({language: "Open edX"}, (language,), key="olx")
        self.root = ""
        self.open: list[str] = []

    def read(self) -> Course:
        roots = sorted((path for path in self.files if self._is_root(path)), key=len)
        if not roots:
            for path, data in self.files.items():
                self._alone(path, read_xml(data))
            return self.course
        self.root = posixpath.dirname(roots[0])
        top = self._whole(read_xml(self.files[roots[0]]))
        if title := top.get("display_name"):
            self.course.title = self.course.text(title)
        chapters = top.elements("chapter")
        for chapter in filter(None, map(self._opened, chapters)):
            self._chapter(chapter)
        if not chapters:
            self._loose(top)
        return self.course

    def _is_root(self, path: str) -> bool:
        return path.rpartition("/")[2] in _ROOTS

    def _alone(self, path: str, root: Node) -> None:
        lesson = Lesson(self.course.text(_QUESTIONS[self.course.languages[0]]))
        problems = [root] if root.name == "problem" else root.all("problem")
        for number, problem in enumerate(problems, start=1):
            self._problem(problem, lesson, path if len(problems) == 1 else f"{path}#{number}")
        self._add(lesson.title, [lesson])

    def _loose(self, top: Node) -> None:
        """A library: problems without chapters."""
        title = self.course.text(top.get("display_name") or _QUESTIONS[self.course.languages[0]])
        lesson = Lesson(title)
        self._blocks(top, lesson)
        self._add(title, [lesson])

    def _chapter(self, chapter: Node) -> None:
        title = self.course.text(chapter.get("display_name") or chapter.get("url_name"))
        lessons = []
        for sequential in filter(None, map(self._opened, chapter.elements("sequential"))):
            name = sequential.get("display_name") or sequential.get("url_name")
            lesson = Lesson(self.course.text(name))
            self._blocks(sequential, lesson)
            lessons.append(lesson)
        self._add(title, lessons)

    def _add(self, title: Mapping[str, str], lessons: list[Lesson]) -> None:
        kept = [lesson for lesson in lessons if lesson.parts]
        if kept:
            self.course.modules.append(Module(title, kept))

    def _blocks(self, node: Node, lesson: Lesson, depth: int = 0) -> None:
        for child in node.elements():
            where = self._place(child)
            if depth > DEEPEST or where in self.open:
                self.course.refuse(where, "", because("cycle", name=where))
                continue
            block = self._opened(child)
            if block is None:
                continue
            self.open.append(where)
            if block.name in {"vertical", "unit", "split_test", "conditional", "library_content"}:
                self._blocks(block, lesson, depth + 1)
            else:
                self._block(block, lesson, where)
            self.open.pop()

    def _block(self, block: Node, lesson: Lesson, where: str) -> None:
        title = block.get("display_name") or block.get("url_name")
        try:
            if block.name == "problem":
                self._problem(block, lesson, where)
            elif block.name == "html":
                self._page(block, lesson, where)
            elif block.name not in {"wiki", "course", "wiki_slug"}:
                self.course.refuse(where, title, because("unknown_interaction", name=block.name))
        except Refused as bad:
            self.course.refuse(where, title, bad.reason)

    def _problem(self, problem: Node, lesson: Lesson, where: str) -> None:
        lesson.parts += exercises_of(self.course, problem, where, self._picture)

    def _page(self, block: Node, lesson: Lesson, where: str) -> None:
        name = block.get("filename")
        path = posixpath.join(self.root, "html", f"{name}.html")
        title = block.get("display_name") or block.get("url_name")
        if name and path not in self.files:
            self.course.refuse(where, title, because("file_missing", name=path))
            return
        children = block.children
        if name:
            children = read_html(self.files[path].decode("utf-8", "replace")).children
        writer = MarkdownWriter(self._picture)
        words = writer.blocks(children)
        if not words:
            self.course.refuse(where, title, because("empty_page"))
            return
        said = tuple(writer.said.values())
        lesson.parts.append(Page(self.course.text(words), where, title, said))

    def _place(self, node: Node) -> str:
        name = node.get("url_name")
        return posixpath.join(self.root, node.name, f"{name}.xml") if name else node.name

    def _opened(self, node: Node) -> Node | None:
        """A block as a whole, or None: then the report says what is wrong with its file."""
        place, title = self._place(node), node.get("display_name") or node.get("url_name")
        try:
            block = self._whole(node)
        except Refused as bad:
            self.course.refuse(place, title, bad.reason)
            return None
        if block is node and node.get("url_name") and not node.children and node.name in _POINTERS:
            self.course.refuse(place, title, because("file_missing", name=place))
            return None
        return block

    def _whole(self, node: Node) -> Node:
        """A block with what stands in its own file, where it only points there."""
        path = self._place(node)
        if not node.get("url_name") or node.elements() or path not in self.files:
            return node
        found = read_xml(self.files[path])
        return Node(found.name, {**node.attributes, **found.attributes}, found.children)

    def _picture(self, node: Node) -> str | Reason:
        source = node.get("src")
        if not source.startswith(_STATIC):
            return because("picture_missing", name=source)
        path = posixpath.join(self.root, "static", source.removeprefix(_STATIC))
        if path not in self.files:
            return because("picture_missing", name=source)
        return self.course.figure(path, self.files[path])
