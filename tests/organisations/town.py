"""One university with a department, two cohorts with a plan, and a person of each kind."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from accounts.models import (
    Cohort,
    CohortInstructor,
    Department,
    Membership,
    Organisation,
    User,
)
from courses.actions import join_cohort, set_plan
from courses.models import Programme
from tests.courses.rows import make_course
from tests.learn.site import programme_of
from tests.people import make_cohort, make_organisation, make_person


@dataclass(frozen=True, slots=True)
class Town:
    """Who is who. The dean administers the department of law, whose cohort is `law_class`."""

    organisation: Organisation
    law: Department
    autumn: Cohort
    law_class: Cohort
    programme: Programme
    people: dict[str, User]

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who])
        return client

    def url(self, tail: str = "") -> str:
        return f"/organisations/{self.organisation.key}/{tail}"

    def cohort_url(self, tail: str = "", cohort: Cohort | None = None) -> str:
        return self.url(f"cohorts/{(cohort or self.autumn).uuid}/{tail}")


def make_town() -> Town:
    organisation = make_organisation()
    law = Department.objects.create(organisation=organisation, name="Law")
    autumn = make_cohort(organisation, "Autumn")
    law_class = make_cohort(organisation, "Law class", department=law)
    programme = programme_of("foundations", make_course("hashes"), make_course("blocks"))
    people = {
        role: make_person(role, organisation=organisation, role=role)
        for role in ("administrator", "instructor", "reviewer")
    }
    people["dean"] = make_person("dean")
    Membership.objects.create(
        user=people["dean"], organisation=organisation, role="administrator", department=law
    )
    CohortInstructor.objects.create(cohort=autumn, user=people["instructor"])
    elsewhere = make_organisation("hillside")
    people["other"] = make_person("other", organisation=elsewhere, role="administrator")
    people["national"] = make_person("nina", is_national_administrator=True)
    for cohort in (autumn, law_class):
        set_plan(cohort=cohort, programme=programme)
    people["alice"], people["bob"] = make_person("alice"), make_person("bob")
    for name in ("alice", "bob"):
        join_cohort(user=people[name], cohort=autumn)
    people["stranger"] = make_person("charlie")
    return Town(organisation, law, autumn, law_class, programme, people)
