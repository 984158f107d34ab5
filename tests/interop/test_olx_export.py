"""What goes out as OLX comes in again; what is lost, the report has said."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from interop.formats import import_file
from interop.olx.export import export_olx
from interop.types import Fate
from tests.interop.generated import course_files
from tests.interop.test_moodle_export import lossless
from tests.interop.test_qti_export import contents, small_course

ALONE = {"gaps_alone"}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course_files())
def test_a_round_trip_loses_what_the_report_says_and_nothing_else(
    files: dict[str, bytes],
) -> None:
    before = contents(files)
    if not {one["kind"] for one in before} - {"order", "match"}:
        return
    exported = export_olx(files, "en")
    reports = [one for one in exported.items if "/" in one.where]
    out = [
        (content, {one.code for one in report.said})
        for content, report in zip(before, reports, strict=True)
        if report.fate is not Fate.REFUSED
    ]
    assert {one["kind"] for one, _ in out} <= {"choice", "choices", "text", "numeric", "cloze"}
    back = import_file(exported.data, exported.name, "en")
    assert {item.fate for item in back.items} <= {Fate.TAKEN, Fate.LOSS}
    after = contents(back.files)
    for content, lost in out:
        if lost & ALONE:
            for gap in content["spec"]["gaps"]:
                assert after.pop(0)["kind"] == gap["kind"]
            continue
        found = lossless(after.pop(0), lost)
        expected = lossless(content, lost)
        if "shuffle_left_out" in lost:
            expected["spec"]["shuffle"] = False
        assert found == expected, lost
    assert after == []


def test_lessons_go_out_with_their_words() -> None:
    exported = export_olx(small_course(), "en")
    refused = {one.where: one.said[0].code for one in exported.items if one.fate is Fate.REFUSED}
    assert set(refused.values()) == {"no_form_outside"}
    back = import_file(exported.data, exported.name, "en")
    pages = [path for path in back.files if path.endswith("lesson.en.md")]
    assert len(pages) == 2
    assert exported.data == export_olx(small_course(), "en").data
