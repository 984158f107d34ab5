"""The inspector and the playground as HTML: whole, linked both ways, and free of what is hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from chains.types import CallKind, Event, Frame, Read, Status, Write
from learn.ledger import Inspector, inspector, report
from learn.ledger_playground import Call, NoSuchCall, Playground, read_call
from learn.ledger_samples import CARBON_CHECKS, SampleCheck, carbon
from learn.ledger_showcase import RECORD, TOTAL, showcase
from learn.templatetags import ledger as filters
from tests.learn.ledger_rows import call, transcript
from tests.learn.site import Page
from tests.learn.test_ledger import entry

NOW = carbon(checks_the_organisation=True)
EVIL = '<script>alert("x")</script>'


def html(shown: Inspector) -> str:
    return render_to_string("ledger/inspector.html", {"inspector": shown})


def ids(page: Page) -> list[str]:
    return [given["id"] or "" for _, given in page.elements if "id" in given]


def fragments(page: Page) -> set[str]:
    return {link[1:] for link in page.links() if link.startswith("#")}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["carbon", "receipts", "transfer", "empty"])
def test_samples_are_whole(name: str, language: str) -> None:
    with translation.override(language):
        page = Page(html(showcase()[name]))
    assert page.refused == []
    assert len(set(ids(page))) == len(ids(page))
    # The checks themselves stand outside, in the page's own list.
    assert {link for link in fragments(page) if not link.startswith("check-")} <= set(ids(page))


def test_checks_and_transactions_lead_to_each_other() -> None:
    shown = inspector([NOW], CARBON_CHECKS, scenario="life-cycle")
    checks = Page(render_to_string("ledger/checks.html", {"inspector": shown}))
    page = Page(html(shown))
    assert fragments(checks) == {f"tx-life-cycle-main-{number}" for number in (2, 4, 7, 8, 9)}
    assert fragments(checks) <= set(ids(page))
    back = {link for link in fragments(page) if link.startswith("check-")}
    assert back == set(ids(checks))


def test_one_transaction_is_chosen_and_all_are_there() -> None:
    page = Page(html(inspector([NOW], CARBON_CHECKS, scenario="life-cycle")))
    articles = page.all("article")
    assert [given["id"] for given in articles if "data-chosen" in given] == ["tx-life-cycle-main-7"]
    assert len(articles) == 9
    current = [given["href"] for given in page.all("a", aria_current="true")]
    assert current == ["#tx-life-cycle-main-7"]


def test_a_failure_is_told_in_words_and_by_its_shape() -> None:
    text = html(inspector([transcript(call(1), call(2, status=Status.FAILED, message="no"))]))
    line = text[text.index('<ol class="track-items">') : text.index("</ol>")]
    first, second = line.split("</li>")[:2]
    assert "Refused by the contract" in second
    assert "Refused by the contract" not in first
    assert 'class="sign-mark"' in second
    assert 'class="sign-mark"' not in first


def test_what_contracts_and_people_say_is_text() -> None:
    frame = Frame(EVIL, EVIL, {EVIL: EVIL}, Status.FAILED, EVIL, EVIL)
    evil = call(
        1,
        identity=EVIL,
        contract=EVIL,
        method=EVIL,
        args={EVIL: EVIL},
        result=EVIL,
        message=EVIL,
        reads=(Read(EVIL, EVIL, EVIL),),
        writes=(Write(EVIL, "k", EVIL, EVIL + "2"),),
        events=(Event(EVIL, EVIL, (EVIL,)),),
        root=replace(frame, calls=(frame,)),
        log=(EVIL,),
    )
    check = SampleCheck("evil", "wrong", {"en": EVIL}, "/main/1", {"en": EVIL})
    before = transcript(replace(evil, result="1", writes=(), events=()))
    text = html(inspector([transcript(evil)], [check], [before], title={"en": EVIL}))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") > 20


def test_hidden_checks_show_title_and_outcome() -> None:
    told = {"en": "The secret input was 2147483648."}
    secret = SampleCheck("s", "wrong", {"en": "At the limits"}, "x/main/2", told, hidden=True)
    text = html(inspector([NOW], [secret]))
    hidden = text[text.index("ledger-hidden") :]
    assert "At the limits" in hidden
    assert "Not right yet" in hidden
    assert "secret input" not in text
    assert "At the limits" not in text.replace(hidden, "")


def test_a_query_is_in_no_block() -> None:
    text = html(inspector([transcript(call(1, kind=CallKind.QUERY))]))
    assert "in no block" in text
    assert "State, left as it was" in text


def test_the_empty_state_says_what_will_appear() -> None:
    text = html(inspector([]))
    assert "There is no ledger yet." in text
    assert "who called, what was read and written" in text


def test_of_several_scenarios_the_failed_ones_are_open() -> None:
    def opened(*checks: SampleCheck) -> list[bool]:
        found = report([entry("one", NOW), entry("two", NOW)], checks)
        page = Page(render_to_string("ledger/report.html", {"report": found}))
        assert len(set(ids(page))) == len(ids(page))
        return ["open" in given for given in page.all("details", class_="ledger-scenario")]

    assert opened(SampleCheck("w", "wrong", {}, "two/main/2")) == [False, True]
    assert opened(SampleCheck("w", "passed", {}, "two/main/2")) == [True, False]


def test_one_scenario_is_not_folded() -> None:
    for recorded, parts in (([entry("one", NOW)], 1), ([], 0)):
        text = render_to_string("ledger/report.html", {"report": report(recorded, ())})
        assert Page(text).all("details", class_="ledger-scenario") == []
        assert text.count("data-ledger") == parts
    assert "There is no ledger yet." in text


def test_filters_lead_where_the_report_is() -> None:
    found = report([entry("life-cycle", NOW)], CARBON_CHECKS)
    for check in found.inspectors[0].checks:
        named = next(each.transaction for each in CARBON_CHECKS if each.key == check.key)
        assert filters.transaction_anchor(named) == check.transaction
        assert filters.check_anchor(check.key) == check.anchor
    assert filters.transaction_anchor("") == ""


def test_the_log_keeps_its_lines() -> None:
    text = html(inspector([transcript(call(1, log=("first", "second")))]))
    (log,) = re.findall(r'<pre class="tx-log"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert log.split() == ["first", "second"]


# Playground


def playground(**rest: Any) -> Playground:
    shown: Playground = showcase()["playground"]
    return replace(shown, **rest)


def posted(**fields: str) -> QueryDict:
    given = QueryDict(mutable=True)
    given.update({name.replace("__", ":"): text for name, text in fields.items()})
    return given


RECORD_FIELDS = {
    "arg:main/carbon/record:asset": "A-1",
    "arg:main/carbon/record:kg": "5",
    "arg:main/carbon/total:asset": "of another method",
}


def test_a_posted_form_is_a_call() -> None:
    given = posted(kind="invoke", identity="grid", method="main/carbon/record")
    given.update(RECORD_FIELDS)
    expected = {"asset": "A-1", "stage": "", "kg": "5"}
    assert read_call(playground(), given) == Call(CallKind.INVOKE, "grid", RECORD, expected)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "install"}, {"kind": ""}, {"identity": "nobody"}, {"method": "main/carbon/steal"}],
)
def test_what_is_not_offered_is_not_called(wrong: dict[str, str]) -> None:
    right = {"kind": "invoke", "identity": "grid", "method": "main/carbon/record"}
    assert read_call(playground(), posted(**right)).method == RECORD
    with pytest.raises(NoSuchCall):
        read_call(playground(), posted(**{**right, **wrong}))


def test_the_form_keeps_what_was_called() -> None:
    last = Call(CallKind.INVOKE, "grid", RECORD, {"asset": "A-1", "stage": "use", "kg": "5"})
    text = render_to_string("ledger/playground.html", {"playground": playground(call=last)})
    page = Page(text)
    chosen = [given["value"] for given in page.all("option") if "selected" in given]
    assert chosen == ["grid", RECORD.key]
    values = {given["name"]: given["value"] for given in page.all("input") if "value" in given}
    assert values["arg:main/carbon/record:stage"] == "use"
    assert values["arg:main/carbon/total:asset"] == ""
    assert page.all("form")[0]["hx-post"] == page.all("form")[0]["action"] == ""


def test_what_came_of_the_last_call_describes_the_buttons() -> None:
    def told(**rest: Any) -> str:
        text = render_to_string("ledger/playground.html", {"playground": playground(**rest)})
        assert len(Page(text).all("button", aria_describedby="playground-said")) == 2
        (said,) = re.findall(r'id="playground-said">(.*?)</div>', text, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", "", said).split())

    assert told() == "total Done 14"
    assert told(call=None) == ""
    assert told(error="No ledger can be opened now.") == "No ledger can be opened now."


def test_the_form_says_why_a_call_was_not_made() -> None:
    shown = playground(url="/play/", error="No ledger can be opened now.", hidden_fields={"k": "v"})
    text = render_to_string("ledger/playground.html", {"playground": shown})
    assert re.search(r'role="alert"[^>]*>No ledger can be opened now\.<', text)
    page = Page(text)
    assert page.all("form")[0]["hx-post"] == "/play/"
    assert page.all("input", name="k")[0]["value"] == "v"
    assert [given["value"] for given in page.all("option")][3:] == [RECORD.key, TOTAL.key]
