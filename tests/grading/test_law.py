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
from courses.models import Course
from exercises.types import Outcome, Unreadable, Verdict
from exercises.verdicts import outcome_of
from grading import states
from grading.actions import new_variant, reveal_hint
from grading.models import GradingRun, Submission
from grading.recount import differences
from grading.regrading import regrade
from grading.states import Claim
from grading.types import Refused
from tests.grading.learners import GOOD, Learner, learner_in

pytestmark = pytest.mark.django_db

ENGINE = "test"
SCORES = (0.0, 1 / 3, 0.5, 1.0)


@dataclass
class World:
    """Two learners, the claims that workers hold, and a source of chance."""

    learners: tuple[Learner, Learner]
    chance: random.Random
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
    break_off,
    release,
    lose_every_worker,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(st.sampled_from(ACTS), max_size=30), seed=st.integers(0, 2**32))
def test_counts_moved_by_difference_equal_a_full_count(
    small_course: Course, alice: User, bob: User, acts: list[Callable[[World], None]], seed: int
) -> None:
    cache.clear()
    with transaction.atomic():
        learners = (learner_in(small_course, alice), learner_in(small_course, bob))
        world = World(learners, random.Random(seed))
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
