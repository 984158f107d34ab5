"""All that is kept about a person, as files that they may take with them.

A ZIP file: `me.json` (who they are and where they belong), `learning.json` (courses, exercises,
qualifications), `repairs.json` (questions about verdicts, points by hand, more time) and
`answers.jsonl` (each submission on a line, the oldest first).
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import CohortMember, Consent, Invitation, Membership, User
from courses.models import Enrolment, Qualification, Standing
from grading.models import (
    Extension,
    Notice,
    Override,
    Progress,
    RequestMessage,
    Submission,
)

CHUNK = 500
MEBIBYTE = 1024 * 1024


def own_data_file(person: User) -> Iterator[bytes]:
    """The ZIP file, a mebibyte at a time. Memory does not grow with the number of answers."""
    with tempfile.TemporaryFile() as file:
        _write(person, file)
        file.seek(0)
        while content := file.read(MEBIBYTE):
            yield content


def _write(person: User, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("me.json", _text(_me(person), indent=1))
        archive.writestr("learning.json", _text(_learning(person), indent=1))
        archive.writestr("repairs.json", _text(_repairs(person), indent=1))
        with archive.open("answers.jsonl", "w") as lines:
            for answer in _answers(person):
                lines.write(_text(answer).encode() + b"\n")


def _text(value: object, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)


def _me(person: User) -> dict[str, Any]:
    organisation = ("organisation__name", "organisation__key")
    return {
        "id": person.uuid,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "province": person.province,
        "joined": person.date_joined,
        "last_signed_in": person.last_login,
        "roles": list(
            Membership.objects.filter(user=person).values(
                *organisation, "department__name", "role", "created_at"
            )
        ),
        "cohorts": list(
            CohortMember.objects.filter(user=person).values(
                "cohort__organisation__name", "cohort__name", "cohort__starts_on", "cohort__ends_on"
            )
        ),
        "places": list(
            Invitation.objects.filter(user=person).values(
                *organisation, "email", "name", "external_id", "invited_at", "accepted_at"
            )
        ),
        "consents": list(
            Consent.objects.filter(user=person).values(
                "document", "version", "given_at", "withdrawn_at"
            )
        ),
    }


def _learning(person: User) -> dict[str, Any]:
    """Points are in hundredths, as they are counted."""
    moments = ("invited_at", "registered_at", "enrolled_at", "active_at", "halfway_at")
    return {
        "courses": list(
            Enrolment.objects.filter(user=person).values(
                "course__key",
                "release__number",
                "cohort__name",
                "credit",
                "exercises_passed",
                "created_at",
                "last_active_at",
                "completed_at",
            )
        ),
        "exercises": list(
            Progress.objects.filter(enrolment__user=person)
            .order_by("pk")
            .values(
                "enrolment__course__key",
                "exercise__key",
                "tries",
                "hints_used",
                "credit",
                "passed_at",
                "touched_at",
            )
        ),
        "programmes": list(
            Standing.objects.filter(user=person).values(
                "programme__key",
                "organisation__name",
                "cohort__name",
                "stage",
                "province",
                "counts_nationally",
                *moments,
                "completed_at",
                "qualified_at",
            )
        ),
        "qualifications": list(
            Qualification.objects.filter(user=person).values(
                "uuid", "programme__key", "version__number", "qualified_at"
            )
        ),
    }


def _repairs(person: User) -> dict[str, Any]:
    """Points are in hundredths, as they are counted."""
    own = {"submission__progress__enrolment__user": person}
    return {
        "requests": list(
            RequestMessage.objects.filter(request__progress__enrolment__user=person)
            .order_by("pk")
            .values(
                "request__submission__uuid",
                "request__decision",
                "is_learners",
                "words",
                "created_at",
            )
        ),
        "points_by_hand": list(
            Override.objects.filter(**own)
            .order_by("pk")
            .values(
                "submission__uuid",
                "credit_before",
                "credit",
                "reason",
                "created_at",
                "withdrawn_at",
            )
        ),
        "more_time": list(
            Extension.objects.filter(enrolment__user=person)
            .order_by("pk")
            .values("course__key", "due_on", "reason", "created_at", "withdrawn_at")
        ),
        "news": list(
            Notice.objects.filter(enrolment__user=person)
            .order_by("pk")
            .values("about", "credit_before", "credit_after", "words", "created_at", "seen_at")
        ),
    }


def _answers(person: User) -> Iterator[dict[str, Any]]:
    rows = Submission.objects.filter(progress__enrolment__user=person).order_by("pk")
    answers = rows.values(
        "uuid",
        "progress__enrolment__course__key",
        "progress__exercise__key",
        "purpose",
        "number",
        "created_at",
        "state",
        "outcome",
        "score",
        "credit",
        "body__answer",
        "body__verdict",
    )
    for answer in answers.iterator(CHUNK):
        yield dict(answer)
