"""Ready courses and programmes → rows, in the caller's transaction. Written once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone

from courses.models import (
    Course,
    Exercise,
    ExerciseVersion,
    Lesson,
    LessonExercise,
    PolicyReport,
    Programme,
    ProgrammeVersion,
    Release,
)
from courses.policy.types import Judged
from courses.publishing.files import ProgrammeFile, Texts
from courses.publishing.ready import ReadyCourse, ReadyExercise, digest_of


@dataclass(frozen=True, slots=True)
class Act:
    """What became of one course or programme.

    `what`: released, unchanged, returned (an earlier release is the current one again), or of a
    course that is written in a workspace: sent (there, as the revision `number`) or known (there
    already, so that nothing was done).
    """

    what: str
    subject: str
    """`course` or `programme`."""
    key: str
    number: int
    new_versions: int = 0
    """Exercise versions that were not there before."""

    def __str__(self) -> str:
        noun = "release" if self.subject == "course" else "version"
        name, number = f"{self.subject} {self.key}", f"{noun} {self.number}"
        if self.what == "sent":
            return f"{name}: sent to its workspace as revision {self.number}; publish it there"
        if self.what == "known":
            return f"{name}: its workspace has these files, as revision {self.number}"
        if self.what == "unchanged":
            return f"{name}: unchanged, {number} stays"
        if self.what == "returned":
            return f"{name}: back to {number}, which is the same"
        if self.subject == "programme":
            return f"{name}: {number} published"
        return f"{name}: {number} published, {self.new_versions} new exercise versions"


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of a release, and what the separation guard said of it."""

    notes: Texts = field(default_factory=dict)
    for_learners: Release.ForLearners = Release.ForLearners.OFFERED
    policy: Judged | None = None
    """None where it was not asked; otherwise it is clean."""


def write_course(ready: ReadyCourse, about: About | None = None) -> Act:
    """Write a release of a course and make it the current one, unless it is already.

    Effects, in order: the course, its exercises and their new versions, the release, its lessons
    and placements, `Course.current`, the report of the policy check. Enrolled learners stay on
    their release: `courses.actions.move_learners` moves them.
    """
    about = about or About()
    act = _write_course(ready, about)
    if about.policy is not None:
        release = Release.objects.get(course__key=ready.files.key, number=act.number)
        _report(release, about.policy)
    return act


def _write_course(ready: ReadyCourse, about: About) -> Act:
    files = ready.files
    Course.objects.get_or_create(key=files.key)
    # The lock puts two publishers of one course one behind the other.
    course = Course.objects.select_for_update().get(key=files.key)
    existing = Release.objects.filter(course=course, digest=ready.digest).first()
    if existing is not None:
        if course.current_id == existing.pk:
            return Act("unchanged", "course", files.key, existing.number)
        course.current = existing
        course.save(update_fields=["current"])
        return Act("returned", "course", files.key, existing.number)
    versions, new = _versions(course, ready)
    release = _release(course, ready, about)
    _lessons(release, ready, versions)
    course.current = release
    course.save(update_fields=["current"])
    return Act("released", "course", files.key, release.number, new)


def _versions(course: Course, ready: ReadyCourse) -> tuple[dict[str, ExerciseVersion], int]:
    """Key → version of every exercise, and how many of them are new."""
    wanted = {one.files.key: one for one in ready.exercises()}
    Exercise.objects.bulk_create(
        [Exercise(course=course, key=key) for key in wanted], ignore_conflicts=True
    )
    exercises = {one.key: one for one in course.exercises.filter(key__in=wanted)}
    stored = {
        (version.exercise_id, version.digest): version
        for version in ExerciseVersion.objects.filter(
            exercise__course=course, digest__in=[one.digest for one in wanted.values()]
        )
    }
    versions: dict[str, ExerciseVersion] = {}
    new = []
    for key, one in wanted.items():
        found = stored.get((exercises[key].pk, one.digest))
        if found is None:
            found = _new_version(exercises[key], one)
            new.append(found)
        versions[key] = found
    ExerciseVersion.objects.bulk_create(new)
    return versions, len(new)


def _new_version(exercise: Exercise, ready: ReadyExercise) -> ExerciseVersion:
    columns: dict[str, Any] = ready.content
    return ExerciseVersion(exercise=exercise, digest=ready.digest, **columns)


def _report(release: Release, policy: Judged) -> None:
    """Keep what the guard said, unless it has said the same before by the same lexicon."""
    assert policy.is_clean, "a course with findings is not written"
    overridden = [
        {
            "rule": finding.rule,
            "file": finding.file,
            "line": finding.line,
            "excerpt": finding.excerpt,
            "reason": override.reason,
            "by": override.by,
            "date": override.date,
        }
        for finding, override in policy.overridden
    ]
    said = {"lexicon": policy.digest, "overridden": overridden}
    if not PolicyReport.objects.filter(release=release, **said).exists():
        PolicyReport.objects.update_or_create(
            release=release, defaults={**said, "checked_at": timezone.now()}
        )


def _release(course: Course, ready: ReadyCourse, about: About) -> Release:
    files = ready.files
    last = Release.objects.filter(course=course).aggregate(last=Max("number"))["last"]
    return Release.objects.create(
        course=course,
        number=(last or 0) + 1,
        digest=ready.digest,
        about=ready.about,
        outline=ready.outline,
        level=files.level,
        topic=files.topic,
        provider=files.provider,
        languages=files.languages,
        effort_hours=files.effort_hours,
        points=sum(one.files.points for one in ready.exercises()),
        completion_percent=files.completion_percent,
        exercise_count=sum(1 for _ in ready.exercises()),
        search_text=ready.search_text,
        notes=about.notes,
        for_learners=about.for_learners,
    )


def _lessons(release: Release, ready: ReadyCourse, versions: dict[str, ExerciseVersion]) -> None:
    lessons = Lesson.objects.bulk_create(
        Lesson(
            release=release,
            key=lesson.key,
            position=position,
            title=lesson.title,
            minutes=lesson.minutes,
            body=lesson.body,
        )
        for position, lesson in enumerate(ready.lessons, start=1)
    )
    LessonExercise.objects.bulk_create(
        LessonExercise(lesson=row, version=versions[one.files.key], position=position)
        for row, lesson in zip(lessons, ready.lessons, strict=True)
        for position, one in enumerate(lesson.exercises, start=1)
    )


def write_programme(file: ProgrammeFile) -> Act:
    """Write a version of a programme and make it the one in force, unless it is already.

    Whoever was qualified stays so: a qualification names the version that it was earned under.
    """
    about = {
        "title": file.title,
        "summary": file.summary,
        "outcomes": file.outcomes,
        "level": file.level,
        "provider": file.provider,
        "credential": file.credential,
    }
    digest = digest_of(
        {"about": about, "courses": file.courses, "elective_minimum": file.elective_minimum}
    )
    Programme.objects.get_or_create(key=file.key)
    programme = Programme.objects.select_for_update().get(key=file.key)
    version = programme.versions.filter(digest=digest).first()
    if version is not None and programme.current_id == version.pk:
        return Act("unchanged", "programme", file.key, version.number)
    what = "returned" if version else "released"
    if version is None:
        last = programme.versions.aggregate(last=Max("number"))["last"]
        version = ProgrammeVersion.objects.create(
            programme=programme,
            number=(last or 0) + 1,
            digest=digest,
            about=about,
            courses=file.courses,
            elective_minimum=file.elective_minimum,
        )
    programme.current = version
    programme.save(update_fields=["current"])
    return Act(what, "programme", file.key, version.number)
