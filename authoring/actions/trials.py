"""Having drafts tried."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authoring.models import Revision, Trial, Workspace
from authoring.trials import report_on

Purpose = Trial.Purpose


@transaction.atomic
def ask_trial(
    *,
    workspace: Workspace,
    revision: Revision,
    exercise_key: str,
    purpose: Trial.Purpose,
    by: User | None,
) -> Trial:
    """Have an exercise of a revision tried, or its mutants, by `manage.py author`.

    Effects, in order: earlier trials of the same that nobody has begun are taken back; the trial.
    One that is about the same files and not over yet is answered instead.
    """
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # two clicks are two requests
    # Uses index: of workspace, exercise and purpose.
    own = Trial.objects.filter(workspace=workspace, exercise_key=exercise_key, purpose=purpose)
    unfinished = own.filter(state__in=Trial.UNFINISHED)
    same = unfinished.filter(digest=revision.digest).order_by("-pk").first()
    if same is not None:
        return same
    unfinished.filter(state=Trial.State.WAITING).delete()
    return Trial.objects.create(
        workspace=workspace,
        revision=revision,
        digest=revision.digest,
        exercise_key=exercise_key,
        purpose=purpose,
        asked_by=by,
    )


def ask_proof(*, workspace: Workspace, revision: Revision, by: User | None) -> Trial:
    """Have every exercise of a revision proved; as `ask_trial`."""
    return ask_trial(
        workspace=workspace, revision=revision, exercise_key="", purpose=Purpose.PROOF, by=by
    )


def try_now(
    *, workspace: Workspace, revision: Revision, exercise_key: str, by: User | None
) -> Trial:
    """Try an exercise of a fast kind at once; the trial is over when this returns. Effect: its row.

    Loaded on the revision: the workspace.
    """
    trial = Trial(
        workspace=workspace,
        revision=revision,
        digest=revision.digest,
        exercise_key=exercise_key,
        purpose=Purpose.TRY,
        asked_by=by,
        state=Trial.State.DONE,
    )
    trial.report = report_on(trial, revision, lambda: None)
    trial.finished_at = timezone.now()
    trial.save()
    return trial
