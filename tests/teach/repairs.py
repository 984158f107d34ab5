"""A learner of the workshop's course whose answer is to be repaired."""

from __future__ import annotations

import copy
import datetime

from django.utils import timezone

from accounts.models import Cohort, CohortInstructor
from courses.models import CohortDeadline, CohortPlan, Enrolment, ExerciseVersion, Programme
from grading import repairs
from grading.actions import extend, open_request, preview_regrade
from grading.models import Extension, RegradeBatch, RegradeRequest, Submission
from tests.grading.learners import Learner, learner_in
from tests.people import make_cohort, make_person
from tests.teach.workshop import Workshop

WRONG = {"value": ["1"]}


def work() -> None:
    """What workers do for regrades of quick kinds."""
    while repairs.step():
        pass


def learner_of(workshop: Workshop, name: str = "wang") -> Learner:
    person = make_person(name, organisation=workshop.organisation)
    return learner_in(workshop.course, person)


def corrected(learner: Learner, key: str = "bits") -> ExerciseVersion:
    """A newer version, which takes the answer 1 and no other."""
    old = learner.placements[key].version
    values = {
        field.name: getattr(old, field.name)
        for field in ExerciseVersion._meta.concrete_fields
        if not field.primary_key
    }
    spec = {**copy.deepcopy(old.spec), "answer": "1"}
    return ExerciseVersion.objects.create(**{**values, "spec": spec, "digest": "c" * 64})


def previewed(workshop: Workshop, learner: Learner) -> RegradeBatch:
    """A regrade of what was handed in, whose preview is there."""
    old = learner.placements["bits"].version
    batch = preview_regrade(
        exercise=old.exercise,
        version=corrected(learner),
        judges=[old.pk],
        by=workshop.people["author"],
    )
    work()
    return RegradeBatch.objects.get(pk=batch.pk)


def asked(submission: Submission, words: str = "I think that 1 is right.") -> RegradeRequest:
    return open_request(submission=submission, words=words, by=submission.progress.enrolment.user)


def taught(workshop: Workshop, learner: Learner, *, due_in: int) -> Cohort:
    """The learner in a cohort that the editor teaches, due in so many days (fewer: ago)."""
    cohort = make_cohort(workshop.organisation)
    CohortInstructor.objects.create(cohort=cohort, user=workshop.people["editor"])
    plan = CohortPlan.objects.create(cohort=cohort, programme=Programme.objects.get())
    due_on = timezone.localdate() + datetime.timedelta(days=due_in)
    CohortDeadline.objects.create(plan=plan, course=workshop.course, due_on=due_on)
    Enrolment.objects.filter(pk=learner.enrolment.pk).update(cohort=cohort)
    learner.enrolment.cohort = cohort
    return cohort


def more_time(workshop: Workshop, learner: Learner) -> Extension:
    return extend(
        course=workshop.course,
        enrolment=learner.enrolment,
        due_on=timezone.localdate() + datetime.timedelta(days=3),
        reason="Ill.",
        by=workshop.people["editor"],
    )


def plant_repairs(workshop: Workshop) -> dict[str, str]:
    """One of each, and the words by which addresses name them."""
    learner = learner_of(workshop)
    submission = learner.submit("bits", WRONG)
    return {
        "try": str(submission.uuid),
        "request": str(asked(submission).uuid),
        "regrade": str(previewed(workshop, learner).uuid),
        "extension": str(more_time(workshop, learner).pk),
    }
