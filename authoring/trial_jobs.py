"""The work of trials: claimed under a lease, done outside any transaction, settled while it holds.

The row is the job. Whoever works holds a lease, which every answer that is graded prolongs; the end
of the lease is its token as well, no two are alike. What a killed worker had begun is begun anew,
at most `MOST_ATTEMPTS` times: a draft that kills its workers is given up.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from authoring.models import Trial
from authoring.trials import report_on

State = Trial.State

LEASE = datetime.timedelta(seconds=180)
"""How long a worker may be silent: longer than any answer takes, compilers included."""
MOST_ATTEMPTS = 3
KEPT = datetime.timedelta(days=30)
"""How long the reports of single exercises are kept; proofs stay with their revisions."""
BEAT = datetime.timedelta(seconds=1)
"""A report has hundreds of answers, of a few milliseconds each: so often they are written down."""

logger = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the trial over."""


def work(until: Callable[[], bool] = lambda: False) -> int:
    """Do one trial after another until none waits; how many there were."""
    forget_old()
    worked = 0
    while not until() and (trial := claim()) is not None:
        perform(trial)
        worked += 1
    return worked


def claim() -> Trial | None:
    """The oldest trial on which nobody works, under a lease; None when there is none."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    # Uses index: trial_unfinished.
    waiting = Trial.objects.filter(free, state__in=Trial.UNFINISHED).order_by("pk")
    for trial in waiting.select_related("revision__workspace")[:5]:
        seen = trial.lease_until
        trial.lease_until, trial.state = now + LEASE, State.WORKING
        # Of two workers that look at once, one finds the row as it was.
        same = Trial.objects.filter(pk=trial.pk, state__in=Trial.UNFINISHED, lease_until=seen)
        if not same.update(
            lease_until=trial.lease_until, state=trial.state, attempts=F("attempts") + 1, done=0
        ):
            continue
        trial.attempts, trial.done = trial.attempts + 1, 0
        if trial.attempts > MOST_ATTEMPTS or trial.revision is None:
            settle(trial, State.FAILED)
            continue
        return trial
    return None


def perform(trial: Trial) -> None:
    """Try what a claimed trial asks for, and settle it. Never raises for what the draft does."""
    revision = trial.revision
    assert revision is not None
    trial.digest = revision.digest
    try:
        report = report_on(trial, revision, lambda: beat(trial))
        settle(trial, State.DONE, report)
    except LeaseLost:
        logger.warning("trial_lease_lost", trial=str(trial.uuid))
    except OperationalError:
        raise  # the database is away: the lease ends and somebody takes it up again
    except Exception:
        logger.exception("trial_failed", trial=str(trial.uuid))
        settle(trial, State.FAILED)


def beat(trial: Trial) -> None:
    """One more answer was graded: now and then, prolong the lease. Raises `LeaseLost`."""
    trial.done += 1
    until = timezone.now() + LEASE
    if trial.lease_until is not None and until < trial.lease_until + BEAT:
        return
    if not _mine(trial).update(lease_until=until, done=trial.done):
        raise LeaseLost
    trial.lease_until = until


def settle(trial: Trial, state: str, report: dict[str, object] | None = None) -> None:
    """Write what came of it, if the lease is still ours."""
    trial.state, trial.report, trial.finished_at = state, report or {}, timezone.now()
    _mine(trial).update(
        state=state,
        report=trial.report,
        digest=trial.digest,
        done=trial.done,
        finished_at=trial.finished_at,
        lease_until=None,
    )
    trial.lease_until = None


def forget_old() -> None:
    """Delete reports of single exercises that nobody will look at any more."""
    old = Trial.objects.filter(finished_at__lt=timezone.now() - KEPT)
    old.exclude(purpose=Trial.Purpose.PROOF).delete()


def _mine(trial: Trial) -> QuerySet[Trial]:
    return Trial.objects.filter(pk=trial.pk, lease_until=trial.lease_until)
