"""Trials and their reports."""

from __future__ import annotations

from authoring.models import Revision, Trial, Workspace
from authoring.trials import digest_of_exercise


def proof_of(revision: Revision) -> Trial | None:
    """The latest proof of exactly these files, whether it is over or not. 1 query."""
    found = Trial.objects.filter(
        workspace_id=revision.workspace_id,
        exercise_key="",
        purpose=Trial.Purpose.PROOF,
        digest=revision.digest,
    )
    return found.order_by("-pk").first()


def latest_trial(workspace: Workspace, exercise_key: str, purpose: Trial.Purpose) -> Trial | None:
    """The latest trial of an exercise; it may be about files that have changed since. 1 query."""
    found = Trial.objects.filter(workspace=workspace, exercise_key=exercise_key, purpose=purpose)
    return found.select_related("asked_by").order_by("-pk").first()


def is_about(trial: Trial, revision: Revision) -> bool:
    """Whether the report of an exercise is about its files as they are in a revision. No query."""
    files = trial.report.get("files")
    return files is None or files == digest_of_exercise(revision, trial.exercise_key)


def trials_ahead_of(trial: Trial) -> int:
    """How many unfinished trials are before it. 1 query."""
    # Uses index: trial_unfinished.
    return Trial.objects.filter(state__in=Trial.UNFINISHED, pk__lt=trial.pk).count()
