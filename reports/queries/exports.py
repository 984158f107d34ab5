"""What the pages of exports and tokens list."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import User
from reports.models import ReportExport


def exports_of(user: User) -> list[ReportExport]:
    """A person's exports that have not ended, the newest first. 1 query."""
    own = ReportExport.objects.filter(user=user, expires_at__gt=timezone.now())
    return list(own.order_by("-created_at", "-pk"))
