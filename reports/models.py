"""Exports and tokens, public figures of a day, and reports that come by e-mail."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, Organisation, Province, User


class ReportExport(models.Model):
    """A report that somebody wants as a file and that is too long to be written while they wait.

    The row is the job: the clerk (`manage.py clerk`) takes it under a lease, and writes only
    while the lease is still its own. The file lies in `ReportExportPart`, so that any host can
    send what another wrote. After `expires_at` there is neither link nor file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WRITING = "writing", _("being written")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")
        """Whoever asked for it may no longer see it."""
        FAILED = "failed", _("failed by our fault")

    UNFINISHED: ClassVar = (State.WAITING, State.WRITING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="report_exports")
    report = models.CharField(max_length=64)
    """Its name in reports/registry.py."""
    title = models.CharField(max_length=200)
    query = models.TextField(blank=True)
    """The query string: what it is of, filters, order."""
    form = models.CharField(max_length=8)
    """One of `reports.tables.FORMATS`."""
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """Rows written, of `total`: what the progress bar shows."""
    file_name = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    """Bytes of the file."""
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("export of a report")
        verbose_name_plural = _("exports of reports")
        indexes: ClassVar = [
            # The clerk: what waits, the oldest first.
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["waiting", "writing"]),
                name="report_export_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.form} · {self.state}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def percent(self) -> int:
        """Rows written, in percent; at most 99 before it is ready."""
        return min(99, 100 * self.done // max(1, self.total))


class ReportExportPart(models.Model):
    """A mebibyte of an exported file."""

    export = models.ForeignKey(ReportExport, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of an exported file")
        verbose_name_plural = _("parts of exported files")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "number"], name="report_export_part_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} · {self.number}"


class ReportToken(models.Model):
    """What a program shows to read figures: of the nation, of a province, or of one organisation.

    Only a hash is kept. It opens nothing that its maker may not see at that moment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="report_tokens")
    name = models.CharField(_("name"), max_length=100)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """The one whose figures it opens; null: the nation's, or those of `province`."""
    province = models.CharField(max_length=2, choices=Province.choices, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal: of 256 random bits no slower hash is needed."""
    beginning = models.CharField(max_length=12)
    """Its first signs, by which its owner tells it from others."""
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("token of the reporting API")
        verbose_name_plural = _("tokens of the reporting API")

    def __str__(self) -> str:
        return f"{self.name} · {self.beginning}"


class PublicSnapshot(models.Model):
    """What the public sees of provinces and programmes on one day, as it was frozen then.

    `data`: {"provinces": {code: people}, "programmes": {key: people}, "total": people};
    reports/snapshots.py writes it, once a day, and never again.
    """

    day = models.DateField(unique=True)
    """The day in China."""
    data = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("public figures of a day")
        verbose_name_plural = _("public figures of days")

    def __str__(self) -> str:
        return str(self.day)


class ReportSubscription(models.Model):
    """A report whose headline somebody gets by e-mail: of the nation, an organisation or a cohort.

    At most one of `organisation` and `cohort` is set; neither: the nation, or the part of it that
    the person may see. The row is the job (reports/subscriptions.py). One that has ended stays, so
    that the person can read why.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("every Monday")
        MONTHLY = "monthly", _("on the first of every month")

    class Reason(models.TextChoices):
        STOPPED = "stopped", _("you stopped it")
        NO_ACCESS = "no_access", _("you may no longer see this report")
        REFUSED = "refused", _("your mail server refused the letters")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="report_subscriptions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, related_name="+")
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)
    due_at = models.DateTimeField()
    """When to send the next letter; while it is being sent, the end of the lease."""
    tries = models.PositiveSmallIntegerField(default=0)
    """In vain, since the last letter that was sent."""
    created_at = models.DateTimeField(auto_now_add=True)
    last_sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=9, choices=Reason.choices, blank=True)
    """Why it ended."""

    class Meta:
        verbose_name = _("report by e-mail")
        verbose_name_plural = _("reports by e-mail")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(organisation=None, cohort=None, ended_at=None),
                name="report_subscription_nation_once",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(organisation__isnull=False, ended_at=None),
                name="report_subscription_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["user", "cohort"],
                condition=models.Q(cohort__isnull=False, ended_at=None),
                name="report_subscription_cohort_once",
            ),
        ]
        indexes: ClassVar = [
            # The clerk: what is due.
            models.Index(
                fields=["due_at"],
                condition=models.Q(ended_at=None),
                name="report_subscription_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.cohort or 'nation'} · {self.rhythm}"
