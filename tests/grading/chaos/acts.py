"""What a web process does, as a process of its own, so that it can die in the middle.

    python -m tests.grading.chaos.acts prepare LEARNERS
    python -m tests.grading.chaos.acts submit FIRST LAST [slow|poison]

With CHAOS_DIE=commit the process ends by force after the commit of each submission, before
anybody is told of it.
"""

from __future__ import annotations

import os
import sys
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from accounts.models import User  # noqa: E402  # Django must be set up before its models
from courses.models import Course  # noqa: E402
from grading import bell  # noqa: E402
from tests.courses.publishing import publish_small_course  # noqa: E402
from tests.grading.learners import learner_in  # noqa: E402
from tests.people import make_person  # noqa: E402

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
        posted = {"file:solution.py": [SLOW]} if program == "slow" else None
        # The same person sends the same form again: the same key.
        key = uuid.uuid5(uuid.NAMESPACE_OID, str(number))
        print(learner.submit("build", posted, idempotency_key=key).uuid, flush=True)


if __name__ == "__main__":
    if os.environ.get("CHAOS_DIE") == "commit":
        bell.ring = lambda: os._exit(9)  # a web process that dies between commit and message
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        submit(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "")
