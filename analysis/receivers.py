"""What this room forgets of a person who is forgotten."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from analysis.models import Counted
from courses.signals import person_erased


@receiver(person_erased, dispatch_uid="analysis.forget_answers")
def forget(sender: object, user_id: int, **rest: Any) -> None:
    """Somebody asked to be forgotten: the analyst takes their answers out of the tallies."""
    Counted.objects.filter(enrolment__user=user_id).update(is_stale=True)
