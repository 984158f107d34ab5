"""Two accounts that are one person, and a person who wants to be forgotten."""

from __future__ import annotations

import uuid
from functools import partial
from operator import attrgetter

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from accounts.actions import sign_out_everywhere
from accounts.models import (
    CohortInstructor,
    CohortMember,
    Consent,
    Invitation,
    Membership,
    User,
)
from courses import standing_rows
from courses.actions.counts import tally
from courses.models import Enrolment, Programme, Qualification, Standing, Tally
from courses.signals import person_erased
from courses.standing_rows import Change
from courses.types import TallyMove, china_day


@transaction.atomic
def merge_people(*, kept: User, gone: User) -> None:
    """Make one person of two accounts: who they are is counted once from now on.

    Effects, in order: roles, cohorts, places and addresses of `gone` go to `kept`; so do its
    enrolments, but for courses that both study: there the one with more credit is kept, and the
    other stays with the erased account, since its tries were made; of two qualifications in one
    programme the earlier stays; of two standings in one programme and organisation the one that
    came further. Then `gone` is erased as `erase_person` says, the tallies of qualifications and
    of standings with it.
    """
    both = [kept.pk, gone.pk]
    list(Enrolment.objects.select_for_update().filter(user__in=both).order_by("pk"))
    standing_rows.lock_people(both)
    _merge_belonging(kept, gone)
    _merge_enrolments(kept, gone)
    moves = _merge_qualifications(kept, gone)
    _merge_standings(kept, gone)
    tally(moves)
    erase_person(user=gone)


@transaction.atomic
def erase_person(*, user: User) -> None:
    """Forget who a person is; what was counted stays counted.

    Effects: signed out everywhere; addresses, second factors, sign-in providers, roles, cohorts,
    consents and places deleted; the account without name and address, for ever closed. Enrolments,
    qualifications and standings stay as rows of nobody. After commit the signal, by which other
    rooms forget what the person wrote.
    """
    standing_rows.lock_people([user.pk])
    sign_out_everywhere(user=user)
    Standing.objects.filter(user=user).update(invitation=None)
    for model in (EmailAddress, Authenticator, SocialAccount, Membership, CohortMember):
        model._default_manager.filter(user=user).delete()  # noqa: SLF001  # of models of allauth too
    for rows in (Consent.objects, CohortInstructor.objects, Invitation.objects):
        rows.filter(user=user).delete()
    user.name = ""
    user.email = f"{user.uuid}@erased.invalid"
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.is_national_administrator = False
    user.administers_province = ""
    user.erased_at = timezone.now()
    user.save()
    transaction.on_commit(partial(person_erased.send_robust, sender=None, user_id=user.pk))


def _merge_belonging(kept: User, gone: User) -> None:
    held = {(row.organisation_id, row.role) for row in Membership.objects.filter(user=kept)}
    for membership in Membership.objects.filter(user=gone):
        if (membership.organisation_id, membership.role) not in held:
            membership.user = kept
            membership.save(update_fields=["user"])
    for rows in (CohortMember.objects, CohortInstructor.objects):
        present = rows.filter(user=kept).values_list("cohort", flat=True)
        rows.filter(user=gone).exclude(cohort__in=list(present)).update(user=kept)
    Invitation.objects.filter(user=gone).update(user=kept)
    EmailAddress.objects.filter(user=gone).update(user=kept, primary=False)


def _merge_enrolments(kept: User, gone: User) -> None:
    own = {row.course_id: row for row in Enrolment.objects.filter(user=kept)}
    for other in Enrolment.objects.filter(user=gone).order_by("pk"):
        mine = own.get(other.course_id)
        if mine is None:
            Enrolment.objects.filter(pk=other.pk).update(user=kept)
        elif other.credit > mine.credit:
            # One person has one enrolment in a course, at every moment: they change places
            # by way of an account that is nobody.
            nobody = User.objects.create_user(f"{uuid.uuid4()}@erased.invalid", name="")
            for pk, owner in ((mine.pk, nobody), (other.pk, kept), (mine.pk, gone)):
                Enrolment.objects.filter(pk=pk).update(user=owner)
            nobody.delete()


def _merge_qualifications(kept: User, gone: User) -> list[TallyMove]:
    """Returns the tallies to move."""
    before = _qualified(kept, gone)
    own = {row.programme_id: row for row in before if row.user_id == kept.pk}
    moves = []
    for other in before:
        if other.user_id == kept.pk:
            continue
        mine = own.get(other.programme_id)
        late = mine and max(mine, other, key=attrgetter("qualified_at"))
        if late is not None:
            day = china_day(late.qualified_at)
            moves.append(TallyMove(Tally.Metric.QUALIFICATIONS, day, late.programme.key, -1))
            late.delete()
        if late is not other:
            Qualification.objects.filter(pk=other.pk).update(user=kept)
    firsts = {row.user_id: china_day(row.qualified_at) for row in reversed(before)}
    people = Tally.Metric.QUALIFIED_PEOPLE
    if len(firsts) == 2:
        moves.append(TallyMove(people, max(firsts.values()), by=-1))
    return moves


def _qualified(kept: User, gone: User) -> list[Qualification]:
    """What both have earned, the earliest first."""
    rows = Qualification.objects.filter(user__in=[kept, gone]).select_related("programme")
    return list(rows.order_by("qualified_at", "pk"))


def _merge_standings(kept: User, gone: User) -> None:
    """One standing for each programme and organisation, one of each programme for the nation."""
    change = Change.of(
        Standing.objects.select_for_update(no_key=True, of=("self",))
        .filter(user__in=[kept, gone])
        .order_by("pk")
    )
    programmes = Programme.objects.exclude(current=None).select_related("current").in_bulk()
    enrolments = standing_rows.enrolments_of([kept.pk])[kept.pk]
    earned = standing_rows.qualified_programmes([kept.pk])[kept.pk]
    seen: set[tuple[int, int | None]] = set()
    counted: set[int] = set()
    ended = []
    for standing in sorted(change.standings, key=lambda row: (-row.stage, row.pk)):
        key = (standing.programme_id, standing.organisation_id)
        if key in seen:
            ended.append(standing)
            continue
        seen.add(key)
        standing.user = kept
        standing.counts_nationally = standing.programme_id not in counted
        counted.add(standing.programme_id)
        standing_rows.bring_up(
            standing, programmes[standing.programme_id], enrolments, earned, timezone.now()
        )
    change.write(ended=ended)
