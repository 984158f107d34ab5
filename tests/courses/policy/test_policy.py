"""What the separation guard lets through and what it does not, by cases in both directions."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.policy import Override, check, files_below, judged, lexicon
from courses.publishing.tables import LANGUAGES

HERE = Path(__file__).parent
CURRICULA = HERE.parents[2] / "curricula" / "courses"
CASES = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["cases"]
FILE = "01-rules/lesson.en.md"


def found(case: dict[str, object]) -> list[str]:
    path = str(case.get("file", "lesson.en.md"))
    return sorted({one.rule for one in check({path: str(case["text"]).encode()})})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, object]) -> None:
    assert found(case) == case["finds"]


def test_there_are_cases_both_ways_in_both_languages() -> None:
    kinds = Counter((bool(case["finds"]), "zh-hans" in str(case.get("file", ""))) for case in CASES)
    assert len(CASES) >= 40
    assert min(kinds.values()) >= 8
    assert {rule for case in CASES for rule in case["finds"]} == {
        rule.key for rule in lexicon().rules
    }


def test_every_rule_has_a_reason_in_both_languages_and_every_law_a_date() -> None:
    for rule in lexicon().rules:
        assert set(rule.title) == set(rule.reason) == set(LANGUAGES)
        assert all(law.date and law.source for law in rule.laws)


def test_a_finding_names_its_place() -> None:
    text = "# Title\n\nThe first line\nand the second.\nNow sign up at Binance. Good.\n"
    (finding,) = check({FILE: text.encode()})[:1]
    assert (finding.file, finding.line, finding.rule, finding.excerpt) == (
        FILE,
        5,
        "exchange",
        "Now sign up at Binance.",
    )


def test_a_place_in_toml_is_the_line_of_its_string() -> None:
    text = 'kind = "text"\n\n[spec]\naccept = ["币安"]\n'
    assert [(one.line, one.excerpt) for one in check({"x/y/exercise.toml": text.encode()})] == [
        (4, "币安")
    ]


@pytest.mark.parametrize("folder", sorted(CURRICULA.iterdir()), ids=lambda path: path.name)
def test_the_shipped_courses_are_clean(folder: Path) -> None:
    assert check(files_below(folder)) == []


def test_an_override_answers_for_one_sentence_as_it_stands() -> None:
    files = {FILE: b"Large exchanges such as Coinbase keep keys."}
    (finding,) = check(files)
    override = Override("exchange", FILE, finding.excerpt, "History.", "Li", "2026-11-24")
    assert judged(files, [override]).is_clean
    assert judged(files, [override]).overridden == ((finding, override),)
    changed = {FILE: b"Large exchanges such as Coinbase keep your keys."}
    assert not judged(changed, [override]).is_clean


@given(st.dictionaries(st.sampled_from(["a.md", "b.toml", "c.svg", "d.py"]), st.binary()))
def test_no_bytes_trip_it(files: dict[str, bytes]) -> None:
    assert check(files) == check(dict(reversed(files.items())))


@given(st.text(alphabet="# -:。\n`|买比特币ab", max_size=80))
def test_every_line_is_of_its_file(text: str) -> None:
    for finding in check({"a.md": text.encode()}):
        assert 1 <= finding.line <= text.count("\n") + 1
        assert finding.excerpt
