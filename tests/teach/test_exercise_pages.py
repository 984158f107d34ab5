"""Writing exercises in the browser, without JavaScript: what a page sends is what is tested."""

from __future__ import annotations

import pytest
from django.test import Client

from authoring.exercise_edits import EXAMPLES
from authoring.models import Trial
from authoring.queries import draft, file_of
from tests.teach.reading_forms import form_of
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db

SHEET = "exercise-form"
CHOICE = "lessons/01-blocks/exercises/what-is-a-hash/"
Form = dict[str, list[str]]


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def sheet(client: Client, url: str) -> Form:
    return form_of(page(client, url), SHEET)[0]


def text_of(workshop: Workshop, path: str) -> str:
    return (file_of(workshop.head, path) or b"").decode()


def test_one_of_each_kind_begins_as_an_example_that_works(workshop: Workshop) -> None:
    client = workshop.client("author")
    new = workshop.url("lessons/02-chains/new-exercise/")
    for kind in EXAMPLES:
        form = {
            "title_en": f"My {kind}",
            "title_zh-hans": "我的",
            "key": f"my-{kind}",
            "kind": kind,
        }
        made = client.post(new, form)
        url = workshop.url(f"lessons/02-chains/exercises/my-{kind}/")
        assert (made.status_code, made["Location"]) == (302, url)
    before = workshop.head
    for kind in ("cloze", "program", "contract"):  # the others are those of the small course
        url = workshop.url(f"lessons/02-chains/exercises/my-{kind}/")
        assert client.post(url, sheet(client, url) | {"save": ["1"]}).status_code == 302
        assert workshop.head == before, kind
    assert draft(workshop.head).faults == ()
    for language in ("en", "zh-hans"):
        lesson = text_of(workshop, f"02-chains/lesson.{language}.md")
        assert lesson.endswith('\n\n{{ exercise "my-contract" }}\n')
    taken = client.post(new, {**form, "kind": "text"})
    assert "There is an exercise with this key in the course." in taken.content.decode()
    assert "My contract" in page(client, workshop.url("exercises/"))


def test_every_form_is_sent_as_it_was_loaded_and_changes_nothing(workshop: Workshop) -> None:
    client, before = workshop.client("author"), workshop.head
    paths = [path for path in before.tree if path.endswith("/exercise.toml")]
    for path in paths:
        folder, key, _name = path.split("/")
        url = workshop.url(f"lessons/{folder}/exercises/{key}/")
        saved = client.post(url, sheet(client, url) | {"save": ["1"]})
        assert saved.status_code == 302, path
        assert workshop.head == before, path


def test_rows_are_added_moved_and_then_saved(workshop: Workshop) -> None:
    client, url, before = workshop.client("author"), workshop.url(CHOICE), workshop.head
    form = sheet(client, url)
    added = client.post(url, form | {"change": ["add:spec.options"]}).content.decode()
    form, buttons = form_of(added, SHEET)
    assert form["spec.options"] == ["", "0", "1", "2", "new-0"]
    assert ("change", "up:spec.options:new-0") in buttons
    form |= {"spec.options.new-0.text.en": ["New"], "spec.options.new-0.text.zh-hans": ["新"]}
    moved = client.post(
        url, form | {"change": ["up:spec.options:new-0"]}, headers={"HX-Request": "true"}
    )
    form = form_of(moved.content.decode(), SHEET)[0]
    assert "<html" not in moved.content.decode()
    assert form["spec.options"] == ["", "0", "1", "new-0", "2"]
    assert workshop.head == before
    assert client.post(url, form | {"save": ["1"]})["Location"] == url
    (course,) = [one for one in [draft(workshop.head).course] if one]
    spec = course.lessons["01-blocks"].exercises["what-is-a-hash"].spec
    texts = [option["text"]["en"] for option in spec["options"]]  # type: ignore[attr-defined]
    assert texts[2] == "New"
    assert len(texts) == 4


def test_a_fault_stands_at_its_field_with_file_and_line(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url(CHOICE)
    form = sheet(client, url) | {"spec.options.1.text.zh-hans": [""], "save": ["1"]}
    shown = client.post(url, form, follow=True).content.decode()
    said = "`spec.options[1].text` has no text in `zh-hans`."
    line = (
        text_of(workshop, "01-blocks/what-is-a-hash/exercise.toml")
        .split("\n")
        .index('text = { en = "It can be decrypted." }')
    )
    assert (
        f'href="#f-spec.options.1.text" data-line="{line + 1}">exercise.toml:{line + 1}</a>'
        in shown
    )
    assert shown.count(said) == 2
    many = client.post(url, sheet(client, url) | {"points": ["many"], "save": ["1"]})
    assert many.status_code == 422
    assert form_of(many.content.decode(), SHEET)[0]["points"] == ["many"]


def test_two_who_write_on_one_exercise_lose_nothing(workshop: Workshop) -> None:
    first, second, url = workshop.client("author"), workshop.client("editor"), workshop.url(CHOICE)
    mine, theirs, late = (sheet(first, url) for _ in range(3))
    first.post(url, mine | {"title.en": ["A hash"], "save": ["1"]})
    second.post(url, theirs | {"spec.options.2.text.en": ["As long"], "save": ["1"]})
    source = text_of(workshop, "01-blocks/what-is-a-hash/exercise.toml")
    assert 'en = "A hash"' in source
    assert 'en = "As long"' in source
    before = workshop.head
    clash = second.post(url, late | {"title.en": ["No hash"], "save": ["1"]})
    assert clash.status_code == 409
    assert "No hash" in clash.content.decode()
    assert workshop.head == before
    merging = {"base": workshop.head.number, "merging": "1", "and_try": "1"}
    path = "text:01-blocks/what-is-a-hash/exercise.toml"
    marked = second.post(f"{url}source/", merging | {path: f"<<<<<<<\n{source}"})
    assert (marked.status_code, workshop.head) == (422, before)
    decided = source.replace('"A hash"', '"No hash"')
    assert second.post(f"{url}source/", merging | {path: decided})["Location"] == f"{url}trials/"
    assert text_of(workshop, path.removeprefix("text:")) == decided


def test_a_reviewer_reads_and_changes_nothing(workshop: Workshop) -> None:
    client, url = workshop.client("reviewer"), workshop.url(CHOICE)
    _form, buttons = form_of(page(client, url), SHEET)
    assert buttons == [("save", "1")]  # which is disabled: what Enter would press
    assert client.post(url, {"save": "1"}).status_code == 404
    assert client.post(f"{url}trials/", {"try": "1"}).status_code == 404


def test_what_is_no_toml_is_mended_in_its_source(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url(CHOICE)
    path = "01-blocks/what-is-a-hash/exercise.toml"
    base = workshop.head.number
    good = text_of(workshop, path)
    client.post(f"{url}source/", {"base": base, f"text:{path}": good.replace("points", "points =")})
    assert client.get(url)["Location"] == f"{url}source/"
    assert "exercise.toml:3" in page(client, f"{url}source/")
    client.post(f"{url}source/", {"base": workshop.head.number, f"text:{path}": good})
    assert page(client, url)
    assert text_of(workshop, path) == good


def test_a_quiz_is_tried_as_it_is_saved(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url(CHOICE)
    tried = client.post(url, sheet(client, url) | {"points": ["4"], "and_try": ["1"]}, follow=True)
    shown = tried.content.decode()
    assert "All is as it must be." in shown
    assert "hx-get" not in shown.split('id="trials"')[1][:200]
    form = sheet(client, url) | {"spec.options.1.correct": ["", "on"], "and_try": ["1"]}
    form["spec.options.0.correct"] = [""]
    assert (
        "Something has been written since"
        not in client.post(url, form, follow=True).content.decode()
    )
    latest = Trial.objects.latest("pk")
    assert latest.report["faults"]  # a right option is no misconception


def test_a_mutant_is_listed_as_behaving_the_same(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url("lessons/02-chains/exercises/build/")
    path = "02-chains/build/exercise.toml"
    before = text_of(workshop, path)
    for line in (6, 7):
        client.post(f"{url}trials/", {"same": f"solution.py:{line} “a” became “b”"})
    names = ", ".join(f'"solution.py:{line} “a” became “b”"' for line in (6, 7))
    added = before.replace("[spec.limits]", f"equivalent = [{names}]\n[spec.limits]")
    assert text_of(workshop, path) == added
    assert draft(workshop.head).faults == ()


def test_an_exercise_is_removed_with_its_places(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url(CHOICE)
    assert "Remove “" in page(client, f"{url}remove/")
    assert client.post(f"{url}remove/")["Location"] == workshop.url("exercises/")
    assert client.get(url).status_code == 404
    assert "what-is-a-hash" not in text_of(workshop, "01-blocks/lesson.en.md")
    assert draft(workshop.head).faults == ()


def test_pages_cost_the_same_however_many_exercises(
    workshop: Workshop, django_assert_max_num_queries: object
) -> None:
    client = workshop.client("author")
    page(client, workshop.url("exercises/"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page(client, workshop.url("exercises/"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page(client, workshop.url(CHOICE))
