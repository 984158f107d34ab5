"""Give the demo people a course to write on; `demo_people` makes them, `publish` the course."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import Organisation, User
from authoring.actions import adopt_course, invite_member
from authoring.models import Workspace, WorkspaceMember
from courses.models import Course

COURSE = "hashes-and-blocks"
ORGANISATION = "lakeside-university"
EDITOR = "instructor@example.org"
REVIEWER = "administrator@example.org"


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        editor = User.objects.filter(email=EDITOR).first()
        organisation = Organisation.objects.filter(key=ORGANISATION).first()
        if editor is None or organisation is None:
            self.stdout.write("There are no demo people yet: manage.py demo_people")
            return
        if not Course.objects.filter(key=COURSE).exclude(current=None).exists():
            self.stdout.write(f"{COURSE} is not published: nobody writes on it yet")
            return
        if Workspace.objects.filter(course_key=COURSE).exists():
            return
        folder = settings.BASE_DIR / "curricula" / "courses" / COURSE
        workspace = adopt_course(folder=folder, organisation=organisation, by=editor)
        role = WorkspaceMember.Role.REVIEWER
        invite_member(workspace=workspace, email=REVIEWER, role=role)
