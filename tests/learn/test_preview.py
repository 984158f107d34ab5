"""The preview of a draft is the learner's own page, and leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from pytest_django import Settings

from authoring.actions import write_files
from courses.actions import enrol
from tests.people import make_person
from tests.teach.workshop import Workshop, make_workshop

pytestmark = pytest.mark.django_db

SEED = 7
HERE = "/learn/preview/small-course/blocks/"
EN = "01-blocks/lesson.en.md"


@pytest.fixture
def workshop(db: None, settings: Settings) -> Workshop:
    settings.REQUIRE_ADMIN_MFA = False
    return make_workshop()


def article(html: str) -> str:
    """The lesson in a page, without what is new in every page and without addresses' seeds."""
    found = re.search(r'<article class="lesson">.*</article>', html, re.DOTALL)
    assert found
    plain = re.sub(
        r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=")[^"]*', r"\1", found[0]
    )
    plain = plain.replace("/learn/preview/", "/learn/").replace(f"?seed={SEED}", "")
    return plain.replace("/teach/small-course/", "/courses/small-course/")


def count_rows() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models()
        if model.__name__ != "Session"
    }


def test_of_what_is_published_it_is_the_learners_page(workshop: Workshop) -> None:
    learner = make_person("alice")
    enrolment = enrol(user=learner, course=workshop.course)
    enrolment.seed = SEED
    enrolment.save()
    workshop.people["learner"] = learner
    for lesson in ("blocks", "chains"):
        own = workshop.client("learner").get(f"/learn/small-course/{lesson}/")
        shown = workshop.client("author").get(f"/learn/preview/small-course/{lesson}/?seed={SEED}")
        assert article(shown.content.decode()) == article(own.content.decode())


def test_it_shows_what_stands_in_the_editor_in_the_language_that_is_asked_for(
    workshop: Workshop,
) -> None:
    client = workshop.client("author")
    before = count_rows()
    texts = {f"text:{EN}": "# Fresh\n\nNot **saved**.\n", "text:course.toml": "broken"}
    chinese = {"text:01-blocks/lesson.zh-hans.md": "# 新的\n\n还没保存。\n", "language": "zh-hans"}
    english = client.post(HERE, texts).content.decode()
    assert "Not <strong>saved</strong>." in english
    assert "还没保存。" in client.post(HERE, texts | chinese).content.decode()
    assert "Fresh" not in client.get(HERE).content.decode()
    assert count_rows() == before


def test_answers_are_graded_and_forgotten(workshop: Workshop) -> None:
    client = workshop.client("author")
    page = client.get(f"{HERE}?seed={SEED}")
    action = f"{HERE}what-is-a-hash/?seed={SEED}"
    assert f'hx-post="{action}"' in page.content.decode()
    (state,) = (
        block["exercise"]
        for block in page.context["blocks"]
        if "exercise" in block and block["exercise"].key == "what-is-a-hash"
    )
    options = [option["id"] for option in state.shown["options"]]
    before = count_rows()
    verdicts = []
    for option in options:
        response: Any = client.post(action, {"option": option}, headers={"hx-request": "true"})
        verdicts.append(response.context["state"].passed)
    assert sorted(verdicts) == [False] * (len(options) - 1) + [True]
    unreadable = client.post(action, {}, headers={"hx-request": "true"})
    assert unreadable.context["said"].error
    assert count_rows() == before


def test_a_faulty_exercise_is_named_and_hides_nothing_else(workshop: Workshop) -> None:
    write_files(
        workspace=workshop.workspace,
        by=workshop.people["author"],
        changes={"01-blocks/bits/exercise.toml": b'kind = "numeric"\n'},
        base=1,
    )
    page = workshop.client("author").get(HERE)
    shown = [one["exercise"].key for one in page.context["blocks"] if "exercise" in one]
    assert shown == ["what-is-a-hash", "properties", "word"]
    assert "“bits” can be shown when its mistakes are mended." in page.content.decode()
    assert workshop.client("author").get(f"{HERE}bits/").status_code == 404


def test_a_program_is_shown_and_not_run(workshop: Workshop) -> None:
    client = workshop.client("author")
    url = "/learn/preview/small-course/chains/build/"
    assert client.get(url).status_code == 200
    refused = client.post(url, {"file:solution.py": "pass"}, headers={"hx-request": "true"})
    assert refused.context["said"].refused
    assert client.post(f"{url}draft/").json()["files"] == {}


def test_strangers_see_no_draft(workshop: Workshop) -> None:
    for who in ("colleague", "stranger"):
        client = workshop.client(who)
        assert client.get(HERE).status_code == 404
        assert client.post(f"{HERE}what-is-a-hash/", {"option": "a"}).status_code == 404
        assert client.post(f"{HERE}seen/").status_code == 404
