"""The only door to submissions and their repairs: 404 to strangers."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from accounts.models import User
from grading.models import Extension, Notice, RegradeBatch, RegradeRequest, Submission


def submission_for(user: User | AnonymousUser, uuid: uuids.UUID) -> Submission:
    """The learner's own submission. 1 query.

    Loaded: body, version, its exercise, progress, enrolment, course, release.
    """
    submissions = Submission.objects.select_related(
        "body",
        "version__exercise",
        "progress__enrolment__course",
        "progress__enrolment__release",
    )
    return get_object_or_404(submissions, uuid=uuid, progress__enrolment__user_id=user.pk)


def own_notice(user: User | AnonymousUser, uuid: uuids.UUID) -> Notice:
    """News for the learner; else 404. 1 query."""
    return get_object_or_404(Notice, uuid=uuid, enrolment__user_id=user.pk)


def try_in(course_key: str, uuid: uuids.UUID) -> Submission:
    """A try at a course, for somebody whom `authoring.access` let into it; else 404. 1 query.

    Loaded: version, its exercise, progress, enrolment, its course and its person.
    """
    rows = Submission.objects.select_related(
        "version__exercise", "progress__enrolment__course", "progress__enrolment__user"
    )
    return get_object_or_404(
        rows,
        uuid=uuid,
        purpose=Submission.Purpose.TRY,
        version__exercise__course__key=course_key,
    )


def regrade_in(course_key: str, uuid: uuids.UUID) -> RegradeBatch:
    """A regrade of a course, for somebody who was let into it; else 404. 1 query."""
    rows = RegradeBatch.objects.select_related("exercise", "version", "begun_by", "applied_by")
    return get_object_or_404(rows, uuid=uuid, exercise__course__key=course_key)


def request_in(course_key: str, uuid: uuids.UUID) -> RegradeRequest:
    """A learner's request about a course, for somebody who was let into it; else 404. 1 query."""
    rows = RegradeRequest.objects.select_related(
        "submission__version__exercise",
        "submission__progress",
        "progress__enrolment__user",
        "decided_by",
    )
    return get_object_or_404(rows, uuid=uuid, submission__version__exercise__course__key=course_key)


def extension_in(course_key: str, pk: int) -> Extension:
    """More time in a course, for somebody who was let into it; else 404. 1 query."""
    return get_object_or_404(Extension, pk=pk, course__key=course_key)
