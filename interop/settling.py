"""The last step of every import: what was written is read, rendered and proved by the rules of
publishing, and what does not hold is refused in the report instead of standing in a course."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from courses.publishing.faults import Fault, Faults
from courses.publishing.loader import read_course
from courses.publishing.prove import prove
from courses.publishing.ready import ReadyCourse, make_ready
from exercises.registry import KINDS
from exercises.types import Tools
from interop.neutral_writing import Course, Exercise, Page, Written, any_words, written
from interop.reasons import because, refused
from interop.types import Fate, Imported, ItemReport, Reason

LONGEST = 100_000
"""Characters of an exercise, or of the words of a lesson between two of them."""
ROUNDS = 20
"""Each round drops something, and nearly always all of it."""


def settled(course: Course) -> Imported:
    """The course with everything that holds, and the report of everything.

    Raises `Refused` when there was no item at all.
    """
    order = [part for lesson in course.lessons() for part in lesson.parts]
    bad = {id(part): because("too_long", most=LONGEST) for part in order if _size(part) > LONGEST}
    _drop(course, bad)
    out = written(course)
    for _ in range(ROUNDS):
        found = _faulty(out)
        if not found:
            break
        bad |= found
        _drop(course, found)
        out = written(course)
    else:
        raise refused("unknown_format")
    paths = {id(exercise): folder for folder, exercise in out.exercises.items()}
    paths |= {
        id(page): file.rpartition("/")[0] for file, pages in out.pages.items() for _, page in pages
    }
    items = [_report(part, bad, paths) for part in order if part.where]
    items += course.refused
    if not items:
        raise refused("nothing_inside")
    files = out.files if any(course.lessons()) else {}
    return Imported(files, tuple(items))


def _size(part: Page | Exercise) -> int:
    """Characters of a part, in all languages."""
    if isinstance(part, Page):
        return sum(map(len, part.words.values()))
    return sum(map(len, part.statement.values())) + len(str(part.spec)) + len(str(part.hints))


def _drop(course: Course, parts: Collection[int]) -> None:
    """Take these parts out, and the lessons that are empty then."""
    for lesson in course.lessons():
        lesson.parts = [part for part in lesson.parts if id(part) not in parts]
    for module in course.modules:
        module.lessons = [lesson for lesson in module.lessons if lesson.parts]


@contextmanager
def staged(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A temporary folder with these files, for what reads courses from folders."""
    with TemporaryDirectory(prefix="import-") as place:
        folder = Path(place)
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        yield folder


def _faulty(out: Written) -> dict[int, Reason]:
    """The parts that do not hold, by identity, and why. Raises `Refused` for a fault of nobody."""
    if not out.exercises and not any(out.pages.values()):
        return {}
    faults = Faults()
    with staged(out.files) as folder:
        course = read_course(folder, faults)
        ready = make_ready(course, faults) if course is not None else None
        if ready is not None and not faults.found:
            _prove(ready, faults)
        prefix = f"{folder}/"
    bad: dict[int, Reason] = {}
    for fault in faults.ordered():
        part = _answers_for(fault, fault.file.removeprefix(prefix), out)
        if part is None:
            raise refused("does_not_hold", why=fault.message)
        bad.setdefault(id(part), because("does_not_hold", why=fault.message))
    return bad


def _prove(ready: ReadyCourse, faults: Faults) -> None:
    """Prove what needs no box."""
    for exercise in ready.exercises():
        if not KINDS[exercise.files.kind].slow:
            prove(exercise, Tools(), faults)


def _answers_for(fault: Fault, path: str, out: Written) -> Page | Exercise | None:
    """The part of the course that a fault is to be blamed on."""
    folder = "/".join(path.split("/")[:2])
    if folder in out.exercises:
        return out.exercises[folder]
    for lines, page in out.pages.get(path, ()):
        if fault.line in lines:
            return page
    if path.startswith("figures/"):
        for folder, exercise in out.exercises.items():
            files = (data for name, data in out.files.items() if name.startswith(f"{folder}/"))
            if any(path.encode() in data for data in files):
                return exercise
    pages = out.pages.get(path, ())
    return pages[0][1] if pages else None


def _report(
    part: Page | Exercise, bad: Mapping[int, Reason], paths: Mapping[int, str]
) -> ItemReport:
    title = part.title if isinstance(part, Page) else any_words(part.title)
    if reason := bad.get(id(part)):
        return ItemReport(part.where, title, Fate.REFUSED, (*part.said, reason))
    fate = Fate.LOSS if part.said else Fate.TAKEN
    return ItemReport(part.where, title, fate, tuple(part.said), paths[id(part)])
