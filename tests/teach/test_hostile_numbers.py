"""Numbers that no revision, version or database has: said to be wrong, never tripped over."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from authoring.actions.tokens import make_token
from authoring.models import Arrival, Publication
from tests.teach.workshop import Workshop

pytestmark = pytest.mark.django_db
LONGER_THAN_AN_INT_IS_READ = "9" * 5000
"""Python refuses to read a number of more than 4,300 digits."""


@pytest.mark.parametrize(
    "number",
    [LONGER_THAN_AN_INT_IS_READ, "9" * 30, "²", "-1"],
    ids=["long", "huge", "square", "negative"],
)
def test_a_number_that_cannot_be_is_refused(workshop: Workshop, number: str) -> None:
    editor = workshop.client("editor")
    released = editor.post(workshop.url("publish/release/"), {"number": number})
    assert released.status_code == 302
    assert not Publication.objects.exclude(published_at=None).exists()
    archive = editor.get(workshop.url("files/archive/")).content
    sent = {"archive": SimpleUploadedFile("course.zip", archive), "base": number}
    assert editor.post(workshop.url("files/upload/"), sent).status_code == 422
    assert not Arrival.objects.exists()
    page = editor.get(workshop.url("statistics/bits/"), {"version": number})
    assert page.status_code in {200, 404}


@pytest.mark.parametrize(
    "base",
    [LONGER_THAN_AN_INT_IS_READ, "9" * 10, "0", "²", ""],
    ids=["long", "huge", "zero", "square", "none"],
)
def test_a_program_is_told_of_a_base_that_cannot_be(workshop: Workshop, base: str) -> None:
    _token, text = make_token(
        workspace=workshop.workspace, user=workshop.people["author"], name="ci", days=1
    )
    answer = Client().post(
        f"/api/teach/v1/small-course/files?base={base}",
        b"",
        content_type="application/zip",
        headers={"Authorization": f"Bearer {text}"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert workshop.head.number == 1
