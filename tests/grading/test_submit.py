"""Handing in: what is charged, what is earned, what is refused, and what happens at once."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import CohortMember, User
from courses.models import Course, Enrolment, ExerciseVersion, Tally
from exercises.types import Unreadable
from grading.actions import discard_draft, new_variant, reveal_hint, save_draft
from grading.models import Body, Draft, GradingRun, Progress, Submission
from grading.recount import differences
from grading.types import Refused
from tests.courses.publishing import publish_small_course
from tests.grading.learners import GOOD, Learner, learner_in
from tests.people import make_cohort, make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queue")]
"""One Redis for all processes: whoever rings, and whoever counts the rings, run in one of them."""


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def learner(small_course: Course, alice: User) -> Learner:
    return learner_in(small_course, alice)


def limit_tries(learner: Learner, key: str, tries: int) -> None:
    """Versions never change in the product; a test may set its own scene."""
    version = learner.placements[key].version
    ExerciseVersion.objects.filter(pk=version.pk).update(tries=tries)
    version.tries = tries


def test_a_right_answer_to_a_quiz_is_graded_at_once(learner: Learner) -> None:
    submission = learner.submit("bits")
    assert (submission.state, submission.outcome, submission.score) == ("done", "passed", 1.0)
    progress = learner.progress("bits")
    assert (progress.tries, progress.credit, progress.passed_at is not None) == (1, 300, True)
    enrolment = Enrolment.objects.get(pk=learner.enrolment.pk)
    assert (enrolment.credit, enrolment.exercises_passed) == (300, 1)
    assert GradingRun.objects.count() == 0
    assert Tally.objects.get(metric="submissions").value == 1
    assert Tally.objects.get(metric="passes").value == 1
    assert differences() == []


def test_a_wrong_answer_costs_a_try_and_earns_nothing(learner: Learner) -> None:
    submission = learner.submit("bits", {"value": ["1"]})
    assert (submission.outcome, submission.credit) == ("wrong", 0)
    assert learner.progress("bits").tries == 1


def test_an_answer_is_what_a_database_can_hold(learner: Learner) -> None:
    learner.submit("word", {"value": ["a\0b"]})
    assert Body.objects.get().answer == {"value": "a\ufffdb"}


def test_the_best_try_counts(learner: Learner) -> None:
    learner.submit("bits")
    learner.submit("bits", {"value": ["1"]})
    assert learner.progress("bits").credit == 300
    assert Enrolment.objects.get(pk=learner.enrolment.pk).credit == 300
    assert differences() == []


@pytest.mark.parametrize("value", ["", "many", "1e999999999"])
def test_what_cannot_be_read_is_charged_to_nobody(learner: Learner, value: str) -> None:
    with pytest.raises(Unreadable):
        learner.submit("bits", {"value": [value]})
    assert (Submission.objects.count(), Progress.objects.count()) == (0, 0)


def test_the_same_form_twice_is_one_submission(learner: Learner) -> None:
    key = uuid.uuid4()
    first = learner.submit("bits", {"value": ["1"]}, idempotency_key=key)
    second = learner.submit("bits", idempotency_key=key)
    assert first.pk == second.pk
    assert (Submission.objects.count(), learner.progress("bits").tries) == (1, 1)


def test_no_try_is_left(learner: Learner) -> None:
    limit_tries(learner, "bits", 2)
    for _ in range(2):
        learner.submit("bits", {"value": ["1"]})
    with pytest.raises(Refused, match="used all your tries"):
        learner.submit("bits")
    assert Submission.objects.count() == 2


def test_a_program_waits_and_no_second_one_beside_it(learner: Learner) -> None:
    first = learner.submit("build", {"file:solution.py": GOOD})
    assert (first.state, first.score) == ("queued", None)
    assert learner.progress("build").tries == 1
    with pytest.raises(Refused, match="still being graded"):
        learner.submit("build", {"file:solution.py": GOOD})


def test_a_run_charges_nothing(learner: Learner) -> None:
    learner.submit("build", {"file:solution.py": GOOD}, purpose="run")
    assert learner.progress("build").tries == 0


def test_a_quiz_cannot_be_run(learner: Learner) -> None:
    with pytest.raises(Refused, match="Only programs"):
        learner.submit("bits", purpose="run")


def test_the_last_day_of_a_cohort_is_the_last(learner: Learner) -> None:
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    cohort = make_cohort(make_organisation("o2"), starts_on=yesterday, ends_on=yesterday)
    CohortMember.objects.create(cohort=cohort, user=learner.enrolment.user)
    Enrolment.objects.filter(pk=learner.enrolment.pk).update(cohort=cohort)
    with pytest.raises(Refused, match="its last day has passed"):
        learner.submit("bits")
    assert Progress.objects.count() == 0


def test_too_often_is_refused(learner: Learner, settings: Settings) -> None:
    settings.GRADING_TRIES_PER_MINUTE = 2
    for _ in range(2):
        learner.submit("bits", {"value": ["1"]})
    with pytest.raises(Refused, match="very often"):
        learner.submit("bits")


def test_a_quiz_costs_five_statements(
    learner: Learner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner.submit("bits", {"value": ["1"]})
    form = learner.right("bits")
    own = 5 if connection.vendor == "postgresql" else 6
    with django_assert_num_queries(own + 2):  # and SAVEPOINT, RELEASE of the test's transaction
        learner.submit("bits", form)


def test_hints_and_other_values(learner: Learner) -> None:
    with pytest.raises(Refused, match="after your first try"):
        new_variant(enrolment=learner.enrolment, placement=learner.placements["bits"])
    learner.submit("bits", {"value": ["1"]})
    new_variant(enrolment=learner.enrolment, placement=learner.placements["bits"])
    assert learner.progress("bits").variant == 1
    assert learner.submit("bits").outcome == "passed"
    hints = learner.placements["bits"].version.hints
    for _ in hints:
        reveal_hint(enrolment=learner.enrolment, placement=learner.placements["bits"])
    with pytest.raises(Refused, match="no further hint"):
        reveal_hint(enrolment=learner.enrolment, placement=learner.placements["bits"])


def test_drafts_are_kept_and_forgotten(learner: Learner) -> None:
    placement = learner.placements["build"]
    for text in ("one", "two"):
        files = {"solution.py": text, "elsewhere.py": "no"}
        save_draft(enrolment=learner.enrolment, placement=placement, files=files)
    assert [draft.files for draft in Draft.objects.all()] == [{"solution.py": "two"}]
    discard_draft(enrolment=learner.enrolment, placement=placement)
    assert Draft.objects.count() == 0


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What `count` threads got, each with a connection of its own."""
    got: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            got[number] = act(number)
        except (Refused, Unreadable) as refused:
            got[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer"
)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_times_the_same_form_at_once_is_one_submission(settings: Settings) -> None:
    settings.GRADING_TRIES_PER_MINUTE = 0
    learner = learner_in(publish_small_course(), make_person("alice"))
    key, form = uuid.uuid4(), learner.right("bits")
    got = at_once(20, lambda _: learner.submit("bits", form, idempotency_key=key).pk)
    assert len(set(got)) == 1
    assert (Submission.objects.count(), Body.objects.count()) == (1, 1)
    assert learner.progress("bits").tries == 1
    assert differences() == []


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_forms_at_once_use_exactly_the_tries_there_are(settings: Settings) -> None:
    settings.GRADING_TRIES_PER_MINUTE = 0
    learner = learner_in(publish_small_course(), make_person("alice"))
    limit_tries(learner, "bits", 3)
    got = at_once(20, lambda _: learner.submit("bits", {"value": ["1"]}).pk)
    assert sum(isinstance(one, int) for one in got) == 3
    assert (Submission.objects.count(), learner.progress("bits").tries) == (3, 3)
    assert differences() == []


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_programs_at_once_leave_one_in_flight(settings: Settings) -> None:
    settings.GRADING_TRIES_PER_MINUTE = 0
    learner = learner_in(publish_small_course(), make_person("alice"))
    got = at_once(20, lambda _: learner.submit("build", {"file:solution.py": GOOD}).pk)
    assert sum(isinstance(one, int) for one in got) == 1
    assert Submission.objects.count() == 1
