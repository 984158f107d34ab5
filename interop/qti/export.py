"""A course → a package of QTI 3: a manifest, a test of one section for each lesson, and items."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interop.neutral_reading import OutgoingCourse, outgoing
from interop.qti.export_items import ASI, SCHEMA, NoForm, item_xml
from interop.reasons import because, refused
from interop.types import Exported, Fate, ItemReport
from interop.xhtml import element

PACKAGING = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_PACKAGING_SCHEMA = (
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
)
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same course gives the same archive."""


@dataclass(slots=True)
class _Package:
    """Items by key, and the sections that name them."""

    items: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    reports: list[ItemReport] = field(default_factory=list)


def export_qti(files: Mapping[str, bytes], language: str) -> Exported:
    """The exercises of a course in one of its languages. Raises `Refused`: no course, or no
    exercise in it that QTI can say."""
    course = outgoing(files, language)
    package = _package(course)
    if not package.items:
        raise refused("nothing_inside")
    members: dict[str, bytes] = {
        "imsmanifest.xml": _manifest(course, package).encode(),
        "test.xml": _test(course, package).encode(),
    }
    members |= {f"items/{key}.xml": xml.encode() for key, xml in package.items.items()}
    members |= course.figures
    return Exported(
        f"{course.key}-qti3.zip",
        "application/zip",
        zipped(members),
        (*course.reports, *package.reports),
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of these files: the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            info = zipfile.ZipInfo(path, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def _package(course: OutgoingCourse) -> _Package:
    package = _Package()
    for lesson in course.lessons():
        if any(piece.get("html") for piece in lesson.body):
            said = (because("lesson_words_left_out"),)
            package.reports.append(ItemReport(lesson.key, lesson.title, Fate.LOSS, said))
        keys = []
        for exercise in lesson.exercises:
            try:
                package.items[exercise.key] = item_xml(exercise, course.language)
            except NoForm as no_form:
                report = ItemReport(exercise.where, exercise.title, Fate.REFUSED, (no_form.reason,))
                package.reports.append(report)
                continue
            keys.append(exercise.key)
            package.reports.append(exercise.report())
            package.pictures[exercise.key] = [
                image.get("src").removeprefix("../") for image in exercise.statement.all("img")
            ]
        if keys:
            package.sections.append((lesson.title, keys))
    return package


def _test(course: OutgoingCourse, package: _Package) -> str:
    sections = []
    for number, (title, keys) in enumerate(package.sections, start=1):
        references = "".join(
            element(
                "qti-assessment-item-ref",
                "",
                {"identifier": f"item-{key}", "href": f"items/{key}.xml"},
            )
            for key in keys
        )
        attributes = {"identifier": f"section-{number}", "title": title, "visible": "true"}
        sections.append(element("qti-assessment-section", references, attributes))
    part = element(
        "qti-test-part",
        "".join(sections),
        {
            "identifier": "part-1",
            "navigation-mode": "nonlinear",
            "submission-mode": "individual",
        },
    )
    return _document(
        "qti-assessment-test",
        part,
        {
            "xmlns": ASI,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{ASI} {SCHEMA}",
            "identifier": course.key,
            "title": course.title,
        },
    )


def _manifest(course: OutgoingCourse, package: _Package) -> str:
    metadata = element("schema", "QTI Package") + element("schemaversion", "3.0.0")
    items = [f"item-{key}" for key in package.items]
    resources = [_resource("test", "imsqti_test_xmlv3p0", "test.xml", items)]
    numbers = {path: f"figure-{number}" for number, path in enumerate(course.figures, start=1)}
    for key in package.items:
        needed = [numbers[path] for path in dict.fromkeys(package.pictures[key])]
        path = f"items/{key}.xml"
        resources.append(_resource(f"item-{key}", "imsqti_item_xmlv3p0", path, needed))
    resources += [_resource(name, "webcontent", path, ()) for path, name in numbers.items()]
    inside = element("metadata", metadata) + element("organizations")
    return _document(
        "manifest",
        inside + element("resources", "\n".join(resources)),
        {
            "xmlns": PACKAGING,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{PACKAGING} {_PACKAGING_SCHEMA}",
            "identifier": f"package-{course.key}",
        },
    )


def _resource(identifier: str, kind: str, href: str, needed: Sequence[str]) -> str:
    inside = element("file", "", {"href": href})
    inside += "".join(element("dependency", "", {"identifierref": one}) for one in needed)
    return element("resource", inside, {"identifier": identifier, "type": kind, "href": href})


def _document(name: str, inside: str, attributes: Mapping[str, object]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{element(name, inside, attributes)}\n'
