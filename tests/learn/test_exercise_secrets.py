"""Answers and hidden checks never reach a browser: canaries are planted in every secret place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from courses.models import Enrolment, ExerciseVersion
from grading.models import Submission
from tests.learn.classroom import Place, lesson_of, lesson_url, place

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3a"
HTMX = {"HX-Request": "true"}
QUIZ_KINDS = ("choice", "choices", "numeric", "text", "order", "match", "cloze")


def text(words: str) -> dict[str, str]:
    return {"en": f"{CANARY} {words}", "zh-hans": f"{CANARY} {words}"}


def plant(spec: dict[str, Any]) -> dict[str, Any]:
    """The same exercise, with canaries where only graders may look."""
    for option in spec.get("options", ()):
        if option.get("correct"):
            option["feedback"] = text("feedback of a right option")
    if "accept" in spec:
        spec["accept"] = [*spec["accept"], f"{CANARY} accepted"]
        spec["patterns"] = [f"{CANARY} pattern"]
    for mistake in spec.get("wrong", ()) if isinstance(spec.get("wrong"), list) else ():
        mistake["feedback"] = text("feedback of another mistake")
    for gap in spec.get("gaps", ()):
        plant(gap)
    if "checks" in spec:
        spec["checks"] += f"\n# {CANARY} checks\n"
        spec["solution"] = {n: f"{t}\n# {CANARY} solution\n" for n, t in spec["solution"].items()}
        spec["wrong"] = {
            name: {n: f"{t}\n# {CANARY} wrong\n" for n, t in files.items()}
            for name, files in spec["wrong"].items()
        }
    return spec


@pytest.fixture
def planted(enrolment: Enrolment) -> Enrolment:
    for version in ExerciseVersion.objects.all():
        version.spec = plant(version.spec)
        version.hints = [{"text": text("hint"), "cost": 10}]
        version.save()
        assert CANARY in str(version.spec) or version.kind in {"order", "match"}
    return enrolment


def miss(here: Place) -> dict[str, Any]:
    """The form of a wrong answer that chooses no right option and makes no foreseen mistake."""
    if here.placement.version.kind == "choices":
        right = set(here.right()["option"])
        options = here.form({"options": [0, 1, 2]})["option"]
        return {"option": [one for one in options if one not in right]}
    if here.placement.version.kind == "numeric":
        return {"value": "99999"}
    if here.placement.version.kind == "text":
        return {"value": "something else"}
    if here.placement.version.kind == "cloze":
        return {"gap-what": "something else"}
    if here.placement.version.kind == "program":
        return {"file:solution.py": "def build(words):\n    return list(words)\n"}
    return here.wrong()


def pages_of(browser: Client, here: Place) -> list[str]:
    urls = [here.url(), here.url("history"), lesson_url(here.placement.lesson)]
    for submission in Submission.objects.all():
        urls += [f"/submissions/{submission.uuid}/", f"/submissions/{submission.uuid}/state/"]
    return [
        browser.get(url, headers=extra).content.decode() for url in urls for extra in ({}, HTMX)
    ]


@pytest.mark.parametrize("kind", [*QUIZ_KINDS, "program"])
def test_nothing_leaks_before_and_after_a_wrong_answer(
    browser: Client, planted: Enrolment, kind: str, grade_waiting: Callable[[], bool]
) -> None:
    here = place(planted, kind)
    pages = pages_of(browser, here)
    pages.append(browser.post(here.url(), miss(here), headers=HTMX).content.decode())
    if kind == "program":
        grade_waiting()
        browser.post(here.url("run"), miss(here), headers=HTMX)
        grade_waiting()
    pages += pages_of(browser, here)
    assert Submission.objects.filter(state="done").count() == (2 if kind == "program" else 1)
    assert Submission.objects.exclude(score=1.0).exists()
    assert [page for page in pages if CANARY in page] == []


def test_the_canaries_would_be_seen(
    browser: Client, planted: Enrolment, grade_waiting: Callable[[], bool]
) -> None:
    """Each of these is shown by right, after it was earned or paid for."""
    choice, program = place(planted, "choice"), place(planted, "program")
    hint = browser.post(choice.url("hint"), headers=HTMX).content.decode()
    assert f"{CANARY} hint" in hint
    passed = browser.post(choice.url(), choice.right(), headers=HTMX).content.decode()
    assert f"{CANARY} feedback of a right option" in passed
    browser.post(program.url(), program.right())
    grade_waiting()
    assert f"{CANARY} solution" in browser.get(program.url()).content.decode()


def test_hidden_checks_show_a_title_and_nothing_that_was_asked(
    browser: Client, enrolment: Enrolment, grade_waiting: Callable[[], bool]
) -> None:
    here = place(enrolment, "program")
    browser.post(here.url(), here.wrong("no-links"))
    grade_waiting()
    page = browser.get(here.url()).content.decode()
    part = page.split("Each block names the one before")[1].split("</li>")[0]
    assert "hidden check" in part
    assert "check-values" not in part


def test_option_names_say_nothing_of_their_place(browser: Client, enrolment: Enrolment) -> None:
    page = browser.get(lesson_url(lesson_of(enrolment))).content.decode()
    names = [part.split('"')[0] for part in page.split('name="option" value="')[1:]]
    assert all(len(name) >= 6 for name in names)
    assert len(set(names)) == len(names)
