"""The program workspace: running, submitting, drafts, restoring; graded by a real worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Enrolment
from grading.models import Draft, Progress, Submission
from tests.learn.classroom import Form, Place, enrolled, place, signed_in, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}
CRASHING = (
    "def build(words):\n    print('<b>loud</b>')\n    raise ValueError('<script>x</script>')\n"
)


@pytest.fixture
def here(enrolment: Enrolment) -> Place:
    return place(enrolment, "program")


def program(text: str) -> Form:
    return {"file:solution.py": text, "idempotency_key": str(uuid.uuid4())}


def state_url(submission: Submission) -> str:
    return f"/submissions/{submission.uuid}/state/"


def test_it_opens_with_the_starter_and_works_without_javascript(
    browser: Client, here: Place
) -> None:
    page = text_of(browser.get(here.url()))
    starter = here.placement.version.spec["starter"]["solution.py"]
    assert '<textarea id="text-1" name="file:solution.py"' in page
    assert starter.splitlines()[0] in page
    assert f'formaction="{here.url("run")}"' in page
    assert f'action="{here.url()}"' in page


def test_a_plain_submission_leads_to_its_verdict(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    response = browser.post(here.url(), here.right())
    assert (response.status_code, response["Location"]) == (303, here.url())
    page = text_of(browser.get(here.url()))
    assert 'class="waiting"' in page
    assert "Look again" in page
    grade_waiting()
    page = text_of(browser.get(here.url()))
    assert 'class="waiting"' not in page
    assert page.count('<section class="verdict verdict-passed"') == 1
    assert "5 of 5 points" in page


def test_the_result_asks_until_it_is_final_and_then_stops(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    page = text_of(browser.post(here.url(), here.right(), headers=HTMX))
    submission = Submission.objects.get()
    assert f'hx-get="{state_url(submission)}?shown=queued.400ms.0.0&amp;workspace"' in page
    assert "hx-trigger" in page
    shown = {"shown": "queued.400ms.0.0", "workspace": ""}
    unchanged = browser.get(state_url(submission), shown, headers=HTMX)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    other = browser.get(state_url(submission), {"shown": "x"}, headers=HTMX)
    assert 'class="waiting"' in text_of(other)
    grade_waiting()
    final = text_of(browser.get(state_url(submission), shown, headers=HTMX))
    assert "hx-get" not in final
    assert final.count('<section class="verdict verdict-passed"') == 1
    assert '<div id="tries" hx-swap-oob="innerHTML">' in final
    assert '<div id="more" hx-swap-oob="innerHTML">' in final


def test_an_accepted_form_gets_a_new_key(browser: Client, here: Place) -> None:
    form = here.right()
    page = text_of(browser.post(here.url(), form, headers=HTMX))
    assert 'id="idempotency-key"' in page
    assert 'hx-swap-oob="true"' in page
    assert form["idempotency_key"] not in page


def test_the_same_form_twice_is_one_submission(browser: Client, here: Place) -> None:
    form = here.right()
    for _ in range(2):
        assert browser.post(here.url(), form, headers=HTMX).status_code == 200
    assert Submission.objects.count() == 1


def test_a_second_submission_waits_for_the_first(browser: Client, here: Place) -> None:
    browser.post(here.url(), here.right())
    again = {**here.right(), "file:solution.py": "what was typed since"}
    response = browser.post(here.url(), again)
    page = text_of(response)
    assert response.status_code == 409
    assert "Your last submission is still being graded." in page
    assert "what was typed since" in page
    assert 'class="waiting"' in page
    assert Submission.objects.count() == 1


def test_a_run_charges_no_try_and_reports_no_hidden_check(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url("run"), here.wrong("no-links"))
    grade_waiting()
    page = text_of(browser.get(here.url()))
    assert Progress.objects.get().tries == 0
    assert "One block for each word" in page
    assert "Each block names the one before" not in page


def test_what_a_learner_says_is_never_html(
    browser: Client, here: Place, grade_waiting: Callable[[], bool]
) -> None:
    browser.post(here.url(), program(CRASHING))
    grade_waiting()
    page = text_of(browser.get(here.url()))
    assert "<script>x" not in page
    assert "ValueError: &lt;script&gt;x&lt;/script&gt;" in page
    assert "&lt;b&gt;loud&lt;/b&gt;" in page
    assert 'data-file="solution.py" data-line="3"' in page


def test_a_submission_that_we_broke_says_so(browser: Client, here: Place) -> None:
    browser.post(here.url(), here.right())
    Submission.objects.update(state=Submission.State.BROKEN)
    page = text_of(browser.get(here.url()))
    assert "it is our fault" in page
    assert "No try has been used." in page


def test_a_draft_is_kept_and_shown_again(browser: Client, here: Place) -> None:
    response = browser.post(here.url("draft"), program("x = '<&>'\n"), headers=JSON)
    assert response.status_code == 200
    assert set(json.loads(response.content)) == {"saved_at", "files", "language"}
    page = text_of(browser.get(here.url()))
    assert "x = &#x27;&lt;&amp;&gt;&#x27;" in page
    assert Submission.objects.count() == 0


def test_back_to_the_starter(browser: Client, here: Place) -> None:
    browser.post(here.url("draft"), program("x = 'quite my own'\n"))
    response = browser.post(here.url("draft"), {"reset": "1"})
    assert (response.status_code, response["Location"]) == (303, here.url())
    assert Draft.objects.count() == 0
    assert "quite my own" not in text_of(browser.get(here.url()))


def test_an_earlier_submission_comes_back_into_the_editor(browser: Client, here: Place) -> None:
    browser.post(here.url(), program("first = 1\n"))
    submission = Submission.objects.get()
    browser.post(here.url("draft"), program("second = 2\n"))
    answer = browser.post(here.url("draft"), {"restore": str(submission.uuid)}, headers=JSON)
    assert json.loads(answer.content)["files"] == {"solution.py": "first = 1\n"}
    assert Draft.objects.get().files == {"solution.py": "first = 1\n"}


def test_nobody_restores_what_another_wrote(
    browser: Client, here: Place, bob: User, charlie: User, small_course: Course
) -> None:
    browser.post(here.url(), program("alice = 1\n"))
    restore = {"restore": str(Submission.objects.get().uuid)}
    enrolled(bob, small_course)
    assert signed_in(bob).post(here.url("draft"), restore).status_code == 404
    assert signed_in(charlie).post(here.url("draft"), restore).status_code == 404
    assert browser.post(here.url("draft"), {"restore": "nonsense"}).status_code == 404
    assert Draft.objects.count() == 0


def test_a_draft_that_is_too_long_is_refused(browser: Client, here: Place) -> None:
    response = browser.post(here.url("draft"), program("x" * 300_000), headers=JSON)
    assert response.status_code == 409
    assert Draft.objects.count() == 0


def test_an_empty_program_is_not_taken_and_nothing_is_lost(browser: Client, here: Place) -> None:
    browser.post(here.url("draft"), program("kept = 1\n"))
    response = browser.post(here.url(), program("   \n"))
    assert response.status_code == 422
    assert Submission.objects.count() == 0
    assert Draft.objects.get().files == {"solution.py": "kept = 1\n"}
