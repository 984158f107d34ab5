"""What goes out as Moodle XML comes in again; what is lost, the report has said."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from interop.formats import import_file
from interop.moodle.export import export_moodle
from interop.types import Fate
from interop.xhtml import words_of
from tests.interop.generated import course_files
from tests.interop.test_qti_export import Content, contents, small_course, without


def lossless(content: Content, lost: set[str]) -> Content:
    """What the report promises, where Moodle loses other things than QTI."""
    content = without(content, lost - {"normalise_left_out", "hint_costs_left_out"})
    spec = content["spec"]
    if "hint_costs_left_out" in lost:
        content["hints"] = [{**hint, "cost": 0} for hint in content["hints"]]
    for table in [*spec.get("gaps", ()), spec]:
        if "whole_left_out" in lost:
            table.pop("input", None)
        if "normalise" in table and "normalise_left_out" in lost:
            table.pop("normalise")
        if "tolerance" in table and "tolerance_absolute" in lost:
            table.pop("tolerance")
        if "marks_in_choice" in lost:
            for pair in (*table.get("pairs", ()), *table.get("extra", ())):
                pair["right"] = {"en": words_of(pair["right"]["en"])}
            for option in table.get("options", ()) if table is not spec else ():
                option["text"] = {"en": words_of(option["text"]["en"])}
    if "gap_points" in lost:
        content["points"] = len(spec["gaps"])
    return content


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course_files())
def test_a_round_trip_loses_what_the_report_says_and_nothing_else(
    files: dict[str, bytes],
) -> None:
    exported = export_moodle(files, "en")
    reports = [one for one in exported.items if "/" in one.where]
    back = import_file(exported.data, exported.name, "en")
    assert [one.fate for one in back.items] == [Fate.TAKEN] * len(reports), back.items
    for before, report, after in zip(contents(files), reports, contents(back.files), strict=True):
        lost = {one.code for one in report.said}
        assert lossless(after, lost) == lossless(before, lost), lost


def test_what_has_no_form_outside_is_refused_and_the_rest_goes_out() -> None:
    exported = export_moodle(small_course(), "zh-hans")
    refused = {one.where: one.said[0].code for one in exported.items if one.fate is Fate.REFUSED}
    assert refused == {"02-chains/build": "no_form_outside"}
    back = import_file(exported.data, exported.name, "zh-hans")
    assert {one.fate for one in back.items} == {Fate.TAKEN}
