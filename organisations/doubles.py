"""Two accounts of an organisation that are likely one person, and what making them one keeps."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import holds_office
from accounts.models import CohortMember, Invitation, Membership, User
from courses.models import Enrolment, Qualification
from organisations.access import Scope

SAME_NUMBER = _("the same number in the roster")
SAME_NAME = _("the same name, and nearly the same e-mail address")
MOST_NAMES = 500
"""Names that occur more than once, of which the first are looked at."""


@dataclass(frozen=True, slots=True)
class Double:
    """Two accounts, the older one first."""

    people: tuple[User, User]
    reason: Promise
    is_ours: bool
    """False: one of them belongs elsewhere too, or holds a role; the centre decides."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts, as they are shown side by side. Credit in hundredths of a point."""

    person: User
    courses: int
    credit: int
    qualifications: int
    cohorts: Sequence[str]
    numbers: Sequence[str]
    """By which rosters know the person."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What making one of two accounts keeps."""

    courses: int
    both: int
    """Courses that both study: of each the enrolment with more credit is kept."""


def doubles_in(scope: Scope) -> list[Double]:
    """Who is likely one person with two accounts, by name. 5 queries."""
    people = scope.people().filter(is_active=True, erased_at=None)
    reasons: dict[tuple[int, int], Promise] = {}
    for pair in _pairs(_groups_by_number(scope)):
        reasons.setdefault(pair, SAME_NUMBER)
    for pair in _pairs(_groups_by_name(people)):
        reasons.setdefault(pair, SAME_NAME)
    found = people.in_bulk({pk for pair in reasons for pk in pair})
    ours = set(_ours(scope, found.values()))
    doubles = [
        Double((found[older], found[younger]), reason, {older, younger} <= ours)
        for (older, younger), reason in reasons.items()
        if older in found and younger in found
    ]
    return sorted(doubles, key=lambda double: (double.people[0].name, double.people[0].pk))


def double_in(scope: Scope, kept: uuid.UUID, gone: uuid.UUID) -> tuple[User, User]:
    """Two likely doubles that the organisation may make one; else 404. 6 queries."""
    for double in doubles_in(scope):
        if double.is_ours and {person.uuid for person in double.people} == {kept, gone}:
            first, second = double.people
            return (first, second) if first.uuid == kept else (second, first)
    raise Http404


def _pairs(groups: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from combinations(sorted(set(group)), 2)


def _groups_by_number(scope: Scope) -> list[list[int]]:
    places = Invitation.objects.filter(organisation=scope.organisation, user__isnull=False)
    rows = places.exclude(external_id="").values_list("external_id", "user")
    groups: dict[str, list[int]] = {}
    for number, pk in rows:
        if pk is not None:
            groups.setdefault(number, []).append(pk)
    return list(groups.values())


def _groups_by_name(people: QuerySet[User]) -> list[list[int]]:
    """Of people of one name those whose addresses differ by dots, a tag or the provider."""
    named = people.exclude(name="").annotate(lower=Lower("name"))
    often = named.values("lower").annotate(n=Count("pk")).filter(n__gt=1).order_by("lower")
    names = [row["lower"] for row in often[:MOST_NAMES]]
    groups: dict[tuple[str, str], list[int]] = {}
    for pk, name, email in named.filter(lower__in=names).values_list("pk", "lower", "email"):
        groups.setdefault((name, mailbox(email)), []).append(pk)
    return list(groups.values())


def mailbox(email: str) -> str:
    """What of an address is likely the same in another one of the person: before the @, without
    case, dots, hyphens, and a tag."""
    local = unicodedata.normalize("NFKC", email).rpartition("@")[0].casefold()
    return local.partition("+")[0].translate({ord(sign): None for sign in ".-_"})


def _ours(scope: Scope, people: Iterable[User]) -> Iterator[int]:
    """Of these who learns here, belongs nowhere else, and holds no office. 1 query.

    Otherwise an administrator could take the roles of somebody else, or another organisation's
    learner. By primary key.
    """
    listed = [person for person in people if not holds_office(person)]
    beyond = Membership.objects.filter(user=OuterRef("pk")).exclude(
        organisation=scope.organisation, role=Membership.Role.LEARNER
    )
    elsewhere = CohortMember.objects.filter(user=OuterRef("pk")).exclude(
        cohort__organisation=scope.organisation
    )
    kept = User.objects.filter(pk__in=[person.pk for person in listed])
    yield from kept.filter(~Exists(beyond), ~Exists(elsewhere)).values_list("pk", flat=True)


def sides_of(people: Sequence[User], scope: Scope) -> list[Side]:
    """The accounts as they are shown side by side. 4 queries."""
    pks = [person.pk for person in people]
    credit: Mapping[int, list[int]] = {pk: [] for pk in pks}
    for pk, points in Enrolment.objects.filter(user__in=pks).values_list("user", "credit"):
        credit[pk or 0].append(points)
    earned = dict(
        Qualification.objects.filter(user__in=pks).values_list("user").annotate(Count("pk"))
    )
    cohorts: dict[int, list[str]] = {pk: [] for pk in pks}
    members = CohortMember.objects.filter(user__in=pks).order_by("cohort__name")
    for pk, name in members.values_list("user", "cohort__name"):
        cohorts[pk].append(name)
    numbers: dict[int, list[str]] = {pk: [] for pk in pks}
    places = Invitation.objects.filter(user__in=pks, organisation=scope.organisation)
    for own, number in places.exclude(external_id="").values_list("user", "external_id"):
        numbers[own or 0].append(number)
    return [
        Side(
            person,
            len(credit[person.pk]),
            sum(credit[person.pk]),
            earned.get(person.pk, 0),
            cohorts[person.pk],
            numbers[person.pk],
        )
        for person in people
    ]


def outcome_of(kept: User, gone: User) -> Outcome:
    """What the one account will have. 1 query."""
    of_course = Enrolment.objects.filter(Q(user=kept) | Q(user=gone)).values("course")
    counts = list(of_course.annotate(n=Count("pk"), most=Max("credit")).values_list("n", flat=True))
    return Outcome(len(counts), sum(count > 1 for count in counts))
