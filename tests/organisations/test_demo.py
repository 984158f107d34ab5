"""The demo cohorts study the first programme, and stay as somebody changed them."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.demo import make_demo_people
from accounts.models import CohortInstructor
from courses.actions import set_plan
from courses.models import CohortPlan, Standing
from tests.courses.rows import make_course
from tests.learn.site import programme_of

pytestmark = pytest.mark.django_db


def test_the_demo_cohorts_have_plans_and_an_instructor() -> None:
    make_demo_people()
    call_command("demo_cohorts", verbosity=0)
    assert CohortPlan.objects.count() == 0, "nothing is published yet"
    programme_of("blockchain-foundations", make_course("hashes"))
    call_command("demo_cohorts", verbosity=0)
    assert CohortPlan.objects.filter(programme__key="blockchain-foundations").count() == 2
    assert (CohortInstructor.objects.count(), Standing.objects.count()) == (1, 1)
    plan = CohortPlan.objects.first()
    assert plan is not None
    other = programme_of("other", make_course("blocks"))
    set_plan(cohort=plan.cohort, programme=other)
    call_command("demo_cohorts", verbosity=0)
    assert sorted(CohortPlan.objects.values_list("programme__key", flat=True)) == [
        "blockchain-foundations",
        "other",
    ]
