"""The work of regrades: gather, judge, apply. Grading workers do it when no learner waits.

The rows are the job. Every step is small and leaves what a worker that dies had not finished to the
next one: items are judged under a lease or within one transaction, and applied one by one, each
with the mark that it was in the transaction that moves the credit.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from courses.models import ExerciseVersion
from exercises.registry import kind_named
from exercises.texts import storable
from exercises.types import Outcome, Tools, Verdict
from exercises.verdicts import from_json, pack_transcripts, to_json, unpack_transcripts
from grading import audit
from grading.models import Notice, RegradeBatch, RegradeItem, Submission
from grading.regrading import lowers, regrade
from grading.states import judge, lease

State = RegradeBatch.State
ItemState = RegradeItem.State

GATHERED = 500
JUDGED = 50
APPLIED = 20
"""Most tries of one step: a learner who hands in meanwhile waits for its end."""
MOST_MOVES = 40
"""Most different changes that a preview lists."""
ERROR_LENGTH = 2000

logger = structlog.get_logger(__name__)


def step(*, most_applied: int = APPLIED) -> bool:
    """Do one small step of the oldest regrade that can be worked on; False when there is none.

    Slow kinds are judged by `claim` and `settle`, for they need boxes.
    """
    for batch in _worked_on():
        if not batch.is_gathered:
            _gather(batch)
            return True
        if _waiting(batch).exists():
            if kind_named(batch.version.kind).slow:
                continue  # some are being judged, here or elsewhere
            _judge_quick(batch)
            return True
        if batch.state == State.JUDGING:
            _present(batch)
        elif not _apply(batch, most_applied):
            if _unapplied(batch).exists():
                continue  # other workers are at the last ones
            _finish(batch)
        return True
    return False


def claim(missing: Collection[str] = ()) -> RegradeItem | None:
    """Take a try of a slow kind to judge, with its submission, body and version; None when there is
    none. One whose lease has ended counts a loss, and breaks at `GRADING_MAX_LOSSES`."""
    for batch in _worked_on():
        if not batch.is_gathered or not kind_named(batch.version.kind).slow:
            continue
        free = _waiting(batch).filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
        rows = free.exclude(submission__engine__in=[*missing]).order_by("pk")
        for item in rows.select_related("submission__body")[:JUDGED]:
            if _take(item):
                item.batch = batch
                return item
    return None


def extend(item: RegradeItem) -> bool:
    """Move the end of the lease; False when it is no longer ours."""
    return bool(_held(item).update(lease_until=Now() + lease()))


def release(item: RegradeItem) -> bool:
    """Leave it to another worker, without a loss."""
    return bool(_held(item).update(lease_token=None, lease_until=None))


def settle(item: RegradeItem, verdict: Verdict, *, engine: str) -> bool:
    """Write what a try would earn while the lease is ours; nothing changes for its learner."""
    _judge(item, verdict, item.batch.version, engine)
    return bool(_held(item).update(**_columns(item), lease_token=None, lease_until=None))


def break_off(item: RegradeItem, error: str) -> bool:
    """A try that cannot be judged keeps what it has."""
    logger.error("regrade_broken", submission=str(item.submission.uuid), error=error)
    told = {"state": ItemState.BROKEN, "error": error[:ERROR_LENGTH]}
    return bool(_held(item).update(**told, lease_token=None, lease_until=None))


def _worked_on() -> QuerySet[RegradeBatch]:
    # Uses index: regrade_worked_on.
    batches = RegradeBatch.objects.filter(state__in=RegradeBatch.WORKED_ON)
    return batches.select_related("version", "applied_by").order_by("pk")


def _waiting(batch: RegradeBatch) -> QuerySet[RegradeItem]:
    # Uses index: regrade_item_waiting.
    return RegradeItem.objects.filter(batch=batch, state=ItemState.WAITING)


def _held(item: RegradeItem) -> QuerySet[RegradeItem]:
    return RegradeItem.objects.filter(
        pk=item.pk, state=ItemState.WAITING, lease_token=item.lease_token
    )


def _take(item: RegradeItem) -> bool:
    """Whether the item is ours now: nobody has taken it since it was read."""
    losses = item.losses + int(item.lease_until is not None)
    if losses >= settings.GRADING_MAX_LOSSES:
        break_off(item, "every worker that judged it was lost")
        return False
    token = uuid.uuid4()
    taken = _held(item).update(lease_token=token, lease_until=Now() + lease(), losses=losses)
    item.lease_token = token
    return bool(taken)


@transaction.atomic
def _gather(batch: RegradeBatch) -> None:
    """Make items for the next tries. Those that are not judged keep what they have: they count for
    what a learner has in the end."""
    # Uses index: submission_version; regrade_item_once.
    tries = Submission.objects.filter(
        version__exercise=batch.exercise_id,
        purpose=Submission.Purpose.TRY,
        state=Submission.State.DONE,
        pk__gt=batch.gathered_to,
    ).exclude(regrade_items__batch=batch)
    overridden = Q(overrides__isnull=False, overrides__withdrawn_at=None)
    found = list(
        tries.annotate(by_hand=Count("overrides", filter=overridden)).order_by("pk")[:GATHERED]
    )
    judged = set(batch.judged_versions)
    RegradeItem.objects.bulk_create(
        [
            RegradeItem(
                batch=batch,
                submission=one,
                state=ItemState.WAITING
                if one.version_id in judged and not one.by_hand
                else ItemState.KEPT,
                outcome_before=one.outcome,
                credit_before=one.credit,
                outcome_after=one.outcome,
                credit_after=one.credit,
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    own = RegradeBatch.objects.filter(pk=batch.pk, gathered_to=batch.gathered_to)
    if found:
        own.update(gathered_to=found[-1].pk)
    else:
        own.update(is_gathered=True)


def _judge_quick(batch: RegradeBatch) -> None:
    """Judge some tries of a kind that needs no box."""
    for item in _waiting(batch).select_related("submission__body").order_by("pk")[:JUDGED]:
        try:
            verdict = verdict_of(item, batch.version, Tools())
        except Exception as error:  # noqa: BLE001  # a key that does not fit charges nobody
            break_off(item, f"{type(error).__name__}: {error}")
            continue
        if verdict is None:
            keep(item)
            continue
        _judge(item, verdict, batch.version, engine="")
        _held(item).update(**_columns(item))


def verdict_of(item: RegradeItem, version: ExerciseVersion, tools: Tools) -> Verdict | None:
    """What `version` says of a stored answer; None where the answer is no longer kept."""
    submission = item.submission
    body = getattr(submission, "body", None)
    if body is None or not body.answer:
        return None
    kind = kind_named(version.kind)
    return kind.grade(version.spec, kind.vary(version.spec, submission.seed), body.answer, tools)


def keep(item: RegradeItem) -> bool:
    """Leave a try as it is: there is nothing to judge."""
    return bool(_held(item).update(state=ItemState.KEPT, lease_token=None, lease_until=None))


def _judge(item: RegradeItem, verdict: Verdict, version: ExerciseVersion, engine: str) -> None:
    """Put what a try would earn into the fields of its item. Writes nothing."""
    submission = item.submission
    judge(submission, verdict, version=version)
    item.state = ItemState.JUDGED
    item.outcome_after, item.credit_after = submission.outcome, submission.credit
    item.is_lower = lowers(
        item.credit_before, item.outcome_before, item.credit_after, item.outcome_after
    )
    told = to_json(verdict)
    told.pop("transcripts", None)
    item.verdict = storable(told)
    item.packed = pack_transcripts(verdict.transcripts) if verdict.transcripts else None
    item.engine = engine


def _columns(item: RegradeItem) -> dict[str, Any]:
    names = ("state", "outcome_after", "credit_after", "is_lower", "verdict", "packed", "engine")
    return {name: getattr(item, name) for name in names}


def _present(batch: RegradeBatch) -> None:
    """All is judged: show what would happen."""
    own = RegradeBatch.objects.filter(pk=batch.pk, state=State.JUDGING)
    own.update(state=State.READY, preview=summary(batch))


def summary(batch: RegradeBatch) -> dict[str, Any]:
    """What the items come to: `tries`, of them `kept` and `broken`; for `free` and `never_lower`
    the `learners`, how many `gain` and `lose`, how many more or fewer `passes`, and `moves`:
    [hundredths before, after, learners], of the exercise's best, the most frequent first."""
    items = RegradeItem.objects.filter(batch=batch)
    states = dict(items.values_list("state").annotate(Count("pk")).order_by())
    return {
        "tries": sum(states.values()),
        "kept": states.get(ItemState.KEPT, 0),
        "broken": states.get(ItemState.BROKEN, 0),
        "free": _moves(items, never_lower=False),
        "never_lower": _moves(items, never_lower=True),
    }


def _moves(items: QuerySet[RegradeItem], *, never_lower: bool) -> dict[str, Any]:
    """What a learner has is the best of all tries."""
    stays = Q(is_lower=True) if never_lower else Q(pk=None)
    credit = Case(When(stays, then=F("credit_before")), default=F("credit_after"))
    outcome = Case(When(stays, then=F("outcome_before")), default=F("outcome_after"))
    passed = Value(Outcome.PASSED.value)
    learners = (
        items.annotate(credit_then=credit, outcome_then=outcome)
        .values("submission__progress")
        .annotate(
            before=Max("credit_before"),
            after=Max("credit_then"),
            passed_before=Count("pk", filter=Q(outcome_before=passed)),
            passed_after=Count("pk", filter=Q(outcome_then=passed)),
            judged=Count("pk", filter=Q(state=ItemState.JUDGED)),
        )
        .filter(judged__gt=0)
        .order_by()
    )
    counts: Counter[tuple[int, int]] = Counter()
    passes = 0
    for row in learners.iterator():
        counts[row["before"], row["after"]] += 1
        passes += (row["passed_after"] > 0) - (row["passed_before"] > 0)
    moves = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return {
        "learners": counts.total(),
        "gain": sum(count for (before, after), count in moves if after > before),
        "lose": sum(count for (before, after), count in moves if after < before),
        "passes": passes,
        "moves": [[*move, count] for move, count in moves if move[0] != move[1]][:MOST_MOVES],
    }


def _unapplied(batch: RegradeBatch) -> QuerySet[RegradeItem]:
    # Uses index: regrade_item_unapplied.
    return RegradeItem.objects.filter(batch=batch, state=ItemState.JUDGED, applied_at=None)


def _apply(batch: RegradeBatch, most: int) -> bool:
    """Apply some items, each in a transaction of its own; False when there is none that no other
    worker is at."""
    done = 0
    while done < most and _apply_one(batch):
        done += 1
    return done > 0


@transaction.atomic
def _apply_one(batch: RegradeBatch) -> bool:
    """The mark that it was applied and all that moves with it, or none of it; False when there is
    none that no other worker is at."""
    free = _unapplied(batch).select_for_update(skip_locked=True, of=("self",))
    item = free.select_related("submission__progress").order_by("pk").first()
    if item is None:
        return False
    mine = RegradeItem.objects.filter(pk=item.pk, applied_at=None)
    if not mine.update(applied_at=timezone.now()) or item.verdict is None:
        return True  # another worker was faster, or its learner asked to be forgotten
    transcripts = unpack_transcripts(bytes(item.packed)) if item.packed else []
    done = regrade(
        item.submission,
        from_json({**item.verdict, "transcripts": transcripts}),
        version=batch.version,
        engine=item.engine,
        never_lower=batch.never_lower,
        reason=batch.reason,
    )
    came: dict[str, Any] = {"credit_before": done.before, "credit_after": done.after}
    if not done.applied:
        came |= {"credit_after": done.before, "outcome_after": item.outcome_before}
    RegradeItem.objects.filter(pk=item.pk).update(**came)
    if done.best_after != done.best_before:
        _tell(batch, item.submission, done.best_before, done.best_after)
    return True


def _tell(batch: RegradeBatch, submission: Submission, before: int, after: int) -> None:
    """One notice for each learner, whatever the number of their tries."""
    notice, is_new = Notice.objects.get_or_create(
        batch=batch,
        progress_id=submission.progress_id,
        about=Notice.About.REGRADED,
        defaults={
            "enrolment_id": submission.progress.enrolment_id,
            "submission": submission,
            "credit_before": before,
            "credit_after": after,
            "words": batch.reason,
        },
    )
    if not is_new:
        Notice.objects.filter(pk=notice.pk).update(credit_after=after)


@transaction.atomic
def _finish(batch: RegradeBatch) -> None:
    """All is applied, unless somebody handed in meanwhile: then on with that."""
    own = RegradeBatch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING)
    if not own.exists():
        return
    before = RegradeItem.objects.filter(batch=batch).count()
    batch.gathered_to = 0
    _gather(batch)
    if RegradeItem.objects.filter(batch=batch).count() > before:
        own.update(gathered_to=0, is_gathered=False)
        return
    own.update(state=State.APPLIED, applied_at=timezone.now(), is_gathered=True)
    audit.record(
        "regrade.applied",
        by=batch.applied_by,
        facts={"batch": batch.pk, "items": items_digest(batch), "tries": before},
    )


def items_digest(batch: RegradeBatch) -> str:
    """SHA-256 over what each try of an applied regrade had and has."""
    return hashlib.sha256("".join(_lines(batch)).encode()).hexdigest()


def _lines(batch: RegradeBatch) -> Iterator[str]:
    items = RegradeItem.objects.filter(batch=batch).order_by("submission")
    columns = ("submission_id", "state", "credit_before", "credit_after")
    for row in items.values_list(*columns).iterator(chunk_size=2000):
        yield ":".join(map(str, row)) + "\n"
