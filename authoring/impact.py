"""What a new release would be to learners who are in the middle of the course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from authoring.types import ExerciseChange, Impact
from courses.models import Course, Enrolment, ExerciseVersion, Release
from courses.publishing.ready import ReadyCourse, ReadyExercise
from courses.publishing.tables import is_text
from grading.models import Progress

_JUDGED = ("kind", "points", "tries", "penalty_percent")
"""Columns that decide what an answer is worth; the spec does so too, but for its texts."""


@dataclass(slots=True)
class _Counted:
    """What the releases in use have to do with the new one."""

    in_the_middle: int = 0
    touched: set[int] = field(default_factory=set)
    """Enrolments that have begun an exercise that changes."""
    by_exercise: dict[str, int] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)
    releases: list[int] = field(default_factory=list)


def impact_of(ready: ReadyCourse) -> Impact:
    """What publishing this would change for whom. 2 queries, and 2 for each release in which
    somebody is in the middle."""
    key = ready.files.key
    course = Course.objects.select_related("current").filter(key=key).first()
    if course is None or course.current is None:
        return Impact(0, 0, (), (), ())
    new = {one.files.key: one for one in ready.exercises()}
    counted = _Counted()
    middle = Enrolment.objects.filter(course=course, completed_at=None)
    people = dict(middle.values_list("release").annotate(people=Count("pk")).order_by("release"))
    before = versions_in(course.current)
    changes = _changes(before, new)
    for release in Release.objects.filter(pk__in=people).order_by("number"):
        old = before if release.pk == course.current_id else versions_in(release)
        _count(counted, release, old, new, ready)
        counted.in_the_middle += people[release.pk]
    return Impact(
        in_the_middle=counted.in_the_middle,
        touched=len(counted.touched),
        changes=tuple(
            ExerciseChange(key, title, what, counted.by_exercise.get(key, 0))
            for key, title, what in changes
        ),
        obstacles=tuple(dict.fromkeys(counted.obstacles)),
        releases=tuple(counted.releases),
    )


def versions_in(release: Release) -> dict[str, ExerciseVersion]:
    """Key → version of every exercise that a release places. 1 query."""
    placed = ExerciseVersion.objects.filter(placements__lesson__release=release)
    return {version.exercise.key: version for version in placed.select_related("exercise")}


def change_between(old: ExerciseVersion, new: ReadyExercise) -> str:
    """'' where nothing changes, `words` where answers are judged as before, else `judged`."""
    if old.digest == new.digest:
        return ""
    content = new.content
    same = all(getattr(old, name) == content[name] for name in _JUDGED)
    same = same and len(old.hints) == len(content["hints"])  # type: ignore[arg-type]
    return "words" if same and _bones(old.spec) == _bones(new.spec) else "judged"


def _changes(
    old: Mapping[str, ExerciseVersion], new: Mapping[str, ReadyExercise]
) -> list[tuple[str, dict[str, str], str]]:
    """Key, title and what happens to it, of each exercise that is not as before; in course order,
    then those that are gone."""
    changes = []
    for key, one in new.items():
        what = change_between(old[key], one) if key in old else "added"
        if what:
            changes.append((key, dict(one.files.title), what))
    gone = [(key, dict(old[key].title), "removed") for key in old if key not in new]
    return changes + gone


def _count(
    counted: _Counted,
    release: Release,
    old: Mapping[str, ExerciseVersion],
    new: Mapping[str, ReadyExercise],
    ready: ReadyCourse,
) -> None:
    changed = {key: what for key, _title, what in _changes(old, new)}
    rows = Progress.objects.filter(
        enrolment__release=release,
        enrolment__completed_at=None,
        exercise__key__in=[key for key, what in changed.items() if what != "added"],
    ).values_list("enrolment_id", "exercise__key")
    for enrolment_id, key in rows.iterator(chunk_size=10_000):
        counted.touched.add(enrolment_id)
        counted.by_exercise[key] = counted.by_exercise.get(key, 0) + 1
    counted.releases.append(release.pk)
    counted.obstacles += _obstacles(release, changed.values(), new, ready)


def _obstacles(
    release: Release,
    changed: Iterable[str],
    new: Mapping[str, ReadyExercise],
    ready: ReadyCourse,
) -> list[str]:
    """Why learners of a release cannot be moved without asking them: `removed`, `judged`, `more`
    (more points than before are needed)."""
    found = [what for what in ("removed", "judged") if what in changed]
    points = sum(one.files.points for one in new.values())
    needed = points * ready.files.completion_percent
    if needed > release.points * release.completion_percent:
        found.append("more")
    return found


def _bones(spec: object) -> object:
    """A spec without the words of its texts."""
    if is_text(spec):
        return "…"
    if isinstance(spec, dict):
        return {key: _bones(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [_bones(value) for value in spec]
    return spec
