"""A learner at work in the small course: addresses, and the right and wrong answers as forms."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from django.test import Client
from django.urls import reverse

from accounts.models import Cohort, User
from courses.actions import enrol
from courses.models import Course, Enrolment, Lesson, LessonExercise
from exercises.registry import kind_named
from exercises.seeds import seed_for
from exercises.types import Answer, Variant
from tests.courses.rows import forget_content

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """An exercise where one learner's release places it."""

    enrolment: Enrolment
    placement: LessonExercise

    def url(self, name: str = "exercise") -> str:
        """The address of one of its routes."""
        lesson = self.placement.lesson
        key = self.placement.version.exercise.key
        return reverse(f"learn:{name}", args=[lesson.release.course.key, lesson.key, key])

    def variant(self, number: int = 0) -> Variant:
        version = self.placement.version
        seed = seed_for(self.enrolment.seed, version.exercise.uuid, number)
        return kind_named(version.kind).vary(version.spec, seed)

    def right(self) -> Form:
        """The form of the right answer."""
        version = self.placement.version
        answer = kind_named(version.kind).solution(version.spec, self.variant())
        assert answer is not None
        return self.form(answer)

    def wrong(self, name: str = "") -> Form:
        """The form of a wrong answer: the first, or the one of this name."""
        version = self.placement.version
        answers = kind_named(version.kind).wrong(version.spec, self.variant())
        return self.form(answers[name or next(iter(answers))])

    def form(self, answer: Answer) -> Form:
        """An answer as the form that a browser would send."""
        version = self.placement.version
        shown: Any = kind_named(version.kind).show(version.spec, self.variant(), answer)
        form: Form = {"idempotency_key": str(uuid.uuid4())}
        if "options" in shown:
            form["option"] = [one["id"] for one in shown["options"] if one["chosen"]]
        if "value" in shown:
            form |= {"value": shown["value"], "unit": shown.get("unit", "")}
        if "items" in shown:
            form["item"] = [item["id"] for item in shown["items"]]
        if "rows" in shown:
            form |= {f"right-{row['id']}": row["chosen"] for row in shown["rows"]}
        for segment in shown.get("segments", {}).get("en", ()):
            if "gap" in segment:
                form[f"gap-{segment['gap']}"] = segment["value"]
        for file in shown.get("files", ()):
            form[f"file:{file['name']}"] = file["text"]
        return form


class Page(Protocol):
    """What a test client answers."""

    content: bytes


def text_of(page: Page) -> str:
    return page.content.decode()


def enrolled(person: User, course: Course, cohort: Cohort | None = None) -> Enrolment:
    """The person's enrolment, course and release loaded."""
    row = enrol(user=person, course=course, cohort=cohort)
    return Enrolment.objects.select_related("course", "release").get(pk=row.pk)


def signed_in(person: User) -> Client:
    """A browser in which this person has signed in and opened a page."""
    client = Client()
    client.force_login(person)
    client.get(reverse("learn:my_learning"))
    return client


def place(enrolment: Enrolment, kind: str) -> Place:
    """The first exercise of a kind."""
    placements = LessonExercise.objects.select_related(
        "version__exercise", "lesson__release__course"
    )
    found = placements.filter(lesson__release=enrolment.release, version__kind=kind).first()
    assert found is not None, f"no exercise of the kind {kind}"
    return Place(enrolment, found)


def lesson_of(enrolment: Enrolment, position: int = 0) -> Lesson:
    """A lesson of the learner's release."""
    return (
        Lesson.objects.select_related("release__course")
        .order_by("position")
        .filter(release=enrolment.release)[position]
    )


def lesson_url(lesson: Lesson) -> str:
    return reverse("learn:lesson", args=[lesson.release.course.key, lesson.key])


def shorten(lesson: Lesson, count: int) -> None:
    """Leave only the first `count` exercises in a lesson, as if it had been published so."""
    keys = [block["exercise"] for block in lesson.body["en"] if "exercise" in block][count:]
    lesson.placements.filter(version__exercise__key__in=keys).delete()
    lesson.body = {
        language: [block for block in blocks if block.get("exercise") not in keys]
        for language, blocks in lesson.body.items()
    }
    lesson.save()
    forget_content()
