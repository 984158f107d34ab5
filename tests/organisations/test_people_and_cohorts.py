"""Departments, roles, cohorts: what administrators do, and what stays impossible."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import cohort_with_code
from accounts.models import (
    Cohort,
    CohortInstructor,
    CohortMember,
    Department,
    Invitation,
    Membership,
)
from courses.actions import join_cohort
from courses.models import CohortDeadline, CohortPlan, Standing
from tests.organisations.town import Town
from tests.people import make_cohort, make_person

pytestmark = pytest.mark.django_db


def roles_of(town: Town, who: str) -> list[tuple[str, int | None]]:
    rows = Membership.objects.filter(user=town.people[who], organisation=town.organisation)
    return list(rows.order_by("role").values_list("role", "department"))


def test_departments_are_added_renamed_and_removed_when_empty(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("departments/"), {"name": "Physics"})
    physics = Department.objects.get(name="Physics")
    again = client.post(town.url("departments/"), {"name": "Physics"}).content.decode()
    assert "has this name already" in again
    client.post(town.url(f"departments/{physics.uuid}/"), {"name": "Chemistry"})
    for department in (physics, town.law):
        client.post(town.url(f"departments/{department.uuid}/remove/"))
    assert list(Department.objects.values_list("name", flat=True)) == ["Law"]


def test_roles_are_given_with_their_scope_and_taken(town: Town) -> None:
    client = town.client("administrator")
    person = town.url(f"people/{town.people['instructor'].uuid}/")
    client.post(person, {"role": "administrator", "department": str(town.law.uuid)})
    assert roles_of(town, "instructor") == [("administrator", town.law.pk), ("instructor", None)]
    client.post(person + "instructor/take/")
    assert CohortInstructor.objects.count() == 1, "who administers may teach too"
    client.post(person + "administrator/take/")
    assert (roles_of(town, "instructor"), CohortInstructor.objects.count()) == ([], 0)


def test_somebody_always_administers_the_whole(town: Town) -> None:
    client = town.client("administrator")
    me = town.url(f"people/{town.people['administrator'].uuid}/")
    client.post(me + "administrator/take/")
    client.post(me, {"role": "administrator", "department": str(town.law.uuid)})
    assert roles_of(town, "administrator") == [("administrator", None)]
    second = town.url(f"people/{town.people['reviewer'].uuid}/")
    client.post(second, {"role": "administrator", "department": ""})
    client.post(me + "administrator/take/")
    assert roles_of(town, "administrator") == []
    assert client.get(town.url()).status_code == 404


def test_a_dean_gives_and_takes_in_the_department_only(town: Town) -> None:
    client = town.client("dean")
    pupil = make_person("pupil")
    join_cohort(user=pupil, cohort=town.law_class)
    person = town.url(f"people/{pupil.uuid}/")
    client.post(person, {"role": "reviewer", "department": ""})
    client.post(person, {"role": "reviewer", "department": str(town.law.uuid)})
    held = Membership.objects.filter(user=pupil).order_by("role")
    assert list(held.values_list("role", "department")) == [
        ("learner", None),
        ("reviewer", town.law.pk),
    ]
    assert client.post(person + "learner/take/").status_code == 404
    join_cohort(user=town.people["administrator"], cohort=town.law_class)
    chief = town.url(f"people/{town.people['administrator'].uuid}/")
    text = client.post(chief, {"role": "administrator", "department": str(town.law.uuid)})
    assert "beyond your department" in text.content.decode()
    assert client.post(chief + "administrator/take/").status_code == 404


def test_who_is_removed_leaves_the_cohorts(town: Town) -> None:
    alice = town.people["alice"]
    town.client("administrator").post(town.url(f"people/{alice.uuid}/learner/take/"))
    assert roles_of(town, "alice") == []
    assert not CohortMember.objects.filter(user=alice).exists()


def cohort_form(town: Town, **changed: object) -> dict[str, object]:
    return {
        "name": "Winter",
        "department": "",
        "starts_on": "2027-01-01",
        "ends_on": "2027-06-30",
        "programme": town.programme.key,
        "target": "20",
        "seat_limit": "",
        "instructors": [str(town.people["instructor"].uuid)],
        **changed,
    }


def test_a_cohort_is_made_changed_and_has_deadlines(town: Town) -> None:
    client = town.client("administrator")
    client.post(town.url("cohorts/new/"), cohort_form(town))
    winter = Cohort.objects.get(name="Winter")
    plan = CohortPlan.objects.get(cohort=winter)
    assert (plan.programme, plan.target) == (town.programme, 20)
    assert [row.user.name for row in winter.instructors.all()] == ["Instructor"]
    at = town.cohort_url("deadlines/", winter)
    refused = client.post(at, {"hashes": "2027-07-01", "blocks": "2027-03-01"}).content.decode()
    assert 'value="2027-03-01"' in refused
    client.post(at, {"hashes": "2027-02-01", "blocks": ""})
    due = CohortDeadline.objects.values_list("course__key", "due_on")
    assert [(key, str(day)) for key, day in due] == [("hashes", "2027-02-01")]
    text = client.post(
        town.cohort_url("edit/", winter), cohort_form(town, ends_on="2026-12-01")
    ).content.decode()
    assert "cannot end before it starts" in text
    client.post(town.cohort_url("edit/", winter), cohort_form(town, name="Cold", instructors=[]))
    winter.refresh_from_db()
    assert (winter.name, winter.instructors.count()) == ("Cold", 0)


def test_a_dean_cannot_make_a_cohort_elsewhere_or_name_strangers(town: Town) -> None:
    client = town.client("dean")
    stranger = str(town.people["stranger"].uuid)
    for changed in ({"department": ""}, {"instructors": [stranger]}):
        form = cohort_form(town, **{"department": str(town.law.uuid), "instructors": [], **changed})
        assert client.post(town.url("cohorts/new/"), form).status_code == 200
    assert Cohort.objects.count() == 2


def test_members_move_leave_and_cohorts_merge(town: Town) -> None:
    client = town.client("administrator")
    alice, bob = (str(town.people[name].uuid) for name in ("alice", "bob"))
    where = {"target": str(town.law_class.uuid)}
    client.post(town.cohort_url("members/move/"), {"person": [alice], **where})
    stranger = str(town.people["stranger"].uuid)
    client.post(town.cohort_url("members/move/"), {"person": [stranger], **where})
    found = CohortMember.objects.order_by("user__name").values_list("user__name", "cohort__name")
    assert list(found.all()) == [("Alice", "Law class"), ("Bob", "Autumn")]
    assert (
        "1 person goes to Law class"
        in client.get(town.cohort_url("merge/"), where).content.decode()
    )
    client.post(town.cohort_url("merge/"), where)
    assert list(found.all()) == [("Alice", "Law class"), ("Bob", "Law class")]
    town.autumn.refresh_from_db()
    assert town.autumn.merged_into == town.law_class
    with pytest.raises(Http404):
        cohort_with_code(town.autumn.join_code)
    assert client.get(town.cohort_url("edit/")).status_code == 404
    law = town.cohort_url("members/remove/", town.law_class)
    client.post(law, {"person": [bob]})
    assert list(found.all()) == [("Alice", "Law class")]
    assert Standing.objects.filter(cohort=town.law_class).count() == 1


def test_nobody_moves_into_a_full_cohort_or_another_organisation(town: Town) -> None:
    client = town.client("administrator")
    alice = str(town.people["alice"].uuid)
    full = make_cohort(town.organisation, "Full", seat_limit=0)
    foreign = make_cohort(town.people["other"].memberships.get().organisation, "Foreign")
    for target in (full, foreign):
        client.post(
            town.cohort_url("members/move/"), {"person": [alice], "target": str(target.uuid)}
        )
        assert CohortMember.objects.get(user__uuid=alice).cohort == town.autumn
        assert target.members.count() == 0


PAGES = ("", "people/", "cohorts/", "departments/", "invite/", "places/", "announcements/")


def test_pages_cost_the_same_for_one_and_for_three(town: Town) -> None:
    client = town.client("administrator")
    Invitation.objects.create(
        organisation=town.organisation, email="n@example.org", invited_at=timezone.now()
    )
    pages = [town.url(tail) for tail in PAGES] + [town.cohort_url()]
    before = {page: queries_of(client, page) for page in pages}
    for number in range(3):
        cohort = make_cohort(town.organisation, f"C{number}")
        join_cohort(user=make_person(f"p{number}"), cohort=cohort)
        join_cohort(user=make_person(f"q{number}"), cohort=town.autumn)
        Department.objects.create(organisation=town.organisation, name=f"D{number}")
        Invitation.objects.create(
            organisation=town.organisation,
            email=f"n{number}@example.org",
            invited_at=timezone.now(),
            cohort=cohort,
        )
    for page, queries in before.items():
        assert (page, queries_of(client, page)) == (page, queries)
    assert max(before.values()) <= 11


def queries_of(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_a_choice_that_is_none_is_answered_as_no_choice(town: Town) -> None:
    client = town.client("administrator")
    chosen = {"person": ["garbage", ""], "target": str(town.law_class.uuid)}
    for tail in ("members/move/", "members/remove/", "announce/"):
        assert client.post(town.cohort_url(tail), chosen).status_code == 302
    for tail in ("places/withdraw/", "places/mail/"):
        assert client.post(town.url(tail), {"place": ["a\0b"]}).status_code == 302
    assert town.autumn.members.count() == 2
