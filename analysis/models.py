"""Tallies of answers, and what follows from them.

A row `Counted` says what has been counted of one learner; every tally is the sum of what
`analysis.counts.counts_of` makes of those rows. So counting again changes nothing, and what a
regrade changes moves the tallies by the difference. One process writes here: `manage.py analyst`.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from courses.models import Enrolment, Exercise, ExerciseVersion, Release
from grading.models import Submission


class Watermark(models.Model):
    """How far the analyst has read. One row."""

    submission = models.BigIntegerField(default=0)
    """Every submission up to this id is counted, or awaited."""
    run = models.BigIntegerField(default=0)
    """Every grading run up to this id has been looked at: regrades are among them."""

    class Meta:
        verbose_name = _("watermark of the analyst")
        verbose_name_plural = _("watermarks of the analyst")

    def __str__(self) -> str:
        return f"{self.submission} · {self.run}"


class Awaited(models.Model):
    """A submission below the watermark that was still being graded when it was passed."""

    submission = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("awaited submission")
        verbose_name_plural = _("awaited submissions")

    def __str__(self) -> str:
        return str(self.submission)


class Counted(models.Model):
    """What has been counted of one learner in one course."""

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.CASCADE, primary_key=True, related_name="counted"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """Of the learner's cohort when they were first counted; it stays."""
    language = models.CharField(max_length=10)
    """The language that the learner preferred then."""
    responses = models.JSONField(default=dict)
    """Exercise id → `analysis.responses.Response.to_json` for each version that was answered."""
    is_stale = models.BooleanField(default=False)
    """Whether all of it is to be read anew: its person was erased."""

    class Meta:
        verbose_name = _("counted learner")
        verbose_name_plural = _("counted learners")
        indexes: ClassVar = [
            models.Index(
                fields=["enrolment"], condition=models.Q(is_stale=True), name="counted_stale"
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment_id)


class ExerciseTally(models.Model):
    """Sums over the learners of one group who answered one version of an exercise."""

    class Dimension(models.TextChoices):
        ALL = "", _("everybody")
        VALUE = "value", _("variant")
        """Who was given this value: "n = 5"."""
        LANGUAGE = "language", _("language")
        CODE = "code", _("programming language")
        ORGANISATION = "organisation", _("organisation")

    version = models.ForeignKey(ExerciseVersion, on_delete=models.CASCADE, related_name="tallies")
    dimension = models.CharField(max_length=12, choices=Dimension.choices, blank=True)
    value = models.CharField(max_length=100, blank=True)
    """Of an organisation its id; "" is nobody's."""
    sums = models.JSONField(default=dict)
    """What is summed → whole number; `analysis.counts` says which. Zeros are left out."""

    class Meta:
        verbose_name = _("tally of an exercise")
        verbose_name_plural = _("tallies of exercises")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "dimension", "value"], name="exercise_tally_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.dimension} {self.value}".strip()


class AnswerTally(models.Model):
    """How often one answer, or one part of an answer, was given to a version of an exercise."""

    class Facet(models.TextChoices):
        OPTION = "option", _("option")
        """An option, by its index in the author's order."""
        ANSWER = "answer", _("answer")
        """A whole answer, in the form in which answers are compared."""
        PAIR = "pair", _("pair")
        """Of a matching: `part` is the row, `key` the right side."""
        MISCONCEPTION = "misconception", _("misconception")
        CHECK = "check", _("failed check")
        CLUSTER = "cluster", _("set of failed checks")

    class Mark(models.TextChoices):
        RIGHT = "right", _("right")
        NEAR = "near", _("wrong, but it looks right")
        WRONG = "wrong", _("wrong")

    version = models.ForeignKey(
        ExerciseVersion, on_delete=models.CASCADE, related_name="answer_tallies"
    )
    language = models.CharField(max_length=10, blank=True)
    """Of the learners who are counted; "" counts all."""
    facet = models.CharField(max_length=13, choices=Facet.choices)
    part = models.CharField(max_length=100, blank=True)
    """The gap of a cloze, the row of a matching."""
    key = models.CharField(max_length=300)
    mark = models.CharField(max_length=5, choices=Mark.choices)
    tries = models.PositiveIntegerField(default=0)
    learners = models.PositiveIntegerField(default=0)
    firsts = models.PositiveIntegerField(default=0)
    """Learners whose first try said so."""
    rest_count = models.PositiveIntegerField(default=0)
    """Of those, how many have answered other exercises too."""
    rest_sum = models.BigIntegerField(default=0)
    """Their rest scores (`analysis.counts`), in thousandths."""

    COUNTS: ClassVar = ("tries", "learners", "firsts", "rest_count", "rest_sum")

    class Meta:
        verbose_name = _("tally of an answer")
        verbose_name_plural = _("tallies of answers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "language", "facet", "part", "key", "mark"],
                name="answer_tally_unique",
            ),
        ]
        indexes: ClassVar = [
            # The most frequent ones of a version: typed answers are as many as learners.
            models.Index(
                fields=["version", "language", "facet", "-learners"], name="answer_tally_most"
            ),
            models.Index(
                fields=["version", "-learners"],
                condition=models.Q(mark="near"),
                name="answer_tally_near",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.facet} {self.part} {self.key}"


class Clustered(models.Model):
    """Which set of checks a submission of a program failed."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="clustered"
    )
    version = models.ForeignKey(
        ExerciseVersion, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    cluster = models.CharField(max_length=16)
    """`analysis.answers.cluster_id` of the keys of the failed checks."""

    class Meta:
        verbose_name = _("submission in a cluster")
        verbose_name_plural = _("submissions in clusters")
        indexes: ClassVar = [
            models.Index(fields=["version", "cluster", "-submission"], name="clustered_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.cluster}"


class Remarks(models.Model):
    """What is to be said of a version of an exercise; written after its tallies have moved."""

    version = models.OneToOneField(
        ExerciseVersion, on_delete=models.CASCADE, primary_key=True, related_name="remarks"
    )
    flags = models.JSONField(default=list)
    """`analysis.flags.Flag` each, the most urgent first."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remarks on an exercise")
        verbose_name_plural = _("remarks on exercises")

    def __str__(self) -> str:
        return str(self.version_id)


class Fit(models.Model):
    """An item response model of a release, and the reliability of its lessons."""

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, primary_key=True, related_name="fit"
    )
    fitted_at = models.DateTimeField()
    learners = models.PositiveIntegerField()
    """Whose first tries it was made of."""
    items = models.JSONField(default=dict)
    """Version id → what `analysis.fitting` says of it."""
    lessons = models.JSONField(default=dict)
    """Lesson key → {"alpha": …, "learners": …, "exercises": …}."""

    class Meta:
        verbose_name = _("item response model")
        verbose_name_plural = _("item response models")

    def __str__(self) -> str:
        return str(self.release_id)


class Comparison(models.Model):
    """A look for programs that resemble each other, asked for by an editor. The row is the job.

    Nothing follows from it: a person reads it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being compared")
        DONE = "done", _("compared")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="comparisons")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    compared = models.PositiveIntegerField(default=0)
    """Submissions that were compared, one of each learner."""
    pairs = models.JSONField(default=list)
    """`analysis.winnowing.Pair` each, the most alike first, with the ids of two submissions."""

    class Meta:
        verbose_name = _("comparison of programs")
        verbose_name_plural = _("comparisons of programs")
        indexes: ClassVar = [models.Index(fields=["exercise", "-id"], name="comparison_latest")]

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.state}"
