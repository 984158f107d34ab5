"""Forms of exercises: opened and saved they change nothing, and what they do not show stays."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.publishing.toml_words import written
from teach.forms.exercise import Opened, Sheet, meant, opened, sheet
from teach.forms.fields import Node, Posted, Setting
from teach.forms.files import with_file, without_file
from teach.forms.registry import SPECS
from teach.forms.rows import changed
from tests.courses.publishing import SMALL_COURSE

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(
    path.parent
    for place in (ROOT / "curricula", SMALL_COURSE, ROOT / "tests/exercises/contract/examples")
    for path in place.rglob("exercise.toml")
)
BOTH = Setting(languages=("en", "zh-hans"))


def folder_of(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


def as_a_browser_posts(made: Sheet) -> dict[str, list[str]]:
    """What comes of a page that is sent as it was loaded, with the ends of lines of browsers."""
    form: dict[str, list[str]] = {"files": [file.name for file in made.code]}
    for name, _language, text in made.statements:
        form[f"file:{name}"] = [text.replace("\n", "\r\n")]
    for file in made.code:
        form[f"file:{file.name}"] = [file.text.replace("\n", "\r\n")]
    for node in made.nodes():
        form.update(_fields(node))
    return form


def _fields(node: Node) -> Iterator[tuple[str, list[str]]]:
    if node.template == "rows":
        yield node.at, ["", *(row.token for row in node.rows)]
    elif node.template == "texts":
        yield from ((at, [words.replace("\n", "\r\n")]) for at, _language, words in node.texts)
    elif node.template == "flag":
        yield node.at, ["", "on"] if node.value else [""]
    elif node.template != "group":
        yield node.at, [node.value.replace("\n", "\r\n")]


def posted(exercise: Opened) -> dict[str, list[str]]:
    return as_a_browser_posts(sheet(exercise, BOTH))


def read(exercise: Opened, form: Posted) -> dict[str, bytes | None]:
    problems: dict[str, object] = {}
    changes = meant(exercise, Setting(BOTH.languages, posted=form), problems)  # type: ignore[arg-type]
    assert problems == {}
    return changes


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_opened_and_saved_every_exercise_keeps_its_bytes(folder: Path) -> None:
    exercise = opened(folder_of(folder))
    assert read(exercise, posted(exercise)) == {}
    shown = sheet(exercise, Setting(BOTH.languages, posted=posted(exercise)))
    assert as_a_browser_posts(shown) == posted(exercise)


NAMES = st.sampled_from(
    (
        *("answer", "accept", "options", "wrong", "text", "feedback", "correct", "gaps", "key"),
        *("kind", "items", "pairs", "left", "units", "tolerance", "limits", "files", "languages"),
        *("en", "odd"),
    )
)
SCALAR = st.one_of(
    st.text('a二 "\\\n', max_size=4), st.integers(), st.booleans(), st.floats(allow_nan=False)
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
TOP = st.sampled_from(["title", "points", "policy", "hints", "vary", "competencies", "odd"])


@given(st.sampled_from(sorted(SPECS)), st.dictionaries(TOP, VALUE), st.dictionaries(NAMES, VALUE))
def test_opened_and_saved_whatever_an_author_wrote_keeps_its_bytes(
    kind: str, table: dict[str, object], spec: dict[str, object]
) -> None:
    exercise = exercise_of(written({"kind": kind, **table, "spec": spec}))
    assert "exercise.toml" not in read(exercise, posted(exercise))


@given(st.data())
def test_a_field_that_is_filled_anew_changes_its_own_value_and_nothing_else(
    data: st.DataObject,
) -> None:
    exercise = opened(folder_of(data.draw(st.sampled_from(FOLDERS))))
    form = posted(exercise)
    shown = [node for node in sheet(exercise, BOTH).nodes() if node.template in {"line", "texts"}]
    node = data.draw(st.sampled_from(shown))
    names = [at for at, _language, _words in node.texts] or [node.at]
    name = data.draw(st.sampled_from(names))
    words = "7" if node.type == "number" else data.draw(st.sampled_from(["7", "二", 'a "b" \\']))
    problems: dict[str, object] = {}
    setting = Setting(BOTH.languages, posted=form | {name: [words]})
    changes = meant(exercise, setting, problems)  # type: ignore[arg-type]
    if problems:
        assert list(problems) == [name]
        return
    after = opened(
        {**exercise.files} | {key: one for key, one in changes.items() if one is not None}
    )
    decides = name in {"spec.files", "spec.languages"}  # which files there are
    wanted = {key: one for key, one in form.items() if not (decides and key.startswith("file"))} | {
        name: [words]
    }
    assert wanted.items() <= posted(after).items()
    untouched = [line for line in exercise.source.split("\n") if line.lstrip().startswith("#")]
    assert [line for line in after.source.split("\n") if line.lstrip().startswith("#")] == untouched


CHOICE = """\
kind = "choice" # the first
title = { en = "A", zh-hans = "甲" }
points = 2
unknown = [1, 2]

[vary]
n = "randint(1, 9)"  # small
m = "n + 1"

# What is asked
[spec]
# right
[[spec.options]]
text = { en = "{{ n }}", zh-hans = "{{ n }}" }
correct = true
weight = 3
# wrong
[[spec.options]]
text = { en = "{{ m }}", zh-hans = "{{ m }}" }
misconception = "gone"
"""


def exercise_of(source: str, **files: str) -> Opened:
    texts = {"statement.en.md": "A?\n", "statement.zh-hans.md": "甲？\n", **files}
    return opened({"exercise.toml": source.encode()} | {k: v.encode() for k, v in texts.items()})


def source_after(exercise: Opened, form: Posted) -> str:
    return (read(exercise, form)["exercise.toml"] or b"").decode()


def test_what_the_form_does_not_show_stays_with_its_row() -> None:
    exercise = exercise_of(CHOICE)
    form = changed(posted(exercise), "up:spec.options:1")
    form["spec.options.1.text.en"] = ["{{ m }} or so"]
    form["points"] = ["3"]
    source = source_after(exercise, form)
    right, wrong = CHOICE.split("# right\n")[1].split("# wrong\n")
    assert source == (
        CHOICE.split("# right\n", maxsplit=1)[0].replace("points = 2", "points = 3")
        + "# wrong\n"
        + wrong.replace('"{{ m }}", zh', '"{{ m }} or so", zh')
        + "# right\n"
        + right
    )


def test_rows_are_added_and_removed_without_a_word_of_the_others() -> None:
    exercise = exercise_of(CHOICE)
    form = changed(changed(posted(exercise), "add:spec.options"), "add:spec.options")
    assert form["spec.options"] == ["", "0", "1", "new-0", "new-1"]
    form |= {"spec.options.new-1.text.en": ["C"], "spec.options.new-1.correct": ["", "on"]}
    form = changed(form, "remove:spec.options:1")
    added = '[[spec.options]]\ntext = { en = "C" }\ncorrect = true\n'
    assert source_after(exercise, form) == CHOICE[: CHOICE.index("# wrong")] + added
    assert changed(form, "remove:spec.options:9") == form
    assert changed(form, "again") == form


def test_what_cannot_be_read_is_said_at_its_field_and_shown_again() -> None:
    exercise = exercise_of(CHOICE)
    form = posted(exercise) | {"points": ["many"], "vary": ["n = "]}
    problems: dict[str, object] = {}
    setting = Setting(BOTH.languages, posted=form)
    meant(exercise, setting, problems)  # type: ignore[arg-type]
    assert set(problems) == {"points", "vary"}
    nodes = {node.at: node for node in sheet(exercise, setting, problems).nodes()}  # type: ignore[arg-type]
    assert (nodes["points"].value, nodes["vary"].value) == ("many", "n = ")
    assert nodes["points"].problem == "This must be a whole number."


def test_varied_values_keep_the_order_in_which_they_are_typed() -> None:
    exercise = exercise_of(CHOICE)
    form = posted(exercise)
    (shown,) = form["vary"]
    form["vary"] = ["\r\n".join(reversed(shown.strip().split("\r\n")))]
    source = source_after(exercise, form)
    assert list(tomllib.loads(source)["vary"]) == ["m", "n"]


def test_a_gap_of_another_kind_leaves_behind_what_was_of_its_old_one() -> None:
    exercise = exercise_of(
        'kind = "cloze"\ntitle = { en = "A", zh-hans = "B" }\npoints = 1\n[spec]\n'
        'text = { en = "[[a]]", zh-hans = "[[a]]" }\n[[spec.gaps]]\nkey = "a"\nkind = "text"\n'
        'accept = ["x"]\n'
    )
    form = posted(exercise) | {"spec.gaps.0.kind": ["numeric"], "spec.gaps.0.answer": ["2 ** 3"]}
    (gap,) = tomllib.loads(source_after(exercise, form))["spec"]["gaps"]
    assert gap == {"key": "a", "kind": "numeric", "answer": "2 ** 3"}


def test_wrong_answers_are_added_as_copies_and_removed_as_files() -> None:
    exercise = exercise_of(
        'kind = "program"\ntitle = { en = "A", zh-hans = "B" }\npoints = 1\n[spec]\n'
        'language = "python"\nfiles = ["solution.py"]\n',
        **{"solution.py": "x = 1\n", "starter.py": "...\n", "wrong-old.py": "x = 2\n"},
    )
    problems: dict[str, object] = {}
    form = posted(exercise) | {"new_file": ["off-by-one"]}
    form = with_file("program", exercise.spec, exercise.files, form, problems)  # type: ignore[arg-type]
    form = without_file("program", exercise.spec, form, "wrong-old.py")
    assert problems == {}
    assert read(exercise, form) == {"wrong-off-by-one.py": b"x = 1\n", "wrong-old.py": None}
    form["new_file"] = ["../../course"]
    with_file("program", exercise.spec, exercise.files, form, problems)  # type: ignore[arg-type]
    assert list(problems) == ["new_file"]


@pytest.mark.parametrize("name", ["../course.toml", "exercise.toml", "notes.py", "wrong-A.py"])
def test_no_other_file_is_written(name: str) -> None:
    exercise = exercise_of('kind = "program"\n[spec]\nfiles = ["solution.py"]\n')
    form = posted(exercise)
    form["files"].append(name)
    form[f"file:{name}"] = ["x = 1"]
    assert name not in read(exercise, form)
