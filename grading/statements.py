"""The writes of a submission that the ORM cannot say in one round trip each."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Collection

from django.db import connection
from django.utils.dateparse import parse_date

from accounts.models import Cohort
from courses.models import Enrolment, LessonExercise
from grading.models import Body, Progress, Submission

_PROGRESS = Progress._meta.db_table  # noqa: SLF001  # Django documents _meta as public
_COHORT = Cohort._meta.db_table  # noqa: SLF001
_ENROLMENT = Enrolment._meta.db_table  # noqa: SLF001
_SUBMISSION = Submission._meta.db_table  # noqa: SLF001
_BODY = Body._meta.db_table  # noqa: SLF001

_CLOCK = {
    "postgresql": "STATEMENT_TIMESTAMP()",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')",
}
"""The database's own time, as `django.db.models.functions.Now` writes it."""

_TOUCH = f"""
    INSERT INTO {_PROGRESS}
        (enrolment_id, exercise_id, version_id, variant, tries, hints_used, credit, touched_at)
    VALUES (%s, %s, %s, 0, 0, 0, 0, {{clock}})
    ON CONFLICT (enrolment_id, exercise_id) DO UPDATE
        SET version_id = EXCLUDED.version_id, touched_at = EXCLUDED.touched_at
    RETURNING *, (
        SELECT ends_on FROM {_COHORT} JOIN {_ENROLMENT} ON {_ENROLMENT}.cohort_id = {_COHORT}.id
        WHERE {_ENROLMENT}.id = {_PROGRESS}.enrolment_id
    ) AS last_day
"""  # noqa: S608


def touch(enrolment: Enrolment, placement: LessonExercise) -> tuple[Progress, datetime.date | None]:
    """The progress of a learner at an exercise, made at first touch and locked until commit;
    and the last day of their cohort, None where there is no end.

    One statement, in the caller's transaction. `touched_at` is now, by the database's clock;
    `version` is the one that the learner sees, which may be newer than what earned the credit.
    """
    version = placement.version
    sql = _TOUCH.format(clock=_CLOCK[connection.vendor])
    (progress,) = Progress.objects.raw(sql, [enrolment.pk, version.exercise_id, version.pk])
    progress.enrolment = enrolment
    progress.exercise = version.exercise
    progress.version = version
    last_day: datetime.date | str | None = getattr(progress, "last_day", None)
    return progress, parse_date(last_day) if isinstance(last_day, str) else last_day


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
