"""Archives for the tests: plain ones, and a thousand that nobody should trust."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping

ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="{key}"
    title="Question {key}" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
      <qti-prompt>Which one?</qti-prompt>
      <qti-simple-choice identifier="A">This</qti-simple-choice>
      <qti-simple-choice identifier="B">That</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
</qti-assessment-item>
"""
PLAIN: Mapping[str, bytes] = {
    "imsmanifest.xml": b"<manifest/>",
    "items/one.xml": ITEM.format(key="one").encode(),
    "items/two.xml": ITEM.format(key="two").encode(),
}
Mutation = Callable[[random.Random], bytes]


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return stream.getvalue()


def tar_of(members: Mapping[str, bytes], *extra: tarfile.TarInfo, form: int = 1) -> bytes:
    """A tar.gz archive of these files and members. `form`: 1 GNU, 2 pax."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for path, data in members.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info)
    return gzip.compress(stream.getvalue(), 1)


def either(members: Mapping[str, bytes], draw: random.Random) -> bytes:
    """One or the other kind of archive."""
    return draw.choice((zip_of, tar_of))(members)


def hostile(count: int) -> Iterator[tuple[str, bytes]]:
    """`count` archives that must be refused, by the name of what is wrong; always the same ones."""
    draw = random.Random(20261124)
    names = list(MUTATIONS)
    for number in range(count):
        name = names[number % len(names)]
        yield name, MUTATIONS[name](draw)


def _truncated(draw: random.Random) -> bytes:
    whole = either(PLAIN, draw)
    return whole[: draw.randrange(len(whole) - 1)]


def _bomb(draw: random.Random) -> bytes:
    size = draw.choice((17, 20)) * 1024 * 1024
    return either({"items/zeros.xml": bytes(size)}, draw)


def _ratio(draw: random.Random) -> bytes:
    return either({f"items/{number}.xml": bytes(3 * 1024 * 1024) for number in range(3)}, draw)


def _traversal(draw: random.Random) -> bytes:
    steps = "../" * draw.randint(1, 5)
    before = draw.choice(("", "items/", "a/b/", "./"))
    return either({**PLAIN, f"{before}{steps}etc/x{draw.random()}": b"x"}, draw)


def _absolute(draw: random.Random) -> bytes:
    root = draw.choice(("/", "//", "C:/", "c:", "Z:\\", "\\\\host\\share\\", "..\\", "/items/../"))
    return either({**PLAIN, f"{root}tmp/{draw.random()}": b"x"}, draw)


def _control(draw: random.Random) -> bytes:
    sign = draw.choice(("\x01", "\n", "\r", "\x1b", "\x7f", "\u202e", "\u200b", "\ufeff"))
    return either({**PLAIN, f"items/a{sign}b{draw.random()}": b"x"}, draw)


def _link(draw: random.Random) -> bytes:
    info = tarfile.TarInfo(f"items/link-{draw.random()}")
    info.type = draw.choice(
        (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    )
    info.linkname = draw.choice(("/etc/passwd", "one.xml", "../../x"))
    return tar_of(PLAIN, info, form=draw.choice((1, 2)))


def _zip_link(draw: random.Random) -> bytes:
    stream = io.BytesIO(zip_of(PLAIN))
    with zipfile.ZipFile(stream, "a") as archive:
        info = zipfile.ZipInfo(f"items/link-{draw.random()}")
        kind = draw.choice((stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK))
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return stream.getvalue()


def _case(draw: random.Random) -> bytes:
    twin = draw.choice(
        ("Items/one.xml", "items/ONE.XML", "items/One.xml", "ITEMS/three.xml", "items/ｏne.xml")
    )
    return either({**PLAIN, twin: b"x"}, draw)


def _unicode(draw: random.Random) -> bytes:
    one, two = draw.choice((("é", "e\u0301"), ("ß", "ss"), ("ﬁ", "fi"), ("Å", "\u212b")))
    stem = f"items/{draw.random()}"
    return either({**PLAIN, f"{stem}{one}.xml": b"x", f"{stem}{two}.xml": b"x"}, draw)


def _duplicate(draw: random.Random) -> bytes:
    info = tarfile.TarInfo("items/one.xml")
    if draw.random() < 0.5:
        info = tarfile.TarInfo("items/one.xml/below")
    return tar_of(PLAIN, info)


def _encrypted(draw: random.Random) -> bytes:
    whole = bytearray(zip_of(PLAIN))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = whole.find(mark)
        while place >= 0:
            whole[place + offset] |= 1
            place = whole.find(mark, place + 4)
    return bytes(whole)


def _entities(draw: random.Random) -> bytes:
    definition = draw.choice(
        (
            '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
            '<!ENTITY a SYSTEM "file:///etc/passwd">',
            '<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;',
            '<!ENTITY a "&b;"><!ENTITY b "&a;">',
        )
    )
    text = ITEM.format(key="one").replace("This", "&a;")
    text = text.replace("?>", f"?><!DOCTYPE qti-assessment-item [{definition}]>", 1)
    return text.encode()


def _deep(draw: random.Random) -> bytes:
    depth = draw.randint(201, 2_000)
    body = "<div>" * depth + "x" + "</div>" * depth
    return ITEM.format(key="one").replace("This", body).encode()


def _many(draw: random.Random) -> bytes:
    return zip_of({f"f{number}": b"" for number in range(5_001 + draw.randrange(3))})


def _cycle(draw: random.Random) -> bytes:
    """Sections that contain each other, and nothing else."""
    section = (
        '<qti-assessment-section xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="s" title="S"><qti-assessment-section-ref identifier="r" href="{to}"/>'
        "</qti-assessment-section>"
    )
    length = draw.randint(1, 4)
    members = {
        f"s{number}.xml": section.format(to=f"s{(number + 1) % length}.xml").encode()
        for number in range(length)
    }
    test = (
        '<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="t" title="T"><qti-test-part identifier="p">'
        '<qti-assessment-section-ref identifier="r" href="s0.xml"/></qti-test-part>'
        "</qti-assessment-test>"
    )
    return either({**members, "test.xml": test.encode()}, draw)


def _tar_header(draw: random.Random) -> bytes:
    """A header with a broken number: negative sizes keep Python's own reader busy for ever."""
    whole = bytearray(gzip.decompress(tar_of(PLAIN)))
    field = draw.choice((b"-0000000001\0", b"\xff" * 12, b"99999999999\0", b"77777777777\0"))
    whole[124:136] = field
    whole[148:156] = b" " * 8
    whole[148:156] = f"{sum(whole[:512]):06o}\0 ".encode()
    return bytes(whole)


MUTATIONS: Mapping[str, Mutation] = {
    "truncated": _truncated,
    "traversal": _traversal,
    "absolute": _absolute,
    "control characters": _control,
    "link": _link,
    "zip link": _zip_link,
    "case": _case,
    "unicode": _unicode,
    "duplicate": _duplicate,
    "encrypted": _encrypted,
    "entities": _entities,
    "deep": _deep,
    "cycle": _cycle,
    "tar header": _tar_header,
}
"""What must be refused, often."""
HEAVY: Mapping[str, Mutation] = {"bomb": _bomb, "ratio": _ratio, "many": _many}
"""What must be refused too, and takes its time to make."""
