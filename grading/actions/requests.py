"""A learner asks that a try be looked at again, and instructors answer."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grading import audit
from grading.actions.regrades import is_graded_try, override
from grading.models import (
    GradingRun,
    Notice,
    RegradeRequest,
    RequestMessage,
    Submission,
)
from grading.types import Refused

Decision = RegradeRequest.Decision

REQUESTS_A_DAY = 5
"""Of one learner in one course."""
WORDS_IN_A_ROW = 3
"""Contributions of a learner before somebody answers."""
DAY = datetime.timedelta(days=1)
NOTICE_LENGTH = 500


@transaction.atomic
def open_request(*, submission: Submission, words: str, by: User) -> RegradeRequest:
    """Ask that a graded try be looked at again.

    Effects: the request with its first message. Raises `Refused` while another one about the
    exercise is open, for what is not a graded try, and above `REQUESTS_A_DAY`.
    """
    if not is_graded_try(submission):
        raise Refused(_("Only a graded try can be looked at again."))
    recent = RegradeRequest.objects.filter(
        progress__enrolment=submission.progress.enrolment_id, opened_at__gt=Now() - DAY
    )
    if recent.count() >= REQUESTS_A_DAY:
        raise Refused(_("You have asked often today. Please wait until tomorrow."))
    try:
        with transaction.atomic():
            request = RegradeRequest.objects.create(
                submission=submission, progress_id=submission.progress_id
            )
    except IntegrityError:
        raise Refused(
            _("You have asked about this exercise already. Go on in that conversation.")
        ) from None
    request.messages.create(by=by, is_learners=True, words=words)
    return request


@transaction.atomic
def add_words(*, request: RegradeRequest, words: str, by: User) -> RequestMessage:
    """The learner says more. Raises `Refused` once it is decided, and above `WORDS_IN_A_ROW`."""
    request = _open(request)
    last = list(request.messages.order_by("-pk")[:WORDS_IN_A_ROW])
    if len(last) == WORDS_IN_A_ROW and all(one.is_learners for one in last):
        raise Refused(_("Please wait until somebody has answered."))
    RegradeRequest.objects.filter(pk=request.pk).update(is_answered=False)
    return request.messages.create(by=by, is_learners=True, words=words)


@transaction.atomic
def answer_request(*, request: RegradeRequest, words: str, by: User) -> RequestMessage:
    """An instructor says something, and the request stays open.

    Effects: the message, the learner's notice. Raises `Refused` once it is decided.
    """
    request = _open(request)
    RegradeRequest.objects.filter(pk=request.pk).update(is_answered=True)
    _tell(request, Notice.About.ANSWERED, words)
    return request.messages.create(by=by, is_learners=False, words=words)


@transaction.atomic
def decide_request(
    *, request: RegradeRequest, decision: str, words: str, by: User, credit: int | None = None
) -> None:
    """Close a request with a reason.

    Effects: for `overridden` the override of `credit` hundredths of a point; the message; the
    request; the learner's notice; an audit entry. Raises `Refused` once it is decided, for
    `regraded` when the try has not been judged again since it was asked about, and as `override`.
    """
    request = _open(request)
    if decision == Decision.REGRADED and not is_regraded(request):
        raise Refused(_("This try has not been judged again since. Regrade the exercise first."))
    if decision == Decision.OVERRIDDEN:
        if credit is None:
            raise Refused(_("Say how many points it gets."))
        override(submission=request.submission, credit=credit, reason=words[:NOTICE_LENGTH], by=by)
    request.messages.create(by=by, is_learners=False, words=words)
    RegradeRequest.objects.filter(pk=request.pk).update(
        decision=decision, decided_by=by, decided_at=timezone.now(), is_answered=True
    )
    _tell(request, Notice.About.DECIDED, words)
    facts = {"request": request.pk, "decision": decision, "reason": audit.digest_of(words)}
    audit.record("request.decided", by=by, facts=facts)


@transaction.atomic
def take_back_request(*, request: RegradeRequest) -> None:
    """The learner does not ask any more. Raises `Refused` once it is decided."""
    request = _open(request)
    RegradeRequest.objects.filter(pk=request.pk).update(
        decision=Decision.TAKEN_BACK, decided_at=timezone.now()
    )


def is_regraded(request: RegradeRequest) -> bool:
    """Whether the try was judged again since it was asked about. 1 query."""
    runs = GradingRun.objects.filter(
        submission=request.submission_id,
        reason=GradingRun.Reason.REGRADE,
        finished_at__gte=request.opened_at,
    )
    return runs.exists()


def _open(request: RegradeRequest) -> RegradeRequest:
    """The request, locked, while it is open."""
    rows = RegradeRequest.objects.select_for_update(of=("self",)).select_related(
        "submission__version", "submission__progress"
    )
    current = rows.get(pk=request.pk)
    if current.decision != Decision.OPEN:
        raise Refused(_("This has been decided."))
    return current


def _tell(request: RegradeRequest, about: str, words: str) -> None:
    Notice.objects.create(
        enrolment_id=request.submission.progress.enrolment_id,
        about=about,
        submission=request.submission,
        progress_id=request.progress_id,
        words=words[:NOTICE_LENGTH],
    )
