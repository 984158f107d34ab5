"""What happens after the day by which a cohort is to have done a course, and more time for some."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort
from courses.models import Course, Enrolment
from grading.policy import Late


class LateRule(models.Model):
    """What a try costs that comes after the day (courses.models.CohortDeadline).

    Of one cohort, or of every cohort of the course that has none of its own. It judges what is
    handed in from now on.
    """

    class Choice(models.TextChoices):
        NONE = Late.NONE.value, _("is taken as if it were in time")
        REFUSE = Late.REFUSE.value, _("is not taken")
        PERCENT = Late.PERCENT.value, _("loses some percent each day")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="late_rules")
    cohort = models.ForeignKey(
        Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="late_rules"
    )
    late = models.CharField(_("what comes late"), max_length=7, choices=Choice.choices)
    percent_per_day = models.PositiveSmallIntegerField(_("percent lost each day"), default=0)
    floor_percent = models.PositiveSmallIntegerField(_("percent that is never lost"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("late rule")
        verbose_name_plural = _("late rules")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "cohort"], name="late_rule_unique"),
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(cohort=None),
                name="late_rule_of_course_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} · {self.cohort_id} · {self.late}"


class Extension(models.Model):
    """A later day for one learner, or for a whole cohort. It never shortens what they have."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="extensions")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, null=True, related_name="extensions"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.CASCADE, null=True, related_name="extensions"
    )
    due_on = models.DateField(_("new day"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(enrolment=None) ^ models.Q(cohort=None),
                name="extension_of_one_or_all",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["course", "-id"], name="extension_history"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} · {self.due_on}"
