"""Archives and documents that nobody vouches for: refused with a reason, and never otherwise."""

from __future__ import annotations

import random

import pytest

from interop.archives import Limits, read_archive
from interop.qti.packages import import_qti
from interop.types import Fate, Refused
from interop.xml_trees import read_html, read_xml
from tests.interop.archives import HEAVY, PLAIN, either, hostile, tar_of, zip_of


def refusal(data: bytes) -> str:
    """The code of the reason, where everything in the file was refused; '' where not."""
    try:
        imported = import_qti(data, "en")
    except Refused as refused:
        return refused.reason.code
    if imported.files or imported.count(Fate.REFUSED) != len(imported.items):
        return ""
    return imported.items[0].said[0].code


def test_a_thousand_hostile_archives_are_refused_with_a_reason() -> None:
    codes: dict[str, set[str]] = {}
    for name, data in hostile(1_000):
        codes.setdefault(name, set()).add(refusal(data))
    assert codes == {
        "truncated": {"damaged_archive"},
        "traversal": {"unsafe_path"},
        "absolute": {"unsafe_path"},
        "control characters": {"unsafe_path"},
        "link": {"not_a_file"},
        "zip link": {"not_a_file"},
        "case": {"duplicate_path"},
        "unicode": {"duplicate_path"},
        "duplicate": {"duplicate_path"},
        "encrypted": {"encrypted"},
        "entities": {"xml_entities"},
        "deep": {"xml_too_deep"},
        "cycle": {"cycle"},
        "tar header": {"damaged_archive"},
    }


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("bomb", {"file_too_large", "ratio"}),
        ("ratio", {"ratio"}),
        ("many", {"too_many_files"}),
    ],
)
def test_bombs_are_refused_before_they_are_unpacked(name: str, codes: set[str]) -> None:
    draw = random.Random(5)
    assert {refusal(HEAVY[name](draw)) for _ in range(4)} == codes


def test_whatever_bytes_are_changed_only_refused_is_raised() -> None:
    draw = random.Random(7)
    for _ in range(150):
        data = bytearray(either(PLAIN, draw))
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        refusal(bytes(data))


def test_a_plain_archive_is_read_whole_without_what_file_managers_leave() -> None:
    junk = {"__MACOSX/._one": b"x", ".DS_Store": b"x", "items/._one.xml": b"x"}
    for archive in (zip_of, tar_of):
        assert read_archive(archive({**PLAIN, **junk})) == PLAIN
    long = {f"{'folder/' * 14}{'n' * 150}.xml": b"x", "./items/one.xml": b"y"}
    plain = {path.removeprefix("./"): data for path, data in long.items()}
    assert read_archive(tar_of(long, form=1)) == plain
    assert read_archive(tar_of(long, form=2)) == plain
    assert read_archive(zip_of(long)) == plain


def test_an_archive_inside_an_archive_stays_closed() -> None:
    inner = zip_of({"../x": b"x"})
    assert read_archive(zip_of({"inner.zip": inner})) == {"inner.zip": inner}


def test_limits_count_what_is_unpacked() -> None:
    archive = zip_of({"a": bytes(600), "b": bytes(600)})
    assert len(read_archive(archive, Limits(unpacked=1200))) == 2
    with pytest.raises(Refused) as refused:
        read_archive(archive, Limits(unpacked=1199))
    assert refused.value.reason.code == "unpacked_too_large"
    with pytest.raises(Refused) as refused:
        read_archive(archive, Limits(packed=10))
    assert refused.value.reason.text == {
        "en": "The file is larger than 10 bytes.",
        "zh-hans": "文件大于 10 bytes。",
    }


@pytest.mark.parametrize("piece", ["<!", "<a ", "<![", "</", "<!--", "<a b='", "&#"])
def test_broken_html_is_read_at_once(piece: str) -> None:
    assert read_html(piece * (150_000 // len(piece))).name == "body"


def test_html_names_are_known_where_no_dtd_defines_them() -> None:
    assert read_xml(b"<a>1&nbsp;km&eacute;</a>").text() == "1\xa0kmé"
    declared = '<?xml version="1.0" encoding="GB2312"?><a>区块</a>'.encode("gb2312")
    assert read_xml(declared).text() == "区块"
