"""What the page of reports by e-mail lists."""

from __future__ import annotations

from django.db.models import F

from accounts.models import User
from reports.models import ReportSubscription

MOST_SHOWN = 50


def subscriptions_of(user: User) -> list[ReportSubscription]:
    """A person's, those that run first, with what they are of loaded; at most 50. 1 query."""
    own = ReportSubscription.objects.filter(user=user)
    loaded = own.select_related("organisation", "cohort__organisation")
    return list(loaded.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:MOST_SHOWN])
