"""The only door to submissions: takes the person, and raises 404 to strangers."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from accounts.models import User
from grading.models import Submission


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
