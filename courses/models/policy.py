"""What the separation guard said of a release."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.content import Release


class PolicyReport(models.Model):
    """That a release was checked, and what was overridden. A release with findings is not written,
    so a report without overrides says that it is clean."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="policy")
    lexicon = models.CharField(max_length=64)
    """Digest of the lexicon that it was checked by."""
    checked_at = models.DateTimeField()
    overridden = models.JSONField(default=list)
    """[{"rule", "file", "line", "excerpt", "reason", "by", "date"}]: who answers for what."""

    class Meta:
        verbose_name = _("report of the policy check")
        verbose_name_plural = _("reports of the policy check")

    def __str__(self) -> str:
        return f"{self.release} {self.checked_at:%Y-%m-%d}"
