"""Cartridges: the organisation of the manifest becomes modules and lessons."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from interop.archives import is_archive, read_archive
from interop.cartridge.questions import read_question
from interop.html_markdown import MarkdownWriter, Picture
from interop.neutral_writing import Course, Lesson, Module, Page
from interop.pictures import pictures_of
from interop.reasons import because, refused
from interop.settling import settled
from interop.types import Imported, Reason, Refused
from interop.xml_trees import Node, read_html, read_xml

MANIFEST = "imsmanifest.xml"
DEEPEST = 12
_ASSESSMENT = re.compile(r"imsqti_xmlv1p\d|questestinterop|/(assessment|question-bank)$")
_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
_FILE_BASE = ("$IMS-CC-FILEBASE$", "%24IMS-CC-FILEBASE%24")
_PAGES = {"en": "More pages", "zh-hans": "其他页面"}
_QUESTIONS = {"en": "Questions", "zh-hans": "题目"}


def import_cartridge(data: bytes, language: str, *, name: str = "questions.xml") -> Imported:
    """Common Cartridge 1.0 to 1.3, and packages or single files of QTI 1.2, as a course in this
    language. Raises `Refused`."""
    files = read_archive(data) if is_archive(data) else {name: data}
    return settled(course_of(files, language))


def course_of(files: Mapping[str, bytes], language: str) -> Course:
    """What a cartridge's files hold, before it is checked. Raises `Refused`."""
    return _Cartridge(files, language).read()


def is_cartridge(files: Mapping[str, bytes]) -> bool:
    """Whether a manifest, or the only file, speaks of QTI 1.2 or of a cartridge."""
    manifests = [path for path in files if path.rpartition("/")[2] == MANIFEST]
    if manifests:
        head = files[manifests[0]]
        return b"Common Cartridge" in head or b"imsqti_xmlv1p" in head
    return len(files) == 1 and b"<questestinterop" in next(iter(files.values()))


class _Cartridge:
    def __init__(self, files: Mapping[str, bytes], language: str) -> None:
        self.files = files
        self.course = Course({language: "Common Cartridge"}, (language,), key="cartridge")
        self.resources: dict[str, Node] = {}
        self.root = ""
        self.used: set[str] = set()

    def read(self) -> Course:
        manifests = sorted(
            (path for path in self.files if path.rpartition("/")[2] == MANIFEST), key=len
        )
        if not manifests:
            self._files_alone()
            return self.course
        self.root = posixpath.dirname(manifests[0])
        manifest = read_xml(self.files[manifests[0]])
        self.resources = {one.get("identifier"): one for one in manifest.all("resource")}
        for organisation in manifest.all("organization"):
            for item in organisation.elements("item"):
                self._top(item)
        self._loose()
        return self.course

    # The organisation

    def _top(self, item: Node) -> None:
        """The outermost item is the course itself where it has no resource of its own."""
        if item.get("identifierref"):
            self._module(item)
            return
        if self._title(item):
            self._module(item)
            return
        for child in item.elements("item"):
            self._module(child)

    def _module(self, item: Node) -> None:
        module = Module(self.course.text(self._title(item) or "Module"))
        self._lessons(item, module, [], 0)
        module.lessons = [lesson for lesson in module.lessons if lesson.parts]
        if module.lessons:
            self.course.modules.append(module)

    def _lessons(self, item: Node, module: Module, above: list[str], depth: int) -> None:
        title = self._title(item)
        if depth > DEEPEST:
            self.course.refuse(title, title, because("cycle", name=title))
            return
        if reference := item.get("identifierref"):
            lesson = Lesson(self.course.text(": ".join([*above, title or reference])))
            module.lessons.append(lesson)
            self._resource(reference, title, lesson)
        below = [*above, title] if depth > 0 and title else above
        for child in item.elements("item"):
            self._lessons(child, module, below, depth + 1)

    def _title(self, item: Node) -> str:
        title = item.first("title")
        return title.words() if title else ""

    # Resources

    def _resource(self, identifier: str, title: str, lesson: Lesson) -> None:
        node = self.resources.get(identifier)
        if node is None:
            self.course.refuse(identifier, title, because("file_missing", name=identifier))
            return
        if identifier in self.used:
            return  # an item stands in one place
        self.used.add(identifier)
        kind = node.get("type")
        path = self._path(node)
        if path not in self.files:
            self.course.refuse(path or identifier, title, because("file_missing", name=path))
            return
        try:
            if _ASSESSMENT.search(kind):
                self._questions(path, lesson)
            elif kind.startswith("imswl"):
                self._web_link(path, title, lesson)
            elif _PAGE.search(path):
                self._page(path, title, lesson)
            else:
                self.course.refuse(path, title, because("not_read", name=path, type=kind))
        except Refused as bad:
            self.course.refuse(path, title, bad.reason)

    def _path(self, resource: Node) -> str:
        """The file of a resource: its `href`, or the first of its files."""
        files = resource.elements("file")
        href = resource.get("href") or (files[0].get("href") if files else "")
        for file in files:
            if _ASSESSMENT.search(resource.get("type")) and file.get("href").endswith(".xml"):
                href = file.get("href")
                break
        base = posixpath.join(self.root, resource.get("base"))
        return posixpath.normpath(posixpath.join(base, unquote(href))) if href else ""

    def _loose(self) -> None:
        """Assessments and pages that the organisation does not name."""
        for titles, wanted in ((_QUESTIONS, _ASSESSMENT), (_PAGES, _PAGE)):
            title = titles[self.course.languages[0]]
            module = Module(self.course.text(title))
            for identifier, node in self.resources.items():
                place = node.get("type") if wanted is _ASSESSMENT else self._path(node)
                if identifier not in self.used and wanted.search(place):
                    name = self._path(node).rpartition("/")[2]
                    lesson = Lesson(self.course.text(name))
                    self._resource(identifier, name, lesson)
                    module.lessons += [lesson] if lesson.parts else []
            if module.lessons:
                self.course.modules.append(module)

    def _files_alone(self) -> None:
        """Files of QTI 1.2 without a manifest."""
        title = self.course.text(_QUESTIONS[self.course.languages[0]])
        lesson = Lesson(title)
        found = False
        for path, data in self.files.items():
            if b"<questestinterop" in data:
                found = True
                self._questions(path, lesson)
        if not found:
            raise refused("unknown_format")
        if lesson.parts:
            self.course.modules.append(Module(title, [lesson]))

    # Contents

    def _questions(self, path: str, lesson: Lesson) -> None:
        root = read_xml(self.files[path])
        for number, item in enumerate(root.all("item"), start=1):
            where = f"{path}#{item.get('ident') or number}"
            exercise = read_question(self.course, item, where, self._pictures(path))
            if exercise is not None:
                lesson.parts.append(exercise)

    def _page(self, path: str, title: str, lesson: Lesson) -> None:
        try:
            html = self.files[path].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise refused("not_text") from None
        writer = MarkdownWriter(self._pictures(path))
        markdown = writer.blocks(read_html(between(html, "body") or html).children)
        title = title or unescape(between(html, "title")).strip() or path
        if not markdown:
            self.course.refuse(path, title, because("empty_page"))
            return
        said = tuple(writer.said.values())
        lesson.parts.append(Page(self.course.text(markdown), path, title, said))

    def _web_link(self, path: str, title: str, lesson: Lesson) -> None:
        node = read_xml(self.files[path])
        url = next(iter(node.all("url")), Node("url"))
        words = node.first("title")
        writer = MarkdownWriter(self._pictures(path))
        label = (words.words() if words else "") or title or url.get("href")
        markdown = writer.blocks([Node("a", {"href": url.get("href")}, [label])])
        said = tuple(writer.said.values())
        lesson.parts.append(Page(self.course.text(markdown), path, label, said))

    def _pictures(self, path: str) -> Picture:
        inner = pictures_of(self.course, self.files, posixpath.dirname(path))
        steps = "../" * path.count("/")

        def picture(node: Node) -> str | Reason:
            source = node.get("src")
            for base in _FILE_BASE:
                if source.startswith(base):
                    source = f"{steps}{self.root or '.'}/web_resources{source.removeprefix(base)}"
            return inner(Node("img", {**node.attributes, "src": source}))

        return picture


def between(html: str, name: str) -> str:
    """What stands between the tags of an element, the outermost ones; '' where there are none."""
    lower = html.lower()
    opened = lower.find(f"<{name}")
    start = lower.find(">", opened) + 1 if opened >= 0 else 0
    if not start:
        return ""
    end = lower.rfind(f"</{name}")
    return html[start : end if end >= start else len(html)]
