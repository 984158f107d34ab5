"""Beginning a course, and who writes in it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership
from authoring.models import Workspace, WorkspaceMember
from authoring.queries import draft, outline_of
from tests.courses.publishing import SMALL_COURSE
from tests.people import make_organisation, make_person
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db

NEW = {
    "title_en": "Ledgers at work",
    "title_zh_hans": "",
    "course_key": "ledgers-at-work",
    "organisation": "lakeside",
    "needs_review": "on",
}


def begin(client: Client, **changes: str) -> dict[str, list[str]]:
    """Post the form; what is wrong with it, by field."""
    response = client.post("/teach/new/", NEW | changes)
    return {} if response.status_code == 302 else dict(response.context["form"].errors)


def test_a_course_begins_in_the_languages_of_its_titles(workshop: Workshop) -> None:
    assert begin(workshop.client("colleague")) == {}
    workspace = Workspace.objects.get(course_key="ledgers-at-work")
    assert (workspace.title, workspace.needs_review) == ({"en": "Ledgers at work"}, True)
    (member,) = workspace.members.all()
    assert (member.user, member.role) == (workshop.people["colleague"], "editor")
    assert workspace.head is not None
    found = draft(workspace.head)
    assert found.course is not None
    assert found.course.languages == ["en"]
    assert len(found.faults) == 1  # it has no exercise


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("course_key", "small-course"),
        ("course_key", "Small"),
        ("course_key", "new"),
        ("title_en", ""),
        ("organisation", "hillside"),
    ],
)
def test_a_course_needs_a_key_of_its_own_a_title_and_the_persons_organisation(
    workshop: Workshop, field: str, value: str
) -> None:
    make_organisation("hillside")
    assert list(begin(workshop.client("colleague"), **{field: value})) == [field]
    assert Workspace.objects.count() == 1


def test_an_organisation_that_waits_for_the_centre_has_no_courses(workshop: Workshop) -> None:
    workshop.organisation.verified_at = None
    workshop.organisation.save()
    assert workshop.client("colleague").get("/teach/new/").status_code == 404


def test_the_menu_leads_to_whom_it_concerns(workshop: Workshop) -> None:
    found = {
        who: 'href="/teach/"' in workshop.client(who).get("/learn/").content.decode()
        for who in ("reviewer", "colleague", "stranger")
    }
    assert found == {"reviewer": True, "colleague": True, "stranger": False}


def test_an_editor_lets_people_of_the_organisation_in_and_changes_their_roles(
    workshop: Workshop,
) -> None:
    editor, url = workshop.client("editor"), workshop.url("members/")
    stranger = {"email": "stranger@example.org", "role": "author"}
    assert "email" in editor.post(url, stranger).context["form"].errors
    colleague = {"email": "Colleague@example.org", "role": "author"}
    assert editor.post(url, colleague).status_code == 302
    assert workshop.client("colleague").get(workshop.url()).status_code == 200
    member = WorkspaceMember.objects.get(user=workshop.people["colleague"])
    assert editor.post(f"{url}{member.pk}/", {"role": "reviewer"}).status_code == 302
    assert workshop.client("colleague").get(workshop.url("modules/")).status_code == 404


def test_a_workspace_keeps_an_editor(workshop: Workshop) -> None:
    editor, url = workshop.client("editor"), workshop.url("members/")
    own = WorkspaceMember.objects.get(user=workshop.people["editor"])
    other = WorkspaceMember.objects.get(user=workshop.people["author"])
    editor.post(f"{url}{own.pk}/out/")
    editor.post(f"{url}{own.pk}/", {"role": "author"})
    own.refresh_from_db()
    assert own.role == "editor"
    editor.post(f"{url}{other.pk}/", {"role": "editor"})
    assert editor.post(f"{url}{own.pk}/out/").status_code == 302
    assert editor.get(workshop.url()).status_code == 404


def test_an_author_may_leave_and_send_nobody_away(workshop: Workshop) -> None:
    author, url = workshop.client("author"), workshop.url("members/")
    places = {one.user.email: one.pk for one in WorkspaceMember.objects.select_related("user")}
    assert author.post(f"{url}{places['reviewer@example.org']}/out/").status_code == 404
    assert author.post(f"{url}{places['author@example.org']}/out/").status_code == 302
    assert author.get(workshop.url()).status_code == 404


def test_who_left_the_organisation_is_a_stranger(workshop: Workshop) -> None:
    client = workshop.client("author")
    Membership.objects.filter(user=workshop.people["author"]).delete()
    assert client.get(workshop.url()).status_code == 404
    assert client.get("/learn/preview/small-course/blocks/").status_code == 404


def test_the_outline_is_changed_by_its_buttons(workshop: Workshop) -> None:
    client = workshop.client("author")
    client.post(workshop.url("modules/"), {"title_en": "Rules", "title_zh_hans": "规则"})
    client.post(
        workshop.url("modules/rules/lessons/"), {"title_en": "Who decides", "title_zh_hans": "谁定"}
    )
    client.post(workshop.url("lessons/02-chains/move/"), {"place": "rules:0"})
    client.post(workshop.url("lessons/02-chains/exercises/build/move/"), {"place": "01-blocks:"})
    client.post(workshop.url("modules/second/remove/"))
    client.post(workshop.url("modules/first/remove/"))  # it has a lesson: refused
    outline = outline_of(workshop.head)
    assert [module.key for module in outline.modules] == ["first", "rules"]
    lessons = [[one.folder for one in module.lessons] for module in outline.modules]
    assert lessons == [["01-blocks"], ["02-chains", "03-who-decides"]]
    assert [one.key for one in outline.modules[0].lessons[0].exercises][-1] == "build"
    page = client.get(workshop.url())
    rows = page.context["rows"][1].lessons
    assert [(row.up, row.down) for row in rows] == [("first:", "rules:1"), ("rules:0", "")]


def test_adopting_names_what_hinders_it(workshop: Workshop) -> None:
    workshop.workspace.members.all().delete()
    out = StringIO()

    def adopt(folder: str, editor: str = "editor@example.org", to: str = "lakeside") -> None:
        call_command("adopt", folder, "--organisation", to, "--editor", editor, stdout=out)

    make_person("nobody")
    for arguments in (
        (str(SMALL_COURSE.parent),),
        (str(SMALL_COURSE),),  # there is a workspace
        (str(SMALL_COURSE), "nobody@example.org"),
        (str(SMALL_COURSE), "editor@example.org", "hillside"),
    ):
        with pytest.raises(CommandError):
            adopt(*arguments)
    Workspace.objects.update(head=None, published=None)
    Workspace.objects.all().delete()
    adopt(str(SMALL_COURSE))
    made = Workspace.objects.get()
    assert made.published == made.head
    assert out.getvalue() == "small-course: a workspace of Lakeside University (published)\n"
