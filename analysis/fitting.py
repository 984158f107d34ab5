"""Item response models and reliabilities of the releases that learners study now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Max
from django.utils import timezone

from analysis.models import Counted, Fit, Remarks
from analysis.response_model import Fitted, Floats, fit
from analysis.responses import THOUSAND, from_json
from analysis.statistics import CELL_K, alpha
from courses.models import Course, LessonExercise

LEAST_LEARNERS = 200
"""Who have answered an item, for it to be fitted."""
LEAST_ITEMS = 3
LEAST_COMPLETE = 30
"""Learners who have answered all of a lesson, for its reliability."""
MOST_LEARNERS = 20_000
"""The latest ones: more make no curve clearer."""
GROUPS = 8
"""Of equally many learners, beside whose shares a curve is drawn."""


def due() -> list[Course]:
    """Courses whose tallies have moved since their current release was fitted. 2 queries."""
    courses = Course.objects.exclude(current=None).select_related("current__fit")
    moved = dict(
        Remarks.objects.order_by()
        .values_list("version__exercise__course")
        .annotate(Max("updated_at"))
    )
    found = []
    for course in courses:
        fitted: Fit | None = getattr(course.current, "fit", None)
        latest = moved.get(course.pk)
        if latest is not None and (fitted is None or fitted.fitted_at < latest):
            found.append(course)
    return found


def fit_course(course: Course) -> Fit:
    """Fit the current release of a course anew. Effects: its `Fit`.

    `items`: version id → {"learners", "slope", "slope_error", "difficulty", "difficulty_error",
    "points": [[ability, share right, learners], …]} of every exercise that at least
    `LEAST_LEARNERS` have answered, where there are `LEAST_ITEMS` of them; else none.
    """
    assert course.current is not None, "a course that was published"
    placed = LessonExercise.objects.filter(lesson__release=course.current).order_by(
        "lesson__position", "position"
    )
    lessons: defaultdict[str, list[int]] = defaultdict(list)
    for lesson, version in placed.values_list("lesson__key", "version"):
        lessons[lesson].append(version)
    versions = [version for each in lessons.values() for version in each]
    scores = _scores(course, versions)
    fitted, _made = Fit.objects.update_or_create(
        release=course.current,
        defaults={
            "fitted_at": timezone.now(),
            **_items(scores, versions),
            "lessons": _reliabilities(scores, versions, lessons),
        },
    )
    return fitted


def _scores(course: Course, versions: Sequence[int]) -> Floats:
    """Learners × versions: the score of the first try, NaN where there is none."""
    place = {version: number for number, version in enumerate(versions)}
    rows = Counted.objects.filter(enrolment__course=course).order_by("-enrolment")
    found = []
    for responses in rows.values_list("responses", flat=True)[:MOST_LEARNERS].iterator():
        row = np.full(len(versions), np.nan)
        for each in responses.values():
            for one in map(from_json, each):
                if one.is_first and one.version in place:
                    row[place[one.version]] = one.score / THOUSAND
        found.append(row)
    return np.array(found).reshape(len(found), len(versions))


def _items(scores: Floats, versions: Sequence[int]) -> dict[str, Any]:
    enough = (~np.isnan(scores)).sum(0) >= LEAST_LEARNERS
    own = scores[:, enough]
    own = own[(~np.isnan(own)).sum(1) > 0]
    kept = [version for version, is_enough in zip(versions, enough, strict=True) if is_enough]
    if len(kept) < LEAST_ITEMS:
        return {"learners": 0, "items": {}}
    right = np.where(np.isnan(own), np.nan, own >= 1)
    fitted = fit(right)
    items = {
        str(version): _item(fitted, right[:, place], place) for place, version in enumerate(kept)
    }
    return {"learners": len(own), "items": items}


def _item(fitted: Fitted, right: Floats, place: int) -> Mapping[str, Any]:
    answered = ~np.isnan(right)
    ability, score = fitted.ability[answered], right[answered]
    order = np.argsort(ability, kind="stable")
    groups = [own for own in np.array_split(order, GROUPS) if len(own) >= CELL_K]
    columns = {
        "slope": fitted.slope,
        "slope_error": fitted.slope_error,
        "difficulty": fitted.difficulty,
        "difficulty_error": fitted.difficulty_error,
    }
    return {
        "learners": int(answered.sum()),
        **{name: round(float(column[place]), 3) for name, column in columns.items()},
        "points": [
            [round(float(ability[own].mean()), 3), round(float(score[own].mean()), 4), len(own)]
            for own in groups
        ],
    }


def _reliabilities(
    scores: Floats, versions: Sequence[int], lessons: Mapping[str, Collection[int]]
) -> dict[str, Any]:
    found = {}
    for lesson, own in lessons.items():
        columns = scores[:, [versions.index(version) for version in own]]
        complete = columns[~np.isnan(columns).any(axis=1)]
        if len(own) < 2 or len(complete) < LEAST_COMPLETE:
            continue
        value = alpha(list(complete.var(axis=0, ddof=1)), float(complete.sum(axis=1).var(ddof=1)))
        if value is not None:
            found[lesson] = {
                "alpha": round(value, 3),
                "learners": len(complete),
                "exercises": len(own),
            }
    return found
