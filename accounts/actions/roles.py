"""Who may do what in an organisation, and who teaches its cohorts."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from accounts.access import TEACHING_ROLES
from accounts.gate import GATE_KEY
from accounts.models import (
    Cohort,
    CohortInstructor,
    Department,
    Membership,
    Organisation,
    User,
)
from accounts.types import LastAdministrator

Role = Membership.Role


@transaction.atomic
def give_role(
    *, user: User, organisation: Organisation, role: str, department: Department | None = None
) -> Membership:
    """Give a person a role in an organisation, or in one department of it.

    Effects: the membership, whose scope is the department from now on; the person's sessions ask
    anew what they must do first, since an administrator needs a second factor. Raises
    `LastAdministrator` where this would limit the only one of the whole organisation.
    """
    if role == Role.ADMINISTRATOR and department is not None:
        _keep_one(organisation, user)
    membership, _ = Membership.objects.update_or_create(
        user=user, organisation=organisation, role=role, defaults={"department": department}
    )
    measure_anew(user=user)
    return membership


@transaction.atomic
def take_role(*, membership: Membership) -> None:
    """Take a role from a person.

    Effects: the membership gone; who holds no role any more in which one teaches, teaches no
    cohort of the organisation. Raises `LastAdministrator`.
    """
    organisation, user = membership.organisation, membership.user
    if membership.role == Role.ADMINISTRATOR and membership.department_id is None:
        _keep_one(organisation, user)
    membership.delete()
    left = Membership.objects.filter(user=user, organisation=organisation)
    if not left.filter(role__in=TEACHING_ROLES).exists():
        CohortInstructor.objects.filter(user=user, cohort__organisation=organisation).delete()
    measure_anew(user=user)


@transaction.atomic
def assign_instructors(*, cohort: Cohort, people: Collection[User]) -> None:
    """Exactly these people teach the cohort. They hold a role in which one teaches."""
    CohortInstructor.objects.filter(cohort=cohort).exclude(user__in=people).delete()
    CohortInstructor.objects.bulk_create(
        [CohortInstructor(cohort=cohort, user=person) for person in people],
        ignore_conflicts=True,
    )


def measure_anew(*, user: User) -> None:
    """Let each session of the person ask again, at its next page, what they must do first."""
    engine = import_module(settings.SESSION_ENGINE)
    for row in UserSession.objects.filter(user=user):
        session = engine.SessionStore(row.session_key)
        if session.pop(GATE_KEY, None) is not None:
            session.save()


def _keep_one(organisation: Organisation, user: User) -> None:
    """Raise `LastAdministrator` if nobody else administers the whole organisation.

    Holds the rows until commit, so that two who leave at once do not leave nobody.
    """
    rows = Membership.objects.select_for_update().filter(
        organisation=organisation, role=Role.ADMINISTRATOR, department=None
    )
    holders = set(rows.order_by("pk").values_list("user", flat=True))
    if holders == {user.pk}:
        raise LastAdministrator
