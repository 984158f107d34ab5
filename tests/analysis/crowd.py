"""Many learners and their submissions, written directly: for tests of what is counted.

Answers are graded by the kinds themselves; only the way through the request is left out.
"""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.models import Cohort, User
from courses.models import Course, Enrolment, Exercise, ExerciseVersion, Lesson, LessonExercise
from exercises.registry import kind_named
from exercises.types import Answer, Outcome, Tools, Verdict
from exercises.verdicts import to_json
from grading.models import Body, Progress, Submission
from tests.courses.rows import make_course

START = timezone.now() - datetime.timedelta(days=2)
_numbers = itertools.count()


def add_version(
    course: Course, key: str, kind: str, spec: Mapping[str, Any], *, points: int = 1
) -> ExerciseVersion:
    """An exercise in the one lesson of the course's current release, after the others."""
    assert course.current is not None
    exercise = Exercise.objects.create(course=course, key=key)
    version = ExerciseVersion.objects.create(
        exercise=exercise,
        digest=f"{next(_numbers):064d}",
        kind=kind,
        title={"en": key.title(), "zh-hans": key.title()},
        statement={"en": "<p>Which?</p>"},
        spec=dict(spec),
        points=points,
    )
    lesson, _made = Lesson.objects.get_or_create(
        release=course.current,
        key="lesson",
        defaults={"position": 1, "title": {"en": "Lesson"}, "minutes": 1, "body": {}},
    )
    LessonExercise.objects.create(
        lesson=lesson, version=version, position=lesson.placements.count() + 1
    )
    return version


def choice_spec(options: int = 4, right: int = 0) -> dict[str, Any]:
    """A choice among `options`, of which one is right."""
    return {
        "options": [
            {"text": {"en": f"Option {index}"}, **({"correct": True} if index == right else {})}
            for index in range(options)
        ]
    }


def make_learners(
    course: Course, count: int, *, language: str = "en", cohort: Cohort | None = None
) -> list[Enrolment]:
    """So many new people, enrolled."""
    first = next(_numbers)
    names = [f"crowd-{first}-{number}@example.org" for number in range(count)]
    people = User.objects.bulk_create(
        [User(email=name, name=f"Crowd {name}", language=language) for name in names],
        batch_size=2000,
    )
    return Enrolment.objects.bulk_create(
        [
            Enrolment(user=person, course=course, release=course.current, cohort=cohort)
            for person in people
        ],
        batch_size=2000,
    )


def hand_in(
    version: ExerciseVersion,
    tries: Sequence[tuple[Enrolment, Sequence[Answer]]],
    *,
    start: datetime.datetime = START,
    verdicts: Sequence[Verdict] | None = None,
    gap_seconds: Sequence[int] | None = None,
) -> list[Submission]:
    """The tries of each learner at a version, graded, a minute apart.

    `verdicts`: of kinds that need a box, one for each try. `gap_seconds`: how long after `start`
    each learner begins; by default none.
    """
    made = Progress.objects.bulk_create(
        [
            Progress(enrolment=learner, exercise_id=version.exercise_id, version=version)
            for learner, _answers in tries
        ],
        batch_size=2000,
    )
    kind = kind_named(version.kind)
    graded: dict[str, dict[str, Any]] = {}
    submissions, bodies = [], []
    given = iter(verdicts or ())
    for place, (progress, (_learner, answers)) in enumerate(zip(made, tries, strict=True)):
        seed = 7 * place + 1
        for number, answer in enumerate(answers, start=1):
            name = f"{seed if version.spec.get('vary') else 0}:{answer}"
            if verdicts is not None:
                said = to_json(next(given))
            elif name in graded:
                said = graded[name]
            else:
                variant = kind.vary(version.spec, seed)
                said = graded[name] = to_json(kind.grade(version.spec, variant, answer, Tools()))
            moment = start + datetime.timedelta(
                seconds=(gap_seconds[place] if gap_seconds else 0), minutes=number - 1
            )
            submissions.append(_submission(progress, version, number, seed, said, moment))
            bodies.append((answer, said))
    rows = Submission.objects.bulk_create(submissions, batch_size=1000)
    Body.objects.bulk_create(
        [
            Body(submission=row, answer=answer, verdict=said)
            for row, (answer, said) in zip(rows, bodies, strict=True)
        ],
        batch_size=2000,
    )
    return rows


def _submission(
    progress: Progress,
    version: ExerciseVersion,
    number: int,
    seed: int,
    said: Mapping[str, Any],
    moment: datetime.datetime,
) -> Submission:
    return Submission(
        progress=progress,
        version=version,
        number=number,
        seed=seed,
        idempotency_key=uuid.uuid4(),
        state=Submission.State.DONE,
        outcome=said.get("outcome", Outcome.WRONG),
        score=said["score"],
        created_at=moment,
        turn_at=moment,
        settled_at=moment,
    )


def make_watched_course(key: str = "watched") -> Course:
    """A published course with nothing in it yet."""
    return make_course(key, points=10)
