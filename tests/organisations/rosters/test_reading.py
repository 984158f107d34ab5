"""Files as people: every form that we take says the same, and what we do not take is refused."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from organisations.rosters.reading import read
from organisations.rosters.types import Entry, FileRefused
from tests.organisations.rosters.files import archive, csv_text, xlsx_file

HEADS = {
    "email": ("email", "E-mail address", "邮箱", "电子邮箱"),
    "name": ("name", "Full name", "姓名"),
    "external_id": ("student number", "学号", "sourcedId"),
    "cohort": ("cohort", "Join code", "班级"),
}
texts = st.text(st.sampled_from("ab9 王小明é€𠮷,;\t\n\"'=，"), max_size=12).map(str.strip)
people: st.SearchStrategy[dict[str, str]] = st.builds(
    dict,
    email=st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.cn", fullmatch=True),
    name=texts,
    external_id=texts,
    cohort=texts,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], list[Entry]]:
    """A table with its columns in any order and language, and what is to be read from it."""
    fields = draw(st.permutations(list(HEADS)))
    rows = draw(st.lists(people, min_size=1, max_size=6))
    table = [[draw(st.sampled_from(HEADS[field])) for field in fields]]
    table += [[row[field] for field in fields] for row in rows]
    entries = [
        Entry(
            number,
            row["email"],
            row["name"],
            row["external_id"],
            ((row["cohort"],),) if row["cohort"] else (),
        )
        for number, row in enumerate(rows, 2)
    ]
    return table, entries


@given(
    made=tables(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t"),
)
@settings(max_examples=80)
def test_a_list_is_read_as_it_was_written_in_csv(
    made: tuple[list[list[str]], list[Entry]], encoding: str, delimiter: str
) -> None:
    table, entries = made
    text = csv_text(table, delimiter)
    content = text.encode(encoding)
    if encoding == "gb18030":
        try:
            # What happens to be good UTF-8 is taken for UTF-8: nothing can tell them apart.
            if content.decode("utf-8") != text:
                return
        except UnicodeDecodeError:
            pass
    assert read(content).entries == entries


@given(made=tables())
@settings(max_examples=30)
def test_a_list_is_read_as_it_was_written_in_xlsx(
    made: tuple[list[list[str]], list[Entry]],
) -> None:
    table, entries = made
    assert read(xlsx_file(table)).entries == entries


def test_numbers_of_a_workbook_are_read_as_they_were_typed() -> None:
    rows: list[list[object]] = [
        ["email", "学号"],
        ["a@example.cn", 20260001],
        [None, None],
        ["b@example.cn", 7.5],
    ]
    assert read(xlsx_file(rows)).entries == [
        Entry(2, "a@example.cn", external_id="20260001"),
        Entry(4, "b@example.cn", external_id="7.5"),
    ]


def test_columns_that_say_nothing_to_us_are_named() -> None:
    found = read(csv_text([["Phone", "email", "籍贯"], ["1", "a@example.cn", "浙江"]]).encode())
    assert found.unused_columns == ["Phone", "籍贯"]
    assert found.entries == [Entry(2, "a@example.cn")]


USERS = """sourcedId,status,familyName,givenName,middleName,email
u1,active,王,小明,,ming@example.cn
u2,,Lovelace,Ada,King,ada@example.org
u3,active,Teach,Terry,,terry@example.org
u4,tobedeleted,Gone,Greg,,greg@example.org
u5,active,李,雷,,lei@example.cn
"""
CLASSES = """sourcedId,status,title,classCode
c1,active,Autumn,A1
"""
ENROLLMENTS = """sourcedId,status,classSourcedId,userSourcedId,role
e1,active,c1,u1,student
e2,active,c9,u2,student
e3,active,c1,u3,teacher
e4,tobedeleted,c1,u5,student
"""


def test_oneroster_names_the_students_and_their_classes() -> None:
    content = archive(
        {"manifest.csv": "", "users.csv": USERS, "classes.csv": CLASSES,
         "enrollments.csv": ENROLLMENTS}
    )  # fmt: skip
    found = read(content)
    assert found.entries == [
        Entry(2, "ming@example.cn", "王小明", "u1", (("Autumn", "A1", "c1"),)),
        Entry(3, "ada@example.org", "Ada King Lovelace", "u2", (("c9",),)),
        Entry(6, "lei@example.cn", "李雷", "u5"),
    ]
    assert found.others == 1


def with_doctype() -> bytes:
    sheet = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    return archive({"[Content_Types].xml": "<x/>", "xl/worksheets/sheet1.xml": sheet})


def bomb() -> bytes:
    return archive({"[Content_Types].xml": "<x/>", "xl/a.bin": b"\0" * (65 * 1024 * 1024)})


REFUSED = {
    "empty": (b" \r\n", "The file is empty."),
    "heads alone": (b"email\n", "The file names columns and no people."),
    "no address": (
        "姓名,电话\n王小明,1\n".encode(),
        (
            "The first row has no column “email” or “邮箱”. Its columns are: 姓名, 电话. "
            "The sample shows how a list begins."
        ),
    ),
    "twice the same": (
        "email,邮箱\na,b\n".encode(),
        "The columns “email” and “邮箱” mean the same. Leave one out.",
    ),
    "old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        "This is a workbook of the old form, or one with a password. Save it as xlsx or CSV.",
    ),
    "no text": (
        b"email\n\x00\x01",
        "The file is not a text in UTF-8 or GB18030. Save it as “CSV UTF-8” or as xlsx.",
    ),
    "broken archive": (
        b"PK\x03\x04....",
        "The file is damaged or has a password. Save it again without one, or as CSV.",
    ),
    "another archive": (
        archive({"a.txt": ""}),
        "The archive is neither an xlsx workbook nor OneRoster CSV: it has no users.csv.",
    ),
    "entities": (
        with_doctype(),
        "The file is damaged or has a password. Save it again without one, or as CSV.",
    ),
    "bomb": (bomb(), "The file unpacks to more than 64 MiB. Keep only the list of people in it."),
    "long": (b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MiB."),
    "many": (
        b"email\n" + b"a@b.cn\n" * 100_001,
        "The file has more than 100000 rows. Cut it into several.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_with_a_reason(name: str) -> None:
    content, words = REFUSED[name]
    with translation.override("en"), pytest.raises(FileRefused) as refusal:
        read(content)
    assert str(refusal.value.words) == words
