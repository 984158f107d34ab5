"""The small course, published for real: read, proved in the sandbox, written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from courses.models import Course
from courses.publishing.boxes import open_boxes
from courses.publishing.pipeline import Loaded, load, prove_all, write

HERE = Path(__file__).resolve().parent
SMALL_COURSE = HERE / "small-course"
SMALL_PROGRAMME = HERE / "small-programme.toml"


@cache
def small_course_loaded() -> Loaded:
    """The small course and its programme, proved once in a test run: proving writes nothing."""
    loaded = load([SMALL_COURSE, SMALL_PROGRAMME])
    prove_all(loaded.exercises(), open_boxes)
    return loaded


def publish_small_course() -> Course:
    """The course `small-course` with its release, and the programme `small-programme`."""
    write(small_course_loaded())
    return Course.objects.select_related("current").get(key="small-course")
