"""The pages' rows of `make bench`: a lesson, a quiz answer, a bare Django view with one SELECT."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.actions import give_consent
from accounts.models import User
from courses.actions import enrol
from courses.models import Course, Lesson, LessonExercise
from dev.bench import Browser, Row, counted_queries, cpu_milliseconds

COURSE = "hashes-and-blocks"


def bare(_request: HttpRequest) -> HttpResponse:
    """What the framework costs: one SELECT of one row, no session, no template."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM courses_course LIMIT 1")
        return HttpResponse(str(cursor.fetchone()))


urlpatterns = [path("bare", bare)]
"""This module is the bare framework's URL conf, see `bare_browser`."""


def bare_milliseconds() -> float:
    """CPU time of the bare view, in a Django without middleware."""
    ours = settings.ROOT_URLCONF, settings.MIDDLEWARE
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    try:
        browser = Browser(WSGIHandler())
        return cpu_milliseconds(lambda: browser.ask("GET", "/bare"), times=1000)
    finally:
        settings.ROOT_URLCONF, settings.MIDDLEWARE = ours


def prepare() -> Course:
    """The real course in an empty database."""
    call_command("migrate", verbosity=0)
    call_command("publish", "curricula", proofs=Path("curricula/proofs.txt"), verbosity=0)
    return Course.objects.select_related("current").get(key=COURSE)


def new_learner(course: Course) -> User:
    name = uuid.uuid4().hex
    learner = User.objects.create_user(f"{name}@example.org", name="Bench", language="en")
    give_consent(user=learner)
    enrol(user=learner, course=course)
    return learner


def signed_in(learner: User) -> Browser:
    client = Client()
    client.force_login(learner)
    browser = Browser(WSGIHandler())
    browser.cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: "a" * 32,
    }
    return browser


def busiest_lesson(course: Course) -> Lesson:
    lessons = Lesson.objects.filter(release=course.current).prefetch_related("placements")
    return max(lessons, key=lambda lesson: len(lesson.placements.all()))


def quiz_of(course: Course) -> LessonExercise:
    placements = LessonExercise.objects.select_related("lesson", "version__exercise")
    found = placements.filter(
        lesson__release=course.current, version__kind="numeric", version__tries=0
    ).first()
    assert found is not None, "the course has a numeric exercise without a limit of tries"
    return found


def rows() -> Iterator[Row]:
    course = prepare()
    bare_ms = bare_milliseconds()
    yield from lesson_rows(course, bare_ms)
    yield from quiz_rows(course, bare_ms)


def lesson_rows(course: Course, bare_ms: float) -> Iterator[Row]:
    browser = signed_in(new_learner(course))
    address = f"/learn/{COURSE}/{busiest_lesson(course).key}/"
    status, _ = browser.ask("GET", address)
    assert status == 200, f"{address} answered {status}"
    with counted_queries() as queries:
        browser.ask("GET", address)
    yield Row("lesson page", len(queries), "queries", 5)
    ours = cpu_milliseconds(lambda: browser.ask("GET", address), times=300)
    yield Row("lesson page", ours, "ms CPU", 4, bare=bare_ms)


def quiz_rows(course: Course, bare_ms: float) -> Iterator[Row]:
    placement = quiz_of(course)
    lesson, exercise = placement.lesson.key, placement.version.exercise.key
    address = f"/learn/{COURSE}/{lesson}/{exercise}/"
    browser = signed_in(new_learner(course))

    def answer() -> None:
        form = {"value": "1", "idempotency_key": str(uuid.uuid4())}
        status, _ = browser.ask("POST", address, urlencode(form).encode())
        assert status in {200, 303}, f"{address} answered {status}"

    answer()
    with counted_queries() as queries:
        answer()
    yield Row("quiz answer → verdict", len(queries), "queries", 8)
    yield Row(
        "quiz answer → verdict", cpu_milliseconds(answer, times=300), "ms CPU", 5, bare=bare_ms
    )
    started = time.perf_counter()
    for _ in range(300):
        answer()
    yield Row(
        "quiz answers, one process", 300 / (time.perf_counter() - started), "per s", 150, "more"
    )
