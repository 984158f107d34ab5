"""Comparisons of programs that an editor asked for. The row is the job."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from analysis.models import Comparison
from analysis.winnowing import Prints, alike, prints_of
from exercises.contract.plan import LANGUAGES
from grading.models import Body, Submission

LEASE = datetime.timedelta(minutes=10)
MOST_COMPARED = 2_000
"""The latest programs: one of each learner, the last that they handed in."""

State = Comparison.State


def compare_waiting() -> bool:
    """Do one comparison that waits, or whose worker was lost; False when there is none.

    Effects: the row, with its pairs.
    """
    job = _claim()
    if job is None:
        return False
    latest = (
        Submission.objects.filter(
            version__exercise=job.exercise_id,
            purpose=Submission.Purpose.TRY,
            state=Submission.State.DONE,
            progress__enrolment__user__erased_at=None,
        )
        .order_by()
        .values("progress")
        .annotate(latest=Max("pk"))
        .order_by("-latest")
        .values_list("latest", flat=True)[:MOST_COMPARED]
    )
    rows = Body.objects.filter(pk__in=list(latest)).values_list(
        "pk", "answer", "submission__version__spec"
    )
    groups: dict[str, dict[int, Prints]] = {}
    starters: dict[str, Prints] = {}
    for pk, answer, spec in rows.iterator(chunk_size=200):
        if not answer.get("files"):
            continue
        language = language_of(answer)
        groups.setdefault(language, {})[pk] = prints_of(whole(answer["files"]), language)
        if language not in starters:
            starters[language] = prints_of(whole(starter_of(spec, answer)), language)
    job.pairs = [
        asdict(pair)
        for language, programs in groups.items()
        for pair in alike(programs, starters[language])
    ]
    job.compared = sum(len(programs) for programs in groups.values())
    job.state, job.finished_at, job.lease_until = State.DONE, timezone.now(), None
    job.save(update_fields=["pairs", "compared", "state", "finished_at", "lease_until"])
    return True


def whole(files: Mapping[str, str]) -> str:
    """All files of a program as one text, in the order of their names."""
    return "\n".join(files[name].rstrip("\n") + "\n" for name in sorted(files))


def language_of(answer: Mapping[str, Any]) -> str:
    """The name that Pygments has for the language of a program."""
    language = str(answer.get("language", "python"))
    return language if language in LANGUAGES else "python"


def starter_of(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, str]:
    """The files that the learner began with."""
    starter: Mapping[str, Any] = spec["starter"]
    return starter[answer["language"]] if "language" in answer else starter


@transaction.atomic
def _claim() -> Comparison | None:
    now = timezone.now()
    waiting = Comparison.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(state=State.WAITING) | Q(state=State.WORKING, lease_until__lt=now)
    )
    job = waiting.order_by("pk").first()
    if job is not None:
        job.state, job.lease_until = State.WORKING, now + LEASE
        job.save(update_fields=["state", "lease_until"])
    return job
