"""Exercises of a release as items of the bank."""

from __future__ import annotations

from authoring.models import BankItem, Revision, Workspace
from courses.publishing.ready import ReadyCourse, ReadyExercise
from courses.search import terms


def fill_bank(*, workspace: Workspace, revision: Revision, ready: ReadyCourse) -> int:
    """Make the exercises of a release items, in the caller's transaction; how many are new.

    A version that was there already stays as it is; older versions are no longer current.
    """
    items = [
        _item(workspace, revision, ready, exercise)
        for lesson in ready.lessons
        for exercise in lesson.exercises
    ]
    own = BankItem.objects.filter(workspace=workspace)
    known = set(own.values_list("exercise_key", "digest"))
    new = [item for item in items if (item.exercise_key, item.digest) not in known]
    own.update(is_current=False)
    BankItem.objects.bulk_create(new, ignore_conflicts=True)
    own.filter(digest__in=[item.digest for item in items]).update(is_current=True)
    return len(new)


def _item(
    workspace: Workspace, revision: Revision, ready: ReadyCourse, exercise: ReadyExercise
) -> BankItem:
    files = exercise.files
    return BankItem(
        workspace=workspace,
        exercise_key=files.key,
        digest=exercise.digest,
        revision=revision,
        folder=f"{files.folder.parent.name}/{files.folder.name}",
        kind=files.kind,
        title=files.title,
        competencies=files.competencies,
        languages=ready.files.languages,
        search_text=_search_text(exercise),
    )


def _search_text(exercise: ReadyExercise) -> str:
    """Terms between spaces, as `courses.search.pattern` looks for them."""
    files = exercise.files
    words = [
        files.key.replace("-", " "),
        *files.title.values(),
        *files.competencies,
        *(text.source for text in files.statement.values()),
    ]
    return f" {' '.join(terms(' '.join(words)))} "
