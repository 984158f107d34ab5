"""Judging stored tries again: preview, apply, who comes first, and what its learners are told."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import User
from courses.models import Course, Enrolment, ExerciseVersion
from grading import audit, repairs, states
from grading.actions import (
    abandon_regrade,
    apply_regrade,
    override,
    preview_regrade,
    withdraw_override,
)
from grading.grader import Grader
from grading.models import (
    AuditEntry,
    Body,
    GradingRun,
    Notice,
    RegradeBatch,
    RegradeItem,
    Submission,
)
from grading.queries import exercise_state
from grading.recount import differences
from grading.types import Refused
from tests.courses.publishing import publish_small_course
from tests.grading.learners import GOOD, Learner, learner_in
from tests.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queue")]
"""One Redis for all processes, as in test_submit.py."""

WRONG = {"value": ["1"]}


def corrected(learner: Learner, key: str, **fields: object) -> ExerciseVersion:
    """A newer version of an exercise that takes the answer 1, which was wrong, and no other."""
    old = learner.placements[key].version
    spec = copy.deepcopy(old.spec)
    if key == "bits":
        spec["answer"] = "1"
    values = {
        field.name: getattr(old, field.name)
        for field in ExerciseVersion._meta.concrete_fields
        if not field.primary_key
    }
    return ExerciseVersion.objects.create(**{**values, "spec": spec, "digest": "c" * 64, **fields})


def work() -> None:
    """What workers do for regrades of quick kinds when no learner waits."""
    while repairs.step():
        pass


def previewed(learner: Learner, by: User, key: str = "bits", **fields: object) -> RegradeBatch:
    version = corrected(learner, key, **fields)
    old = learner.placements[key].version
    batch = preview_regrade(exercise=old.exercise, version=version, judges=[old.pk], by=by)
    work()
    return RegradeBatch.objects.get(pk=batch.pk)


def applied(batch: RegradeBatch, by: User, *, never_lower: bool) -> None:
    assert apply_regrade(batch=batch, by=by, reason="The key was wrong.", never_lower=never_lower)
    work()


@pytest.fixture
def teacher(alice: User) -> User:
    return make_person("teacher")


@pytest.fixture
def learners(small_course: Course, alice: User, bob: User) -> tuple[Learner, Learner]:
    """Alice answered 1 once, which is wrong as yet; Bob answered as the key says."""
    both = (learner_in(small_course, alice), learner_in(small_course, bob))
    both[0].submit("bits", WRONG)
    both[1].submit("bits")
    return both


def earned_by(learners: tuple[Learner, Learner]) -> list[tuple[int, bool, int]]:
    """Of each: credit and pass of the exercise, credit of the course."""
    return [
        (
            one.progress("bits").credit,
            one.progress("bits").passed_at is not None,
            Enrolment.objects.get(pk=one.enrolment.pk).credit,
        )
        for one in learners
    ]


def test_a_preview_says_who_gains_and_loses_and_changes_nothing(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    before = [*Submission.objects.values(), *Body.objects.values()]
    batch = previewed(learners[0], teacher)
    assert batch.state == "ready"
    free = {"learners": 2, "gain": 1, "lose": 1, "passes": 0}
    assert batch.preview == {
        "tries": 2,
        "kept": 0,
        "broken": 0,
        "free": {**free, "moves": [[0, 300, 1], [300, 0, 1]]},
        "never_lower": {**free, "lose": 0, "passes": 1, "moves": [[0, 300, 1]]},
    }
    assert [*Submission.objects.values(), *Body.objects.values()] == before
    assert (GradingRun.objects.count(), Notice.objects.count()) == (0, 0)
    assert earned_by(learners) == [(0, False, 0), (300, True, 300)]


def test_applied_it_moves_every_count_and_tells_whom_it_concerns(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    batch = previewed(learners[0], teacher)
    applied(batch, teacher, never_lower=False)
    assert earned_by(learners) == [(300, True, 300), (0, False, 0)]
    assert differences() == []
    told = Notice.objects.order_by("enrolment").values_list(
        "about", "enrolment", "credit_before", "credit_after", "words"
    )
    reason = "The key was wrong."
    assert list(told) == [
        ("regraded", learners[0].enrolment.pk, 0, 300, reason),
        ("regraded", learners[1].enrolment.pk, 300, 0, reason),
    ]
    repaired = Body.objects.get(submission__progress__enrolment=learners[0].enrolment).repaired
    asked = learners[0].placements["bits"].version_id
    facts = {"before": 0, "after": 300, "reason": reason, "by_hand": False}
    assert repaired == {**facts, "asked": asked}
    page = exercise_state(
        learners[0].placements["bits"],
        learners[0].progress("bits"),
        learners[0].enrolment,
        latest=Submission.objects.select_related("body").order_by("pk")[0],
    )
    assert page.shown["value"] == "1", "what was answered is still in its form"
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == [
        "regrade.previewed",
        "regrade.begun",
        "regrade.applied",
    ]


def test_twice_is_once(learners: tuple[Learner, Learner], teacher: User) -> None:
    batch = previewed(learners[0], teacher)
    applied(batch, teacher, never_lower=False)
    runs = GradingRun.objects.count()
    assert not apply_regrade(batch=batch, by=teacher, reason="Again.", never_lower=False)
    assert not abandon_regrade(batch=batch, by=teacher)
    work()
    assert (GradingRun.objects.count(), AuditEntry.objects.count()) == (runs, 3)


def test_nobody_loses_where_nobody_may(learners: tuple[Learner, Learner], teacher: User) -> None:
    applied(previewed(learners[0], teacher), teacher, never_lower=True)
    assert earned_by(learners) == [(300, True, 300), (300, True, 300)]
    assert differences() == []


def test_a_worker_that_dies_leaves_the_rest_to_the_next(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    batch = previewed(learners[0], teacher)
    assert apply_regrade(batch=batch, by=teacher, reason="Why.", never_lower=False)
    while not RegradeItem.objects.filter(batch=batch, applied_at__isnull=False).exists():
        assert repairs.step(most_applied=1)
    done = RegradeItem.objects.filter(batch=batch, applied_at__isnull=False)
    assert (done.count(), RegradeBatch.objects.get(pk=batch.pk).state) == (1, "applying")
    assert differences() == []
    work()
    assert RegradeBatch.objects.get(pk=batch.pk).state == "applied"
    assert GradingRun.objects.count() == 2
    assert earned_by(learners) == [(300, True, 300), (0, False, 0)]


def test_what_is_handed_in_after_the_preview_is_judged_too(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    batch = previewed(learners[0], teacher)
    learners[1].submit("bits", WRONG)
    applied(batch, teacher, never_lower=False)
    assert earned_by(learners) == [(300, True, 300), (300, True, 300)]
    assert differences() == []


def test_a_try_at_a_version_that_is_not_named_keeps_what_it_has(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    other = corrected(learners[0], "bits", digest="d" * 64)
    Submission.objects.filter(progress__enrolment=learners[1].enrolment).update(version=other)
    batch = previewed(learners[0], teacher)
    assert (batch.preview["kept"], batch.preview["free"]["learners"]) == (1, 1)
    applied(batch, teacher, never_lower=False)
    assert earned_by(learners) == [(300, True, 300), (300, True, 300)]


def test_what_a_person_decided_stays_and_can_be_withdrawn(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    tries = Submission.objects.select_related("version", "progress").order_by("pk")
    first, second = tries
    override(submission=first, credit=150, reason="Half of it is there.", by=teacher)
    override(submission=second, credit=0, reason="Copied.", by=teacher)
    assert earned_by(learners) == [(150, False, 150), (0, False, 0)]
    batch = previewed(learners[0], teacher)
    assert batch.preview["kept"] == 2
    applied(batch, teacher, never_lower=False)
    assert earned_by(learners) == [(150, False, 150), (0, False, 0)]
    assert withdraw_override(submission=second, reason="A mistake of mine.", by=teacher)
    assert not withdraw_override(submission=second, reason="Twice.", by=teacher)
    assert earned_by(learners)[1] == (300, True, 300)
    assert differences() == []
    with pytest.raises(Refused, match="between no points and all"):
        override(submission=first, credit=301, reason="Too much.", by=teacher)


def test_one_regrade_of_an_exercise_at_a_time(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    batch = previewed(learners[0], teacher)
    old = learners[0].placements["bits"].version
    version = batch.version
    with pytest.raises(Refused, match="under way"):
        preview_regrade(exercise=old.exercise, version=version, judges=[old.pk], by=teacher)
    assert abandon_regrade(batch=batch, by=teacher)
    assert RegradeItem.objects.count() == 0
    with pytest.raises(Refused, match="at least one version"):
        preview_regrade(exercise=old.exercise, version=version, judges=[], by=teacher)


def test_the_chain_names_the_first_entry_that_was_changed(
    learners: tuple[Learner, Learner], teacher: User
) -> None:
    applied(previewed(learners[0], teacher), teacher, never_lower=False)
    assert list(audit.faults()) == []
    entries = list(AuditEntry.objects.order_by("pk"))
    second = AuditEntry.objects.filter(pk=entries[1].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        second.update(by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        second.delete()
    trigger = {
        "postgresql": ["ALTER TABLE grading_auditentry DISABLE TRIGGER USER"],
        "sqlite": ["DROP TRIGGER grading_auditentry_no_update"],
    }
    with connection.cursor() as cursor:
        for statement in trigger[connection.vendor]:
            cursor.execute(statement)
    second.update(facts={"batch": 0})
    assert [str(fault) for fault in audit.faults()] == [
        f"audit entry {entries[1].pk}: it was changed"
    ]


def test_a_program_is_judged_again_behind_whoever_hands_in_now(
    small_course: Course, alice: User, bob: User, teacher: User
) -> None:
    learner, other = learner_in(small_course, alice), learner_in(small_course, bob)
    grader = Grader()
    try:
        for _ in range(2):
            learner.submit("build", {"file:solution.py": GOOD})
            assert grader.drain()
        version = corrected(learner, "build")
        old = learner.placements["build"].version
        batch = preview_regrade(exercise=old.exercise, version=version, judges=[old.pk], by=teacher)
        live = other.submit("build", {"file:solution.py": GOOD})
        done: list[tuple[str, int]] = []

        def seen() -> bool:
            """What is final, asked before every piece of work."""
            waiting = RegradeItem.objects.filter(batch=batch, state="waiting").count()
            done.append((Submission.objects.get(pk=live.pk).state, waiting))
            if done[-1] == ("done", 1) and len(late) == 0:
                late.append(other.submit("build", {"file:solution.py": GOOD}).pk)
            return False

        late: list[int] = []
        assert grader.drain(until=seen)
    finally:
        grader.leave()
    assert RegradeBatch.objects.get(pk=batch.pk).state == "ready"
    assert done[0] == ("queued", 0)
    assert done[1] == ("done", 0), "the live one comes before any item"
    (handed_in,) = late
    settled = Submission.objects.get(pk=handed_in)
    assert settled.state == "done"
    after = done.index(("done", 1))
    assert done[after + 1] == ("done", 1), "the next piece of work was the learner's, not the item"
    assert RegradeItem.objects.filter(batch=batch, state="judged").count() >= 2


APPLY = """
import os, django
django.setup()
from grading import regrading, repairs
whole = regrading.record_progress
def cut_off(**fields):
    whole(**fields)
    global left
    left -= 1
    if left == 0:
        os._exit(9)
left = 3
regrading.record_progress = cut_off
while repairs.step():
    pass
"""
"""A worker whose process ends in the middle of a transaction, while it applies the third try."""


needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer"
)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_apply_each_try_once() -> None:
    course, teacher = publish_small_course(), make_person("teacher")
    learner = learner_in(course, make_person("alice"))
    for _ in range(6):
        learner.submit("bits", WRONG)
    batch = previewed(learner, teacher)
    assert apply_regrade(batch=batch, by=teacher, reason="Why.", never_lower=False)

    def worker() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RegradeBatch.objects.get(pk=batch.pk).state == "applied"
    assert GradingRun.objects.count() == 6
    assert differences() == []
    assert states.claim() is None


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_no_try_half_applied() -> None:
    course, teacher = publish_small_course(), make_person("teacher")
    learner = learner_in(course, make_person("alice"))
    for _ in range(5):
        learner.submit("bits", WRONG)
    batch = previewed(learner, teacher)
    assert apply_regrade(batch=batch, by=teacher, reason="Why.", never_lower=False)
    settings = connection.settings_dict
    where = f"{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    env = {**os.environ, "DATABASE_URL": f"postgres://{where}"}
    killed = subprocess.run([sys.executable, "-c", APPLY], env=env, check=False)
    assert killed.returncode == 9
    done = RegradeItem.objects.filter(batch=batch, applied_at__isnull=False)
    assert (done.count(), GradingRun.objects.count()) == (2, 2)
    assert differences() == []
    work()
    assert RegradeBatch.objects.get(pk=batch.pk).state == "applied"
    assert GradingRun.objects.count() == 5
    assert differences() == []
