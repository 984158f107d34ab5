"""Tar archives, read strictly: ustar headers, GNU's long names and the paths of pax.

Python's own `tarfile` is made to extract to disk and to read every dialect there ever was; in the
versions that we run on, a header with a negative size keeps it busy for ever (CVE-2025-8194).
"""

from __future__ import annotations

from collections.abc import Iterator

from interop.reasons import refused

BLOCK = 512
LONGEST_NAME = 4096
_FILE, _FOLDER = (b"0", b"\0", b"7"), b"5"
_LONG_NAME, _PAX, _PAX_GLOBAL = b"L", b"x", b"g"


def read_tar(data: bytes, most_members: int) -> Iterator[tuple[str, bytes | None]]:
    """Name and contents of each member; None for a folder. Raises `Refused`."""
    position = members = 0
    long_name = ""
    while True:
        header = data[position : position + BLOCK]
        if len(header) < BLOCK:
            raise refused("damaged_archive")
        if not header.strip(b"\0"):
            return  # two empty blocks end an archive; what follows is padding
        members += 1
        if members > most_members:
            raise refused("too_many_files", most=most_members)
        _check_sum(header)
        size = _number(header[124:136])
        start = position + BLOCK
        contents = data[start : start + size]
        if len(contents) < size:
            raise refused("damaged_archive")
        position = start + -(-size // BLOCK) * BLOCK
        kind = header[156:157]
        if kind in {_LONG_NAME, _PAX}:
            long_name = _long_name(contents) if kind == _LONG_NAME else _pax_path(contents)
            continue
        if kind == _PAX_GLOBAL:
            continue
        name = long_name or _name(header)
        long_name = ""
        if kind not in {*_FILE, _FOLDER}:
            raise refused("not_a_file", name=name)
        # Before there was a type for folders, a slash at the end made one.
        yield name, None if kind == _FOLDER or name.endswith("/") else contents


def _check_sum(header: bytes) -> None:
    """The header's bytes add up to what it says, its own eight bytes counted as spaces."""
    total = sum(header[:148]) + 8 * 32 + sum(header[156:])
    if _number(header[148:156]) != total:
        raise refused("damaged_archive")


def _number(field: bytes) -> int:
    """An octal number that is not negative. Base 256 is for files larger than any limit."""
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not all(digit in b"01234567" for digit in digits):
        raise refused("damaged_archive")
    return int(digits, 8)


def _name(header: bytes) -> str:
    name = _text(header[:100])
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _long_name(contents: bytes) -> str:
    if len(contents) > LONGEST_NAME:
        raise refused("long_path", name=_text(contents[:80]))
    return _text(contents)


def _pax_path(contents: bytes) -> str:
    """The path in a pax header, or ''. A size of its own would lead astray and is refused."""
    path = ""
    while contents:
        length, space, _ = contents.partition(b" ")
        if not space or not length.isdigit() or len(length) > 6:
            raise refused("damaged_archive")
        record = contents[len(length) + 1 : int(length)]
        if int(length) <= len(length) + 1 or not record.endswith(b"\n"):
            raise refused("damaged_archive")
        key, equals, value = record[:-1].partition(b"=")
        if not equals or key == b"size" or key.startswith(b"GNU.sparse"):
            raise refused("damaged_archive")
        if key == b"path":
            path = _long_name(value)
        contents = contents[int(length) :]
    return path


def _text(field: bytes) -> str:
    try:
        return field.partition(b"\0")[0].decode()
    except UnicodeDecodeError as error:
        raise refused("damaged_archive") from error
