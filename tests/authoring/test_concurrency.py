"""Many writers of one course at the same moment: all that they write is there."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import Organisation, User
from authoring.actions import add_module, create_workspace, write_files
from authoring.models import Revision, Workspace
from authoring.queries import file_of, outline_of
from tests.courses.test_concurrency import at_once

WRITERS = 8
LESSON = "01-first-lesson/lesson.en.md"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_all_that_is_written_at_once_is_there(alice: User, organisation: Organisation) -> None:
    """Everybody writes on the same revision: a line of one lesson, and a module."""
    workspace = create_workspace(
        by=alice,
        organisation=organisation,
        course_key="ledgers",
        title={"en": "Ledgers"},
        languages=["en"],
    )
    lines = ["# Lesson", *(f"\nline {number}" for number in range(WRITERS))]
    text = "\n".join(lines) + "\n"
    write_files(workspace=workspace, by=alice, changes={LESSON: text.encode()}, base=1)

    def write(number: int) -> None:
        own = Workspace.objects.get(pk=workspace.pk)
        mine = text.replace(f"line {number}", f"LINE {number}").encode()
        write_files(workspace=own, by=alice, changes={LESSON: mine}, base=2)
        add_module(workspace=own, by=alice, key=f"module-{number}", title={"en": str(number)})

    at_once([lambda number=number: write(number) for number in range(WRITERS)])  # type: ignore[misc]
    head = Revision.objects.filter(workspace=workspace).latest("number")
    assert head.number == 2 + 2 * WRITERS
    assert (file_of(head, LESSON) or b"").decode() == text.replace("line", "LINE")
    keys = {module.key for module in outline_of(head).modules}
    assert keys == {"first", *(f"module-{number}" for number in range(WRITERS))}
