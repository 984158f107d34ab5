"""Changing the outline: what is moved moves, and nothing else changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.actions.workspaces import files_in_folder
from authoring.outline_edits import (
    add_lesson,
    add_module,
    move_exercise,
    move_lesson,
    move_module,
    remove_lesson,
    remove_module,
    rename_module,
)
from authoring.outlines import read_outline
from authoring.types import NoSuchPart, NotEmpty
from tests.courses.publishing import SMALL_COURSE

Files = dict[str, bytes]
FILES = files_in_folder(SMALL_COURSE)
REMARK = b"# Why the order is as it is.\n"
WITH_REMARK = FILES | {"course.toml": REMARK + FILES["course.toml"]}
FIRST, SECOND = "01-blocks", "02-chains"


def after(changes: Mapping[str, bytes | None], files: Files = FILES) -> Files:
    return {path: data for path, data in {**files, **changes}.items() if data is not None}


def shape(files: Files) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Keys of modules, folders of lessons, keys of exercises."""
    return [
        (
            module.key,
            [(one.folder, [exercise.key for exercise in one.exercises]) for one in module.lessons],
        )
        for module in read_outline(files).modules
    ]


BITS, CHAINS = (
    ["what-is-a-hash", "properties", "bits", "word"],
    ["in-order", "who-is-who", "fill-in", "build"],
)


def test_the_outline_is_what_the_course_says() -> None:
    assert shape(FILES) == [("first", [(FIRST, BITS)]), ("second", [(SECOND, CHAINS)])]
    outline = read_outline(FILES)
    assert (outline.languages, outline.loose) == (["en", "zh-hans"], [])
    assert outline.modules[0].lessons[0].missing == []


def test_a_moved_lesson_leaves_the_rest_of_the_file_as_it_was() -> None:
    changes = move_lesson(WITH_REMARK, FIRST, "second", 1)
    assert list(changes) == ["course.toml"]
    moved = after(changes, WITH_REMARK)
    assert shape(moved) == [("first", []), ("second", [(SECOND, CHAINS), (FIRST, BITS)])]
    old, new = (one["course.toml"].decode().split("\n") for one in (WITH_REMARK, moved))
    assert [line for line in old if line not in new] == [
        'lessons = ["01-blocks"]',
        'lessons = ["02-chains"]',
    ]
    assert after(move_lesson(moved, FIRST, "first", 0), moved) == WITH_REMARK


def test_modules_come_go_and_move() -> None:
    title = {"en": 'A "third"', "zh-hans": "第三"}
    made = after(add_module(FILES, "first", title))
    assert [key for key, _ in shape(made)] == ["first", "second", "first-2"]
    assert read_outline(made).modules[2].title == title
    moved = after(move_module(made, "first-2", 0), made)
    assert [key for key, _ in shape(moved)] == ["first-2", "first", "second"]
    renamed = after(rename_module(moved, "second", {"en": "Links"}), moved)
    assert read_outline(renamed).modules[2].title == {"en": "Links", "zh-hans": "区块链"}
    with pytest.raises(NotEmpty):
        remove_module(renamed, "second")
    gone = after(remove_module(renamed, "first-2"), renamed)
    assert shape(gone) == shape(FILES)
    with pytest.raises(NoSuchPart):
        remove_module(gone, "first-2")


def test_lessons_come_with_a_file_in_each_language_and_go_with_all_of_theirs() -> None:
    made = after(add_lesson(FILES, "second", "blocks", {"en": "Again"}))
    assert shape(made)[1] == ("second", [(SECOND, CHAINS), ("03-blocks-2", [])])
    assert made["03-blocks-2/lesson.zh-hans.md"] == b"# Again\n"
    assert read_outline(made).modules[1].lessons[1].missing == ["en", "zh-hans"]
    gone = after(remove_lesson(made, SECOND), made)
    assert not any(path.startswith(SECOND) for path in gone)
    assert shape(gone)[1] == ("second", [("03-blocks-2", [])])


def test_an_exercise_moves_to_another_lesson_with_its_files() -> None:
    moved = after(move_exercise(FILES, FIRST, "bits", SECOND, 1))
    assert shape(moved) == [
        ("first", [(FIRST, [key for key in BITS if key != "bits"])]),
        ("second", [(SECOND, [CHAINS[0], "bits", *CHAINS[1:]])]),
    ]
    assert moved[f"{SECOND}/bits/exercise.toml"] == FILES[f"{FIRST}/bits/exercise.toml"]
    for language in ("en", "zh-hans"):
        assert b'"bits"' not in moved[f"{FIRST}/lesson.{language}.md"]


@given(st.sampled_from(BITS), st.integers(0, 3))
def test_exercises_change_places_and_the_words_stay(key: str, to: int) -> None:
    moved = after(move_exercise(FILES, FIRST, key, FIRST, to))
    order = [one for one in BITS if one != key]
    order.insert(to, key)
    assert shape(moved)[0] == ("first", [(FIRST, order)])
    for language in ("en", "zh-hans"):
        path = f"{FIRST}/lesson.{language}.md"
        old, new = (one[path].decode().split("\n") for one in (FILES, moved))
        assert [line for line in old if "exercise" not in line] == [
            line for line in new if "exercise" not in line
        ]


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("module"), st.sampled_from(["first", "second"]), st.integers(0, 2)),
            st.tuples(st.just("lesson"), st.sampled_from([FIRST, SECOND]), st.integers(0, 2)),
        ),
        max_size=6,
    )
)
def test_moving_never_loses_a_part_nor_what_else_is_said(steps: list[tuple[str, str, int]]) -> None:
    files = WITH_REMARK
    for what, name, place in steps:
        if what == "module":
            files = after(move_module(files, name, place), files)
        else:
            module = ["first", "second"][place % 2]
            files = after(move_lesson(files, name, module, place), files)
    assert sorted(folder for _, lessons in shape(files) for folder, _ in lessons) == [FIRST, SECOND]
    old, new = (tomllib.loads(one["course.toml"].decode()) for one in (WITH_REMARK, files))
    assert {key: old[key] for key in old if key != "modules"} == {
        key: new[key] for key in new if key != "modules"
    }
    assert files["course.toml"].startswith(REMARK)
    assert sorted(one["key"] for one in new["modules"]) == ["first", "second"]


def test_a_course_that_is_no_toml_is_left_alone() -> None:
    broken = FILES | {"course.toml": b"title = "}
    assert not read_outline(broken).is_readable
    with pytest.raises(NoSuchPart):
        add_module(broken, "x", {"en": "X"})
