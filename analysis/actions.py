"""What people ask this room to do."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from analysis.models import Comparison
from courses.models import Exercise


@transaction.atomic
def ask_comparison(*, exercise: Exercise, by: User) -> Comparison:
    """Have the programs of an exercise compared; one that waits already is enough.

    Effects: a comparison, which the analyst does.
    """
    Exercise.objects.select_for_update().get(pk=exercise.pk)
    unfinished = Comparison.objects.filter(exercise=exercise).exclude(state=Comparison.State.DONE)
    waiting = unfinished.first()
    return waiting or Comparison.objects.create(exercise=exercise, asked_by=by)
