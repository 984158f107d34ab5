"""Writing in a workspace: two people lose nothing, whoever saves first."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organisation, User
from authoring.actions import create_workspace, replace_tree, take_back, write_files
from authoring.actions.files import AUTOSAVES_KEPT
from authoring.models import Revision, Workspace
from authoring.queries import draft, file_of, files_of, history
from authoring.types import BadPath, Conflicted, TooLarge
from tests.people import make_organisation, make_person

LESSON = "01-first-lesson/lesson.en.md"


def begin(by: User, organisation: Organisation, key: str = "ledgers") -> Workspace:
    return create_workspace(
        by=by,
        organisation=organisation,
        course_key=key,
        title={"en": 'A "new" course', "zh-hans": "新课程"},
        languages=["en", "zh-hans"],
    )


@pytest.fixture
def workspace(alice: User, organisation: Organisation) -> Workspace:
    return begin(alice, organisation)


def number(workspace: Workspace) -> int:
    assert workspace.head is not None
    return workspace.head.number


def text_of(workspace: Workspace, path: str = LESSON) -> str:
    head = Revision.objects.filter(workspace=workspace).latest("number")
    return (file_of(head, path) or b"").decode()


def test_a_new_course_lacks_only_an_exercise(workspace: Workspace) -> None:
    assert workspace.head is not None
    found = draft(workspace.head)
    (only,) = found.faults
    assert only.message == "A course without exercises can never be completed."
    assert found.course is not None
    assert found.course.title == workspace.title == {"en": 'A "new" course', "zh-hans": "新课程"}
    assert list(found.course.lessons) == ["01-first-lesson"]


def test_a_draft_with_mistakes_names_them_by_path_and_line(
    workspace: Workspace, alice: User
) -> None:
    made = write_files(
        workspace=workspace,
        by=alice,
        changes={LESSON: b"# Hashes\n\n# Twice\n", "course.toml": None},
        base=1,
    )
    assert [str(fault) for fault in draft(made).faults] == ["course.toml:1: This file is missing."]
    back = take_back(workspace=workspace, by=alice, to=1)
    wrong = {LESSON: b"no title\n"}
    made = write_files(workspace=workspace, by=alice, changes=wrong, base=back.number)
    assert (LESSON, 1) in [(one.file, one.line) for one in draft(made).faults]


def test_what_nobody_else_touched_is_written_and_the_same_again_is_no_revision(
    workspace: Workspace, alice: User, bob: User
) -> None:
    write_files(workspace=workspace, by=alice, changes={LESSON: b"# A\n"}, base=1)
    made = write_files(workspace=workspace, by=bob, changes={"figures/a.svg": b"<svg/>"}, base=1)
    assert (made.number, file_of(made, LESSON)) == (3, b"# A\n")
    same = write_files(workspace=workspace, by=bob, changes={LESSON: b"# A\n"}, base=1)
    assert (same.pk, workspace.revisions.count()) == (made.pk, 3)


def test_what_cannot_be_merged_is_refused_whole(
    workspace: Workspace, alice: User, bob: User
) -> None:
    write_files(workspace=workspace, by=alice, changes={LESSON: b"# Alice\n"}, base=1)
    with pytest.raises(Conflicted) as refused:
        write_files(
            workspace=workspace,
            by=bob,
            changes={LESSON: b"# Bob\n", "figures/b.svg": b"<svg/>"},
            base=1,
        )
    (conflict,) = refused.value.conflicts
    assert (conflict.path, conflict.base) == (LESSON, b"# First lesson\n")
    assert (conflict.mine, conflict.theirs) == (b"# Bob\n", b"# Alice\n")
    assert refused.value.head.number == 2 == workspace.revisions.count()


def test_removing_what_others_changed_is_a_conflict(
    workspace: Workspace, alice: User, bob: User
) -> None:
    write_files(workspace=workspace, by=alice, changes={LESSON: b"# Alice\n"}, base=1)
    with pytest.raises(Conflicted):
        write_files(workspace=workspace, by=bob, changes={LESSON: None}, base=1)
    with pytest.raises(Conflicted):
        write_files(workspace=workspace, by=bob, changes={LESSON: b"\xff"}, base=1)


def test_an_uploaded_course_keeps_what_others_wrote_meanwhile(
    workspace: Workspace, alice: User, bob: User
) -> None:
    first = workspace.head
    assert first is not None
    write_files(workspace=workspace, by=alice, changes={LESSON: b"# Alice\n"}, base=1)
    files = files_of(first) | {"figures/c.svg": b"<svg/>"}
    del files["01-first-lesson/lesson.zh-hans.md"]
    made = replace_tree(workspace=workspace, by=bob, files=files, base=1, origin="archive")
    assert sorted(made.tree) == ["01-first-lesson/lesson.en.md", "course.toml", "figures/c.svg"]
    assert file_of(made, LESSON) == b"# Alice\n"


def test_autosaves_of_one_file_are_one_step_of_the_history(
    workspace: Workspace, alice: User, bob: User
) -> None:
    other = "01-first-lesson/lesson.zh-hans.md"
    for by, path, text in (
        (alice, LESSON, "# A\n"),
        (alice, LESSON, "# Ab\n"),
        (alice, LESSON, "# Abc\n"),
        (alice, other, "# 甲\n"),
        (bob, other, "# 乙\n"),
    ):
        write_files(
            workspace=workspace,
            by=by,
            changes={path: text.encode()},
            base=number(workspace),
            origin="autosave",
        )
    assert [one.number for one in history(workspace)] == [6, 5, 4, 1]


def test_a_writer_on_a_superseded_autosave_loses_nothing(
    workspace: Workspace, alice: User, bob: User
) -> None:
    def save(by: User, text: bytes, base: int, origin: str) -> Revision:
        return write_files(
            workspace=workspace, by=by, changes={LESSON: text}, base=base, origin=origin
        )

    save(alice, b"# A\n\none\n\ntwo\n", 1, "autosave")
    save(alice, b"# A\n\none\n\nTWO\n", 2, "autosave")
    save(bob, b"# A\n\nONE\n\ntwo\n", 2, "autosave")
    assert text_of(workspace) == "# A\n\nONE\n\nTWO\n"
    Revision.objects.filter(workspace=workspace, number=2).update(
        created_at=timezone.now() - AUTOSAVES_KEPT - datetime.timedelta(minutes=1)
    )
    save(bob, b"# A\n\nONE!\n\nTWO\n", 4, "autosave")
    assert not workspace.revisions.filter(number=2).exists()
    with pytest.raises(Conflicted):  # nobody knows any more what this was written on
        save(alice, b"# A\n\none\n\ntwo\n\nthree\n", 2, "autosave")


@pytest.mark.parametrize(
    "path",
    [
        "../course.toml",
        "/etc/passwd",
        ".git/config",
        "a/./b",
        "a//b",
        "COURSE.toml",
        "a b",
        "章.md",
        "course.toml/x",
        "a/" * 9 + "b",
        "x" * 300,
    ],
)
def test_paths_are_plain(workspace: Workspace, alice: User, path: str) -> None:
    with pytest.raises(BadPath):
        write_files(workspace=workspace, by=alice, changes={path: b"x"}, base=1)
    assert workspace.revisions.count() == 1


def test_a_file_has_a_size(workspace: Workspace, alice: User) -> None:
    with pytest.raises(TooLarge):
        write_files(workspace=workspace, by=alice, changes={"figures/x.svg": b"x" * 2**22}, base=1)
    assert workspace.revisions.count() == 1


LINES = 6
edits = st.tuples(
    st.integers(0, 1),  # who
    st.integers(0, LINES - 1),  # which line
    st.sampled_from(["change", "remove", "add"]),
    st.booleans(),  # saves at once
)


class TwoAuthors(TestCase):
    """Any interleaving of two people's edits and saves."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(edits, max_size=12))
    def test_two_authors_of_one_lesson_lose_nothing(
        self, steps: list[tuple[int, int, str, bool]]
    ) -> None:
        """Each line that somebody typed and nobody took away is in the end in the lesson, or in
        the hands of its author, who is shown both versions. Nothing that was taken away comes
        back."""
        organisation = make_organisation()
        people = [make_person(name, organisation=organisation) for name in ("ann", "ben")]
        workspace = begin(people[0], organisation)
        start = "\n\n".join(["# Lesson", *(f"line {number}" for number in range(LINES))]) + "\n"
        write_files(workspace=workspace, by=people[0], changes={LESSON: start.encode()}, base=1)
        desks = [Desk(workspace, person) for person in people]
        for step, (who, line, what, saves) in enumerate(steps):
            desks[who].edit(step, line, what)
            if saves:
                desks[who].save()
        for desk in desks:
            desk.save()
        saved = set(text_of(workspace).split("\n"))
        for desk, other in (desks, desks[::-1]):
            assert desk.typed - other.taken - saved <= desk.in_hand
            assert desk.in_hand or not desk.taken & saved


class Desk:
    """One author at an editor: what is typed, and the revision on which it is typed.

    What is refused stays in the editor; its author goes on, and the next save brings it again.
    """

    def __init__(self, workspace: Workspace, person: User) -> None:
        self.workspace, self.person = workspace, person
        self.text, self.base = text_of(workspace), 2
        self.typed: set[str] = set()
        self.taken: set[str] = set()
        self.in_hand: set[str] = set()

    def edit(self, step: int, line: int, what: str) -> None:
        lines = self.text.split("\n")
        place = min(2 + 2 * line, len(lines) - 1)
        mark = f"{self.person.name} {step}"
        if what == "add":
            lines.insert(place, mark)
        elif what == "remove" and lines[place]:
            self.taken.add(lines.pop(place))
        elif lines[place]:
            self.taken.add(lines[place])
            lines[place] = mark
        else:
            return
        if what != "remove":
            self.typed.add(mark)
        self.typed -= self.taken
        self.text = "\n".join(lines)

    def save(self) -> None:
        try:
            made = write_files(
                workspace=self.workspace,
                by=self.person,
                changes={LESSON: self.text.encode()},
                base=self.base,
                origin="autosave",
            )
        except Conflicted as refused:
            (conflict,) = refused.conflicts
            assert conflict.mine is not None
            assert conflict.mine.decode() == self.text
            assert conflict.theirs is not None
            assert conflict.theirs.decode() == text_of(self.workspace)
            self.in_hand = set(self.text.split("\n"))
        else:
            self.in_hand = set()
            self.text, self.base = text_of(self.workspace), made.number
