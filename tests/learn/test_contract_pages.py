"""A contract in the workspace: run, verdict with its ledger, and calling it by hand."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from chains.transcripts import DEEPEST, bounded, from_json, to_json
from courses.models import Course
from courses.publishing.pipeline import load, write
from exercises.verdicts import pack_transcripts
from grading.models import Draft, LedgerRecord, Progress, Submission
from grading.queries import ledger_record
from grading.recount import differences
from tests.courses.publishing import HERE
from tests.learn.classroom import Place, enrolled, place, signed_in, text_of
from tests.people import make_person

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ledger_course() -> Course:
    """The course with one contract in Python; tests/exercises/contract proves the contract."""
    write(load([HERE / "ledger-course"]))
    return Course.objects.select_related("current").get(key="ledger-course")


@pytest.fixture
def here(alice: User, ledger_course: Course, unlimited: None) -> Place:
    return place(enrolled(alice, ledger_course), "contract")


@pytest.fixture
def browser(alice: User, here: Place) -> Client:
    return signed_in(alice)


def call(method: str, by: str = "plant", kind: str = "invoke", **args: str) -> dict[str, str]:
    key = f"main/carbon/{method}"
    named = {f"arg:{key}:{name}": value for name, value in args.items()}
    return {"kind": kind, "identity": by, "method": key, **named}


def record(**more: str) -> dict[str, str]:
    return call("record", asset="lot", stage="generation", kg="12") | more


def test_the_workspace_tells_what_will_be_done_and_hides_what_is_hidden(
    browser: Client, here: Place
) -> None:
    page = text_of(browser.get(here.url()))
    assert "What will be done to your contract" in page
    assert "plant: record(" in page
    assert "The steps of this scenario are not shown." in page
    spec = here.placement.version.spec
    assert spec["solution"]["python"]["contract.py"] not in page
    assert "secret_lot" not in page


def test_a_verdict_shows_the_transaction_that_lost_a_point(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url(), here.wrong("any-order.py"))
    grade_waiting()
    submission = Submission.objects.get()
    assert (submission.engine, submission.outcome) == ("python/python", "partly")
    verdict = submission.body.verdict
    assert verdict is not None
    assert "transcripts" not in verdict
    page = text_of(browser.get(here.url()))
    failed = next(check for check in verdict["checks"] if check["key"] == "order-kept")
    anchor = "tx-" + failed["transaction"].replace("/", "-")
    assert f'href="#{anchor}"' in page
    assert f'id="{anchor}"' in page
    assert 'id="check-order-kept"' in page


def test_the_right_contract_earns_its_points(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url(), here.right())
    grade_waiting()
    assert Progress.objects.get().passed_at is not None
    assert LedgerRecord.objects.count() == 1
    assert list(differences()) == []


def test_a_second_run_is_compared_with_the_first(
    browser: Client,
    here: Place,
    grade_waiting: Callable[[], bool],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("any-order.py", "no-role-check.py"):
        browser.post(here.url("run"), here.wrong(name))
        grade_waiting()
    page = text_of(browser.get(here.url()))
    assert "Compared with the run before" in page
    newest = Submission.objects.order_by("-pk")[0]
    with django_assert_num_queries(5):  # session, person, submission; this record and the last
        browser.get(f"/submissions/{newest.uuid}/")


def test_the_deepest_tree_of_calls_has_a_page(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url(), here.right())
    grade_waiting()
    submission = Submission.objects.get()
    recorded = ledger_record(submission)
    called = recorded[0]["transcript"]["transactions"][1]
    for _ in range(100):
        called["root"] = {**called["root"], "calls": [called["root"]]}
    transcript = bounded(from_json(recorded[0]["transcript"]), 1 << 20)
    recorded[0]["transcript"] = to_json(transcript)
    packed = pack_transcripts(recorded)
    LedgerRecord.objects.filter(pk=submission.pk).update(packed=packed)

    def deep_in_a_server(depth: int) -> str:
        return deep_in_a_server(depth - 1) if depth else text_of(browser.get(here.url()))

    assert deep_in_a_server(150).count('class="tx-frame"') >= DEEPEST


def test_a_draft_keeps_the_files_of_a_contract(browser: Client, here: Place) -> None:
    answer = browser.post(
        here.url("draft"),
        {"file:contract.py": "draft = 1", "file:other.py": "no"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert Draft.objects.get().files == {"contract.py": "draft = 1"}
    assert "draft = 1" in text_of(browser.get(here.url()))


def test_a_draft_keeps_what_a_database_can_hold(browser: Client, here: Place) -> None:
    browser.post(here.url("draft"), {"file:contract.py": "x = '\0'"})
    assert Draft.objects.get().files == {"contract.py": "x = '\ufffd'"}


def test_an_answer_without_files_is_not_restored(
    browser: Client, here: Place, alice: User, small_course: Course
) -> None:
    quiz = place(enrolled(alice, small_course), "choice")
    browser.post(quiz.url(), quiz.right())
    restore = {"restore": str(Submission.objects.get().uuid)}
    assert browser.post(here.url("draft"), restore).status_code == 404


def test_calls_by_hand_go_on_from_one_to_the_next(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    play = here.url("play")
    files = {"file:contract.py": here.right()["file:contract.py"]}
    waiting = text_of(browser.post(play, record() | files, headers=HTMX))
    assert "Running on the ledger" in waiting
    first = Submission.objects.get()
    state = f"{play}{first.uuid}/"
    assert browser.get(state, headers=HTMX).status_code == 204
    grade_waiting()
    page = text_of(browser.get(state, headers=HTMX))
    assert 'id="tx-main-2"' in page
    calls = json.dumps(first.body.answer["calls"])
    browser.post(play, call("total", kind="query") | files | {"calls": calls}, headers=HTMX)
    grade_waiting()
    second = Submission.objects.order_by("-pk")[0]
    assert [one["method"] for one in second.body.answer["calls"]] == ["record", "total"]
    page = text_of(browser.get(f"{play}{second.uuid}/", headers=HTMX))
    assert 'id="tx-main-3"' in page
    assert Progress.objects.get().tries == 0
    assert "Earlier submissions" not in text_of(browser.get(here.url()))


def test_a_call_that_is_refused_keeps_those_before(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    play = here.url("play")
    files = {"file:contract.py": here.right()["file:contract.py"]}
    browser.post(play, record() | files, headers=HTMX)
    first = Submission.objects.get()
    calls = {"calls": json.dumps(first.body.answer["calls"])}
    answer = browser.post(play, call("total") | files | calls, headers=HTMX)
    page = text_of(answer)
    assert answer["HX-Reswap"] == "none"
    assert "still being graded" in page
    assert escape(calls["calls"]) in page
    assert '<option value="main/carbon/total" selected>' in page
    assert Submission.objects.count() == 1


def test_without_a_script_the_saved_files_are_called(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url("draft"), {"file:contract.py": here.right()["file:contract.py"]})
    answer = browser.post(here.url("play"), record())
    grade_waiting()
    played = Submission.objects.get()
    assert answer["Location"] == f"{here.url('play')}{played.uuid}/"
    assert 'id="tx-main-2"' in text_of(browser.get(answer["Location"]))


def test_a_contract_that_is_none_says_where(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(
        here.url("play"), record() | {"file:contract.py": "class Contract(:"}, headers=HTMX
    )
    grade_waiting()
    played = Submission.objects.get()
    page = text_of(browser.get(f"{here.url('play')}{played.uuid}/", headers=HTMX))
    assert "contract.py:1:" in page


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "install"},
        {"identity": "nobody"},
        {"method": "main/carbon/steal"},
    ],
    ids=["kind", "identity", "method"],
)
def test_only_the_calls_of_the_form_are_made(
    browser: Client, here: Place, form: dict[str, str]
) -> None:
    assert browser.post(here.url("play"), record() | form).status_code == 404
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("calls", ['[{"kind": "invoke"}]', '["x"]', f'["{"x" * 5000}"]'])
def test_a_forged_history_is_refused(browser: Client, here: Place, calls: str) -> None:
    files = {"file:contract.py": "x = 1"}
    page = text_of(browser.post(here.url("play"), record() | files | {"calls": calls}))
    assert "This call cannot be made." in page
    assert Submission.objects.count() == 0


def test_a_history_that_is_nested_too_deeply_is_none(browser: Client, here: Place) -> None:
    files = {"file:contract.py": "x = 1", "calls": "[" * 100_000}
    assert browser.post(here.url("play"), record() | files).status_code == 303


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
@pytest.mark.parametrize("place", ["name", "value"])
def test_a_call_with_what_no_database_holds_is_refused(
    browser: Client, here: Place, sign: str, place: str
) -> None:
    args = {"name": f'{{"{sign}": "x"}}', "value": f'{{"asset": "{sign}"}}'}[place]
    made = '{"kind": "invoke", "by": "plant", "ledger": "main", "contract": "carbon", '
    made += f'"method": "record", "args": {args}}}'
    form = record() | {"file:contract.py": "x = 1", "calls": f"[{made}]"}
    assert "This call cannot be made." in text_of(browser.post(here.url("play"), form))
    assert Submission.objects.count() == 0


def test_others_do_not_see_a_play(
    browser: Client, here: Place, ledger_course: Course, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url("play"), record() | {"file:contract.py": "x = 1"})
    played = Submission.objects.get()
    stranger, teammate = make_person("stranger"), make_person("teammate")
    enrolled(teammate, ledger_course)
    for person in (stranger, teammate):
        assert signed_in(person).get(f"{here.url('play')}{played.uuid}/").status_code == 404
    assert signed_in(stranger).get(here.url("play")).status_code == 404
    assert signed_in(teammate).get(here.url("play")).status_code == 200


def test_a_try_is_no_play_and_a_program_has_no_playground(
    browser: Client, here: Place, alice: User, small_course: Course
) -> None:
    browser.post(here.url(), here.right())
    tried = Submission.objects.get()
    assert browser.get(f"{here.url('play')}{tried.uuid}/").status_code == 404
    program = place(enrolled(alice, small_course), "program")
    assert browser.get(program.url("play")).status_code == 404
