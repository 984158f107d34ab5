"""`manage.py analyst`: counts, remarks, fits and compares; says and repairs what is wrong."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.models import Comparison, ExerciseTally, Fit, Remarks
from tests.analysis.crowd import (
    add_version,
    choice_spec,
    hand_in,
    make_learners,
    make_watched_course,
)

pytestmark = pytest.mark.django_db


def test_it_does_all_that_waits_and_proves_what_it_counted() -> None:
    course = make_watched_course()
    version = add_version(course, "item", "choice", choice_spec())
    hand_in(version, [(one, [{"option": 0}]) for one in make_learners(course, 25)])
    asked = Comparison.objects.create(exercise=version.exercise)
    call_command("analyst", "--once")
    assert [flag["flag"] for flag in Remarks.objects.get(version=version).flags] == ["too_easy"]
    assert Fit.objects.get(release=course.current).items == {}
    asked.refresh_from_db()
    assert (asked.state, asked.compared) == ("done", 0)

    said = StringIO()
    call_command("analyst", "--check", stdout=said)
    assert said.getvalue().strip() == "Every tally equals a full count."
    ExerciseTally.objects.filter(version=version, dimension="").update(sums={"learners": 1})
    told = StringIO()
    with pytest.raises(CommandError, match="have been repaired"):
        call_command("analyst", "--check", stderr=told)
    assert f"{version.pk}: learners is 1, counted 25" in told.getvalue()
    call_command("analyst", "--check", stdout=said)
