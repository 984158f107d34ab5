"""News that a learner has read."""

from __future__ import annotations

from django.utils import timezone

from grading.models import Notice


def see_notice(*, notice: Notice) -> None:
    """Put a notice away."""
    Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=timezone.now())
