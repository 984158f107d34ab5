"""Repairing in a browser: regrade, override, requests, deadlines; and what learners see of it."""

from __future__ import annotations

import datetime
import io
import json
import zipfile

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from courses.models import Enrolment
from grading.actions import forget_answers, override
from grading.models import (
    AuditEntry,
    Extension,
    LateRule,
    Notice,
    Override,
    RegradeBatch,
    RegradeRequest,
)
from grading.recount import differences
from learn.own_data import own_data_file
from tests.grading.learners import Learner
from tests.teach.repairs import (
    WRONG,
    asked,
    corrected,
    learner_of,
    more_time,
    previewed,
    taught,
    work,
)
from tests.teach.workshop import Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queue")]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def learner(workshop: Workshop) -> Learner:
    return learner_of(workshop)


def browser_of(learner: Learner) -> Client:
    client = Client()
    client.force_login(learner.enrolment.user)
    return client


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def credit(learner: Learner) -> tuple[int, int]:
    """Of the exercise, and of the course."""
    enrolment = Enrolment.objects.get(pk=learner.enrolment.pk)
    return learner.progress("bits").credit, enrolment.credit


def test_a_wrong_key_is_repaired(workshop: Workshop, learner: Learner) -> None:
    """Preview, apply, and what the learner is told: in My learning and beside the verdict."""
    learner.submit("bits", WRONG)
    version = corrected(learner)
    author, editor = workshop.client("author"), workshop.client("editor")
    page = text(author, workshop.url("repair/exercises/bits/"))
    assert page.count('name="judges"') == 2
    old = learner.placements["bits"].version
    chosen = {"version": version.pk, "judges": [old.pk]}
    answer = author.post(workshop.url("repair/exercises/bits/"), chosen)
    batch = RegradeBatch.objects.get()
    url = workshop.url(f"repair/regrades/{batch.uuid}/")
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert "hx-trigger" in text(author, url)
    work()
    page = text(author, url)
    assert "hx-trigger" not in page
    assert "0 → 3" in page
    assert learner.enrolment.user.name not in page
    assert "apply/" not in page
    assert credit(learner) == (0, 0)
    told = {"reason": "The key <was> wrong.", "never_lower": "on"}
    assert editor.post(f"{url}apply/", {"reason": ""}).status_code == 422
    for _ in range(2):
        assert editor.post(f"{url}apply/", told).status_code == 302
    work()
    assert credit(learner) == (300, 300)
    assert "The key &lt;was&gt; wrong." in text(author, url)
    mine = browser_of(learner)
    home = text(mine, "/learn/")
    assert "Your points: 0 → 3" in home
    lesson = learner.placements["bits"].lesson
    assert "0 → 3 points" in text(mine, f"/learn/small-course/{lesson.key}/")
    notice = Notice.objects.get()
    assert mine.post(f"/notices/{notice.uuid}/seen/").status_code == 302
    assert "Your points: 0 → 3" not in text(mine, "/learn/")
    assert differences() == []


def test_a_preview_can_be_dropped(workshop: Workshop, learner: Learner) -> None:
    learner.submit("bits", WRONG)
    batch = previewed(workshop, learner)
    author = workshop.client("author")
    author.post(workshop.url(f"repair/regrades/{batch.uuid}/abandon/"))
    assert RegradeBatch.objects.get().state == "abandoned"
    assert "Abandoned" in text(author, workshop.url(f"repair/regrades/{batch.uuid}/"))


def test_points_are_given_by_hand_and_taken_back(workshop: Workshop, learner: Learner) -> None:
    submission = learner.submit("bits", WRONG)
    editor, url = workshop.client("editor"), workshop.url(f"repair/tries/{submission.uuid}/")
    too_many = editor.post(url, {"points": "3.01", "reason": "Why."})
    assert "Give between no points and all of them." in too_many.content.decode()
    editor.post(url, {"points": "1.5", "reason": "Half of it."})
    assert credit(learner) == (150, 150)
    mine = browser_of(learner)
    page = text(mine, f"/submissions/{submission.uuid}/")
    assert "0 → 1.50 points" in page
    assert "Half of it." in page
    editor.post(f"{url}withdraw/", {"back-reason": "No."})
    assert credit(learner) == (0, 0)
    assert Override.objects.filter(withdrawn_at=None).count() == 0
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == [
        "override.made",
        "override.withdrawn",
    ]
    assert differences() == []


def test_a_learner_asks_and_is_answered(workshop: Workshop, learner: Learner) -> None:
    submission = learner.submit("bits", WRONG)
    mine, editor = browser_of(learner), workshop.client("editor")
    url = f"/submissions/{submission.uuid}/request/"
    assert mine.post(url, {"words": ""}).status_code == 409
    mine.post(url, {"words": "1 is <right>."})
    one = RegradeRequest.objects.get()
    assert "1 learner asks" in text(editor, "/teach/")
    assert "waits for you" in text(editor, workshop.url("repair/"))
    here = workshop.url(f"repair/requests/{one.uuid}/")
    assert "1 is &lt;right&gt;." in text(editor, here)
    editor.post(here, {"words": "Let me see."})
    assert "answered, waits for the learner" in text(editor, workshop.url("repair/requests/"))
    assert "Let me see." in text(mine, url)
    assert workshop.people["editor"].name not in text(mine, url)
    for _ in range(3):
        answer = mine.post(url, {"words": "Please."})
    assert answer.status_code == 302
    assert mine.post(url, {"words": "Please."}).status_code == 409
    early = {"decision": "regraded", "words": "Done."}
    assert editor.post(f"{here}decide/", early).status_code == 422
    decided = {"decision": "overridden", "points": "3", "words": "You are right."}
    assert editor.post(f"{here}decide/", decided).status_code == 302
    assert credit(learner) == (300, 300)
    assert RegradeRequest.objects.get().decision == "overridden"
    about = list(Notice.objects.order_by("pk").values_list("about", flat=True))
    assert about == ["answered", "overridden", "decided"]
    assert "You are right." in text(mine, "/learn/")
    assert editor.post(here, {"words": "More."}).status_code == 200  # it is decided: said again
    assert differences() == []


def test_one_question_about_an_exercise_at_a_time(workshop: Workshop, learner: Learner) -> None:
    first, second = learner.submit("bits", WRONG), learner.submit("bits", {"value": ["2"]})
    asked(first)
    mine = browser_of(learner)
    assert "I think that 1 is right." in text(mine, f"/submissions/{second.uuid}/request/")
    mine.post(f"/submissions/{second.uuid}/request/", {"words": "And this?"})
    assert RegradeRequest.objects.get().messages.count() == 2
    mine.post(f"/submissions/{second.uuid}/request/back/")
    assert RegradeRequest.objects.get().decision == "taken_back"
    for number in range(5):
        mine.post(f"/submissions/{first.uuid}/request/", {"words": str(number)})
        mine.post(f"/submissions/{first.uuid}/request/back/")
    assert RegradeRequest.objects.count() == 5, "five a day"
    other = browser_of(learner_of(workshop, "other"))
    assert other.get(f"/submissions/{first.uuid}/request/").status_code == 404


def test_lateness_is_said_before_and_charged_after(workshop: Workshop, learner: Learner) -> None:
    cohort = taught(workshop, learner, due_in=-2)
    editor, url = workshop.client("editor"), workshop.url("repair/deadlines/")
    assert editor.post(url, {"late": "percent"}).status_code == 200
    assert LateRule.objects.count() == 0
    rule = {"late": "percent", "percent_per_day": "10", "floor_percent": "50"}
    for _ in range(2):
        editor.post(url, {**rule, "cohort": cohort.pk})
    assert "loses 10 % each day" in text(editor, url)
    assert (LateRule.objects.get().cohort_id, AuditEntry.objects.count()) == (cohort.pk, 2)
    lesson = learner.placements["bits"].lesson
    page = text(browser_of(learner), f"/learn/small-course/{lesson.key}/")
    assert "2 days late: at most 80 % of the points." in page
    assert learner.submit("bits").late_percent == 20
    assert credit(learner) == (240, 240)
    day = (timezone.localdate() - datetime.timedelta(days=1)).isoformat()
    more = {"cohort": cohort.pk, "email": "", "due_on": day, "reason": "Ill."}
    assert editor.post(workshop.url("repair/extensions/"), more).status_code == 422
    more["due_on"] = timezone.localdate().isoformat()
    more["email"] = "nobody@example.org"
    assert editor.post(workshop.url("repair/extensions/"), more).status_code == 422
    more["email"] = learner.enrolment.user.email
    assert editor.post(workshop.url("repair/extensions/"), more).status_code == 302
    assert credit(learner) == (300, 300)
    assert f"until {timezone.localdate().isoformat()}" in text(editor, url)
    assert learner.enrolment.user.name in text(editor, url)
    assert learner.enrolment.user.name not in text(workshop.client("author"), url)
    extension = Extension.objects.get()
    editor.post(workshop.url(f"repair/extensions/{extension.pk}/withdraw/"))
    assert credit(learner) == (300, 300), "what was forgiven stays forgiven"
    assert differences() == []


def test_after_the_day_nothing_is_taken_where_the_rule_says_so(
    workshop: Workshop, learner: Learner
) -> None:
    taught(workshop, learner, due_in=-1)
    workshop.client("editor").post(workshop.url("repair/deadlines/"), {"late": "refuse"})
    lesson = learner.placements["bits"].lesson
    mine = browser_of(learner)
    page = text(mine, f"/learn/small-course/{lesson.key}/")
    assert "nothing is taken after that day" in page
    answer = mine.post(f"/learn/small-course/{lesson.key}/bits/", learner.right("bits"))
    assert answer.status_code == 409


@pytest.mark.parametrize("learners", [1, 3])
def test_a_regrade_costs_the_same_for_one_and_for_three(
    workshop: Workshop, learners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everybody = [learner_of(workshop, f"learner-{number}") for number in range(learners)]
    for one in everybody:
        one.submit("bits", WRONG)
    batch = previewed(workshop, everybody[0])
    editor, url = workshop.client("editor"), workshop.url(f"repair/regrades/{batch.uuid}/")
    with django_assert_num_queries(6):  # session, person, workspace, regrade, tries and their count
        assert text(editor, url).count("0 → 3") == learners


def test_what_was_said_is_taken_along_and_forgotten(workshop: Workshop, learner: Learner) -> None:
    submission = learner.submit("bits", WRONG)
    asked(submission)
    more_time(workshop, learner)
    editor = workshop.people["editor"]
    override(submission=submission, credit=150, reason="Half of it.", by=editor)
    person = learner.enrolment.user
    with zipfile.ZipFile(io.BytesIO(b"".join(own_data_file(person)))) as archive:
        kept = json.loads(archive.read("repairs.json"))
    assert [row["words"] for row in kept["requests"]] == ["I think that 1 is right."]
    assert [row["reason"] for row in kept["points_by_hand"]] == ["Half of it."]
    assert [row["reason"] for row in kept["more_time"]] == ["Ill."]
    assert [row["about"] for row in kept["news"]] == ["extended", "overridden"]
    forget_answers(user_id=person.pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(own_data_file(person)))) as archive:
        kept = json.loads(archive.read("repairs.json"))
    assert (kept["requests"], kept["news"]) == ([], [])
    assert [row["reason"] for row in (*kept["points_by_hand"], *kept["more_time"])] == ["", ""]
    assert credit(learner) == (150, 150)
    assert differences() == []
