"""QTI files and packages: tests become modules of lessons, items exercises."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote

from interop.archives import is_archive, read_archive
from interop.html_markdown import MarkdownWriter, Picture
from interop.neutral_writing import Course, Lesson, Module, Page
from interop.pictures import pictures_of
from interop.qti.items import read_item
from interop.qti.names import is_qti, normalised
from interop.reasons import because, refused
from interop.settling import settled
from interop.types import Fate, Imported, ItemReport, Refused
from interop.xml_trees import Node, read_xml

DEEPEST_SECTION = 12
_RULES = (
    "time-limits",
    "item-session-control",
    "selection",
    "ordering",
    "branch-rule",
    "pre-condition",
    "outcome-processing",
    "test-feedback",
    "weight",
)
_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}


def import_qti(data: bytes, language: str, *, name: str = "item.xml") -> Imported:
    """Items, tests and packages of QTI 2.1, 2.2 and 3.0, as a course in this language.

    `data` is an archive or a single XML document of this name. Raises `Refused`.
    """
    files = read_archive(data) if is_archive(data) else {name: data}
    return settled(course_of(files, language))


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What a package's files hold, before it is checked. Raises `Refused`."""
    return _Package(files, language).read()


def is_package(files: Mapping[str, bytes]) -> bool:
    """Whether one of the files is an item, a test or a section of QTI 2 or 3."""
    for path, data in files.items():
        if path.endswith(".xml") or len(files) == 1:
            head = data[:4096]
            if b"imsqti" in head or b"qti-assessment-" in head or b"assessmentItem" in head:
                return True
    return False


class _Package:
    def __init__(self, files: Mapping[str, bytes], language: str) -> None:
        self.files = files
        self.documents: dict[str, Node] = {}
        """Path → outermost element, of every document of QTI."""
        self.course = Course({language: "QTI"}, (language,), key="qti")
        self.used: set[str] = set()

    def read(self) -> Course:
        for path, data in self.files.items():
            self._read_document(path, data)
        if not self.documents and not self.course.refused:
            raise refused("unknown_format")
        for path, node in self.documents.items():
            if node.name == "assessment-test":
                self._test(path, node)
        self._loose_items()
        return self.course

    def _read_document(self, path: str, data: bytes) -> None:
        name = path.rpartition("/")[2].lower()
        if name == "imsmanifest.xml" or not (name.endswith(".xml") or len(self.files) == 1):
            return
        try:
            node = read_xml(data)
        except Refused as bad:
            if len(self.files) == 1:
                raise
            self.course.refuse(path, name, bad.reason)
            return
        if is_qti(node):
            self.documents[path] = normalised(node)
        elif len(self.files) == 1:
            raise refused("unknown_format")

    # Tests

    def _test(self, path: str, node: Node) -> None:
        title = node.get("title") or path
        rules = sorted({rule.name for rule in node.walk() if rule.name in _RULES})
        if rules:
            said = (because("test_rules", names=", ".join(rules)),)
            self.course.refused.append(ItemReport(path, title, Fate.LOSS, said))
        for part in node.elements("test-part"):
            module = Module(self.course.text(title))
            for section in part.elements("assessment-section", "assessment-section-ref"):
                self._section(path, section, module, [], (path,))
            if module.lessons:
                self.course.modules.append(module)
                title = f"{node.get('title') or path} ({len(self.course.modules) + 1})"

    def _section(
        self, path: str, node: Node, module: Module, above: list[str], seen: tuple[str, ...]
    ) -> None:
        if node.name == "assessment-section-ref":
            self._section_elsewhere(path, node, module, above, seen)
            return
        titles = [*above, node.get("title") or node.get("identifier")]
        if len(titles) > DEEPEST_SECTION:
            self.course.refuse(path, titles[-1], because("cycle", name=titles[-1]))
            return
        lesson = Lesson(self.course.text(": ".join(titles)))
        for child in node.elements():
            if child.name == "rubric-block":
                self._rubric(path, child, lesson)
            elif child.name == "assessment-item-ref":
                self._item_at(resolved(path, child.get("href")), child, lesson)
        if lesson.parts:
            module.lessons.append(lesson)
        for child in node.elements("assessment-section", "assessment-section-ref"):
            self._section(path, child, module, titles, seen)

    def _section_elsewhere(
        self, path: str, node: Node, module: Module, above: list[str], seen: tuple[str, ...]
    ) -> None:
        target = resolved(path, node.get("href"))
        section = self.documents.get(target)
        if target in seen:
            self.course.refuse(path, target, because("cycle", name=target))
        elif section is None or section.name != "assessment-section":
            self.course.refuse(path, node.get("identifier"), because("file_missing", name=target))
        else:
            self.used.add(target)
            self._section(target, section, module, above, (*seen, target))

    def _rubric(self, path: str, node: Node, lesson: Lesson) -> None:
        """Instructions to candidates stand before the questions."""
        if "candidate" in node.get("view", "candidate"):
            self._page(path, node, lesson, "")

    def _page(self, path: str, node: Node, lesson: Lesson, title: str) -> None:
        writer = MarkdownWriter(self._pictures(path))
        words = writer.blocks(node.children)
        if words:
            where = path if title else ""
            said = tuple(writer.said.values())
            lesson.parts.append(Page(self.course.text(words), where, title, said))

    # Items

    def _item_at(self, path: str, reference: Node, lesson: Lesson) -> None:
        if path in self.used:
            return  # the same item in another section: an exercise stands in one place
        self.used.add(path)
        node = self.documents.get(path)
        if node is None or node.name != "assessment-item":
            if not any(report.where == path for report in self.course.refused):
                title = reference.get("identifier")
                self.course.refuse(path, title, because("file_missing", name=path))
            return
        self._item(path, node, lesson)

    def _item(self, path: str, node: Node, lesson: Lesson) -> None:
        shared = [
            resolved(path, reference.get("href"))
            for reference in node.elements("assessment-stimulus-ref")
        ]
        for stimulus in shared:
            self._stimulus(stimulus, lesson)
        exercise = read_item(self.course, node, path, self._pictures(path))
        if exercise is not None:
            missing = [because("file_missing", name=one) for one in shared if not self._holds(one)]
            exercise.said = (*exercise.said, *missing)
            lesson.parts.append(exercise)

    def _holds(self, path: str) -> bool:
        return path in self.documents

    def _stimulus(self, path: str, lesson: Lesson) -> None:
        """A text that several items share stands once, before the first of them."""
        node = self.documents.get(path)
        if path in self.used:
            return
        self.used.add(path)
        body = node.first("stimulus-body") if node else None
        if node is None or body is None:
            self.course.refuse(path, path, because("file_missing", name=path))
        else:
            self._page(path, body, lesson, node.get("title") or path)

    def _loose_items(self) -> None:
        """Items that no test names, in one lesson of their own."""
        lesson = Lesson(self.course.text(_QUESTIONS[self.course.languages[0]]))
        for path, node in self.documents.items():
            if node.name == "assessment-item" and path not in self.used:
                self._item(path, node, lesson)
        for path, node in self.documents.items():
            if node.name == "assessment-stimulus" and path not in self.used:
                self._stimulus(path, lesson)
        if lesson.parts:
            self.course.modules.append(Module(lesson.title, [lesson]))

    def _pictures(self, path: str) -> Picture:
        return pictures_of(self.course, self.files, posixpath.dirname(path))


def resolved(path: str, href: str) -> str:
    """The path in the archive that an address in this file means."""
    address = unquote(href.partition("#")[0].partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
