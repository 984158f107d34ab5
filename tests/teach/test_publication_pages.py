"""The pages on which a course is published, and what learners see of it."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from authoring.actions import write_files
from authoring.models import Arrival, Remark, Revision, Trial, UploadToken, Workspace
from authoring.queries import file_of, files_of
from authoring.tokens import make_token, revoke
from courses.actions import enrol
from courses.models import Enrolment, PolicyReport, Release
from tests.courses.publishing import SMALL_COURSE
from tests.people import make_person
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db

LESSON = "01-blocks/lesson.en.md"
NOTES = {"notes_en": "Said better.", "notes_zh_hans": "说得更清楚。"}
ADVERT = "Sign up at Binance with our referral code."


def write(workshop: Workshop, path: str, text: str, *, by: str = "author") -> Revision:
    return write_files(
        workspace=workshop.workspace,
        by=workshop.people[by],
        changes={path: text.encode()},
        base=workshop.head.number,
    )


def text_of(workshop: Workshop, path: str = LESSON) -> str:
    return (file_of(workshop.head, path) or b"").decode()


def edit(workshop: Workshop, add: str = "One more sentence.", *, by: str = "author") -> Revision:
    return write(workshop, LESSON, f"{text_of(workshop)}\n{add}\n", by=by)


def post(client: Client, workshop: Workshop, tail: str, **fields: object) -> int:
    return client.post(workshop.url(f"publish/{tail}/"), fields).status_code


def archive_of(files: dict[str, bytes], comment: bytes = b"") -> SimpleUploadedFile:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.comment = comment
        for path, contents in files.items():
            archive.writestr(f"small-course/{path}", contents)
    return SimpleUploadedFile("course.zip", data.getvalue())


def test_from_a_draft_to_a_release_and_to_the_learner(workshop: Workshop) -> None:
    editor, reviewer = workshop.client("editor"), workshop.client("reviewer")
    learner = make_person("learner")
    enrolment = enrol(user=learner, course=workshop.course)
    edit(workshop)
    number = workshop.head.number
    page = editor.get(workshop.url("publish/")).content.decode()
    assert page.count("still to do") == 3
    assert "disabled" in page
    assert post(editor, workshop, "proof") == 302
    assert "waits for its turn" in editor.get(workshop.url("publish/proof/state/")).content.decode()
    call_command("author", "--once")
    assert Trial.objects.get().holds
    answer = editor.get(workshop.url("publish/proof/state/"), headers={"HX-Request": "true"})
    assert "hx-trigger" not in answer.content.decode()
    assert 'id="step-proof" hx-swap-oob="true"' in answer.content.decode()
    assert post(editor, workshop, "notes", for_learners="offered", **NOTES) == 302
    assert post(reviewer, workshop, "remark", kind="back", number=number, text="") == 422
    assert post(reviewer, workshop, "remark", kind="consent", number=number, text="") == 302
    page = editor.get(workshop.url("publish/")).content.decode()
    assert "still to do" not in page
    assert "1 learner is in the middle" in page
    assert post(editor, workshop, "release", number=number) == 302
    assert Release.objects.filter(course=workshop.course).count() == 2

    client = Client()
    client.force_login(learner)
    page = client.get("/courses/small-course/").content.decode()
    assert "Said better." in page
    assert "clean, " in page
    page = client.get("/courses/small-course/newer/").content.decode()
    assert "You study release 1. The newest one is 2." in page
    assert client.post("/courses/small-course/newer/").status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.release.number == 2
    assert client.get("/courses/small-course/newer/").status_code == 404
    assert "The rules" in Client().get("/courses/small-course/policy/").content.decode()


def test_what_is_missing_is_said_and_nothing_is_published(workshop: Workshop) -> None:
    editor = workshop.client("editor")
    edit(workshop)
    answer = editor.post(
        workshop.url("publish/release/"), {"number": workshop.head.number}, follow=True
    )
    assert "something is still to be done" in answer.content.decode()
    assert post(editor, workshop, "release", number=1) == 302
    assert Release.objects.count() == 1


def test_a_finding_is_answered_for_by_a_second_person(workshop: Workshop) -> None:
    edit(workshop, "\nLarge exchanges such as Coinbase keep keys.", by="editor")
    reviewer = workshop.client("reviewer")
    page = reviewer.get(workshop.url("publish/")).content.decode()
    assert "Large exchanges such as Coinbase keep keys." in page
    meant = {
        "file": LESSON,
        "rule": "exchange",
        "excerpt": "Large exchanges such as Coinbase keep keys.",
    }
    assert (
        post(workshop.client("editor"), workshop, "override", **meant, reason="It is mine.") == 302
    )
    assert post(reviewer, workshop, "override", **meant, reason="No") == 302
    assert (
        post(reviewer, workshop, "override", **{**meant, "rule": "price"}, reason="Gone by.") == 302
    )
    assert not workshop.workspace.overrides.exists()
    assert post(reviewer, workshop, "override", **meant, reason="It tells history.") == 302
    assert "Reviewer answers for it" in reviewer.get(workshop.url("publish/")).content.decode()


def test_remarks_make_a_thread(workshop: Workshop) -> None:
    assert (
        post(workshop.client("author"), workshop, "remark", kind="comment", number=1, text="Hm.")
        == 302
    )
    page = workshop.client("reviewer").get(workshop.url("publish/")).content.decode()
    assert "Hm." in page
    assert Remark.objects.get().number == 1


def test_the_page_costs_the_same_for_many_remarks(
    workshop: Workshop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = workshop.client("editor")
    client.get(workshop.url("publish/"))
    costs = []
    for _ in range(2):
        for number in range(2):
            post(client, workshop, "remark", kind="comment", number=1, text=f"Say {number}.")
        with django_assert_max_num_queries(40) as counted:
            client.get(workshop.url("publish/"))
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_manage_publish_refuses_an_advert_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(SMALL_COURSE, tmp_path / "small-course"))
    lesson = folder / LESSON
    lesson.write_text(f"{lesson.read_text(encoding='utf-8')}\n{ADVERT}\n", encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("publish", str(folder), stderr=err)
    line = lesson.read_text(encoding="utf-8").split("\n").index(ADVERT) + 1
    assert err.getvalue().startswith(f"{lesson}:{line}: Policy, exchange: “{ADVERT}”")
    assert not Release.objects.exists()
    (folder / "policy-overrides.toml").write_text(
        f'[[overrides]]\nrule = "exchange"\nfile = "{LESSON}"\nexcerpt = "{ADVERT}"\n'
        'reason = "A warning in the making."\nby = "Li"\ndate = 2026-11-24\n'
    )
    call_command("publish", str(folder), stdout=io.StringIO())
    assert PolicyReport.objects.get().overridden[0]["reason"] == "A warning in the making."


class TestFiles:
    def test_an_archive_is_the_same_bytes_and_comes_back_unchanged(
        self, workshop: Workshop
    ) -> None:
        client = workshop.client("author")
        data = client.get(workshop.url("files/archive/")).content
        assert data == client.get(workshop.url("files/archive/?revision=1")).content
        sent = SimpleUploadedFile("course.zip", data)
        answer = client.post(workshop.url("files/upload/"), {"archive": sent}, follow=True)
        assert "Nothing: the course has all of this already." in answer.content.decode()

    def test_what_comes_is_shown_before_it_is_taken(self, workshop: Workshop) -> None:
        client = workshop.client("author")
        files = files_of(workshop.head)
        files["figures/note.txt"] = b"new\n"
        del files["01-blocks/word/statement.en.md"]
        answer = client.post(
            workshop.url("files/upload/"), {"archive": archive_of(files)}, follow=True
        )
        page = answer.content.decode()
        assert "figures/note.txt" in page
        assert "01-blocks/word/statement.en.md" in page
        assert workshop.head.number == 1
        assert client.post(answer.redirect_chain[-1][0]).status_code == 302
        assert files_of(workshop.head) == files
        assert workshop.head.origin == Revision.Origin.ARCHIVE
        assert not Arrival.objects.exists()

    def test_others_changes_are_kept_and_clashes_are_decided_by_a_person(
        self, workshop: Workshop
    ) -> None:
        client = workshop.client("author")
        files = files_of(workshop.head)
        mine = text_of(workshop).replace("# ", "# Mine: ", 1)
        files[LESSON] = mine.encode()
        sent = archive_of(files, b"chainwright revision 1")
        write(workshop, LESSON, text_of(workshop).replace("# ", "# Theirs: ", 1), by="editor")
        write(workshop, "01-blocks/word/statement.en.md", "Theirs.\n", by="editor")
        answer = client.post(workshop.url("files/upload/"), {"archive": sent}, follow=True)
        url = answer.redirect_chain[-1][0]
        answer = client.post(url)
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "# Mine: " in page
        assert "# Theirs: " in page
        form = {"merging": "1", "base": workshop.head.number, f"text:{LESSON}": "<<<<<<<\n"}
        assert client.post(url, form).status_code == 422
        form[f"text:{LESSON}"] = "# Ours\n"
        assert client.post(url, form).status_code == 302
        assert text_of(workshop) == "# Ours\n"
        assert text_of(workshop, "01-blocks/word/statement.en.md") == "Theirs.\n"

    def test_archives_that_are_none_are_refused(self, workshop: Workshop) -> None:
        client = workshop.client("author")
        for data in (b"", b"PK\x03\x04 broken", archive_of({"../a": b"x"}).read()):
            sent = SimpleUploadedFile("course.zip", data)
            answer = client.post(workshop.url("files/upload/"), {"archive": sent})
            assert answer.status_code == 422
        sent = archive_of({"01-a/lesson.en.md": b"# A\n"})
        answer = client.post(workshop.url("files/upload/"), {"archive": sent})
        assert "There is no course.toml" in answer.content.decode()
        assert not Arrival.objects.exists()

    def test_git_is_refused_where_no_host_is_allowed(
        self, workshop: Workshop, settings: Settings
    ) -> None:
        client = workshop.client("editor")
        assert "GIT_HOSTS" in client.get(workshop.url("files/")).content.decode()
        fields = {"url": "https://git.example.org/a.git", "branch": "", "folder": ""}
        assert client.post(workshop.url("files/git/"), fields).status_code == 302
        answer = client.post(workshop.url("files/git/fetch/"), follow=True)
        assert "not on the list" in answer.content.decode()


class TestPrograms:
    URL = "/api/teach/v1/small-course/files"

    def send(
        self, workshop: Workshop, text: str, base: object, data: bytes
    ) -> tuple[int, dict[str, object]]:
        answer = Client().post(
            f"{self.URL}?base={base}",
            data,
            content_type="application/zip",
            headers={"Authorization": f"Bearer {text}"},
        )
        return answer.status_code, json.loads(answer.content)

    def token(self, workshop: Workshop, who: str = "author") -> tuple[UploadToken, str]:
        return make_token(
            workspace=workshop.workspace, user=workshop.people[who], name="CI", days=1
        )

    def test_a_program_sends_files_and_they_are_a_revision(self, workshop: Workshop) -> None:
        _token, text = self.token(workshop)
        files = files_of(workshop.head)
        files[LESSON] += b"\nFrom CI.\n"
        status, said = self.send(workshop, text, 1, archive_of(files).read())
        assert (status, said) == (200, {"revision": 2, "changed": [LESSON]})
        assert workshop.head.origin == Revision.Origin.UPLOAD
        assert workshop.head.by == workshop.people["author"]
        assert UploadToken.objects.get().last_used_at is not None
        assert text not in str(UploadToken.objects.values())

    def test_a_program_fetches_what_it_will_write_on(self, workshop: Workshop) -> None:
        _token, text = self.token(workshop)
        headers = {"Authorization": f"Bearer {text}"}
        answer = Client().get(self.URL, headers=headers)
        assert answer["X-Revision"] == "1"
        assert (
            answer.content == workshop.client("author").get(workshop.url("files/archive/")).content
        )
        assert Client().get(self.URL).status_code == 401

    def test_it_overwrites_nobody(self, workshop: Workshop) -> None:
        _token, text = self.token(workshop)
        files = files_of(workshop.head)
        files[LESSON] = text_of(workshop).replace("# ", "# Mine: ", 1).encode()
        write(workshop, LESSON, text_of(workshop).replace("# ", "# Theirs: ", 1), by="editor")
        status, said = self.send(workshop, text, 1, archive_of(files).read())
        assert (status, said["head"], said["conflicts"]) == (409, 2, [LESSON])
        assert "# Theirs: " in text_of(workshop)

    def test_what_is_no_token_opens_nothing(self, workshop: Workshop) -> None:
        token, text = self.token(workshop)
        data = archive_of(files_of(workshop.head)).read()
        assert self.send(workshop, "cwu_forged", 1, data)[0] == 401
        assert self.send(workshop, text, "", data)[0] == 422
        assert self.send(workshop, text, 1, b"no archive")[0] == 422
        workshop.workspace.members.filter(user=token.user).delete()
        assert self.send(workshop, text, 1, data)[0] == 401
        token, text = self.token(workshop, "editor")
        revoke(token)
        assert self.send(workshop, text, 1, data)[0] == 401
        assert workshop.head.number == 1

    def test_a_token_is_shown_once_and_revoked(self, workshop: Workshop) -> None:
        client = workshop.client("author")
        page = client.post(workshop.url("files/tokens/"), {"name": "CI", "days": 30})
        token = UploadToken.objects.get()
        assert page.content.decode().count(token.beginning) == 2
        assert client.get(workshop.url("files/")).content.decode().count(token.beginning) == 1
        url = workshop.url(f"files/tokens/{token.uuid}/revoke/")
        assert workshop.client("reviewer").post(url).status_code == 404
        assert client.post(url).status_code == 302
        token.refresh_from_db()
        assert token.revoked_at is not None


class TestCommand:
    """`manage.py publish` on a course that is written in a workspace."""

    def publish(self, folder: Path) -> list[str]:
        out = io.StringIO()
        call_command("publish", str(folder), stdout=out)
        return [line for line in out.getvalue().splitlines() if line.startswith("course")]

    @pytest.fixture
    def folder(self, workshop: Workshop, tmp_path: Path) -> Path:
        return Path(shutil.copytree(SMALL_COURSE, tmp_path / "small-course"))

    def test_what_is_published_there_is_published_again(
        self, workshop: Workshop, folder: Path
    ) -> None:
        assert self.publish(folder) == ["course small-course: unchanged, release 1 stays"]

    def test_new_files_go_to_the_workspace_and_wait(self, workshop: Workshop, folder: Path) -> None:
        edit(workshop, "In the browser.")
        statement = folder / "01-blocks/word/statement.en.md"
        statement.write_text("Another.\n", encoding="utf-8")
        assert self.publish(folder) == [
            "course small-course: sent to its workspace as revision 3; publish it there"
        ]
        assert "In the browser." in text_of(workshop)
        assert text_of(workshop, "01-blocks/word/statement.en.md") == "Another.\n"
        assert Release.objects.count() == 1
        assert Workspace.objects.get().published == workshop.workspace.published

    def test_a_workspace_that_has_them_already_stays(
        self, workshop: Workshop, folder: Path
    ) -> None:
        head = edit(workshop)
        workshop.workspace.published = head
        workshop.workspace.save()
        assert self.publish(folder) == [
            "course small-course: its workspace has these files, as revision 1"
        ]

    def test_a_clash_is_refused_with_what_to_do(self, workshop: Workshop, folder: Path) -> None:
        written = text_of(workshop)
        write(workshop, LESSON, written.replace("# ", "# Theirs: ", 1))
        mine = written.replace("# ", "# Mine: ", 1)
        (folder / LESSON).write_text(mine, encoding="utf-8")
        err = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("publish", str(folder), stderr=err)
        assert err.getvalue().startswith(f"{folder / LESSON}:1: Somebody changed this file")
        assert text_of(workshop) == written.replace("# ", "# Theirs: ", 1)
        assert not Enrolment.objects.exists()
