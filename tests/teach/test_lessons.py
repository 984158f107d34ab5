"""Writing a lesson: saving, saving itself, and two authors who lose nothing."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authoring.actions import write_files
from authoring.models import Revision
from authoring.queries import file_of
from teach.outline_rows import page_of
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db

FOLDER = "01-blocks"
EN, ZH = f"{FOLDER}/lesson.en.md", f"{FOLDER}/lesson.zh-hans.md"


def text(workshop: Workshop, path: str = EN) -> str:
    return (file_of(workshop.head, path) or b"").decode()


def send(
    client: Client, workshop: Workshop, base: int, texts: dict[str, str], *, script: bool = False
) -> Any:
    """Post the desk's form; a browser's lines end as HTML has it."""
    fields = {f"text:{path}": words.replace("\n", "\r\n") for path, words in texts.items()}
    headers = {"accept": "application/json"} if script else {"accept": "text/html"}
    url = workshop.url(f"lessons/{FOLDER}/")
    return client.post(url, {"base": base, **fields}, headers=headers)


def test_a_form_saves_and_the_page_shows_what_is_there(workshop: Workshop) -> None:
    client = workshop.client("author")
    changed = text(workshop) + "\nOne more line.\n"
    assert send(client, workshop, 1, {EN: changed}).status_code == 302
    assert (text(workshop), workshop.head.number) == (changed, 2)
    page = client.get(workshop.url(f"lessons/{FOLDER}/")).content.decode()
    assert "One more line." in page
    assert 'name="base" value="2"' in page


def test_saving_by_script_tells_the_base_and_the_faults(workshop: Workshop) -> None:
    client = workshop.client("author")
    broken = text(workshop).replace('{{ exercise "bits" }}', "# Another title")
    answer = send(client, workshop, 1, {EN: broken}, script=True).json()
    assert (answer["base"], answer["texts"], answer["missing"]) == (2, {}, [])
    assert [file for file, _line, _message in answer["faults"][EN]] == [EN] * 2
    assert workshop.head.origin == Revision.Origin.AUTOSAVE


def test_two_authors_of_different_lines_both_find_all_of_it(workshop: Workshop) -> None:
    """The second one is told what the text is now, so that they go on from there."""
    start = text(workshop)
    title, _, rest = start.partition("\n")
    author, editor = workshop.client("author"), workshop.client("editor")
    send(author, workshop, 1, {EN: f"{title} and more\n{rest}"}, script=True)
    answer = send(editor, workshop, 1, {EN: f"{start}\nThe end.\n"}, script=True).json()
    both = f"{title} and more\n{rest}\nThe end.\n"
    assert (text(workshop), answer["texts"], answer["base"]) == (both, {EN: both}, 3)


def test_two_authors_of_one_line_get_a_page_that_holds_both(workshop: Workshop) -> None:
    start = text(workshop)
    author, editor = workshop.client("author"), workshop.client("editor")
    chinese = text(workshop, ZH) + "\n作者的一行。\n"
    send(author, workshop, 1, {EN: start.replace("# ", "# Author: ", 1), ZH: chinese})
    mine = {EN: start.replace("# ", "# Editor: ", 1) + "\nMine alone.\n", ZH: text(workshop, ZH)}
    mine[ZH] = mine[ZH].replace("# ", "# 编辑：", 1).replace("\n作者的一行。\n", "")
    refused = send(editor, workshop, 1, mine, script=True)
    assert refused.json() == {"refused": "conflicted"}

    page = send(editor, workshop, 1, mine)
    assert page.status_code == 409
    files = {file.path: file for file in page.context["files"]}
    title = start.partition("\n")[0].removeprefix("# ")
    assert files[EN].text.startswith(
        f"<<<<<<<\n# Editor: {title}\n=======\n# Author: {title}\n>>>>>>>\n"
    )
    assert files[EN].text.endswith("\nMine alone.\n")
    assert (files[EN].clashes, files[ZH].clashes) == (1, 0)
    assert files[ZH].text.endswith("\n作者的一行。\n")
    assert files[ZH].text.startswith("# 编辑：")
    assert text(workshop).startswith("# Author: ")  # nothing is written yet

    base = page.context["head"].number
    merged = {path: file.text for path, file in files.items()}
    undecided = editor.post(
        workshop.url(f"lessons/{FOLDER}/"),
        {"base": base, "merging": "1", **{f"text:{path}": one for path, one in merged.items()}},
    )
    assert undecided.status_code == 422
    decided = merged | {EN: start.replace("# ", "# Both: ", 1) + "\nMine alone.\n"}
    assert send(editor, workshop, base, decided).status_code == 302
    assert text(workshop).startswith("# Both: ")
    assert text(workshop, ZH) == files[ZH].text


def test_a_text_that_is_too_large_stays_in_its_form(workshop: Workshop) -> None:
    client = workshop.client("author")
    mine = {EN: "# Large\n" + "x" * 2**21}
    assert send(client, workshop, 1, mine, script=True).json() == {"refused": "toolarge"}
    page = send(client, workshop, 1, mine)
    assert (page.status_code, page.context["files"][0].mine[:8]) == (413, "# Large\n")
    assert workshop.head.number == 1


def test_what_a_reviewer_posts_is_refused(workshop: Workshop) -> None:
    response = send(workshop.client("reviewer"), workshop, 1, {EN: "# Mine\n"})
    assert (response.status_code, workshop.head.number) == (404, 1)


def test_course_toml_is_a_text_too(workshop: Workshop) -> None:
    client = workshop.client("author")
    words = text(workshop, "course.toml").replace("A small course", "A smaller course")
    fields = {"base": 1, "text:course.toml": words, f"text:{EN}": "# Not of this page\n"}
    assert client.post(workshop.url("course/"), fields).status_code == 302
    workshop.workspace.refresh_from_db()
    assert workshop.workspace.title["en"] == "A smaller course"
    assert text(workshop).startswith("# ")
    assert "Not of this page" not in text(workshop)


def test_the_form_about_the_course_keeps_what_others_write_meanwhile(workshop: Workshop) -> None:
    client, url = workshop.client("author"), workshop.url("about/")
    page = client.get(url)
    shown = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert client.post(url, {"base": 1, **shown}).status_code == 302
    assert workshop.head.number == 1  # nothing changed, so nothing was written

    others = text(workshop, "course.toml").replace('"first"', '"begin"')
    fields = {"base": 1, "text:course.toml": f"# A remark.\n{others}"}
    workshop.client("editor").post(workshop.url("course/"), fields)
    mine = {**shown, "effort_hours": 3, "outcomes_en": "Link.\nFork.", "outcomes_zh_hans": "连接。"}
    assert "outcomes_zh_hans" in client.post(url, {"base": 1, **mine}).context["form"].errors
    mine["outcomes_zh_hans"] = "连接。\n分叉。"
    assert client.post(url, {"base": 1, **mine}).status_code == 302
    written = tomllib.loads(text(workshop, "course.toml"))
    assert text(workshop, "course.toml").startswith("# A remark.\n")
    assert (written["effort_hours"], written["modules"][0]["key"]) == (3, "begin")
    assert written["outcomes"] == [
        {"en": "Link.", "zh-hans": "连接。"},
        {"en": "Fork.", "zh-hans": "分叉。"},
    ]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def test_a_figure_is_held_to_the_vocabulary(workshop: Workshop) -> None:
    client = workshop.client("author")
    good = SVG.format('<circle cx="4" cy="4" r="3" class="accent" fill="currentColor"/>')
    for name, picture, status in (
        ("ring", good, 302),
        ("script", SVG.format("<script>alert(1)</script>"), 200),
        ("photo", "\x89PNG", 200),
        ("../ring", good, 200),
    ):
        upload = SimpleUploadedFile("picture.svg", picture.encode("latin-1"))
        fields = {"name": name, "language": "", "file": upload}
        assert client.post(workshop.url("figures/"), fields).status_code == status, name
    assert file_of(workshop.head, "figures/ring.svg") == good.encode()
    assert workshop.head.number == 2


def test_the_history_compares_and_takes_back(workshop: Workshop) -> None:
    client = workshop.client("author")
    send(client, workshop, 1, {EN: text(workshop) + "\nWrong.\n"})
    page = client.get(workshop.url("history/compare/"), {"old": 2, "new": 1})
    (file,) = page.context["files"]
    added = [line.text for line in file.lines if line.sign == "+"]
    assert (file.path, file.what, added) == (EN, "changed", ["", "Wrong."])
    assert client.post(workshop.url("history/1/back/")).status_code == 302
    assert "Wrong." not in text(workshop)
    assert workshop.head.number == 3
    again = client.get(workshop.url("history/compare/"), {"old": 1, "new": 3})
    assert again.context["files"] == []
    assert client.get(workshop.url("history/compare/"), {"new": 9}).status_code == 404


def test_lists_cost_the_same_whatever_their_length(
    workshop: Workshop, django_assert_num_queries: Any
) -> None:
    client = workshop.client("author")
    for path in ("history/", "", "lessons/01-blocks/"):
        client.get(workshop.url(path))
    with django_assert_num_queries(5):
        client.get(workshop.url("history/"))
    for number in range(4):
        send(client, workshop, workshop.head.number, {EN: f"# Version {number}\n"})
    with django_assert_num_queries(5):
        client.get(workshop.url("history/"))
    with django_assert_num_queries(4):
        client.get(workshop.url(""))


def test_each_fault_leads_to_where_it_is_mended(workshop: Workshop) -> None:
    changes: dict[str, bytes | None] = {
        "course.toml": text(workshop, "course.toml").replace("effort_hours = 2", "").encode(),
        EN: b"no title\n",
        f"{FOLDER}/bits/statement.en.md": None,
    }
    write_files(workspace=workshop.workspace, by=workshop.people["author"], changes=changes, base=1)
    page = workshop.client("reviewer").get(workshop.url("faults/"))
    places = {fault.file: url for fault, url in page.context["faults"]}
    assert places == {
        "course.toml": workshop.url("course/"),
        EN: workshop.url(f"lessons/{FOLDER}/"),
        f"{FOLDER}/bits/statement.en.md": page_of("small-course", f"{FOLDER}/bits/x"),
    }
    assert f"{places[EN]}" in page.content.decode()
    assert page_of("small-course", "figures/a.svg") == workshop.url("figures/")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "title = ",
        "modules = 3\nlanguages = 7\ntitle = 1",
        'languages = ["en", "xx", 3]\nmodules = [1, "a", {}, { key = "A b" }, { lessons = 1 }]',
        'languages = ["en"]\n[[modules]]\nkey = "../x"\nlessons = ["01-blocks", "..", "a.b", 3]',
        'languages = []\n[[modules]]\nkey = "first"\nlessons = ["01-blocks", "01-blocks", "gone"]',
        'languages = ["en"]\n[[modules]]\nkey = "x"\nlessons = ["gone", "figures", "01-blocks"]',
    ],
)
def test_no_mistake_in_a_file_shuts_its_author_out(workshop: Workshop, words: str) -> None:
    write_files(
        workspace=workshop.workspace,
        by=workshop.people["author"],
        changes={
            "course.toml": words.encode(),
            "02-chains/build/exercise.toml": b"kind = 3\ntitle = 4\n",
            "02-chains/who-is-who/exercise.toml": b"\xff",
            "a.b/lesson.en.md": b"\xff",
        },
        base=1,
    )
    client = workshop.client("author")
    for page in ("", "faults/", "about/", "course/", "figures/", "history/", "modules/"):
        assert client.get(workshop.url(page), follow=True).status_code == 200, page
    for page in (f"lessons/{FOLDER}/", "/learn/preview/small-course/blocks/"):
        address = page if page.startswith("/") else workshop.url(page)
        assert client.get(address).status_code in {200, 404}, page
    client.post(workshop.url("lessons/01-blocks/move/"), {"place": "first:0"})
    client.post(workshop.url("modules/"), {"title_en": "More", "title_zh_hans": "更多"})
    assert client.get(workshop.url(), follow=True).status_code == 200
    undo = client.post(workshop.url("history/1/back/"), follow=True)
    assert undo.status_code == 200
    assert workshop.head.tree == workshop.workspace.revisions.get(number=1).tree
