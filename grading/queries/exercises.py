"""What pages of exercises and submissions read. Each docstring says how many queries."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import (
    Count,
    Max,
    Min,
    QuerySet,
)
from django.db.models.functions import Now

from courses.models import Enrolment, Exercise, ExerciseVersion, LessonExercise
from courses.types import china_day
from exercises.registry import kind_named
from exercises.seeds import seed_for
from exercises.texts import fill_text
from exercises.types import Answer, Kind, Variant, Verdict
from exercises.verdicts import from_json, unpack_transcripts
from grading import policy
from grading.models import Body, Draft, LedgerRecord, Progress, Submission, WorkerBeat
from grading.policy import Terms
from grading.statements import terms_in, terms_of, terms_sql
from grading.types import DENIALS, ExerciseState, QueueStatus, Repaired

ALIVE = datetime.timedelta(seconds=30)
"""A worker that was not heard of for longer counts as dead. They speak every few seconds."""


def progress_by_exercise(enrolment: Enrolment) -> dict[int, Progress]:
    """All progress of a learner in a course, by exercise id. 1 query."""
    # Uses index: progress_unique, by its first column.
    return {row.exercise_id: row for row in Progress.objects.filter(enrolment=enrolment)}


def progress_at(enrolment: Enrolment, exercise: Exercise) -> Progress | None:
    """The progress at one exercise, if it was touched. 1 query."""
    return Progress.objects.filter(enrolment=enrolment, exercise=exercise).first()


def history(
    enrolment: Enrolment, exercise: Exercise, *, most: int | None = None
) -> list[Submission]:
    """Tries and runs at one exercise, the latest first, without bodies. 1 query."""
    # Uses index: submission_history.
    rows = Submission.objects.filter(progress__enrolment=enrolment, progress__exercise=exercise)
    rows = rows.exclude(purpose=Submission.Purpose.PLAY)
    return list(rows.order_by("-id")[:most])


def draft_for(enrolment: Enrolment, exercise: Exercise) -> Draft | None:
    """What the learner has typed and not handed in. 1 query."""
    return Draft.objects.filter(enrolment=enrolment, exercise=exercise).first()


def latest_try(progress: Progress | None) -> Submission | None:
    """The latest try with its body. 1 query, none without progress."""
    if progress is None:
        return None
    # Uses index: submission_history.
    tries = Submission.objects.filter(progress=progress, purpose=Submission.Purpose.TRY)
    return tries.select_related("body").order_by("-id").first()


def body_of(submission: Submission) -> Body | None:
    """The body of a submission; None where it has been pruned. 1 query if it is not loaded."""
    try:
        return submission.body
    except Body.DoesNotExist:
        return None


def verdict_of(submission: Submission) -> Verdict | None:
    """The verdict now shown; None where there is none yet, or its body has been pruned."""
    body = body_of(submission)
    return from_json(body.verdict) if body and body.verdict else None


def repaired_of(submission: Submission) -> Repaired | None:
    """What the learner is told of a repair of this try; None where there was none."""
    body = body_of(submission)
    return Repaired(**body.repaired) if body and body.repaired else None


def ledger_record(submission: Submission) -> list[dict[str, Any]]:
    """The transcripts of a submission's verdict; none where they were pruned. 1 query."""
    return _unpacked(LedgerRecord.objects.filter(pk=submission.pk))


def ledger_record_before(submission: Submission) -> list[dict[str, Any]]:
    """The transcripts of what the learner handed in or ran before at the same variant. 1 query."""
    # Uses index: submission_history.
    earlier = LedgerRecord.objects.exclude(submission__purpose=Submission.Purpose.PLAY).filter(
        submission__progress=submission.progress_id,
        submission__version=submission.version_id,
        submission__variant=submission.variant,
        submission__lt=submission.pk,
    )
    return _unpacked(earlier.order_by("-submission"))


def _unpacked(records: QuerySet[LedgerRecord]) -> list[dict[str, Any]]:
    packed = records.values_list("packed", flat=True).first()
    return [] if packed is None else unpack_transcripts(bytes(packed))


_PROGRESS = Progress._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_EXERCISE = Exercise._meta.db_table  # noqa: SLF001
_ENROLMENT = Enrolment._meta.db_table  # noqa: SLF001
_SUBMISSION = Submission._meta.db_table  # noqa: SLF001
_BODY = Body._meta.db_table  # noqa: SLF001
_BODY_OF: Any = Submission._meta.get_field("body")  # noqa: SLF001

# SQL, because every lesson page asks it, and the ORM takes longer to write it than to run it.
# Uses index: progress_unique, by its first column.
_ALL_PROGRESS = f"""
    SELECT own.*, exercise.key AS exercise_key, ({{terms}}) AS own_terms
    FROM {_ENROLMENT} AS learner
    LEFT JOIN {_PROGRESS} AS own ON own.enrolment_id = learner.id
    LEFT JOIN {_EXERCISE} AS exercise ON exercise.id = own.exercise_id
    WHERE learner.id = %s
"""  # noqa: S608


# Uses index: for each progress submission_history.
_LATEST_TRIES = f"""
    SELECT latest.*, body.answer, body.verdict, body.repaired
    FROM {_SUBMISSION} AS latest LEFT JOIN {_BODY} AS body ON body.submission_id = latest.id
    WHERE latest.id IN (
        SELECT MAX(id) FROM {_SUBMISSION} WHERE purpose = %s AND progress_id IN ({{marks}})
        GROUP BY progress_id
    )
"""  # noqa: S608


def lesson_progress(
    enrolment: Enrolment, placements: Sequence[LessonExercise]
) -> tuple[dict[int, Progress], dict[int, Submission], set[str], Terms]:
    """All that a lesson page reads of a learner. 1 query, and 1 more when exercises of this
    lesson were touched.

    First: all their progress in the course, by exercise id. Second: the latest try, with its
    body, at each of these placements that was tried, by exercise id. Third: the keys of all
    exercises of the course that are passed. Fourth: until when they may work.
    """
    sql = _ALL_PROGRESS.format(terms=terms_sql("%s"))
    rows: list[Any] = list(Progress.objects.raw(sql, [enrolment.pk, enrolment.pk]))
    terms = terms_in(rows[0].own_terms if rows else None)
    touched_rows = [row for row in rows if row.pk is not None]
    progress: dict[int, Progress] = {row.exercise_id: row for row in touched_rows}
    passed: set[str] = {row.exercise_key for row in touched_rows if row.passed_at}
    shown = [placement.version.exercise_id for placement in placements]
    touched = {progress[pk].pk: pk for pk in shown if pk in progress}
    latest = {touched[one.progress_id]: one for one in _latest_tries(touched)}
    return progress, latest, passed, terms


def _latest_tries(progress: Collection[int]) -> Iterator[Submission]:
    """The latest try, with its body, of each progress that has one. 1 query, none for nothing."""
    if not progress:
        return
    sql = _LATEST_TRIES.format(marks=", ".join(["%s"] * len(progress)))
    rows: Iterable[Any] = Submission.objects.raw(sql, [Submission.Purpose.TRY, *progress])
    for row in rows:
        body = None  # pruned
        if row.answer is not None:
            verdict = None if row.verdict is None else json.loads(row.verdict)
            repaired = None if row.repaired is None else json.loads(row.repaired)
            body = Body(
                submission=row,
                answer=json.loads(row.answer),
                verdict=verdict,
                repaired=repaired,
            )
        _BODY_OF.set_cached_value(row, body)
        yield row


def exercise_state(
    placement: LessonExercise,
    progress: Progress | None,
    enrolment: Enrolment,
    *,
    latest: Submission | None,
    draft: Draft | None = None,
    terms: Terms | None = None,
    now: datetime.datetime | None = None,
) -> ExerciseState:
    """One exercise as this learner sees it now. No query; 1 for a learner in a cohort when their
    terms are neither given nor on `progress`.

    `latest` is the latest try with its body; `draft`, of a program, is shown in its place.
    """
    version, used = placement.version, _used(progress)
    kind = kind_named(version.kind)
    seed = seed_for(enrolment.seed, version.exercise.uuid, used.variant)
    variant = kind.vary(version.spec, seed)
    in_flight = latest is not None and latest.state in Submission.IN_FLIGHT
    terms = terms or used.terms or terms_of(enrolment)
    today = china_day(now or datetime.datetime.now(datetime.UTC))
    denial = policy.allows(
        tries=version.tries,
        tries_used=used.tries,
        in_flight=in_flight,
        terms=terms,
        today=today,
    )
    hints = version.hints
    return ExerciseState(
        key=version.exercise.key,
        title=version.title,
        kind=version.kind,
        is_code=kind.slow,
        template=f"exercises/{version.kind}.html",
        statement=fill_text(version.statement, variant.values),
        shown=kind.show(version.spec, variant, _answer(version, used, latest, draft)),
        variant=used.variant,
        seed=seed,
        points=version.points,
        penalty_percent=version.penalty_percent,
        tries_used=used.tries,
        tries_left=policy.tries_left(tries=version.tries, tries_used=used.tries),
        credit=used.credit,
        passed=used.passed_at is not None,
        hints=[fill_text(hint["text"], variant.values) for hint in hints[: used.hints_used]],
        next_hint_cost=hints[used.hints_used]["cost"] if used.hints_used < len(hints) else None,
        may_vary=denial is None
        and policy.may_vary(has_values=bool(version.spec.get("vary")), tries_used=used.tries),
        allowed=denial is None,
        why_not=DENIALS[denial] if denial else "",
        due_on=terms.due_on,
        is_due_soon=policy.is_due_soon(terms, today),
        days_late=policy.days_late(terms, today),
        most_percent=100 - policy.late_percent(terms, today),
        latest=latest,
        verdict=verdict_of(latest) if latest else None,
        repaired=repaired_of(latest) if latest else None,
        solution=_solution(kind, version, variant, used, in_flight=in_flight),
        solution_template=f"exercises/{version.kind}_solution.html",
        idempotency_key=uuid.uuid4(),
    )


def _used(progress: Progress | None) -> Progress:
    return progress if progress is not None else Progress()


def _answer(
    version: ExerciseVersion, used: Progress, latest: Submission | None, draft: Draft | None
) -> Answer | None:
    """What to show in the form: the draft, or the latest answer if it fits what is asked now."""
    if draft is not None:
        chosen = {"language": draft.language} if draft.language else {}
        return {**chosen, "files": draft.files}
    if latest is None or latest.variant != used.variant:
        return None
    body = body_of(latest)
    if body is None or version.pk not in (latest.version_id, (body.repaired or {}).get("asked")):
        return None
    answer: Answer = body.answer
    return answer


def _solution(
    kind: Kind, version: ExerciseVersion, variant: Variant, used: Progress, *, in_flight: bool
) -> dict[str, object] | None:
    if not policy.reveals(
        reveal=version.reveal,
        passed=used.passed_at is not None,
        tries=version.tries,
        tries_used=used.tries,
        in_flight=in_flight,
    ):
        return None
    answer = kind.solution(version.spec, variant)
    return None if answer is None else kind.show(version.spec, variant, answer)


def ahead_of(submission: Submission) -> int:
    """How many submissions a worker takes before this one. 1 query."""
    # Uses index: submission_queue.
    waiting = Submission.objects.filter(state__in=Submission.IN_FLIGHT)
    return waiting.filter(state=Submission.State.QUEUED, turn_at__lt=submission.turn_at).count()


def _missing_everywhere(said: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The engines that no living worker has, each with what the latest says of it."""
    if not said:
        return {}
    return {name: why for name, why in said[0].items() if all(name in other for other in said)}


def queue_status() -> QueueStatus:
    """Whether grading moves. 2 queries, by the database's clock."""
    # Uses index: submission_queue.
    queued = Submission.objects.filter(
        state__in=Submission.IN_FLIGHT, state=Submission.State.QUEUED
    ).aggregate(count=Count("pk"), oldest=Min("created_at"), clock=Max(Now()))
    alive = WorkerBeat.objects.filter(seen_at__gt=Now() - ALIVE).order_by("-seen_at")
    said = list(alive.values_list("reason", "missing"))
    reasons = [reason for reason, _ in said]
    oldest = queued["oldest"]
    return QueueStatus(
        queued=queued["count"],
        oldest_seconds=oldest and (queued["clock"] - oldest).total_seconds(),
        workers_alive=len(reasons),
        reason_paused=reasons[0] if reasons and all(reasons) else "",
        engines_missing=_missing_everywhere([missing for _, missing in said]),
    )
