"""Beginning to write a course, from nothing or from its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Organisation, User
from authoring.actions.files import first_revision
from authoring.laying import draft
from authoring.models import Revision, Workspace, WorkspaceMember
from authoring.starting import first_files
from authoring.types import KeyTaken
from courses.models import Course, Release
from courses.publishing.files import Texts


@transaction.atomic
def create_workspace(
    *,
    by: User,
    organisation: Organisation,
    course_key: str,
    title: Texts,
    languages: Sequence[str],
    needs_review: bool = True,
) -> Workspace:
    """Begin a course: a course.toml, one module and one lesson that load without a fault.

    Effects, in order: the workspace, the person as its editor, the first revision. Raises
    `KeyTaken` where a workspace or a published course has the key.
    """
    if Course.objects.filter(key=course_key).exists():
        raise KeyTaken(course_key)
    files = first_files(course_key, title, languages, organisation)
    workspace = _workspace(by, organisation, course_key, needs_review=needs_review)
    first_revision(workspace=workspace, by=by, files=files, origin=Revision.Origin.BROWSER)
    return workspace


@transaction.atomic
def adopt_course(*, folder: Path, organisation: Organisation, by: User) -> Workspace:
    """Go on writing a course that is published from a folder of files.

    Effects, in order: the workspace, the person as its editor, a first revision of the folder's
    files, which is what learners study where it makes the course's current release. Raises
    `KeyTaken` where a workspace has the key, `BadPath` or `TooLarge`.
    """
    files = files_in_folder(folder)
    workspace = _workspace(by, organisation, folder.name, needs_review=True)
    head = first_revision(workspace=workspace, by=by, files=files, origin=Revision.Origin.ARCHIVE)
    made = draft(head).ready
    current = Release.objects.filter(course__key=folder.name, course__current=F("pk")).first()
    if made is not None and current is not None and current.digest == made.digest:
        workspace.published = head
        workspace.save(update_fields=["published"])
    return workspace


def files_in_folder(folder: Path) -> dict[str, bytes]:
    """Path → bytes of the files of a course, without hidden ones and what Python left there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    }


def _workspace(
    by: User, organisation: Organisation, course_key: str, *, needs_review: bool
) -> Workspace:
    """A workspace without files, with its editor."""
    try:
        with transaction.atomic():
            workspace = Workspace.objects.create(
                course_key=course_key,
                organisation=organisation,
                needs_review=needs_review,
                created_by=by,
            )
    except IntegrityError as error:
        raise KeyTaken(course_key) from error
    WorkspaceMember.objects.create(workspace=workspace, user=by, role=WorkspaceMember.Role.EDITOR)
    return workspace
