"""Alice in the small course, with a browser, and no limit on how often she may try."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from courses.models import Course, Enrolment
from grading.grader import Grader
from tests.learn.classroom import enrolled, signed_in


@pytest.fixture
def unlimited(settings: Settings) -> None:
    """Tests submit more often in a minute than a person may."""
    settings.GRADING_TRIES_PER_MINUTE = 0
    settings.GRADING_RUNS_PER_MINUTE = 0


@pytest.fixture
def enrolment(alice: User, small_course: Course, unlimited: None) -> Enrolment:
    """Alice in the small course."""
    return enrolled(alice, small_course)


@pytest.fixture
def browser(alice: User, enrolment: Enrolment) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture(scope="session")
def worker() -> Iterator[Grader]:
    """A real worker with real boxes, opened once."""
    grader = Grader()
    yield grader
    grader.close()


@pytest.fixture
def grade_waiting(worker: Grader) -> Callable[[], bool]:
    """Grades all that waits."""
    return worker.drain
