"""The item bank: what is found from where, and what a copy brings along."""

from __future__ import annotations

import tomllib

import pytest

from accounts.models import Organisation
from authoring.actions import create_workspace, write_files
from authoring.actions.bank import copy_item, share_items
from authoring.models import BankItem, BankUse, Revision, Workspace
from authoring.queries import draft, files_of
from authoring.queries.bank import copied_into, items_for, newer_than
from tests.people import make_organisation, make_person
from tests.teach.planted import fill_items
from tests.teach.workshop import Workshop, make_workshop

pytestmark = pytest.mark.django_db

LESSON = "01-first-lesson"


@pytest.fixture
def workshop(db: None) -> Workshop:
    made = make_workshop()
    fill_items(made)
    return made


def another(workshop: Workshop, organisation: Organisation, *languages: str) -> Workspace:
    """A workspace with nothing in it yet."""
    return create_workspace(
        by=make_person("writer", organisation=organisation, role="instructor"),
        organisation=organisation,
        course_key="another",
        title=dict.fromkeys(languages, "Another"),
        languages=languages,
    )


def head_of(workspace: Workspace) -> Revision:
    assert workspace.head is not None
    return workspace.head


def found(workspace: Workspace, **filters: str) -> list[str]:
    return [item.exercise_key for item in items_for(workspace, **filters)]


def copy(workspace: Workspace, key: str) -> str:
    writer = workspace.members.get().user
    item = BankItem.objects.select_related("workspace", "revision").get(
        exercise_key=key, is_current=True
    )
    return copy_item(item=item, workspace=workspace, by=writer, lesson=LESSON)


def test_exercises_are_found_by_words_of_both_languages_and_by_kind(workshop: Workshop) -> None:
    own = workshop.workspace
    assert len(found(own)) == 8
    assert found(own, kind="program") == ["build"]
    assert "what-is-a-hash" in found(own, q="hash")
    assert "what-is-a-hash" in found(own, q="什么是哈希")
    assert found(own, q="nothing of the kind") == []


def test_others_find_them_once_the_organisation_shares(workshop: Workshop) -> None:
    far = another(workshop, make_organisation("riverside"), "en", "zh-hans")
    near = workshop.workspace
    assert (len(found(near)), found(far)) == (8, [])
    editor = workshop.people["editor"]
    share_items(organisation=workshop.organisation, by=editor, shares=True)
    assert len(found(far)) == 8
    share_items(organisation=workshop.organisation, by=editor, shares=False)
    assert found(far) == []


def test_every_kind_copies_into_a_course_that_loads(workshop: Workshop) -> None:
    workspace = another(workshop, workshop.organisation, "en", "zh-hans")
    keys = [copy(workspace, key) for key in sorted(found(workshop.workspace))]
    made = draft(head_of(workspace))
    assert made.faults == ()
    assert made.course is not None
    lesson = made.course.lessons[LESSON]
    assert sorted(lesson.exercises) == sorted(keys)
    old = {item.exercise_key: item for item in BankItem.objects.select_related("workspace")}
    assert {one.key: one.origin for one in lesson.exercises.values()} == {
        key: item.reference for key, item in old.items()
    }
    assert made.ready is not None
    # In the same languages a copy is the same version, byte for byte.
    assert {one.files.key: one.digest for one in made.ready.exercises()} == {
        key: item.digest for key, item in old.items()
    }


def test_a_copy_in_one_language_leaves_the_other_behind(workshop: Workshop) -> None:
    workspace = another(workshop, workshop.organisation, "zh-hans")
    copy(workspace, "what-is-a-hash")
    assert draft(head_of(workspace)).faults == ()


def test_a_taken_key_gets_a_number_and_a_use_counts_once(workshop: Workshop) -> None:
    workspace = another(workshop, workshop.organisation, "en", "zh-hans")
    assert [copy(workspace, "word"), copy(workspace, "word")] == ["word", "word-2"]
    assert BankUse.objects.count() == 1
    assert items_for(workspace)[0].exercise_key == "word"
    table = tomllib.loads(files_of(head_of(workspace))[f"{LESSON}/word-2/exercise.toml"].decode())
    assert table["origin"].startswith("small-course/word@")


def test_a_newer_version_is_told_of(workshop: Workshop) -> None:
    workspace = another(workshop, workshop.organisation, "en", "zh-hans")
    copy(workspace, "word")
    assert [one.newer for one in copied_into(workspace)] == [None]
    old = BankItem.objects.get(exercise_key="word")
    write_files(
        workspace=workshop.workspace,
        by=workshop.people["author"],
        changes={"01-blocks/word/statement.en.md": b"Said better.\n"},
        base=1,
    )
    fill_items(workshop)
    newer = newer_than(old)
    assert newer is not None
    assert [one.newer for one in copied_into(workspace)] == [newer]
    assert BankItem.objects.filter(is_current=True).count() == 8
