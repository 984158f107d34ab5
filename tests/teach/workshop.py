"""The workspace of a small published course, and a person for each thing that one may be to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from accounts.models import Organisation, User
from authoring.actions import adopt_course, invite_member
from authoring.models import Revision, Workspace
from courses.models import Course
from tests.courses.publishing import SMALL_COURSE, publish_small_course
from tests.people import make_organisation, make_person

CAST = ("editor", "author", "reviewer", "colleague", "administrator", "stranger")
"""The colleague teaches in the same organisation and has no part in the course."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """The small course: its workspace, whose head is what is published, and who is who."""

    organisation: Organisation
    course: Course
    workspace: Workspace
    people: dict[str, User]

    @property
    def head(self) -> Revision:
        """The newest revision, as the database has it now."""
        return Revision.objects.filter(workspace=self.workspace).latest("number")

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who])
        return client

    def url(self, tail: str = "") -> str:
        return f"/teach/{self.workspace.course_key}/{tail}"


def make_workshop() -> Workshop:
    organisation = make_organisation()
    course = publish_small_course()
    people = {
        "editor": make_person("editor", organisation=organisation, role="instructor"),
        "author": make_person("author", organisation=organisation, role="instructor"),
        "reviewer": make_person("reviewer", organisation=organisation, role="reviewer"),
        "colleague": make_person("colleague", organisation=organisation, role="instructor"),
        "administrator": make_person(
            "administrator", organisation=organisation, role="administrator"
        ),
        "stranger": make_person("stranger"),
    }
    workspace = adopt_course(folder=SMALL_COURSE, organisation=organisation, by=people["editor"])
    for role in ("author", "reviewer"):
        invite_member(workspace=workspace, email=people[role].email, role=role)
    return Workshop(organisation, course, workspace, people)
