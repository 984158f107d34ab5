"""Counts that move by differences in the transaction that causes them: what reports read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import Programme
from courses.models.learners import Standing


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
        COMPETENCY_PASSES = "competency_passes"
        """Exercises passed for the first time. Subject: the competency that they examine."""

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


class StageTally(models.Model):
    """How many standings have reached a stage, where, and in which month they did.

    Three grains share the table. The nation: `organisation` and `cohort` 0, only standings that
    count nationally, by province and kind. An organisation: `cohort` 0. A cohort: both set.
    `period` is a month in China (202611), or 0 for all of time: the sum of all months, so that
    a page of totals reads few rows however long the history. Cohorts keep `period` 0 only.
    """

    stage = models.PositiveSmallIntegerField(choices=Standing.Stage.choices)
    period = models.PositiveIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    organisation = models.PositiveBigIntegerField(default=0)
    """`Organisation.pk`, or 0: no foreign key, since a sum over all is no organisation."""
    cohort = models.PositiveBigIntegerField(default=0)
    slot = models.PositiveSmallIntegerField()
    value = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally of a stage")
        verbose_name_plural = _("tallies of stages")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "organisation",
                    "cohort",
                    "period",
                    "stage",
                    "programme",
                    "province",
                    "kind",
                    "slot",
                ],
                name="stage_tally_unique",
            ),
        ]
        indexes: ClassVar = [
            # The national report: its rows are few, and a planner takes them for many.
            models.Index(
                fields=["stage"],
                condition=models.Q(period=0, cohort=0, organisation=0),
                name="stage_tally_nation",
            ),
            # The table of all organisations.
            models.Index(
                fields=["stage", "organisation"],
                condition=models.Q(period=0, cohort=0, organisation__gt=0),
                name="stage_tally_organisations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.period} {self.value}"


class DelayTally(models.Model):
    """How many standings took so many days from the stage before to this one, nationally.

    A stage that was passed over took no time and is not here.
    """

    stage = models.PositiveSmallIntegerField(choices=Standing.Stage.choices)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    """Whole days, at most 999."""
    slot = models.PositiveSmallIntegerField()
    value = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally of delays")
        verbose_name_plural = _("tallies of delays")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stage", "programme", "days", "slot"], name="delay_tally_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.days} {self.value}"


class RetentionTally(models.Model):
    """Of those who enrolled in a month, how many were active so many months later.

    `organisation` 0 is the nation; else the standings of one organisation.
    """

    start = models.PositiveIntegerField()
    """The month of the enrolment in China: 202611."""
    months = models.PositiveSmallIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    organisation = models.PositiveBigIntegerField(default=0)
    slot = models.PositiveSmallIntegerField()
    value = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally of retention")
        verbose_name_plural = _("tallies of retention")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "start", "months", "programme", "slot"],
                name="retention_tally_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} +{self.months} {self.value}"
