"""Quiz exercises as forms: plain and by htmx, right, wrong, unreadable, refused, sent twice."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Cohort, User
from courses.models import Course, Enrolment, ExerciseVersion
from courses.standings import month_of
from grading.models import Draft, Progress, Submission
from tests.learn.classroom import Form, Place, enrolled, lesson_url, place, signed_in, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
QUIZ_KINDS = ("choice", "choices", "numeric", "text", "order", "match", "cloze")


def change(here: Place, **columns: object) -> None:
    """Give the exercise another policy."""
    ExerciseVersion.objects.filter(pk=here.placement.version_id).update(**columns)


@pytest.mark.parametrize("kind", QUIZ_KINDS)
def test_a_right_answer_sent_plain_leads_back_to_its_place_in_the_lesson(
    browser: Client, enrolment: Enrolment, kind: str
) -> None:
    here = place(enrolment, kind)
    response = browser.post(here.url(), here.right())
    key = here.placement.version.exercise.key
    assert response.status_code == 303
    assert response["Location"] == f"{lesson_url(here.placement.lesson)}#exercise-{key}"
    submission = Submission.objects.get()
    assert (submission.outcome, submission.score) == ("passed", 1.0)


@pytest.mark.parametrize("kind", QUIZ_KINDS)
def test_by_htmx_the_exercise_comes_back_with_its_verdict(
    browser: Client, enrolment: Enrolment, kind: str
) -> None:
    here = place(enrolment, kind)
    page = text_of(browser.post(here.url(), here.right(), headers=HTMX))
    assert page.lstrip().startswith('<section class="exercise exercise-passed"')
    assert page.count('<section class="verdict verdict-passed"') == 1
    assert page.count("data-focus") == 1
    assert "<html" not in page


@pytest.mark.parametrize("kind", QUIZ_KINDS)
def test_a_wrong_answer_passes_nothing(browser: Client, enrolment: Enrolment, kind: str) -> None:
    here = place(enrolment, kind)
    browser.post(here.url(), here.wrong(), headers=HTMX)
    assert Submission.objects.get().score != 1.0
    assert Progress.objects.get().passed_at is None


@pytest.mark.parametrize("kind", QUIZ_KINDS)
@pytest.mark.parametrize("is_right", [False, True])
def test_a_quiz_answer_costs_eight_queries(
    browser: Client, enrolment: Enrolment, cohort: Cohort, kind: str, is_right: bool
) -> None:
    """On PostgreSQL; SQLite needs a statement more for the body, and one more to read it back.

    Every answer but the few with which something happens for the first time: see the next test.
    Deadlines, extensions and late rules of the learner's cohort cost nothing more.
    """
    here = place(enrolment, kind)
    now = timezone.now()
    Enrolment.objects.update(active_month=month_of(now), halfway_at=now, cohort=cohort)
    form = here.right() if is_right else here.wrong()
    browser.get(here.url())  # from now on this process knows the lesson
    with CaptureQueriesContext(connection) as queries:
        browser.post(here.url(), form, headers=HTMX)
    # A test is a transaction, so that the request's own is a savepoint in it.
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    budget = 8 if connection.vendor == "postgresql" else 9
    assert len(asked) <= budget, asked


def test_what_happens_once_a_month_costs_more_once(browser: Client, enrolment: Enrolment) -> None:
    """The first answer of a month writes the learner's month: a fixed number of statements."""
    here = place(enrolment, "choice")
    browser.get(here.url())
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.post(here.url(), here.wrong(), headers=HTMX)
        asked.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    # Read: enrolment, programmes, the person, standings, enrolments, qualifications. Written:
    # enrolment, standing, and the tallies of stages, of delays and of retention.
    assert asked[0] - asked[1] == 11


UNREADABLE: list[tuple[str, Form, str]] = [
    ("choice", {}, "Choose an option."),
    ("numeric", {"value": "12 apples"}, 'value="12 apples"'),
    ("text", {"value": "x" * 600}, "x" * 600),
    ("cloze", {"gap-what": ""}, "Write your answer first."),
]


@pytest.mark.parametrize(("kind", "form", "shown"), UNREADABLE)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_read_is_shown_again_and_costs_nothing(
    browser: Client,
    enrolment: Enrolment,
    kind: str,
    form: Form,
    shown: str,
    headers: dict[str, str],
) -> None:
    here = place(enrolment, kind)
    response = browser.post(here.url(), form, headers=headers)
    assert response.status_code == (200 if headers else 422)
    page = text_of(response)
    assert shown in page
    assert page.count('class="field-error"') == 1
    assert Submission.objects.count() == 0


def test_places_without_javascript_become_an_order(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "order")
    items = here.right()["item"]
    form = {"item": items[::-1]} | {f"position-{item}": str(n) for n, item in enumerate(items, 1)}
    assert browser.post(here.url(), form).status_code == 303
    assert Submission.objects.get().outcome == "passed"


def test_two_items_in_one_place_are_shown_again(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "order")
    items = here.right()["item"]
    form = {"item": items} | {f"position-{item}": "2" for item in items}
    response = browser.post(here.url(), form)
    assert response.status_code == 422
    assert text_of(response).count("<option selected>2</option>") == len(items)
    assert Submission.objects.count() == 0


def test_the_same_form_twice_is_one_submission(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "choice")
    form = here.wrong()
    first = text_of(browser.post(here.url(), form, headers=HTMX))
    second = text_of(browser.post(here.url(), form, headers=HTMX))
    assert Submission.objects.count() == 1
    assert Progress.objects.get().tries == 1
    assert first.count("verdict verdict-wrong") == second.count("verdict verdict-wrong") == 1


def test_the_form_that_comes_back_has_a_new_key(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "choice")
    form = here.wrong()
    page = text_of(browser.post(here.url(), form, headers=HTMX))
    assert 'name="idempotency_key"' in page
    assert form["idempotency_key"] not in page


def test_without_tries_left_the_form_is_closed_and_refuses(
    browser: Client, enrolment: Enrolment
) -> None:
    here = place(enrolment, "choice")
    change(here, tries=1)
    browser.post(here.url(), here.wrong())
    page = text_of(browser.get(here.url()))
    assert "You have used all your tries" in page
    assert 'class="quiz-fields" disabled' in page
    response = browser.post(here.url(), {**here.right(), "idempotency_key": str(uuid.uuid4())})
    assert response.status_code == 409
    assert "You have used all your tries" in text_of(response)
    assert Submission.objects.count() == 1


def test_a_hint_says_its_cost_before_and_comes_when_asked(
    browser: Client, enrolment: Enrolment
) -> None:
    here = place(enrolment, "choice")
    before = text_of(browser.get(here.url()))
    assert "It costs 10 % of the points." in before
    assert "meat grinder" not in before
    page = text_of(browser.post(here.url("hint"), headers=HTMX))
    assert "meat grinder" in page
    assert page.count("data-focus") == 1
    assert browser.post(here.url("hint")).status_code == 409
    assert Progress.objects.get().hints_used == 1


def test_the_misconception_of_the_chosen_option_is_explained(
    browser: Client, enrolment: Enrolment
) -> None:
    here = place(enrolment, "choice")
    for name in ("option-1", "option-2", "option-3"):
        try:
            form = here.wrong(name)
        except KeyError:
            continue
        page = text_of(browser.post(here.url(), form, headers=HTMX))
        if "There is no key." in page:
            assert "A hash can be decrypted" in page
            assert "A hash has no key and <em>no way back</em>." in page
            return
    pytest.fail("no wrong option names the misconception")


def test_other_values_are_given_after_a_try(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "numeric")
    assert "other values" not in text_of(browser.get(here.url()))
    assert browser.post(here.url("variant")).status_code == 409
    browser.post(here.url(), here.wrong())
    assert "other values" in text_of(browser.get(here.url()))
    assert browser.post(here.url("variant")).status_code == 303
    assert Progress.objects.get().variant == 1


def test_the_solution_is_there_once_passed_and_not_before(
    browser: Client, enrolment: Enrolment
) -> None:
    here = place(enrolment, "order")
    assert "<summary>Solution</summary>" not in text_of(browser.get(here.url()))
    page = text_of(browser.post(here.url(), here.right(), headers=HTMX))
    assert "<summary>Solution</summary>" in page


ROUTES = ("exercise", "run", "hint", "variant", "draft")


@pytest.mark.parametrize("kind", ["choice", "program"])
def test_only_the_enrolled_get_in(
    bob: User, charlie: User, small_course: Course, enrolment: Enrolment, kind: str
) -> None:
    here = place(enrolment, kind)
    stranger, nobody = signed_in(charlie), Client()
    for route in ROUTES:
        assert stranger.post(here.url(route), here.right()).status_code == 404
        assert nobody.post(here.url(route), here.right()).status_code == 302
    for route in ("exercise", "history"):
        assert stranger.get(here.url(route)).status_code == 404
        assert nobody.get(here.url(route)).status_code == 302
    assert (Submission.objects.count(), Progress.objects.count(), Draft.objects.count()) == (0,) * 3


def test_a_team_mates_answer_is_their_own(
    browser: Client, bob: User, small_course: Course, enrolment: Enrolment
) -> None:
    theirs = place(enrolled(bob, small_course), "text")
    signed_in(bob).post(theirs.url(), {**theirs.right(), "value": "what bob wrote"})
    mine = place(enrolment, "text")
    assert "what bob wrote" not in text_of(browser.get(mine.url()))
    assert "what bob wrote" not in text_of(browser.get(mine.url("history")))
    assert "Nothing has been submitted yet." in text_of(browser.get(mine.url("history")))


def test_a_quiz_cannot_be_run(browser: Client, enrolment: Enrolment) -> None:
    here = place(enrolment, "choice")
    assert browser.post(here.url("run"), here.right()).status_code == 409
    assert Submission.objects.count() == 0
