"""The formats that come in and go out, and how a file is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interop.archives import LIMITS, is_archive, read_archive, size_words
from interop.cartridge import packages as cartridge
from interop.lists import is_list, is_markdown, list_course, markdown_course
from interop.moodle import aiken, gift
from interop.moodle import xml as moodle
from interop.moodle.export import export_moodle
from interop.olx import courses as olx
from interop.olx.export import export_olx
from interop.qti import packages as qti
from interop.qti.export import export_qti
from interop.reasons import refused
from interop.settling import settled
from interop.types import Exported, Imported, Texts

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Input:
    """A format that comes in."""

    key: str
    name: Texts
    claims: Callable[[Files], bool]
    """Whether these files, of an archive or one alone, are of this format."""
    read: Callable[[Files, str], Imported]
    """Files and the language of the words in them → a course. Raises `Refused`."""


@dataclass(frozen=True, slots=True)
class Output:
    """A format that goes out."""

    key: str
    name: Texts
    write: Callable[[Files, str], Exported]
    """Files of a course and one of its languages → a file. Raises `Refused`."""


INPUTS: tuple[Input, ...] = (
    Input(
        "cartridge",
        {"en": "Common Cartridge, QTI 1.2", "zh-hans": "Common Cartridge、QTI 1.2"},
        cartridge.is_cartridge,
        lambda files, language: settled(cartridge.course_of(files, language)),
    ),
    Input(
        "qti",
        {"en": "QTI 2.1, 2.2 or 3.0", "zh-hans": "QTI 2.1、2.2 或 3.0"},
        qti.is_package,
        lambda files, language: settled(qti.course_of(files, language)),
    ),
    Input(
        "moodle",
        {"en": "Moodle XML", "zh-hans": "Moodle XML"},
        moodle.is_moodle_xml,
        lambda files, language: settled(moodle.course_of(files, language)),
    ),
    Input(
        "olx",
        {"en": "Open edX (OLX)", "zh-hans": "Open edX（OLX）"},
        olx.is_olx,
        lambda files, language: settled(olx.course_of(files, language)),
    ),
    Input(
        "aiken",
        {"en": "Aiken", "zh-hans": "Aiken"},
        aiken.is_aiken,
        lambda files, language: settled(aiken.course_of(files, language)),
    ),
    Input(
        "gift",
        {"en": "GIFT", "zh-hans": "GIFT"},
        gift.is_gift,
        lambda files, language: settled(gift.course_of(files, language)),
    ),
    Input(
        "csv",
        {"en": "List of choice questions (CSV)", "zh-hans": "选择题表格（CSV）"},
        is_list,
        lambda files, language: settled(list_course(files, language)),
    ),
    Input(
        "markdown",
        {"en": "Folder of Markdown", "zh-hans": "Markdown 文件夹"},
        is_markdown,
        lambda files, language: settled(markdown_course(files, language)),
    ),
)
"""In the order in which they are asked whether a file is theirs."""

OUTPUTS: tuple[Output, ...] = (
    Output("qti3", {"en": "QTI 3.0 package", "zh-hans": "QTI 3.0 包"}, export_qti),
    Output("olx", {"en": "Open edX (OLX)", "zh-hans": "Open edX（OLX）"}, export_olx),
    Output("moodle", {"en": "Moodle XML", "zh-hans": "Moodle XML"}, export_moodle),
)


def import_file(data: bytes, name: str, language: str, key: str = "") -> Imported:
    """A file that somebody sent, as a course in this language. Nothing is written.

    `name`: of the file. `key`: of the format; '' to find out. Raises `Refused`.
    """
    if len(data) > LIMITS.packed:
        raise refused("too_large", most=size_words(LIMITS.packed))
    if not data.strip():
        raise refused("empty_file")
    files = read_archive(data) if is_archive(data) else {name: data}
    for one in INPUTS:
        if one.key == key or (not key and one.claims(files)):
            return one.read(files, language)
    raise refused("unknown_format")


def export_file(files: Files, key: str, language: str) -> Exported:
    """A course in another system's format. Raises `Refused`, and KeyError for an unknown format."""
    return {one.key: one for one in OUTPUTS}[key].write(files, language)
