"""What a web process does, as a process of its own, so that it can die in the middle.

    python -m tests.grading.chaos.acts prepare LEARNERS
    python -m tests.grading.chaos.acts submit FIRST LAST [slow|brisk]
    python -m tests.grading.chaos.acts gather
    python -m tests.grading.chaos.acts mixed SEED
    python -m tests.grading.chaos.acts recount
    python -m tests.grading.chaos.acts attend

`attend` does one act after the other, as they are asked for: a line of JSON with the words of an
act comes in, a line of JSON with what it printed and how it failed goes out.

With CHAOS_DIE=commit the process ends by force after the commit of each submission, before
anybody is told of it.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import traceback
import uuid
from contextlib import redirect_stdout, suppress

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.models import Cohort, User  # noqa: E402  # Django must be set up before its models
from courses.actions import (  # noqa: E402
    enrol,
    erase_person,
    join_cohort,
    merge_people,
    move_members,
    set_plan,
)
from courses.models import Course, Enrolment, Programme  # noqa: E402
from exercises.types import Verdict  # noqa: E402
from exercises.verdicts import outcome_of  # noqa: E402
from grading import bell  # noqa: E402
from grading.models import Submission  # noqa: E402
from grading.regrading import regrade  # noqa: E402
from grading.types import Refused  # noqa: E402
from tests.courses.publishing import publish_small_course  # noqa: E402
from tests.grading.learners import learner_in  # noqa: E402
from tests.people import make_cohort, make_organisation, make_person  # noqa: E402

BRISK = "import time\ntime.sleep(0.4)\ndef build(words):\n    return None\n"
ACTS = ("submit", "submit", "join", "move", "enrol", "regrade", "merge", "erase")
SLOW = "import time\ntime.sleep(1)\ndef build(words):\n    return None\n"


def prepare(learners: int) -> None:
    course = publish_small_course()
    for number in range(learners):
        learner_in(course, make_person(f"learner{number}"))


def submit(first: int, last: int, program: str) -> None:
    course = Course.objects.select_related("current").get(key="small-course")
    for number in range(first, last):
        person = User.objects.get(email=f"learner{number}@example.org")
        learner = learner_in(course, person)
        text = {"slow": SLOW, "brisk": BRISK}.get(program)
        posted = {"file:solution.py": [text]} if text else None
        # The same person sends the same form again: the same key.
        key = uuid.uuid5(uuid.NAMESPACE_OID, str(number))
        print(learner.submit("build", posted, idempotency_key=key).uuid, flush=True)


def gather() -> None:
    """Two cohorts with a plan, and everybody in the first."""
    organisation = make_organisation("gathering")
    programme = Programme.objects.get(key="small-programme")
    for name in ("first", "second"):
        set_plan(cohort=make_cohort(organisation, name), programme=programme)
    first = Cohort.objects.select_related("organisation").get(name="first")
    for person in User.objects.filter(email__startswith="learner").order_by("pk"):
        join_cohort(user=person, cohort=first)


def mixed(seed: int) -> None:
    """What many people do to the same rows, in an order by chance; nothing of it may fail."""
    chance = random.Random(seed)
    course = Course.objects.select_related("current").get(key="small-course")
    first, second = Cohort.objects.select_related("organisation").order_by("pk")
    for number in range(30):
        people = User.objects.filter(email__startswith="learner", erased_at=None)
        one, other = chance.sample(list(people), 2)
        match chance.choice(
            ["submit", "submit", "join", "move", "enrol", "regrade", "merge", "erase"]
        ):
            case "submit":
                with suppress(Refused, Enrolment.DoesNotExist):
                    learner_in(course, one).submit("build")
            case "join":
                join_cohort(user=one, cohort=chance.choice([first, second]))
            case "move":
                source, target = chance.sample([first, second], 2)
                move_members(source=source, target=target, user_ids=[one.pk, other.pk])
            case "enrol":
                enrol(user=make_person(f"learner-{seed}-{number}"), course=course, cohort=first)
            case "regrade":
                done = Submission.objects.filter(state="done").select_related("version")
                for submission in done.order_by("?")[:1]:
                    score = chance.choice([0.0, 1.0])
                    verdict = Verdict(outcome_of(score), score)
                    version = submission.version
                    regrade(submission, verdict, version=version, engine="", never_lower=False)
            case "merge" if number % 4 == 0:
                merge_people(kept=one, gone=other)
            case "erase" if number % 4 == 0:
                erase_person(user=one)


def perform(name: str, *words: str) -> None:
    """One act, by its words."""
    match name:
        case "prepare":
            prepare(int(words[0]))
        case "gather":
            gather()
        case "mixed":
            mixed(int(words[0]))
        case "recount":
            call_command("recount", "--check")
        case _:
            submit(int(words[0]), int(words[1]), words[2] if len(words) > 2 else "")


def attend() -> None:
    for line in sys.stdin:
        said, failure = io.StringIO(), ""
        try:
            with redirect_stdout(said):
                perform(*json.loads(line))
        except (Exception, SystemExit):
            failure = traceback.format_exc()
        print(json.dumps([said.getvalue(), failure]), flush=True)


if __name__ == "__main__":
    if os.environ.get("CHAOS_DIE") == "commit":
        bell.ring = lambda: os._exit(9)  # a web process that dies between commit and message
    if sys.argv[1] == "attend":
        attend()
    else:
        perform(*sys.argv[1:])
