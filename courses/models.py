"""What can be studied, who studies it, and what they have earned.

Content rows are immutable once written: a published release never changes, so a learner's
rows can point at exactly what they saw, and any process may remember what it has read.
Texts in several languages are JSON objects {"en": …, "zh-hans": …}.
"""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_seed() -> int:
    """A random 62-bit seed: it fits a signed bigint."""
    return secrets.randbits(62)


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
    notes = models.TextField(blank=True, help_text="What changed, for people")
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


class Enrolment(models.Model):
    """A learner in a course, pinned to a release until a safe change or their choice moves it.

    `credit` is a sum of best credits, in hundredths of a point, so that sums stay exact.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(
        "accounts.Cohort",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
    )
    seed = models.BigIntegerField(default=new_seed, editable=False)
    """Root of the seeds of all variants of this learner in this course."""
    credit = models.PositiveIntegerField(default=0)
    exercises_passed = models.PositiveIntegerField(default=0)
    last_lesson_key = models.SlugField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_active_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "course"], name="enrolment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course}"


class Qualification(models.Model):
    """That a person met the rule of a programme, in the version in force at that moment."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="qualifications"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="qualifications"
    )
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    qualified_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "programme"], name="qualification_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.programme}"


class Tally(models.Model):
    """A count of one metric, one day, one subject, moved by differences in the causing transaction.

    Spread over `slot`s so that writers on a hot row do not wait for one another; readers sum.
    It lives here because the lowest room that writes it must own it (docs/decisions/0003).
    """

    class Metric(models.TextChoices):
        ENROLMENTS = "enrolments"
        """Subject: course key."""
        COMPLETIONS = "completions"
        """Subject: course key."""
        SUBMISSIONS = "submissions"
        """Graded tries. Subject: course key."""
        PASSES = "passes"
        """Exercises passed for the first time. Subject: course key."""
        QUALIFICATIONS = "qualifications"
        """Subject: programme key."""
        QUALIFIED_PEOPLE = "qualified_people"
        """People with at least one qualification: the national count. Subject: ''."""

    metric = models.CharField(max_length=24, choices=Metric.choices)
    day = models.DateField()
    """The day in China (Asia/Shanghai) on which it happened."""
    subject = models.CharField(max_length=64, blank=True)
    slot = models.PositiveSmallIntegerField()
    value = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["metric", "day", "subject", "slot"], name="tally_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.day} {self.subject} {self.value}"
