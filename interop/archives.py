"""Untrusted archives, read into memory under limits. Nothing is written anywhere.

Archives within the archive are bytes like all others and are not opened.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from interop.reasons import refused
from interop.tar_archives import read_tar

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may be. Sizes in bytes."""

    packed: int = 32 * MEGABYTE
    unpacked: int = 128 * MEGABYTE
    file: int = 16 * MEGABYTE
    files: int = 5_000
    ratio: int = 100
    """Unpacked size to packed size; counts only beyond `free`."""
    free: int = 4 * MEGABYTE
    path: int = 400
    """Bytes of a path in UTF-8."""
    depth: int = 16


LIMITS = Limits()

_DRIVE = re.compile(r"[A-Za-z]:")
_JUNK = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|\._[^/]*)")
_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_USTAR = slice(257, 262)


def is_archive(data: bytes) -> bool:
    """Whether bytes begin as a zip, a gzip or a tar does."""
    return data.startswith((*_ZIP, _GZIP)) or data[_USTAR] == b"ustar"


def read_archive(data: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """The files of a zip, a tar or a gzipped tar: path with / → contents, in the archive's order.

    What file managers leave behind (`__MACOSX`, `.DS_Store`) is not among them. Raises `Refused`
    for everything that is not plain: then nothing of the archive is used.
    """
    if not data:
        raise refused("empty_file")
    if len(data) > limits.packed:
        raise refused("too_large", most=size_words(limits.packed))
    if data.startswith(_ZIP):
        members = _zip_members(data, limits)
    elif data.startswith(_GZIP):
        members = read_tar(_gunzipped(data, limits), limits.files)
    elif data[_USTAR] == b"ustar":
        members = read_tar(data, limits.files)
    else:
        raise refused("unknown_archive")
    names = Names(limits)
    files: dict[str, bytes] = {}
    total = 0
    for name, contents in members:
        path = names.add(name, folder=contents is None)
        if contents is None or _JUNK.fullmatch(path):
            continue
        if len(contents) > limits.file:
            raise refused("file_too_large", name=name, most=size_words(limits.file))
        total += len(contents)
        _check_total(total, len(data), limits)
        files[path] = contents
    return files


class Names:
    """The names of an archive so far: each is a plain path, and no two are one."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self._spelled: dict[str, str] = {}
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, name: str, *, folder: bool = False) -> str:
        """The path that a name stands for. Raises `Refused`."""
        path = safe_path(name, self.limits)
        if not path:
            return path
        parts = path.split("/")
        for depth in range(1, len(parts)):
            self._claim("/".join(parts[:depth]), folder=True)
        self._claim(path, folder=folder)
        return path

    def _claim(self, path: str, *, folder: bool) -> None:
        key = folded(path)
        other = self._spelled.setdefault(key, path)
        if other != path or key in self._files or (key in self._folders and not folder):
            raise refused("duplicate_path", name=path, other=other)
        (self._folders if folder else self._files).add(key)


def folded(path: str) -> str:
    """What two paths share when some file system takes them for one: case and Unicode form."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def safe_path(name: str, limits: Limits = LIMITS) -> str:
    """A name of an archive as a plain relative path; '' for the folder itself. Raises `Refused`."""
    if not name or _DRIVE.match(name) or name.startswith("/") or "\\" in name:
        raise refused("unsafe_path", name=name)
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in name):
        raise refused("unsafe_path", name=name)
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if any(not part.strip(" .") for part in parts):
        raise refused("unsafe_path", name=name)
    path = "/".join(parts)
    if len(path.encode()) > limits.path or len(parts) > limits.depth:
        raise refused("long_path", name=name)
    return path


def size_words(size: int) -> str:
    """A limit as people read it."""
    return f"{size // MEGABYTE} MiB" if size >= MEGABYTE else f"{size} bytes"


def _zip_members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes | None]]:
    """Name and contents of each member; None for a folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > limits.files:
                raise refused("too_many_files", most=limits.files)
            left = limits.unpacked
            for member in members:
                contents = _zip_member(archive, member, min(left, limits.file), limits)
                left -= len(contents or b"")
                yield member.filename, contents
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        OverflowError,
        RuntimeError,
        UnicodeError,
        ValueError,
    ) as error:
        raise refused("damaged_archive") from error


def _zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, limits: Limits
) -> bytes | None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refused("not_a_file", name=member.filename)
    if member.is_dir() or kind == stat.S_IFDIR:
        return None
    if member.flag_bits & 0x1:
        raise refused("encrypted", name=member.filename)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refused("unknown_compression", name=member.filename)
    parts = []
    size = 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limits.file:
                raise refused("file_too_large", name=member.filename, most=size_words(limits.file))
            if size > most:
                raise refused("unpacked_too_large", most=size_words(limits.unpacked))
            parts.append(part)
    return b"".join(parts)


def _gunzipped(data: bytes, limits: Limits) -> bytes:
    """The contents of a gzip of one stream. Raises `Refused`."""
    most = min(limits.unpacked, max(limits.free, limits.ratio * len(data)))
    stream = zlib.decompressobj(wbits=31)
    try:
        contents = stream.decompress(data, most + 1)
    except zlib.error as error:
        raise refused("damaged_archive") from error
    _check_total(len(contents), len(data), limits)
    if not stream.eof or stream.unused_data:
        raise refused("damaged_archive")
    return contents


def _check_total(total: int, packed: int, limits: Limits) -> None:
    if total > limits.unpacked:
        raise refused("unpacked_too_large", most=size_words(limits.unpacked))
    if total > max(limits.free, limits.ratio * packed):
        raise refused("ratio", most=limits.ratio)
