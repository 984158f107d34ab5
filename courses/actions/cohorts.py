"""What a cohort studies, who is in it, and how people go from one to another."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Cohort, CohortMember, Invitation, Membership, User
from courses import standing_rows
from courses.models import CohortDeadline, CohortPlan, Course, Enrolment, Programme, Standing
from courses.seats import check_seats, hold_seats
from courses.standing_rows import BATCH, Change


@transaction.atomic
def join_cohort(*, user: User, cohort: Cohort) -> CohortMember:
    """Join a cohort, which comes with its organisation; joining twice is joining once.

    Effects: the person in the cohort; a learner's membership of its organisation, unless they
    hold a role in it already; where the cohort has a plan, their standing in its programme and
    its tallies. Raises `NoSeats` when there is none left.
    """
    seat_people(cohort=cohort, people=[user], invitations={}, now=timezone.now())
    return CohortMember.objects.get(cohort=cohort, user=user)


def seat_people(
    *,
    cohort: Cohort,
    people: Sequence[User],
    invitations: Mapping[int, Invitation],
    now: datetime.datetime,
) -> None:
    """`join_cohort` for many people at once, in the caller's transaction.

    `invitations`: of whom (by primary key) came by one; their seat was taken with it.
    """
    hold_seats(cohort.organisation, cohort)
    standing_rows.lock_people([person.pk for person in people])
    present = set(
        CohortMember.objects.filter(cohort=cohort, user__in=people).values_list("user", flat=True)
    )
    new = [person for person in people if person.pk not in present]
    check_seats(
        cohort.organisation, cohort, [one.email for one in new if one.pk not in invitations]
    )
    CohortMember.objects.bulk_create(
        [CohortMember(cohort=cohort, user=person) for person in new],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    make_learners(cohort.organisation_id, people)
    plan = CohortPlan.objects.select_related("programme__current").filter(cohort=cohort).first()
    if plan is not None and plan.programme.current is not None:
        standing_rows.seat(
            cohort=cohort,
            programme=plan.programme,
            people=people,
            invitations=invitations,
            now=now,
        )


def make_learners(organisation_id: int, people: Sequence[User]) -> None:
    """A learner's membership for each person who holds no role there. 1 query and the write."""
    rows = Membership.objects.filter(organisation_id=organisation_id, user__in=people)
    present = set(rows.values_list("user", flat=True))
    Membership.objects.bulk_create(
        [
            Membership(user=person, organisation_id=organisation_id, role=Membership.Role.LEARNER)
            for person in people
            if person.pk not in present
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


@transaction.atomic
def leave_cohort(*, user: User, cohort: Cohort) -> bool:
    """Leave a cohort; False when the person was not in it.

    Effects: enrolments name the cohort no more, and its last day is no longer theirs; no member,
    no instructor's view of them any more; their standing stays with the organisation, for which
    they were trained, and leaves the cohort's tallies.
    """
    Enrolment.objects.filter(cohort=cohort, user=user).update(cohort=None)
    standing_rows.lock_people([user.pk])
    left, _ = CohortMember.objects.filter(cohort=cohort, user=user).delete()
    regroup(Standing.objects.filter(cohort=cohort, user=user), None)
    return bool(left)


@transaction.atomic
def move_members(*, source: Cohort, target: Cohort, user_ids: Collection[int]) -> int:
    """Move people from one cohort into another of the same organisation; how many there were.

    Effects, for each: member of the target and no longer of the source; enrolments that named
    the source name the target; the standing as `join_cohort` would make it. Raises `NoSeats`.
    """
    assert source.organisation_id == target.organisation_id, "cohorts of one organisation"
    hold_seats(target.organisation, target)
    enrolments = Enrolment.objects.filter(cohort=source, user__in=user_ids)
    list(enrolments.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    standing_rows.lock_people(user_ids)
    people = list(
        User.objects.filter(pk__in=user_ids, cohort_memberships__cohort=source).order_by("pk")
    )
    if not people or source.pk == target.pk:
        return 0
    members = CohortMember.objects.filter(cohort=target)
    new = [one.email for one in people if not members.filter(user=one).exists()]
    check_seats(None, target, new)
    regroup(Standing.objects.filter(cohort=source, user__in=people), None)
    CohortMember.objects.filter(cohort=source, user__in=people).delete()
    Enrolment.objects.filter(cohort=source, user__in=people).update(cohort=target)
    places = Invitation.objects.filter(cohort=source, user__in=people, withdrawn_at=None)
    places.update(cohort=target)
    kept = {
        place.user_id or 0: place
        for place in Invitation.objects.filter(cohort=target, user__in=people, withdrawn_at=None)
    }
    seat_people(cohort=target, people=people, invitations=kept, now=timezone.now())
    return len(people)


@transaction.atomic
def merge_cohorts(*, source: Cohort, target: Cohort) -> int:
    """Move everybody of one cohort into another, and close it; how many people moved.

    Effects: those of `move_members`; places that are kept in the source are kept in the target;
    the source names the target as the cohort that it was merged into, and nobody can join it.
    Where one of them has gone into another cohort already, nothing happens.
    """
    both = Cohort.objects.filter(pk__in=[source.pk, target.pk]).order_by("pk")
    # Two who merge them at once, each into the other, would close both.
    if any(one.merged_into_id for one in both.select_for_update(no_key=True)):
        return 0
    user_ids = list(source.members.values_list("user", flat=True))
    moved = move_members(source=source, target=target, user_ids=user_ids)
    waiting = Invitation.objects.filter(cohort=source, user=None, withdrawn_at=None)
    kept = list(waiting.select_related("organisation"))
    waiting.update(cohort=target)
    for place in kept:
        place.cohort = target
    change = Change.of(Standing.objects.filter(invitation__in=kept))
    change.standings += standing_rows.kept_for(kept, programmes_of([target.pk]))
    change.write(ended=[row for row in change.standings if row.pk])
    Cohort.objects.filter(pk=source.pk).update(merged_into=target)
    source.merged_into = target
    return moved


@transaction.atomic
def set_plan(*, cohort: Cohort, programme: Programme, target: int | None = None) -> CohortPlan:
    """Say what a cohort, which comes with its organisation, studies.

    Effects: the plan; where the programme is another one than before, its deadlines are gone, the
    old standings leave the cohort, and those that nobody has taken end; a standing in the
    programme for each member and for each place that is kept, with their tallies. `programme`
    comes with its current version.
    """
    hold_seats(cohort.organisation, cohort)
    before = CohortPlan.objects.filter(cohort=cohort).first()
    plan, _ = CohortPlan.objects.update_or_create(
        cohort=cohort, defaults={"programme": programme, "target": target}
    )
    if before is not None and before.programme_id == programme.pk:
        return plan
    plan.deadlines.all().delete()
    regroup(Standing.objects.filter(cohort=cohort).exclude(programme=programme), None)
    places = list(
        Invitation.objects.filter(cohort=cohort, withdrawn_at=None).select_related("organisation")
    )
    members = list(User.objects.filter(cohort_memberships__cohort=cohort).order_by("pk"))
    seat_people(
        cohort=cohort,
        people=members,
        invitations={place.user_id: place for place in places if place.user_id},
        now=timezone.now(),
    )
    waiting = [place for place in places if place.user_id is None]
    change = Change.of(Standing.objects.filter(invitation__in=waiting).order_by("pk"))
    change.standings += standing_rows.kept_for(waiting, {cohort.pk: programme})
    change.write(ended=[row for row in change.standings if row.pk])
    return plan


@transaction.atomic
def set_deadlines(*, cohort: Cohort, due: Mapping[str, datetime.date]) -> None:
    """The days by which the courses (by key) of a cohort's programme are to be completed.

    Effects: deadlines that are not in `due` are gone, the others are as in it.
    """
    plan = CohortPlan.objects.get(cohort=cohort)
    plan.deadlines.exclude(course__key__in=due).delete()
    for course in Course.objects.filter(key__in=due):
        CohortDeadline.objects.update_or_create(
            plan=plan, course=course, defaults={"due_on": due[course.key]}
        )


def programmes_of(cohort_ids: Collection[int]) -> dict[int, Programme]:
    """The programme of each cohort that has a plan. 1 query, none for no cohorts."""
    if not cohort_ids:
        return {}
    plans = CohortPlan.objects.filter(cohort__in=cohort_ids).select_related("programme__current")
    return {plan.cohort_id: plan.programme for plan in plans}


def regroup(rows: QuerySet[Standing], cohort: Cohort | None) -> None:
    """Standings to another cohort of their organisation, or to none."""
    change = Change.of(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for standing in change.standings:
        standing.cohort = cohort
    change.write()
