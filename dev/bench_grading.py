"""Grading's rows of `make bench`: accepting, grading, waiting for a verdict; with real workers."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db.models import F, Max, Min
from django.utils import timezone

from accounts.models import User
from courses.actions import enrol
from courses.models import Course, Enrolment, LessonExercise
from courses.types import CHINA
from dev.bench import Row, counted_queries
from dev.services import Service
from dev.shell import VENV, Stop, wait_until
from exercises.registry import kind_named
from exercises.seeds import seed_for
from grading.actions import submit
from grading.models import Submission
from grading.queries import queue_status

COURSE = "hashes-and-blocks"
TYPICAL = "fingerprint-and-bits"
"""Twenty calls of a short program that itself takes next to no time: what the budgets of DESIGN §9
were measured with. The course's other programs are told beside it; some search for seconds."""
PROGRAMS = 600
WARM_UP = 100
"""Programs that are graded while the last worker still starts, and not counted."""
WORKERS = (os.cpu_count() or 1) + 1
"""As docs/operations.md advises: a worker often waits for its boxes."""
ONE_BY_ONE = 60
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One exercise and the right form for one learner's variant of it."""

    enrolment: Enrolment
    placement: LessonExercise
    form: dict[str, list[str]]

    def submit(self) -> Submission:
        return submit(
            enrolment=self.enrolment,
            placement=self.placement,
            posted=self.form,
            idempotency_key=uuid.uuid4(),
        )


def enrolled(course: Course) -> Enrolment:
    """Somebody who has handed in something this month: with the first try of a month, which a
    learner makes once a month, their standing moves too (docs/decisions/0016).
    """
    name = uuid.uuid4().hex
    learner = User.objects.create_user(f"{name}@example.org", name="Bench", language="en")
    made = enrol(user=learner, course=course)
    now = timezone.localtime(timezone=CHINA)
    Enrolment.objects.filter(pk=made.pk).update(active_month=100 * now.year + now.month)
    return Enrolment.objects.select_related("course", "release__course").get(pk=made.pk)


def placements_of_kind(course: Course, kind: str) -> list[LessonExercise]:
    rows = LessonExercise.objects.select_related("version__exercise", "lesson__release__course")
    found = list(rows.filter(lesson__release=course.current, version__kind=kind))
    if not found:
        raise Stop(f"{course.key} has no exercise of the kind {kind}")
    return found


def solved(enrolment: Enrolment, placement: LessonExercise) -> Answered:
    """The form that a learner who knows the answer would send, for the kinds measured here."""
    version = placement.version
    kind = kind_named(version.kind)
    seed = seed_for(enrolment.seed, version.exercise.uuid, 0)
    answer = kind.solution(version.spec, kind.vary(version.spec, seed))
    if answer is None:
        raise Stop(f"{version.exercise.key} stores no solution")
    files = answer.get("files")
    if isinstance(files, dict):
        form = {f"file:{name}": [str(text)] for name, text in files.items()}
    else:
        form = {"value": [str(answer["value"])]}
    return Answered(enrolment, placement, form)


@contextmanager
def grading_workers() -> Iterator[None]:
    """`celery worker` as in production, from when it grades until the block ends."""
    with tempfile.TemporaryDirectory(prefix="chainwright-bench-") as home:
        command: list[str | Path] = [VENV / "bin" / "celery", "-A", "config", "worker"]
        command += ["-Q", "grade", "-c", str(WORKERS)]
        command += ["--without-gossip", "--without-mingle", "-l", "warning"]
        worker = Service("worker", command, env=dict(os.environ), log=Path(home) / "worker.log")
        try:
            wait_until("the grading workers", lambda: queue_status().workers_alive > 0)
            yield
        finally:
            worker.stop()


def rows() -> Iterator[Row]:
    course = Course.objects.select_related("current").get(key=COURSE)
    yield from quiz_rows(course)
    programs = placements_of_kind(course, "program")
    typical = [found for found in programs if found.version.exercise.key == TYPICAL]
    waiting = [solved(enrolled(course), typical[0]) for _ in range(PROGRAMS)]
    yield accept_row(waiting)
    with grading_workers():
        yield throughput_row(f"programs graded, {WORKERS} workers", PROGRAMS - WARM_UP, 100)
        yield latency_row("verdict after handing in, idle, p50", course, typical, 60)
    mixed = [solved(enrolled(course), programs[n % len(programs)]) for n in range(PROGRAMS // 2)]
    for answered in mixed:
        answered.submit()
    with grading_workers():
        yield throughput_row(f"  all {len(programs)} programs mixed", len(mixed), None)
        yield latency_row("  all programs mixed, p50", course, programs, None)


def quiz_rows(course: Course) -> Iterator[Row]:
    placement = next(
        found for found in placements_of_kind(course, "numeric") if not found.version.tries
    )
    answers = [solved(enrolled(course), placement) for _ in range(200)]
    with counted_queries() as queries:
        answers[0].submit()
    yield Row("a first right quiz answer, without HTTP", len(queries), "queries", 5)
    started = time.perf_counter()
    for answer in answers[1:]:
        answer.submit()
    seconds = time.perf_counter() - started
    yield Row("quiz answers without HTTP, one process", 199 / seconds, "per s", 300, "more")


def accept_row(waiting: list[Answered]) -> Row:
    started = time.perf_counter()
    for answer in waiting:
        answer.submit()
    seconds = time.perf_counter() - started
    return Row("programs accepted, one process", len(waiting) / seconds, "per s", 200, "more")


def throughput_row(what: str, count: int, budget: float | None) -> Row:
    """The last `count` programs, from the first to the last verdict, by the database's clock."""
    programs = Submission.objects.filter(version__kind="program")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while programs.filter(state__in=Submission.IN_FLIGHT).exists():
        if time.monotonic() > deadline:
            raise Stop("the workers do not get through with the programs")
        time.sleep(0.2)
    graded = programs.filter(pk__in=programs.order_by("-pk").values("pk")[:count])
    passed = graded.filter(state=Submission.State.DONE, outcome="passed").count()
    if passed != count:
        raise Stop(f"{passed} of {count} solutions passed")
    ends = graded.aggregate(first=Min("settled_at"), last=Max("settled_at"))
    seconds = (ends["last"] - ends["first"]).total_seconds()
    return Row(what, (count - 1) / seconds, "per s", budget, "more")


def latency_row(
    what: str, course: Course, programs: list[LessonExercise], budget: float | None
) -> Row:
    """From handing in to the verdict, by the database's clock, when nothing else waits."""
    seen = Submission.objects.aggregate(last=Max("pk"))["last"]
    for number in range(ONE_BY_ONE):
        submission = solved(enrolled(course), programs[number % len(programs)]).submit()
        done = Submission.objects.filter(pk=submission.pk, state=Submission.State.DONE)
        wait_until("a verdict", done.exists)
    waits = (
        Submission.objects.filter(pk__gt=seen)
        .annotate(wait=F("settled_at") - F("created_at"))
        .values_list("wait", flat=True)
    )
    middle = statistics.median(wait.total_seconds() * 1000 for wait in waits)
    return Row(what, middle, "ms", budget)
