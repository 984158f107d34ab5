"""Filling texts, seeds, and verdicts as JSON."""

from __future__ import annotations

import json
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from exercises.seeds import opaque_ids, seed_for, shuffled
from exercises.texts import fill, fill_plain, fill_text, names_in
from exercises.types import CheckResult, Feedback, Json, Outcome, Verdict
from exercises.verdicts import from_json, to_json

EXERCISE = UUID("12345678-1234-5678-1234-567812345678")


def test_values_are_escaped_in_html_only() -> None:
    values: dict[str, Json] = {
        "n": 3,
        "tag": "<b>&\"'",
        "row": ["a", 1],
        "yes": True,
        "again": "{{ n }}",
    }
    assert fill("{{n}} {{ tag }}", values) == "3 &lt;b&gt;&amp;&quot;&#x27;"
    assert fill_plain("{{n}} {{ tag }}", values) == "3 <b>&\"'"
    assert fill("{{ row }} {{ yes }}", values) == "[&#x27;a&#x27;, 1] True"
    assert fill("{{ again }} {{ none }} { { n } }", values) == "{{ n }} {{ none }} { { n } }"
    assert fill_text({"en": "{{ n }}", "zh-hans": "{{ n }} 个"}, values) == {
        "en": "3",
        "zh-hans": "3 个",
    }
    assert names_in("{{ a }} {{b}} {{ a }}") == ["a", "b", "a"]


def test_seeds_are_those_of_the_first_release() -> None:
    """Pinned: they are computed anew at every visit."""
    assert seed_for(1, EXERCISE, 0) == 1105877697313787736
    assert opaque_ids(1, "option", 2) == ["5a306c29466d", "85e65d598bd5"]


@given(root=st.integers(), variant=st.integers(0, 100))
def test_a_seed_fits_a_signed_bigint(root: int, variant: int) -> None:
    seed = seed_for(root, EXERCISE, variant)
    assert 0 <= seed < 2**62
    assert seed != seed_for(root + 1, EXERCISE, variant)
    assert seed != seed_for(root, EXERCISE, variant + 1)
    assert seed != seed_for(root, UUID(int=EXERCISE.int ^ 1), variant)


@given(count=st.integers(0, 30), seed=st.integers(0, 2**62))
def test_shuffled_is_a_permutation(count: int, seed: int) -> None:
    assert sorted(shuffled(count, seed)) == list(range(count))


TEXTS = st.dictionaries(st.sampled_from(["en", "zh-hans"]), st.text(max_size=9))
NUMBERS = st.floats(0, 1e9, allow_nan=False)
OUTCOMES = st.sampled_from(Outcome)
CHECK_RESULTS = st.builds(
    CheckResult,
    key=st.text(max_size=9),
    outcome=OUTCOMES,
    points=NUMBERS,
    earned=NUMBERS,
    title=TEXTS,
    hidden=st.booleans(),
    called=st.text(max_size=9),
    got=st.text(max_size=9),
    expected=st.text(max_size=9),
    message=TEXTS,
    file=st.text(max_size=9),
    line=st.none() | st.integers(0, 999),
    milliseconds=st.none() | NUMBERS,
)
VERDICTS = st.builds(
    Verdict,
    outcome=OUTCOMES,
    score=st.floats(0, 1),
    checks=st.lists(CHECK_RESULTS, max_size=3).map(tuple),
    feedback=st.lists(
        st.builds(Feedback, text=TEXTS, misconception=st.text(max_size=9)), max_size=3
    ).map(tuple),
    output=st.text(max_size=9),
    cpu_ms=st.none() | NUMBERS,
    memory_bytes=st.none() | st.integers(0, 1 << 40),
)


@given(verdict=VERDICTS)
def test_a_verdict_survives_json(verdict: Verdict) -> None:
    assert from_json(json.loads(json.dumps(to_json(verdict)))) == verdict


def test_a_short_verdict_is_stored_short() -> None:
    verdict = Verdict(Outcome.PASSED, 1.0)
    assert to_json(verdict) == {"outcome": "passed", "score": 1.0}
