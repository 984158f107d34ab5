"""What can be studied.

Content rows are immutable once written: a published release never changes, so a learner's
rows can point at exactly what they saw, and any process may remember what it has read.
Texts in several languages are JSON objects {"en": …, "zh-hans": …}.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Programme(models.Model):
    """A path of courses that ends in a qualification. Its rule is versioned beside it."""

    key = models.SlugField(max_length=64, unique=True)
    current = models.OneToOneField(
        "ProgrammeVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.key


class ProgrammeVersion(models.Model):
    """One immutable version of a programme: its texts, its courses in order, its rule.

    `courses` is a list of {"key": str, "required": bool}. The rule of who is qualified:
    every required course is completed, and at least `elective_minimum` of the others.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    about = models.JSONField(help_text="title, summary, outcomes, level, credential, provider")
    courses = models.JSONField()
    elective_minimum = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("programme version")
        verbose_name_plural = _("programme versions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_number"),
            models.UniqueConstraint(fields=["programme", "digest"], name="programme_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.key} v{self.number}"


class Course(models.Model):
    """A course that outlives its releases. `key` for people, `uuid` for the outside."""

    key = models.SlugField(max_length=64, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    current = models.OneToOneField(
        "Release", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The release that a new learner gets; null until the first one is published."""

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return self.key


class Release(models.Model):
    """An immutable published version of a course.

    `about`: title, summary, outcomes, provider, licence, credential, prerequisites, sources,
    misconceptions, completion: see docs/course-format.md.
    `outline`: modules in order, each {"key", "title", "lessons": [{"key", "title", "minutes",
    "exercises": [{"key", "title", "kind", "points"}]}]}: all that a table of contents needs.
    """

    class ForLearners(models.TextChoices):
        """What it is to those who are in the middle of an earlier release."""

        KEPT = "kept", _("they stay on their release")
        MOVED = "moved", _("they are moved now")
        OFFERED = "offered", _("they choose")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    about = models.JSONField()
    outline = models.JSONField()
    level = models.CharField(max_length=16)
    topic = models.CharField(max_length=32)
    provider = models.CharField(max_length=200)
    languages = models.JSONField()
    effort_hours = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField(help_text="Sum of the points of its exercises")
    completion_percent = models.PositiveSmallIntegerField(
        help_text="Share of the points that completes the course, 1 to 100"
    )
    exercise_count = models.PositiveIntegerField()
    search_text = models.TextField(help_text="Lower case words and CJK bigrams, for the catalogue")
    notes = models.JSONField(default=dict)
    """Language → what changed, in plain paragraphs; {} where nobody said."""
    for_learners = models.CharField(
        max_length=8, choices=ForLearners.choices, default=ForLearners.OFFERED
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="release_number"),
            models.UniqueConstraint(fields=["course", "digest"], name="release_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.course.key} r{self.number}"


class Lesson(models.Model):
    """One lesson of one release.

    `body`: language → list of blocks, each {"html": str} or {"exercise": key}, in reading order.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="lessons")
    key = models.SlugField(max_length=64)
    position = models.PositiveSmallIntegerField()
    title = models.JSONField()
    minutes = models.PositiveSmallIntegerField(help_text="Estimated reading and working time")
    body = models.JSONField()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "key"], name="lesson_key"),
            models.UniqueConstraint(fields=["release", "position"], name="lesson_position"),
        ]

    def __str__(self) -> str:
        return self.key


class Exercise(models.Model):
    """The identity of an exercise, which outlives every edit of it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="exercises")
    key = models.SlugField(max_length=64)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "key"], name="exercise_key"),
        ]

    def __str__(self) -> str:
        return self.key


class ExerciseVersion(models.Model):
    """One immutable version of an exercise: what is asked, how it is judged, by what policy.

    `spec` holds answer keys and hidden checks: it never leaves the server.
    Points, tries and reveal are columns, frozen at publish, never answers of code.
    """

    class Reveal(models.TextChoices):
        NEVER = "never", _("never")
        AFTER_PASS = "after_pass", _("after it is passed")
        AFTER_LAST_TRY = "after_last_try", _("after it is passed or the last try")

    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    title = models.JSONField()
    statement = models.JSONField(help_text="language → HTML with {{ name }} for varied values")
    spec = models.JSONField()
    hints = models.JSONField(
        default=list, help_text='[{"text": {language: HTML}, "cost": percent}]'
    )
    competencies = models.JSONField(default=list)
    points = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="0: as many as one likes")
    penalty_percent = models.PositiveSmallIntegerField(
        default=0, help_text="Percent of the points lost with each earlier try"
    )
    reveal = models.CharField(max_length=16, choices=Reveal.choices, default=Reveal.AFTER_PASS)

    class Meta:
        verbose_name = _("exercise version")
        verbose_name_plural = _("exercise versions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exercise", "digest"], name="exercise_version_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise.key} {self.digest[:8]}"


class LessonExercise(models.Model):
    """Which version of an exercise a lesson of a release shows, and where."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="placements")
    version = models.ForeignKey(
        ExerciseVersion, on_delete=models.PROTECT, related_name="placements"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("placement of an exercise")
        verbose_name_plural = _("placements of exercises")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lesson", "version"], name="lesson_exercise"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} {self.position}"
