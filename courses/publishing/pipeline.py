"""Load → validate → prove → write: the way of a course from files to rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.db import transaction

from chains.engines import open_engines
from courses.models import Course, ExerciseVersion, PolicyReport
from courses.policy import OVERRIDES_FILE, Judged, files_below, judged, lexicon, read_overrides
from courses.publishing.faults import Faults, Refused
from courses.publishing.files import ProgrammeFile
from courses.publishing.loader import find, read_course, read_programme
from courses.publishing.prove import Proof, prove
from courses.publishing.ready import ReadyCourse, ReadyExercise, make_ready
from courses.publishing.validate import check_course, check_programme, check_together
from courses.publishing.write import About, Act, write_course, write_programme
from courses.signals import course_arrives
from exercises.registry import KINDS
from exercises.types import Tools
from sandbox.types import Boxes, Unavailable

OpenBoxes = Callable[[], Boxes]
"""Opens a lane whose canaries have passed, or raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Courses and programmes without a mistake that can be seen by reading."""

    courses: list[ReadyCourse]
    programmes: list[ProgrammeFile]

    def exercises(self) -> list[ReadyExercise]:
        return [exercise for course in self.courses for exercise in course.exercises()]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did, in order."""

    proofs: list[Proof]
    acts: list[Act]


def load(paths: Sequence[Path]) -> Loaded:
    """Read and validate everything in or at these paths.

    Raises `Refused` with every mistake of every course and programme. One query.
    """
    faults = Faults()
    folders, files = find(list(paths), faults)
    courses = [course for one in folders if (course := read_course(one, faults)) is not None]
    programmes = [entry for one in files if (entry := read_programme(one, faults)) is not None]
    known = {course.key for course in courses}
    known |= set(Course.objects.exclude(current=None).values_list("key", flat=True))
    check_together(courses, programmes, faults)
    for course in courses:
        check_course(course, known, faults)
    for programme in programmes:
        check_programme(programme, known, faults)
    ready = [make_ready(course, faults) for course in courses]
    if faults.found:
        raise Refused(faults.found)
    return Loaded(ready, programmes)


def prove_all(exercises: Collection[ReadyExercise], open_boxes: OpenBoxes) -> list[Proof]:
    """Prove exercises, with boxes where one of them runs programs. Raises `Refused`."""
    faults = Faults()
    needed = [one for one in exercises if KINDS[one.files.kind].slow]
    with tools_for(needed, open_boxes) as tools:
        proofs = [prove(exercise, tools, faults) for exercise in exercises]
    if faults.found:
        raise Refused(faults.found)
    return proofs


def publish(
    paths: Sequence[Path], open_boxes: OpenBoxes, proved: Collection[str] = frozenset()
) -> Published:
    """Load, ask the separation guard, prove and write; whatever is wrong, nothing is written.

    An exercise version that is stored already was proved when it was written, and is not proved
    again; nor is one whose digest is in `proved`. A course that is written in a workspace goes
    there and no further. Raises `Refused`.
    """
    loaded = load(paths)
    elsewhere = _kept_elsewhere(loaded)
    rest = [course for course in loaded.courses if course.files.key not in elsewhere]
    here = Loaded(rest, loaded.programmes)
    policies = ask_policy(rest)
    unproved = [one for one in _unproved(here) if one.digest not in proved]
    proofs = prove_all(unproved, open_boxes)
    with transaction.atomic():
        taken = [take() for take in elsewhere.values()]
        return Published(proofs, taken + write(here, policies))


def write(loaded: Loaded, policies: Mapping[str, Judged] | None = None) -> list[Act]:
    """Write everything in one transaction: courses first, then the programmes that name them.

    `policies`: key of a course → what the separation guard said of it.
    """
    policies = policies or {}
    with transaction.atomic():
        acts = [
            write_course(course, About(policy=policies.get(course.files.key)))
            for course in loaded.courses
        ]
        return acts + [write_programme(programme) for programme in loaded.programmes]


def ask_policy(courses: Sequence[ReadyCourse]) -> dict[str, Judged]:
    """Key → what the separation guard says of each course. Raises `Refused` with every finding
    that nobody answers for. A course that is published as it is, and was checked by the same
    lexicon, is not among them: what was said of it stands. 1 query."""
    said = set(
        PolicyReport.objects.filter(
            release__course__key__in=[course.files.key for course in courses],
            lexicon=lexicon().digest,
        ).values_list("release__course__key", "release__digest")
    )
    faults = Faults()
    policies = {
        course.files.key: _judged(course, faults)
        for course in courses
        if (course.files.key, course.digest) not in said
        or (course.files.folder / OVERRIDES_FILE).is_file()
    }
    if faults.found:
        raise Refused(faults.found)
    return policies


def _judged(course: ReadyCourse, faults: Faults) -> Judged:
    folder = course.files.folder
    policy = judged(files_below(folder), read_overrides(folder, faults))
    for finding in policy.found:
        message = f"Policy, {finding.rule}: “{finding.excerpt}” {finding.reason['en']}"
        faults.add(str(folder / finding.file), finding.line, message)
    return policy


def _kept_elsewhere(loaded: Loaded) -> dict[str, Callable[[], Act]]:
    """Key → what takes the files of a course that is not published from files alone."""
    takers: dict[str, Callable[[], Act]] = {}
    for course in loaded.courses:
        key, folder = course.files.key, course.files.folder
        for _receiver, take in course_arrives.send(None, course_key=key, folder=folder):
            if take is not None:
                takers[key] = cast("Callable[[], Act]", take)
    return takers


def _unproved(loaded: Loaded) -> list[ReadyExercise]:
    keys = [course.files.key for course in loaded.courses]
    stored = set(
        ExerciseVersion.objects.filter(exercise__course__key__in=keys).values_list(
            "exercise__course__key", "exercise__key", "digest"
        )
    )
    return [
        exercise
        for course in loaded.courses
        for exercise in course.exercises()
        if (course.files.key, exercise.files.key, exercise.digest) not in stored
    ]


@contextmanager
def tools_for(needed: Sequence[ReadyExercise], open_boxes: OpenBoxes) -> Iterator[Tools]:
    """A lane and its engines, while they are needed. Fails closed: without a lane, nothing that
    runs programs is proved."""
    if not needed:
        yield Tools()
        return
    try:
        boxes = open_boxes()
    except Unavailable as error:
        faults = Faults()
        for exercise in needed:
            message = f"This cannot be proved: no program may run here. {error.reason}"
            faults.add(exercise.files.document.file, 1, message)
        raise Refused(faults.found) from error
    engines = open_engines(boxes)
    try:
        yield Tools(boxes=boxes, engines=engines)
    finally:
        engines.close()
        boxes.close()
