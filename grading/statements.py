"""The writes of a submission that the ORM cannot say in one round trip each."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Cohort
from courses.models import CohortDeadline, Enrolment, LessonExercise
from grading import policy
from grading.models import Body, Extension, GradingRun, LateRule, Progress, Submission
from grading.policy import ENDLESS, Terms

_PROGRESS = Progress._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_COHORT = Cohort._meta.db_table  # noqa: SLF001
_ENROLMENT = Enrolment._meta.db_table  # noqa: SLF001
_DEADLINE = CohortDeadline._meta.db_table  # noqa: SLF001
_EXTENSION = Extension._meta.db_table  # noqa: SLF001
_LATE = LateRule._meta.db_table  # noqa: SLF001
_SUBMISSION = Submission._meta.db_table  # noqa: SLF001
_BODY = Body._meta.db_table  # noqa: SLF001
_RUN = GradingRun._meta.db_table  # noqa: SLF001

_CLOCK = {
    "postgresql": "STATEMENT_TIMESTAMP()",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')",
}
"""The database's own time, as `django.db.models.functions.Now` writes it."""

_JSON = {"postgresql": "JSONB_BUILD_OBJECT", "sqlite": "JSON_OBJECT"}

# Uses index: cohort_deadline_unique, late_rule_unique, extension_history; the rest by keys.
_TERMS = f"""
    SELECT {{json}}(
        'last_day', cohort.ends_on,
        'deadline', deadline.due_on,
        'extended_to', (
            SELECT MAX(due_on) FROM {_EXTENSION} WHERE course_id = learner.course_id
            AND withdrawn_at IS NULL
            AND (enrolment_id = learner.id OR cohort_id = learner.cohort_id)
        ),
        'late', late.late,
        'percent_per_day', late.percent_per_day,
        'floor_percent', late.floor_percent
    )
    FROM {_ENROLMENT} AS learner
    JOIN {_COHORT} AS cohort ON cohort.id = learner.cohort_id
    LEFT JOIN {_DEADLINE} AS deadline
        ON deadline.plan_id = learner.cohort_id AND deadline.course_id = learner.course_id
    LEFT JOIN {_LATE} AS late ON late.id = (
        SELECT id FROM {_LATE} WHERE course_id = learner.course_id
        AND (cohort_id = learner.cohort_id OR cohort_id IS NULL)
        ORDER BY CASE WHEN cohort_id IS NULL THEN 1 ELSE 0 END LIMIT 1
    )
    WHERE learner.id = {{learner}}
"""  # noqa: S608
"""Until when a learner may work at their course. No row for who is in no cohort."""

_TOUCH = f"""
    INSERT INTO {_PROGRESS}
        (enrolment_id, exercise_id, version_id, variant, tries, hints_used, credit, touched_at)
    VALUES (%s, %s, %s, 0, 0, 0, 0, {{clock}})
    ON CONFLICT (enrolment_id, exercise_id) DO UPDATE
        SET version_id = EXCLUDED.version_id, touched_at = EXCLUDED.touched_at
    RETURNING *, ({{terms}}) AS own_terms
"""  # noqa: S608


def touch(enrolment: Enrolment, placement: LessonExercise) -> Progress:
    """The progress of a learner at an exercise, made at first touch and locked until commit,
    with its `terms`.

    One statement, in the caller's transaction. `touched_at` is now, by the database's clock;
    `version` is the one that the learner sees, which may be newer than what earned the credit.
    """
    version = placement.version
    sql = _TOUCH.format(
        clock=_CLOCK[connection.vendor], terms=terms_sql(f"{_PROGRESS}.enrolment_id")
    )
    (progress,) = Progress.objects.raw(sql, [enrolment.pk, version.exercise_id, version.pk])
    progress.enrolment = enrolment
    progress.exercise = version.exercise
    progress.version = version
    progress.terms = terms_in(getattr(progress, "own_terms", None))
    return progress


def terms_of(enrolment: Enrolment) -> Terms:
    """Until when a learner may work at their course. 1 query, none for who is in no cohort."""
    if enrolment.pk is None or enrolment.cohort_id is None:
        return ENDLESS
    with connection.cursor() as cursor:
        cursor.execute(terms_sql("%s"), [enrolment.pk])
        row = cursor.fetchone()
    return terms_in(row[0] if row else None)


def terms_sql(learner: str) -> str:
    """A query for the terms of the enrolment whose id `learner` stands for, as JSON."""
    return _TERMS.format(json=_JSON[connection.vendor], learner=learner)


def terms_in(told: str | None) -> Terms:
    """What a column of `_TERMS` says."""
    if told is None:
        return ENDLESS
    found = json.loads(told)
    day = {
        name: found[name] and datetime.date.fromisoformat(found[name])
        for name in ("last_day", "deadline", "extended_to")
    }
    return policy.terms_of(
        **day,
        late=found["late"] or policy.Late.NONE,
        percent_per_day=found["percent_per_day"] or 0,
        floor_percent=found["floor_percent"] or 0,
    )


_LOCK = f"""
    UPDATE {_PROGRESS} SET touched_at = {{clock}} WHERE id = %s RETURNING *
"""  # noqa: S608


def lock(progress_id: int) -> Progress:
    """Progress, locked until commit; `touched_at` is now, by the database's clock. 1 statement."""
    sql = _LOCK.format(clock=_CLOCK[connection.vendor])
    (progress,) = Progress.objects.raw(sql, [progress_id])
    return progress


_LATER = {
    "postgresql": "STATEMENT_TIMESTAMP() + %s * INTERVAL '1 second'",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '+' || %s || ' seconds')",
}
"""So many seconds from now, by the database's clock."""
_SKIP_LOCKED = {"postgresql": "FOR UPDATE SKIP LOCKED", "sqlite": ""}
"""SQLite has one writer at a time: nobody to wait for."""

# Uses index: submission_queue.
_TAKE = f"""
    UPDATE {_SUBMISSION} SET
        losses = losses + CASE WHEN state = 'running' THEN 1 ELSE 0 END,
        state = 'running',
        lease_token = %s,
        lease_until = {{later}}
    WHERE id = (
        SELECT id FROM {_SUBMISSION}
        WHERE state IN ('queued', 'running')
            AND (state = 'queued' OR (lease_until < {{clock}} AND losses < %s)){{missing}}
        ORDER BY turn_at, id LIMIT 1 {{skip_locked}}
    )
    RETURNING *, (
        SELECT answer FROM {_BODY} WHERE submission_id = {_SUBMISSION}.id
    ) AS answer
"""  # noqa: S608


def take(
    token: uuid.UUID, *, lease_seconds: int, most_losses: int, missing: Collection[str] = ()
) -> Submission | None:
    """Give the lease on the submission whose turn it is to `token`. One statement.

    The submission comes with its body. A running one whose lease has ended counts a loss, and is
    left alone when it has `most_losses` already. Those that need an engine in `missing` are left
    to other workers.
    """
    vendor = connection.vendor
    sql = _TAKE.format(
        later=_LATER[vendor],
        clock=_CLOCK[vendor],
        skip_locked=_SKIP_LOCKED[vendor],
        missing=f" AND engine NOT IN ({', '.join(['%s'] * len(missing))})" if missing else "",
    )
    key = Submission._meta.get_field("lease_token").get_db_prep_value(token, connection)  # noqa: SLF001
    given = [key, lease_seconds, most_losses, *missing]
    for submission in Submission.objects.raw(sql, given):
        answer: str = getattr(submission, "answer")  # noqa: B009  # a column of the statement alone
        submission.body = Body(submission=submission, answer=json.loads(answer))
        return submission
    return None


_FIELDS = [field for field in Submission._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
_ANSWER = Body._meta.get_field("answer")  # noqa: SLF001
_VERDICT = Body._meta.get_field("verdict")  # noqa: SLF001
_INSERT = f"""
    WITH made AS (
        INSERT INTO {_SUBMISSION} ({", ".join(str(field.column) for field in _FIELDS)})
        VALUES ({", ".join(["%s"] * len(_FIELDS))})
        RETURNING id
    )
    INSERT INTO {_BODY} (submission_id, answer, verdict) SELECT id, %s, %s FROM made
    RETURNING submission_id
"""  # noqa: S608


def insert(submission: Submission, body: Body) -> None:
    """Write a new submission and its body; one statement on PostgreSQL, two on SQLite.

    Raises IntegrityError when its idempotency key was used before.
    """
    if connection.vendor == "postgresql":
        values = [
            field.get_db_prep_save(getattr(submission, field.attname), connection)
            for field in _FIELDS
        ]
        values.append(_ANSWER.get_db_prep_save(body.answer, connection))
        values.append(_VERDICT.get_db_prep_save(body.verdict, connection))
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, values)
            (submission.pk,) = cursor.fetchone()
        body.submission = submission
    else:
        submission.save(force_insert=True)
        body.submission = submission
        body.save(force_insert=True)


@dataclass(frozen=True, slots=True)
class Gain:
    """What a verdict has added to a learner's progress at one exercise."""

    now: datetime.datetime
    """By the database's clock."""
    enrolment_id: int
    exercise_id: int
    credit_by: int
    """Hundredths of a point; 0 where an earlier try earned as much."""
    is_first_pass: bool


_SETTLE = f"""
    WITH held AS (
        SELECT id, credit, passed_at FROM {_PROGRESS} WHERE id = %s FOR UPDATE
    ), fenced AS (
        UPDATE {_SUBMISSION} SET
            state = 'done', outcome = %s, score = %s, credit = %s,
            settled_at = {_CLOCK["postgresql"]}, lease_token = NULL, lease_until = NULL
        FROM held
        WHERE {_SUBMISSION}.id = %s AND state = 'running' AND lease_token = %s
        RETURNING {_SUBMISSION}.id
    ), told AS (
        UPDATE {_BODY} SET verdict = %s FROM fenced WHERE submission_id = fenced.id
    ), run AS (
        INSERT INTO {_RUN} (
            submission_id, reason, engine, outcome, score, error,
            started_at, finished_at, cpu_ms, memory_bytes
        )
        SELECT id, %s, %s, %s, %s, %s, %s, {_CLOCK["postgresql"]}, %s, %s FROM fenced
    )
    UPDATE {_PROGRESS} SET
        touched_at = {_CLOCK["postgresql"]},
        credit = GREATEST({_PROGRESS}.credit, %s),
        passed_at = COALESCE(
            {_PROGRESS}.passed_at, CASE WHEN %s THEN {_CLOCK["postgresql"]} END
        )
    FROM held, fenced WHERE {_PROGRESS}.id = held.id
    RETURNING
        touched_at, enrolment_id, exercise_id, {_PROGRESS}.credit - held.credit,
        held.passed_at IS NULL AND {_PROGRESS}.passed_at IS NOT NULL
"""  # noqa: S608
"""`fenced` reads `held`, so progress is locked before the submission, as everywhere. A row that
changed while we waited for its lock is looked at anew, the lease's token too."""


def settle(run: GradingRun, token: uuid.UUID, said: Any, *, passed: bool) -> Gain | None:
    """Write a verdict on the submission of `run` while `token` holds the lease; None when it
    does not, and nothing changes. One statement on PostgreSQL, in the caller's transaction.

    `run` is not saved yet and holds the submission as judged; `said` is the verdict as JSON;
    `passed` tells whether it is a try that passed. Effects: progress (locked until commit; best
    credit and first pass), submission, body, grading run, all at one moment.
    """
    submission = run.submission
    if connection.vendor != "postgresql":
        return _settle_in_steps(run, token, said, passed=passed)
    given = [
        *(submission.progress_id, submission.outcome, submission.score, submission.credit),
        *(submission.pk, token, _VERDICT.get_db_prep_save(said, connection)),
        *(run.reason, run.engine, run.outcome, run.score, run.error),
        *(run.started_at, run.cpu_ms, run.memory_bytes),
        *(submission.credit, passed),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, given)
        row = cursor.fetchone()
    return None if row is None else Gain(*row)


def _settle_in_steps(run: GradingRun, token: uuid.UUID, said: Any, *, passed: bool) -> Gain | None:
    submission = run.submission
    held = Submission.objects.filter(
        pk=submission.pk, state=Submission.State.RUNNING, lease_token=token
    )
    progress = lock(submission.progress_id)
    now = progress.touched_at
    if not held.update(
        state=Submission.State.DONE,
        outcome=submission.outcome,
        score=submission.score,
        credit=submission.credit,
        settled_at=now,
        lease_token=None,
        lease_until=None,
    ):
        return None
    Body.objects.filter(pk=submission.pk).update(verdict=said)
    run.finished_at = now
    run.save(force_insert=True)
    gain = gained(progress, submission.credit, passed=passed, now=now)
    progress.save(update_fields=["credit", "passed_at"])
    return gain


def gained(progress: Progress, credit: int, *, passed: bool, now: datetime.datetime) -> Gain:
    """Put what a try earned into the fields of locked progress. Writes nothing."""
    credit_by = max(0, credit - progress.credit)
    is_first_pass = passed and progress.passed_at is None
    progress.credit += credit_by
    if is_first_pass:
        progress.passed_at = now
    return Gain(now, progress.enrolment_id, progress.exercise_id, credit_by, is_first_pass)
