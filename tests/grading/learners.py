"""A learner in the small course, and handing in for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from accounts.models import User
from courses.actions import enrol
from courses.models import Course, Enrolment, LessonExercise
from exercises.registry import kind_named
from exercises.seeds import seed_for
from exercises.types import Answer
from grading.actions import submit
from grading.models import Progress, Submission

GOOD = ["def nothing():\n    return None\n"]


@dataclass(frozen=True, slots=True)
class Learner:
    """One enrolment and the placements of its release, by exercise key."""

    enrolment: Enrolment
    placements: dict[str, LessonExercise]

    def submit(
        self,
        key: str,
        posted: dict[str, list[str]] | None = None,
        *,
        idempotency_key: uuid.UUID | None = None,
        purpose: str = "try",
    ) -> Submission:
        return submit(
            enrolment=self.enrolment,
            placement=self.placements[key],
            posted=posted if posted is not None else self.right(key),
            idempotency_key=idempotency_key or uuid.uuid4(),
            purpose=purpose,
        )

    def right(self, key: str) -> dict[str, list[str]]:
        """A form with the right answer to the learner's present variant."""
        return as_form(self.placements[key], self.solution(key))

    def solution(self, key: str) -> Answer:
        placement = self.placements[key]
        version = placement.version
        progress = Progress.objects.filter(
            enrolment=self.enrolment, exercise=version.exercise
        ).first()
        seed = seed_for(
            self.enrolment.seed, version.exercise.uuid, progress.variant if progress else 0
        )
        kind = kind_named(version.kind)
        answer = kind.solution(version.spec, kind.vary(version.spec, seed))
        assert answer is not None
        return answer

    def progress(self, key: str) -> Progress:
        return Progress.objects.get(
            enrolment=self.enrolment, exercise=self.placements[key].version.exercise
        )


def as_form(placement: LessonExercise, answer: Answer) -> dict[str, list[str]]:
    """The posted form of an answer, for the kinds that these tests use."""
    kind = placement.version.kind
    if kind == "program":
        files = answer["files"]
        assert isinstance(files, dict)
        return {f"file:{name}": [text] for name, text in files.items()}
    assert kind == "numeric", kind
    return {"value": [str(answer["value"])], "unit": [str(answer.get("unit") or "")]}


def learner_in(course: Course, person: User) -> Learner:
    """The person, enrolled."""
    enrol(user=person, course=course)
    enrolment = Enrolment.objects.select_related("release__course", "course").get(
        user=person, course=course
    )
    placements = LessonExercise.objects.select_related(
        "version__exercise", "lesson__release__course"
    ).filter(lesson__release=enrolment.release)
    return Learner(enrolment, {row.version.exercise.key: row for row in placements})
