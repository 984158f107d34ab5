"""Who studies what, how far they have come, and what they have earned."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import Course, Programme, ProgrammeVersion, Release


def new_seed() -> int:
    """A random 62-bit seed: it fits a signed bigint."""
    return secrets.randbits(62)


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
    halfway_at = models.DateTimeField(null=True, blank=True)
    """When the credit reached half of what completes the course."""
    completed_at = models.DateTimeField(null=True, blank=True)
    active_month = models.PositiveIntegerField(default=0)
    """The last month with a graded try, in China: 202611; 0 before the first."""

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


class CohortPlan(models.Model):
    """What a cohort studies, and how many of its people are to qualify."""

    cohort = models.OneToOneField(
        "accounts.Cohort", on_delete=models.CASCADE, primary_key=True, related_name="plan"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="plans")
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan of a cohort")
        verbose_name_plural = _("plans of cohorts")

    def __str__(self) -> str:
        return f"{self.cohort} · {self.programme}"


class CohortDeadline(models.Model):
    """The day by which a cohort is to have completed a course of its programme."""

    plan = models.ForeignKey(CohortPlan, on_delete=models.CASCADE, related_name="deadlines")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("deadline of a cohort")
        verbose_name_plural = _("deadlines of cohorts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "course"], name="cohort_deadline_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.due_on}"


class Standing(models.Model):
    """How far one person has come on one programme, as one organisation counts it.

    Made by what comes first: an invitation to a cohort of the programme, or an enrolment in a
    course that the programme requires. Who is trained in two organisations has a standing for
    each, and exactly one of them counts nationally. A stage once reached is never lost; a stage
    that was passed over was reached at the moment of the one after it.

    `province` and `kind` are where it is counted, as they were when it was made: a tally moves
    only with its standing (courses/standings.py).
    """

    class Stage(models.IntegerChoices):
        INVITED = 1, _("invited")
        REGISTERED = 2, _("registered")
        ENROLLED = 3, _("enrolled")
        """In a course that the programme requires."""
        ACTIVE = 4, _("active")
        """A first graded try in one of them."""
        HALFWAY = 5, _("halfway")
        """Half of the way through those courses: one that is half done counts a half."""
        COMPLETED = 6, _("completed")
        """All of those courses."""
        QUALIFIED = 7, _("qualified")
        """Meets the rule of the programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="standings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="standings"
    )
    invitation = models.OneToOneField(
        "accounts.Invitation", on_delete=models.SET_NULL, null=True, related_name="standing"
    )
    """The place that was kept, for who was invited."""
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="standings"
    )
    cohort = models.ForeignKey(
        "accounts.Cohort", on_delete=models.PROTECT, null=True, related_name="standings"
    )
    counts_nationally = models.BooleanField(default=True)
    province = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    """`Organisation.Kind`; '' for who learns on their own."""
    stage = models.PositiveSmallIntegerField(choices=Stage.choices)
    invited_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    halfway_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    qualified_at = models.DateTimeField(null=True)
    active_months = models.BigIntegerField(default=0)
    """Bit n: a graded try in the n-th month after that of `enrolled_at`, 0 to 62."""

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "user", "organisation"],
                name="standing_unique",
                condition=models.Q(user__isnull=False, organisation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["programme", "user"],
                name="standing_alone_unique",
                condition=models.Q(user__isnull=False, organisation__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["programme", "user"],
                condition=models.Q(user__isnull=False, counts_nationally=True),
                name="standing_counts_once",
            ),
        ]
        indexes: ClassVar = [
            # A cohort's page, and those of an organisation who have come less far.
            models.Index(fields=["cohort", "stage"], name="standing_cohort"),
            models.Index(fields=["organisation", "stage"], name="standing_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.programme_id} · {self.stage}"
