"""Compiled contracts, kept on disk by their digests.

    cache = open_cache("artefacts")
    cache.put(artefact)
    cache.get(artefact.digest)      # the same artefact, or None

A cache is for speed only: what is not there is made again, a file that was cut or changed counts as
not there, and where nothing can be written nothing is kept. Several processes may share a folder.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chains.types import Artefact, Diagnostic

MOST_BYTES = 256 << 20
MOST_FILES = 4096
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHECK_BYTES = hashlib.sha256().digest_size


def root() -> Path:
    """Where this installation keeps what can be made again: CHAINWRIGHT_CACHE, else var/chains."""
    named = os.environ.get("CHAINWRIGHT_CACHE")
    if named:
        return Path(named)
    repository = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("VAR_DIR") or repository / "var") / "chains"


def open_cache(name: str) -> Cache:
    """The cache of that name in `root()`; several openers share it."""
    return Cache(root() / name)


def digest_of(**parts: Any) -> str:
    """SHA-256 of these parts as canonical JSON: the same parts, the same digest, on every host."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Cache:
    """Files in one folder, each named by a digest, at most so many and so many bytes.

    Those that were not asked for longest are removed first.
    """

    def __init__(
        self, folder: Path, *, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_files = most_files

    def get(self, digest: str) -> Artefact | None:
        content = self.get_bytes(digest)
        return None if content is None else _read(content)

    def put(self, artefact: Artefact) -> None:
        self.put_bytes(artefact.digest, _written(artefact))

    def get_bytes(self, digest: str) -> bytes | None:
        """What was put under `digest`, whole; None for nothing, or for a damaged file."""
        path = self._path(digest)
        try:
            whole = path.read_bytes()
        except OSError:
            return None
        check, content = whole[:_CHECK_BYTES], whole[_CHECK_BYTES:]
        is_whole = hashlib.sha256(content).digest() == check
        with contextlib.suppress(OSError):
            if is_whole:
                os.utime(path)
            else:
                path.unlink()
        return content if is_whole else None

    def put_bytes(self, digest: str, content: bytes) -> None:
        """Keep `content` under `digest`; it appears whole or not at all."""
        path = self._path(digest)
        whole = hashlib.sha256(content).digest() + content
        if len(whole) > self._most_bytes:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as new:
                try:
                    new.write(whole)
                    new.close()
                    Path(new.name).replace(path)
                except OSError:
                    Path(new.name).unlink(missing_ok=True)
                    raise
            self._make_room()

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:80]!r} is no digest")
        return self._folder / digest

    def _make_room(self) -> None:
        """Remove what was not used longest; what another process removes meanwhile is gone too."""
        found = []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                found.append((status.st_mtime_ns, path, status.st_size))
        found.sort()
        files, size = len(found), sum(length for _, _, length in found)
        for _, path, length in found:
            if files <= self._most_files and size <= self._most_bytes:
                return
            path.unlink(missing_ok=True)
            files, size = files - 1, size - length


def _written(artefact: Artefact) -> bytes:
    """One line of JSON, then the code."""
    head = {
        "engine": artefact.engine,
        "language": artefact.language,
        "digest": artefact.digest,
        "interface": artefact.interface,
        "warnings": [dataclasses.asdict(warning) for warning in artefact.warnings],
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + artefact.code


def _read(content: bytes) -> Artefact:
    line, _, code = content.partition(b"\n")
    head: Mapping[str, Any] = json.loads(line)
    warnings = tuple(Diagnostic(**warning) for warning in head["warnings"])
    return Artefact(
        engine=head["engine"],
        language=head["language"],
        digest=head["digest"],
        code=code,
        interface=head["interface"],
        warnings=warnings,
    )
