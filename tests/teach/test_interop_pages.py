"""Files of other systems in, looked at, written; and the course out again."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from authoring.actions.imports import KEPT
from authoring.models import Blob, ForeignFile, Revision
from authoring.queries import draft, files_of
from interop.archives import read_archive
from interop.types import Fate, ItemReport
from teach.interop_reports import as_json
from tests.interop.archives import ITEM, PLAIN, hostile, zip_of
from tests.teach.workshop import Workshop

ESSAY = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="essay"
    title="An essay">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
  <qti-item-body>
    <qti-extended-text-interaction response-identifier="RESPONSE"/>
  </qti-item-body>
</qti-assessment-item>
"""
PACKAGE = zip_of({**PLAIN, "items/essay.xml": ESSAY.encode()})


def sent(client: Client, workshop: Workshop, data: bytes, name: str = "items.zip") -> int:
    """The status that an upload is answered with."""
    file = SimpleUploadedFile(name, data)
    posted = {"file": file, "format": "", "language": "en"}
    return client.post(workshop.url("import/"), posted).status_code


def test_what_came_out_is_looked_at_and_then_written(workshop: Workshop) -> None:
    editor = workshop.client("editor")
    before = workshop.head
    assert sent(editor, workshop, PACKAGE) == 302
    imported = ForeignFile.objects.get()
    assert workshop.head == before

    url = workshop.url(f"import/{imported.uuid}/")
    page = editor.get(url).content.decode()
    assert "A person has to judge its answer (free text)." in page
    assert "01-questions/one/exercise.toml" in page
    refused = editor.get(f"{url}?fate=refused").content.decode()
    assert ("An essay</h3>" in refused, "Question one</h3>" in refused) == (True, False)

    assert editor.post(url, {"apply": "1", "fill": "on"}).status_code == 302
    head = workshop.head
    assert (head.origin, head.message) == (Revision.Origin.IMPORT, "items.zip")
    assert head.number == before.number + 1
    made = draft(head)
    assert made.faults == ()
    assert made.course is not None
    assert list(made.course.lessons) == ["01-blocks", "02-chains", "03-questions"]
    assert list(made.course.lessons["03-questions"].exercises) == ["one", "two"]
    kept = {path: data for path, data in files_of(before).items() if path != "course.toml"}
    assert kept.items() <= files_of(head).items()
    assert not ForeignFile.objects.exists()


def test_without_words_for_the_other_languages_the_course_says_what_is_missing(
    workshop: Workshop,
) -> None:
    editor = workshop.client("editor")
    sent(editor, workshop, PACKAGE)
    editor.post(workshop.url(f"import/{ForeignFile.objects.get().uuid}/"), {"apply": "1"})
    faults = {fault.file for fault in draft(workshop.head).faults}
    assert "03-questions/lesson.zh-hans.md" in faults
    assert not any(file.startswith(("01-", "02-")) for file in faults)


def test_a_refused_import_changes_nothing(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    editor = workshop.client("editor")
    before = (Revision.objects.count(), set(Blob.objects.values_list("digest", flat=True)))
    for name, data in hostile(28):
        if name != "cycle":  # read whole, with a report that refuses every item
            assert sent(editor, workshop, data) == 422, name
    assert sent(editor, workshop, b"") == 422
    assert sent(editor, workshop, b"no archive at all") == 422
    after = (Revision.objects.count(), set(Blob.objects.values_list("digest", flat=True)))
    assert after == before
    assert not ForeignFile.objects.exists()
    assert sent(editor, workshop, PACKAGE) == 302
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_nobody_wants_goes_at_once_and_others_after_a_week(
    workshop: Workshop,
) -> None:
    author = workshop.client("author")
    sent(author, workshop, PACKAGE)
    first = ForeignFile.objects.get()
    assert author.post(workshop.url(f"import/{first.uuid}/drop/")).status_code == 302
    assert not ForeignFile.objects.exists()
    sent(author, workshop, PACKAGE)
    old = timezone.now() - KEPT - datetime.timedelta(minutes=1)
    ForeignFile.objects.update(created_at=old)
    sent(author, workshop, PACKAGE)
    assert ForeignFile.objects.count() == 1


def test_a_course_goes_out_with_a_report_and_comes_in_again(workshop: Workshop) -> None:
    reviewer = workshop.client("reviewer")
    query = "?format=qti3&language=en"
    page = reviewer.get(workshop.url(f"export/{query}&fate=refused")).content.decode()
    assert "Exercises of this kind (program) run here only" in page
    assert "Only one language went out" not in page
    answer = reviewer.get(workshop.url(f"export/file/{query}"))
    assert answer["Content-Disposition"] == 'attachment; filename="small-course-qti3.zip"'
    assert "items/bits.xml" in read_archive(answer.content)
    assert sent(workshop.client("editor"), workshop, answer.content) == 302
    report = ForeignFile.objects.get().report
    assert [item["fate"] for item in report] == ["taken"] * 7


@pytest.mark.parametrize("query", ["", "?format=unknown&language=en", "?format=qti3&language=xx"])
def test_a_format_that_there_is_not_leads_back_to_the_form(workshop: Workshop, query: str) -> None:
    reviewer = workshop.client("reviewer")
    assert reviewer.get(workshop.url(f"export/{query}")).status_code == 200
    assert reviewer.get(workshop.url(f"export/file/{query}")).status_code == 302


def test_a_single_document_is_a_file_too(workshop: Workshop) -> None:
    editor = workshop.client("editor")
    assert sent(editor, workshop, ITEM.format(key="alone").encode(), "alone.xml") == 302
    assert ForeignFile.objects.get().report[0]["where"] == "alone.xml"


def test_signs_that_no_database_holds_stay_out_of_the_report(workshop: Workshop) -> None:
    data = zip_of({**PLAIN, "items/odd.xml": b"\xff\xfe\x00<a/>"})
    assert sent(workshop.client("editor"), workshop, data) == 302
    kept = as_json([ItemReport("\0a", "b\ud800", Fate.REFUSED, (), "")])
    assert kept == [
        {"where": "\ufffda", "title": "b\ufffd", "fate": "refused", "path": "", "said": []}
    ]
