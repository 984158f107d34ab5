"""What a new release is to those who are in the middle of an earlier one."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from courses.actions.enrolments import record_progress
from courses.models import Course, Enrolment


@transaction.atomic
def move_learners(*, course: Course, releases: Collection[int]) -> int:
    """Move everybody in the middle of these releases (by primary key) to the current one; how many.

    Progress is by exercise and stays. Effects, in order: the enrolments' release; for whom the
    credit that they have is enough in the current release, half of the course or all of it with
    all that follows, as if they had earned it now. Call it only for a change that takes nothing
    away: who asks decides what that is.
    """
    current = course.current
    assert current is not None, f"{course.key} has no release"
    behind = Enrolment.objects.filter(
        course=course, release__in=set(releases) - {current.pk}, completed_at=None
    )
    needed = current.points * current.completion_percent
    reaches = Q(credit__gte=needed) | Q(halfway_at=None, credit__gte=needed - F("credit"))
    # Who hands something in meanwhile waits, or has been counted: the order keeps out deadlocks.
    list(behind.select_for_update().order_by("pk").values_list("pk"))
    further = list(behind.filter(reaches).order_by("pk").values_list("pk", flat=True))
    moved = behind.update(release=current)
    for enrolment_id in further:
        record_progress(
            enrolment_id=enrolment_id,
            credit_by=0,
            passed_by=0,
            lesson_key="",
            now=timezone.now(),
            is_try=False,
        )
    return moved
