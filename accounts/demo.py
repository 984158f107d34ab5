"""People to look around as, on a machine where nobody real has signed up yet."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.actions import give_consent, join_cohort
from accounts.models import Cohort, Membership, Organisation, User

LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0/o and no 1/i/l: these are typed from a terminal."""
ORGANISATION_KEY = "lakeside-university"
JOIN_CODE = "LAKESDE2"


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
    """A fictional university with a cohort, and one person for each role.

    Effects: the organisation, its cohort, four people with verified e-mail and consent. Whoever
    exists is left alone, but for a new password when `reset_passwords` asks for one.
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
    today = timezone.localdate()
    Cohort.objects.get_or_create(
        join_code=JOIN_CODE,
        defaults={
            "organisation": organisation,
            "name": "2026 autumn · 2026 秋季班",
            "starts_on": today,
            "ends_on": today + datetime.timedelta(days=120),
        },
    )
    return organisation


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
        join_cohort(user=user, code=JOIN_CODE)
    return DemoPerson(email, title, password)
