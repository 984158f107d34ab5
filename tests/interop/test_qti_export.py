"""What goes out as QTI comes in again; what is lost, the report has said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings

from courses.publishing.faults import Faults
from courses.publishing.loader import read_course
from courses.publishing.ready import ReadyExercise, make_ready
from interop.archives import read_archive
from interop.qti.export import export_qti
from interop.qti.packages import import_qti
from interop.settling import staged
from interop.types import Fate
from interop.xhtml import words_of
from interop.xml_trees import Node, read_xml
from tests.courses.publishing import SMALL_COURSE
from tests.interop.generated import course_files

Content = dict[str, Any]


def small_course() -> dict[str, bytes]:
    """The files of the small course."""
    return {
        path.relative_to(SMALL_COURSE).as_posix(): path.read_bytes()
        for path in SMALL_COURSE.rglob("*")
        if path.is_file()
    }


def contents(files: Mapping[str, bytes]) -> list[Content]:
    """What learners would see of each exercise, and by what they would be judged, in order."""
    faults = Faults()
    with staged(files) as folder:
        course = read_course(folder, faults)
        assert course is not None
        ready = make_ready(course, faults)
    assert faults.ordered() == []
    return [comparable(exercise) for exercise in ready.exercises()]


def comparable(exercise: ReadyExercise) -> Content:
    """Content without what is the same said otherwise."""
    spec: dict[str, Any] = dict(exercise.spec)
    del spec["vary"]
    for table in (spec, *spec.get("gaps", ())):
        if "options" in table:
            table.setdefault("shuffle", True)
    if spec.get("credit") == "pairs" and len(spec["items"]) == 2:
        spec["credit"] = "all"  # of two, one pair is all
    kept = ("kind", "title", "statement", "hints", "points", "tries")
    return {key: exercise.content[key] for key in kept} | {"spec": spec}


def without(content: Content, lost: set[str]) -> Content:
    """What the report promises of an exercise that has lost this."""
    spec = dict(content["spec"])
    content = {**content, "spec": spec}
    if "policy_left_out" in lost:
        content["tries"] = 0
    if "hint_costs_left_out" in lost:
        free = [hint for hint in content["hints"] if hint["cost"] != 100]
        dear = [hint for hint in content["hints"] if hint["cost"] == 100]
        content["hints"] = [*({**hint, "cost": 0} for hint in free), *dear]
    if "pairs_credit" in lost:
        spec["credit"] = "all"
    if "row_feedback_left_out" in lost and "pairs" in spec:
        spec["pairs"] = [{key: pair[key] for key in ("left", "right")} for pair in spec["pairs"]]
    tables = [dict(gap) for gap in spec.get("gaps", ())]
    if tables:
        spec["gaps"] = tables
    for table in tables or [spec]:
        if "mistakes_left_out" in lost:
            table.pop("wrong", None)
        if "normalise_left_out" in lost and "normalise" in table:
            table["normalise"] = [one for one in table["normalise"] if one == "case"]
        if tables and "options" in table:
            table["options"] = [plain_option(option, lost) for option in table["options"]]
    return content


def plain_option(option: Mapping[str, Any], lost: set[str]) -> dict[str, Any]:
    """An option within a text."""
    kept = dict(option)
    if "row_feedback_left_out" in lost:
        kept.pop("feedback", None)
    return kept


def words_alone(content: Content) -> Content:
    """The options within a text as words, where their marks were lost."""
    for table in content["spec"].get("gaps", ()):
        for option in table.get("options", ()):
            option["text"] = {"en": words_of(option["text"]["en"])}
    return content


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course_files())
def test_a_round_trip_loses_what_the_report_says_and_nothing_else(
    files: dict[str, bytes],
) -> None:
    exported = export_qti(files, "en")
    reports = [one for one in exported.items if "/" in one.where]
    back = import_qti(exported.data, "en")
    assert [one.fate for one in back.items] == [Fate.TAKEN] * len(reports), back.items
    for before, report, after in zip(contents(files), reports, contents(back.files), strict=True):
        lost = {one.code for one in report.said}
        plain = words_alone if "marks_in_choice" in lost else dict
        assert plain(after) == plain(without(before, lost)), lost


def test_what_has_no_form_outside_is_refused_and_the_rest_goes_out() -> None:
    exported = export_qti(small_course(), "zh-hans")
    refused = {one.where: one.said[0].code for one in exported.items if one.fate is Fate.REFUSED}
    assert refused == {"02-chains/build": "no_form_outside"}
    back = import_qti(exported.data, "zh-hans")
    assert [one.fate for one in back.items] == [Fate.TAKEN] * 7
    assert exported.data == export_qti(small_course(), "zh-hans").data


def test_the_package_is_sound_by_the_rules_of_the_specification() -> None:
    """Without its schemas, which no registry has: what they would check of these documents."""
    exported = export_qti(small_course(), "en")
    files = read_archive(exported.data)
    manifest = read_xml(files["imsmanifest.xml"])
    assert [child.name for child in manifest.elements()] == [
        "metadata",
        "organizations",
        "resources",
    ]
    resources = manifest.all("resource")
    identifiers = [one.get("identifier") for one in resources]
    assert len(set(identifiers)) == len(identifiers)
    named = {file.get("href") for one in resources for file in one.elements("file")}
    assert named | {"imsmanifest.xml"} == set(files)
    needed = {one.get("identifierref") for one in manifest.all("dependency")}
    assert needed <= set(identifiers)
    test = read_xml(files["test.xml"])
    references = {one.get("href") for one in test.all("qti-assessment-item-ref")}
    items = {path for path in files if path.startswith("items/")}
    assert references == items
    for path in items:
        check_item(read_xml(files[path]))


ORDER = [
    "qti-response-declaration",
    "qti-outcome-declaration",
    "qti-item-body",
    "qti-response-processing",
    "qti-modal-feedback",
]


def check_item(node: Node) -> None:
    """Names, order and references of an item."""
    assert (node.name, node.namespace) == (
        "qti-assessment-item",
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    )
    assert {"identifier", "title", "time-dependent"} <= set(node.attributes)
    names = [child.name for child in node.elements()]
    assert names == sorted(names, key=ORDER.index)
    declared = {one.get("identifier") for one in node.elements("qti-response-declaration")}
    outcomes = {one.get("identifier") for one in node.elements("qti-outcome-declaration")}
    answered = [
        one.get("response-identifier") for one in node.walk() if one.get("response-identifier")
    ]
    assert sorted(answered) == sorted(declared)
    for one in node.walk():
        if one.name in {"qti-variable", "qti-correct", "qti-map-response"}:
            assert one.get("identifier") in declared | outcomes
        if one.name == "qti-set-outcome-value" or one.get("outcome-identifier"):
            assert (one.get("outcome-identifier") or one.get("identifier")) in outcomes
    for one in node.elements("qti-response-declaration"):
        choices = {child.get("identifier") for child in node.walk() if child.get("identifier")}
        if one.get("base-type") == "identifier":
            assert {value.words() for value in one.all("qti-value")} <= choices
