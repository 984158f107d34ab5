"""What this room forgets of a person who is forgotten."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from courses.signals import person_erased
from grading.actions import forget_answers


@receiver(person_erased, dispatch_uid="grading.forget_answers")
def forget(sender: object, user_id: int, **rest: Any) -> None:
    """Somebody asked to be forgotten: what they typed goes, what it earned stays."""
    forget_answers(user_id=user_id)
