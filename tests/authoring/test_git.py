"""A course that is kept in a real git repository, fetched into its workspace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from authoring.actions import write_files
from authoring.actions.arrivals import connect_git, fetch_git, take
from authoring.models import Arrival, GitSource
from authoring.queries import files_of
from authoring.types import NoCourse
from tests.courses.publishing import SMALL_COURSE
from tests.sandbox.test_git import commit, git
from tests.teach.workshop import Workshop, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "courses"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    shutil.copytree(SMALL_COURSE, folder / "small")
    commit(folder)
    return folder


def test_each_commit_is_taken_on_the_one_before(repository: Path, db: None) -> None:
    workshop = make_workshop()
    workspace, author = workshop.workspace, workshop.people["author"]
    connect_git(workspace=workspace, url=f"file://{repository}", branch="", folder="small")

    def fetch() -> Arrival | None:
        source = GitSource.objects.get()
        return fetch_git(source=source, by=author, hosts={""}, schemes=("file",))

    first = fetch()
    assert first is not None
    take(arrival=first, by=author)
    assert workshop.head.number == 1  # the same files
    assert fetch() is None

    lesson = repository / "small" / "01-blocks" / "lesson.en.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nFrom git.\n", encoding="utf-8")
    commit(repository)
    write_files(
        workspace=workspace,
        by=author,
        changes={"01-blocks/word/statement.en.md": b"In the browser.\n"},
        base=1,
    )
    second = fetch()
    assert second is not None
    made = take(arrival=second, by=author)
    files = files_of(made)
    assert files["01-blocks/lesson.en.md"] == lesson.read_bytes()
    assert files["01-blocks/word/statement.en.md"] == b"In the browser.\n"
    assert GitSource.objects.get().base == made.number

    connect_git(workspace=workspace, url=f"file://{repository}", branch="", folder="")
    with pytest.raises(NoCourse):
        fetch_again(workshop)


def fetch_again(workshop: Workshop) -> None:
    """With course.toml two folders down: there is none at the top of the archive."""
    source = GitSource.objects.get()
    folder = Path(source.url.removeprefix("file://"))
    (folder / "README.md").write_text("Courses.\n")
    commit(folder)
    fetch_git(source=source, by=workshop.people["author"], hosts={""}, schemes=("file",))
