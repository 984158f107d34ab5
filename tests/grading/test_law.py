"""After whatever happens, in whatever order, everything that is counted equals a full count."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course, ExerciseVersion
from exercises.types import Outcome, Unreadable, Verdict
from exercises.verdicts import outcome_of
from grading import repairs, states
from grading.actions import (
    abandon_regrade,
    apply_regrade,
    new_variant,
    override,
    preview_regrade,
    reveal_hint,
    withdraw_override,
)
from grading.models import GradingRun, RegradeBatch, Submission
from grading.recount import differences
from grading.regrading import forgive_lateness, is_overridden, regrade
from grading.states import Claim
from grading.types import Refused
from tests.grading.learners import GOOD, Learner, learner_in
from tests.people import make_person

pytestmark = pytest.mark.django_db

ENGINE = "test"
SCORES = (0.0, 1 / 3, 0.5, 1.0)


@dataclass
class World:
    """Two learners, the claims that workers hold, and a source of chance."""

    learners: tuple[Learner, Learner]
    chance: random.Random
    teacher: User
    held: list[Claim] = field(default_factory=list)

    def learner(self) -> Learner:
        return self.chance.choice(self.learners)

    def claim(self) -> Claim | None:
        return self.chance.choice(self.held) if self.held else None


def answer_rightly(world: World) -> None:
    world.learner().submit("bits")


def answer_wrongly(world: World) -> None:
    world.learner().submit("bits", {"value": ["1"]})


def answer_nothing(world: World) -> None:
    world.learner().submit("bits", {"value": [""]})


def ask_for_a_hint(world: World) -> None:
    learner = world.learner()
    reveal_hint(enrolment=learner.enrolment, placement=learner.placements["what-is-a-hash"])


def ask_for_other_values(world: World) -> None:
    learner = world.learner()
    new_variant(enrolment=learner.enrolment, placement=learner.placements["bits"])


def hand_in_a_program(world: World) -> None:
    world.learner().submit("build", {"file:solution.py": GOOD})


def run_a_program(world: World) -> None:
    world.learner().submit("build", {"file:solution.py": GOOD}, purpose="run")


def claim(world: World) -> None:
    if (claimed := states.claim()) is not None:
        world.held.append(claimed)


def settle(world: World) -> None:
    score = world.chance.choice(SCORES)
    if (held := world.claim()) is not None:
        states.settle(held, Verdict(outcome_of(score), score), engine=ENGINE)


def judge_again(world: World) -> None:
    done = list(Submission.objects.filter(state="done", purpose="try").order_by("pk"))
    if done:
        submission, score = world.chance.choice(done), world.chance.choice(SCORES)
        verdict = Verdict(outcome_of(score), score)
        never_lower = world.chance.choice([True, False])
        regrade(
            submission,
            verdict,
            version=submission.version,
            engine=ENGINE,
            never_lower=never_lower,
        )


def some_try(world: World) -> Submission | None:
    tries = Submission.objects.filter(state="done", purpose="try")
    done = list(tries.select_related("version", "progress").order_by("pk"))
    return world.chance.choice(done) if done else None


def decide_by_hand(world: World) -> None:
    if (submission := some_try(world)) is not None:
        most = 100 * submission.version.points
        credit = world.chance.choice([0, most // 2, most])
        override(submission=submission, credit=credit, reason="So.", by=world.teacher)


def take_a_decision_back(world: World) -> None:
    if (submission := some_try(world)) is not None:
        withdraw_override(submission=submission, reason="Not so.", by=world.teacher)


def preview_by_another_key(world: World) -> None:
    old = world.learners[0].placements["bits"].version
    key = {"answer": world.chance.choice(["1", "2 ** n", "3"])}
    version, _ = ExerciseVersion.objects.get_or_create(
        exercise=old.exercise,
        digest=f"{key['answer']:0>64}",
        defaults={
            "kind": old.kind,
            "title": old.title,
            "statement": old.statement,
            "spec": {**old.spec, **key},
            "points": old.points,
        },
    )
    judges = list(old.exercise.versions.values_list("pk", flat=True))
    preview_regrade(exercise=old.exercise, version=version, judges=judges, by=world.teacher)


def repair(world: World) -> None:
    for _ in range(world.chance.randint(1, 6)):
        repairs.step(most_applied=1)


def apply_what_was_previewed(world: World) -> None:
    for batch in RegradeBatch.objects.filter(state="ready"):
        never_lower = world.chance.choice([True, False])
        apply_regrade(batch=batch, by=world.teacher, reason="Why.", never_lower=never_lower)


def abandon(world: World) -> None:
    for batch in RegradeBatch.objects.filter(state="ready"):
        abandon_regrade(batch=batch, by=world.teacher)


def be_late(world: World) -> None:
    """As if some tries had come after their day."""
    if (submission := some_try(world)) is not None and not is_overridden(submission):
        forgiven = world.chance.choice([0, 10])
        Submission.objects.filter(pk=submission.pk).update(late_percent=30)
        forgive_lateness(submission, late_percent=forgiven, reason="Ill.")


def break_off(world: World) -> None:
    if (held := world.claim()) is not None:
        states.break_off(held, "by our fault", engine=ENGINE)


def release(world: World) -> None:
    if (held := world.claim()) is not None:
        states.release(held)


def lose_every_worker(world: World) -> None:
    running = Submission.objects.filter(state=Submission.State.RUNNING)
    running.update(lease_until=Now() - datetime.timedelta(seconds=1))


ACTS: tuple[Callable[[World], None], ...] = (
    answer_rightly,
    answer_wrongly,
    answer_nothing,
    ask_for_a_hint,
    ask_for_other_values,
    hand_in_a_program,
    run_a_program,
    claim,
    settle,
    judge_again,
    decide_by_hand,
    take_a_decision_back,
    preview_by_another_key,
    repair,
    apply_what_was_previewed,
    abandon,
    be_late,
    break_off,
    release,
    lose_every_worker,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(st.sampled_from(ACTS), max_size=40), seed=st.integers(0, 2**32))
def test_counts_moved_by_difference_equal_a_full_count(
    small_course: Course, alice: User, bob: User, acts: list[Callable[[World], None]], seed: int
) -> None:
    cache.clear()
    with transaction.atomic():
        learners = (learner_in(small_course, alice), learner_in(small_course, bob))
        world = World(learners, random.Random(seed), make_person("teacher"))
        for act in acts:
            with suppress(Refused, Unreadable):
                act(world)
        assert differences() == []
        final = Submission.objects.exclude(state__in=Submission.IN_FLIGHT)
        graded = final.filter(version__kind="program").exclude(state="quarantined")
        first = GradingRun.objects.filter(reason=GradingRun.Reason.FIRST)
        assert first.count() == graded.count()
        transaction.set_rollback(True)


def test_the_law_can_fail(small_course: Course, alice: User) -> None:
    learner = learner_in(small_course, alice)
    learner.submit("bits")
    Submission.objects.update(outcome=Outcome.WRONG, credit=0)
    assert [one.column for one in differences() if hasattr(one, "column")] == [
        "credit",
        "passed_at",
    ]
