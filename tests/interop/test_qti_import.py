"""Items, tests and packages of QTI, read as the exercises that they are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from interop.qti.packages import course_of, import_qti
from interop.settling import settled
from interop.types import Fate, Imported, Refused
from tests.interop import qti_items as items
from tests.interop.archives import zip_of
from tests.interop.qti_items import body, choices, item, response

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / "qti3"


def imported(files: dict[str, bytes]) -> Imported:
    """A package of these files."""
    return settled(course_of(files, "en"))


def taken(data: bytes) -> tuple[dict[str, Any], str, list[str]]:
    """exercise.toml, the statement and the codes of what was lost, of a single item."""
    made = imported({"a.xml": data})
    [report] = made.items
    assert report.fate is not Fate.REFUSED, report.said
    table = tomllib.loads(made.files[f"{report.path}/exercise.toml"].decode())
    statement = made.files[f"{report.path}/statement.en.md"].decode().strip()
    return table, statement, [one.code for one in report.said]


def text(words: str) -> dict[str, str]:
    return {"en": words}


def test_qti_2_and_3_are_one() -> None:
    table, statement, lost = taken(items.old_item("q", items.OLD_CHOICE))
    assert (table["kind"], statement, lost) == ("choice", "Which **one**?", [])
    assert table["spec"] == {
        "shuffle": True,
        "options": [
            {"text": text("No"), "feedback": text("Not this.")},
            {"text": text("Yes"), "correct": True},
        ],
    }


def test_several_choices_say_when_they_are_scored_otherwise() -> None:
    mapping = (
        '<qti-mapping default-value="0" lower-bound="0"><qti-map-entry map-key="A" '
        'mapped-value="1"/><qti-map-entry map-key="B" mapped-value="1"/>'
        '<qti-map-entry map-key="C" mapped-value="-1"/></qti-mapping>'
    )
    interaction = body(choices("a|b|c", max_choices="0"))
    table, _, lost = taken(item("q", response("A|B", "multiple", mapping=mapping) + interaction))
    assert (table["kind"], lost) == ("choices", [])
    assert [one.get("correct", False) for one in table["spec"]["options"]] == [True, True, False]
    table, _, lost = taken(item("q", response("A|B", "multiple") + interaction))
    assert lost == ["choices_scoring"]


def test_orders_matches_and_pairs() -> None:
    table, _, lost = taken(
        item("q", response("B|C|A", "ordered") + body(choices("z|x|y", "order")))
    )
    assert (table["kind"], lost) == ("order", [])
    assert table["spec"] == {"items": [text("x"), text("y"), text("z")], "credit": "all"}
    mapping = (
        '<qti-mapping><qti-map-entry map-key="A X" mapped-value="1"/>'
        '<qti-map-entry map-key="B Y" mapped-value="1"/></qti-mapping>'
    )
    answer = response("A X|B Y", "multiple", "directedPair", mapping)
    table, statement, lost = taken(item("q", answer + body(items.MATCH)))
    assert (table["kind"], statement, lost) == ("match", "Who is who?", [])
    assert table["spec"] == {
        "pairs": [
            {"left": text("one"), "right": text("eins")},
            {"left": text("two"), "right": text("zwei")},
        ],
        "extra": [{"right": text("drei")}],
    }


def test_gaps_stand_where_they_stood() -> None:
    table, statement, lost = taken(item("q", items.GAPS))
    assert (table["kind"], statement, lost) == ("cloze", "Read.", [])
    assert table["spec"]["text"] == text("A [[gap-1]] is a part of a [[gap-2]].")
    assert table["spec"]["gaps"][1] == {
        "key": "gap-2",
        "kind": "text",
        "accept": ["chain", "ledger"],
        "normalise": ["case"],
    }


def test_a_field_on_a_line_of_its_own_is_a_number_or_a_text() -> None:
    entry = '<p>How many?</p><p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
    processing = (
        "<qti-response-processing><qti-response-condition><qti-response-if><qti-equal "
        'tolerance-mode="absolute" tolerance="0.5 0.5"><qti-variable identifier="RESPONSE"/>'
        '<qti-correct identifier="RESPONSE"/></qti-equal></qti-response-if>'
        "</qti-response-condition></qti-response-processing>"
    )
    data = item("q", response("2.5", base_type="float") + body(entry) + processing)
    table, statement, lost = taken(data)
    assert (table["kind"], statement, lost) == ("numeric", "How many?", [])
    assert table["spec"] == {"answer": 2.5, "tolerance": {"absolute": 0.5}}
    table, _, _ = taken(item("q", response("hash", base_type="string") + body(entry)))
    assert (table["kind"], table["spec"]) == ("text", {"accept": ["hash"], "normalise": []})


def test_templates_vary_where_they_can() -> None:
    table, statement, lost = taken(item("q", items.TEMPLATE))
    assert (table["kind"], statement, lost) == ("numeric", "Three times {{ N }} ({{ UNIT }})?", [])
    assert table["vary"] == {
        "N": "(2 + 2 * randint(0, (8 - 2) // 2))",
        "UNIT": '("many" if (N > 4) else "few")',
    }
    assert table["spec"] == {"answer": "(N * 3)"}
    table, statement, lost = taken(item("q", items.CONSTRAINED))
    assert (statement, lost) == ("Three times 6 (many)?", ["fixed_variant"])
    assert table["spec"] == {"answer": 18, "input": "integer"}


def test_hints_and_feedback_come_along() -> None:
    table, _, lost = taken(item("q", items.HINTED))
    assert (table["hints"], lost) == ([{"cost": 0, "text": text("Think.")}], [])
    feedback = [one["feedback"] for one in table["spec"]["options"]]
    assert feedback == [text("Well done."), text("No.")]


def test_formulas_and_figures_come_along_and_other_pictures_leave_their_words() -> None:
    pictures = '<p>See <img src="../a%20b.svg" alt="a box"/><img src="x.png" alt="a photo"/></p>'
    statement_body = body(items.FORMULA + pictures + choices("yes|no"))
    made = imported(
        {
            "items/q.xml": item("q", response("A") + statement_body),
            "a b.svg": items.SVG,
            "items/x.png": items.PNG,
        }
    )
    [report] = made.items
    assert [one.code for one in report.said] == ["picture_not_drawn"]
    assert made.files[f"{report.path}/statement.en.md"].decode() == (
        "What is $x^{2} + \\frac{1}{\\sqrt{y}}$?\n\nSee\n\n![a box](figures/a-b.svg)\n\n"
        "\\[a photo\\]\n"
    )
    assert made.files["figures/a-b.svg"] == items.SVG


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (response("x", base_type="string") + body(choices("a", "extended-text")), "free_text"),
        (response("A") + body(choices("a", "hotspot")), "graphic"),
        (response("A") + body(choices("a", "upload")), "upload"),
        (response("A") + body(choices("a", "portable-custom")), "custom_interaction"),
        (response("") + body(choices("a|b")), "no_answer"),
        (body("<p>Only words.</p>"), "no_interaction"),
        (response("A") + body(choices("same|same")), "does_not_hold"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(inside: str, code: str) -> None:
    made = imported({"a.xml": item("q", inside)})
    assert [(one.fate, one.said[-1].code) for one in made.items] == [(Fate.REFUSED, code)]
    assert made.files == {}
    assert set(made.items[0].said[-1].text) == {"en", "zh-hans"}


def test_tests_become_modules_and_sections_lessons_around_their_shared_texts() -> None:
    stimulus = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="s" title="A text"><qti-stimulus-body><h2>Once</h2><p>upon.</p>'
        "</qti-stimulus-body></qti-assessment-stimulus>"
    )
    reference = '<qti-assessment-stimulus-ref identifier="s" href="../s.xml"/>'
    one = item("one", response("A") + reference + body(choices("a|b")))
    test = (
        '<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t" '
        'title="Mid-term"><qti-test-part identifier="p"><qti-assessment-section identifier="s" '
        'title="Outer"><qti-assessment-section identifier="i" title="Inner">'
        '<qti-assessment-item-ref identifier="1" href="items/one.xml"/>'
        '<qti-assessment-item-ref identifier="2" href="items/gone.xml"/>'
        "</qti-assessment-section></qti-assessment-section></qti-test-part></qti-assessment-test>"
    )
    made = imported({"items/one.xml": one, "s.xml": stimulus.encode(), "test.xml": test.encode()})
    course = tomllib.loads(made.files["course.toml"].decode())
    assert [(module["title"]["en"], module["lessons"]) for module in course["modules"]] == [
        ("Mid-term", ["01-outer-inner"])
    ]
    lesson = made.files["01-outer-inner/lesson.en.md"].decode()
    assert lesson == '# Outer: Inner\n\n## Once\n\nupon.\n\n{{ exercise "one" }}\n'
    assert [(one.where, one.fate.value) for one in made.items] == [
        ("s.xml", "taken"),
        ("items/one.xml", "taken"),
        ("items/gone.xml", "refused"),
    ]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this machine")
def test_every_sample_is_reported_and_what_is_taken_is_proved() -> None:
    files = {
        ("" if path.name in {"BPIGtest.xml", "imsmanifest.xml"} else "items/")
        + path.name: path.read_bytes()
        for path in sorted(SAMPLES.glob("*.xml"))
    }
    made = import_qti(zip_of(files), "en")
    reported = {one.where for one in made.items}
    known = {path for path in files if path not in {"imsmanifest.xml", "BPIGtest.xml"}}
    assert known <= reported
    assert made.count(Fate.TAKEN) + made.count(Fate.LOSS) >= 36
    for path in known:
        try:
            alone = import_qti(files[path], "zh-hans", name=path)
        except Refused as refused:
            raise AssertionError(path) from refused
        assert path in {one.where for one in alone.items}
