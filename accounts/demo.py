"""People to look around as, on a machine where nobody real has signed up yet."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.actions import give_consent
from accounts.models import (
    Cohort,
    CohortInstructor,
    CohortMember,
    Department,
    Membership,
    Organisation,
    User,
)
from accounts.types import DEMO_CODES

LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0/o and no 1/i/l: these are typed from a terminal."""
ORGANISATION_KEY = "lakeside-university"
JOIN_CODE, DEPARTMENT_CODE = DEMO_CODES
"""Of the cohort with the demo people in it, and of the department's."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as. `password` is None when they were there already."""

    email: str
    title: str
    password: str | None


PEOPLE = (
    ("learner", "learner", "林小满", Membership.Role.LEARNER),
    ("instructor", "instructor", "陈远舟", Membership.Role.INSTRUCTOR),
    ("administrator", "organisation administrator", "周书宁", Membership.Role.ADMINISTRATOR),
    ("national", "national administrator", "沈观澜", None),
)


@transaction.atomic
def make_demo_people(*, reset_passwords: bool = False) -> list[DemoPerson]:
    """A fictional university with a department and two cohorts, and one person for each role.

    Effects: the organisation, its department and cohorts, four people with verified e-mail and
    consent. Whoever exists is left alone, but for a new password when `reset_passwords` asks for
    one.
    """
    organisation = _organisation()
    return [
        _person(f"{key}@example.org", title, name, role, organisation, reset=reset_passwords)
        for key, title, name, role in PEOPLE
    ]


def new_password() -> str:
    """Three groups of four signs, about 59 bits."""
    signs = [secrets.choice(LEGIBLE) for _ in range(12)]
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


def _organisation() -> Organisation:
    organisation, _made = Organisation.objects.get_or_create(
        key=ORGANISATION_KEY,
        defaults={
            "name": "Lakeside University (fictional)",
            "name_zh_hans": "湖滨大学（虚构）",
            "kind": Organisation.Kind.UNIVERSITY,
            "province": "33",
            "verified_at": timezone.now(),
        },
    )
    law, _made = Department.objects.get_or_create(
        organisation=organisation, name="School of Law · 法学院"
    )
    _cohort(JOIN_CODE, organisation, "2026 autumn · 2026 秋季班", None)
    _cohort(DEPARTMENT_CODE, organisation, "Law and ledgers · 法律与账本", law)
    return organisation


def _cohort(
    code: str, organisation: Organisation, name: str, department: Department | None
) -> None:
    today = timezone.localdate()
    Cohort.objects.get_or_create(
        join_code=code,
        defaults={
            "organisation": organisation,
            "department": department,
            "name": name,
            "starts_on": today,
            "ends_on": today + datetime.timedelta(days=120),
        },
    )


def _person(
    email: str,
    title: str,
    name: str,
    role: str | None,
    organisation: Organisation,
    *,
    reset: bool,
) -> DemoPerson:
    password = new_password()
    user = User.objects.filter(email=email).first()
    if user is not None:
        if reset:
            user.set_password(password)
            user.save(update_fields=["password"])
        return DemoPerson(email, title, password if reset else None)
    user = User.objects.create_user(
        email, password, name=name, language="en", is_national_administrator=role is None
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    give_consent(user=user)
    if role is not None:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    if role == Membership.Role.LEARNER:
        # Before the cohort has a plan: `demo_cohorts` gives everybody in it their standing.
        CohortMember.objects.create(cohort=Cohort.objects.get(join_code=JOIN_CODE), user=user)
    if role == Membership.Role.INSTRUCTOR:
        CohortInstructor.objects.create(cohort=Cohort.objects.get(join_code=JOIN_CODE), user=user)
    return DemoPerson(email, title, password)
