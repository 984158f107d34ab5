"""What a page tells of another profile: the cost, what ended differently, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from chains.transcripts import to_json
from chains.types import Event, Status, Transaction, Transcript
from learn.ledger import report
from learn.ledger_profiles import Profiles, Refusal, profiles
from tests.learn.ledger_rows import call, transcript

TITLE = {"en": "A day", "zh-hans": "一天"}


def on(profile: str, *calls: Transaction) -> Transcript:
    return replace(transcript(*calls), engine="evm", profile=profile)


def entry(here: Transcript, **other: Any) -> dict[str, Any]:
    told = {"profile": "changan", **other}
    return {"scenario": "day", "title": TITLE, "transcript": to_json(here), "other": told}


def beside(here: list[Transaction], there: list[Transaction]) -> Profiles:
    other = to_json(on("changan", *there))
    found = profiles([entry(on("ethereum", *here), transcript=other)])
    assert found is not None
    return found


def text_of(found: Profiles, language: str = "en") -> str:
    with translation.override(language):
        return " ".join(render_to_string("ledger/profiles.html", {"profiles": found}).split())


def test_nothing_is_told_where_nothing_was_asked_for() -> None:
    plain = {"scenario": "day", "title": TITLE, "transcript": to_json(on("ethereum", call(1)))}
    assert profiles([plain]) is None
    assert report([plain], ()).profiles is None


def test_only_the_cost_differs() -> None:
    found = beside([call(1, cost=90_000), call(2, cost=50)], [call(1, cost=700), call(2, cost=50)])
    (run,) = found.runs
    assert [(row.number, row.anchor, row.cost, row.cost_there) for row in run.rows] == [
        (1, "tx-day-main-1", 90_000, 700),
        (2, "tx-day-main-2", 50, 50),
    ]
    assert (run.cost, run.cost_there, run.left, run.differing) == (90_050, 750, 0, ())
    page = text_of(found)
    assert "Every transaction ended the same; only what it cost differs." in page
    assert "first on Ethereum (EVM), where it was judged, then on Chang&#x27;An Chain, EVM" in page
    assert "90,050" in page


def test_what_ended_differently_is_told_call_by_call() -> None:
    here = call(2, result="7", events=(Event("carbon", "Kept", ("a<b",)),))
    there = call(2, status=Status.FAILED, message="not <here>")
    found = beside([call(1), here], [call(1), there])
    (row,) = found.runs[0].differing
    assert row.number == 2
    assert [(str(one.what), one.before, one.now) for one in row.changes] == [
        ("How it ended", ("Done",), ("Refused by the contract",)),
        ("Result", ("7",), ()),
        ("Reason", (), ("not <here>",)),
        ("Events", ("Kept(a<b)",), ()),
    ]
    page = text_of(found)
    assert '1 transaction ended differently: <a href="#tx-day-main-2">2</a>' in page
    assert "<ins>not &lt;here&gt;</ins>" in page
    assert "<del>Kept(a&lt;b)</del>" in page
    assert "1 笔交易的结果不同：" in text_of(found, "zh-hans")


def test_a_run_that_was_stopped_there_is_told_as_far_as_it_went() -> None:
    found = beside([call(1), call(2), call(3)], [call(1)])
    assert ([row.number for row in found.runs[0].rows], found.runs[0].left) == ([1], 2)
    assert "The last 2 transactions were not made on Chang&#x27;An Chain, EVM" in text_of(found)


@pytest.mark.parametrize("line", [12, None])
def test_what_the_other_compiler_refuses_stands_with_its_line(line: int | None) -> None:
    refused = [{"file": "contract.sol", "line": line, "message": "payable <needs> a coin"}]
    found = profiles([entry(on("ethereum", call(1)), refused=refused)])
    assert found is not None
    assert found.refused == (Refusal("contract.sol", line, "payable <needs> a coin"),)
    place = "contract.sol:12" if line else "contract.sol"
    page = text_of(found)
    assert f"<code>{place}</code> payable &lt;needs&gt; a coin" in page
    assert "Your points do not depend on it." in page
    assert "<table" not in page
