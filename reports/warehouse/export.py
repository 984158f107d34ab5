"""Writes the warehouse into a directory: streamed, restartable, with a manifest of checksums.

    DIR/standings/month=2026-11/standings.parquet     one file for each month of each dataset
    DIR/manifest.json                                 what is there, as far as it has come
    DIR/SHA256SUMS                                    for `sha256sum -c`, when all is there

A file appears whole or not at all, and the manifest names it only then. A run that was ended goes
on where it stood: it reads again the month that was not finished. A finished directory is never
written to again.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import itertools
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from reports.warehouse.datasets import DATASETS, Dataset, Pseudonyms, month_of

FORMAT = 1
ROWS_OF_A_GROUP = 50_000
"""Rows in memory at a time, and in a row group."""
CONFIDENTIAL = (
    "Confidential: rows of pseudonymous people, and counts of any size. Not to be published or "
    "passed on; the exports of the reports are (docs/decisions/0021)."
)
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"

Said = Callable[[str], None]


class Unusable(Exception):
    """The directory cannot be written to; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is whole."""

    dataset: str
    month: str
    """2026-11"""
    path: str
    rows: int
    bytes: int
    sha256: str
    read_at: str


@dataclass(slots=True)
class Manifest:
    """What a directory holds."""

    started_at: str
    key_check: str
    """Tells whether two exports have the same pseudonyms."""
    format: int = FORMAT
    finished_at: str | None = None
    files: list[File] = field(default_factory=list)

    def write(self, directory: Path) -> None:
        """Put it in place of the one before, at once."""
        described = {each.name: _described(each) for each in DATASETS}
        words = {"confidential": CONFIDENTIAL, "datasets": described}
        text = json.dumps({**asdict(self), **words}, indent=1, ensure_ascii=False)
        partial = directory / f"{MANIFEST}.partial"
        partial.write_text(text + "\n", encoding="utf-8")
        _rename(partial, directory / MANIFEST)


def _described(dataset: Dataset) -> dict[str, Any]:
    columns = {name: words for name, (_kind, words) in dataset.fields.items()}
    return {"definition": dataset.words, "columns": columns}


def export(directory: Path, key: bytes, said: Said) -> Manifest:
    """Write everything, or what is still missing. Raises `Unusable`.

    On PostgreSQL one run reads one moment of the database, by server-side cursors; what a restart
    adds is of its own moment, which the manifest gives for each file.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(directory):
        people = Pseudonyms(key)
        manifest = _begun(directory, people)
        with _one_moment():
            read_at = timezone.now().isoformat(timespec="seconds")
            for dataset in DATASETS:
                for file in _write_months(directory, dataset, manifest, people, read_at):
                    manifest.files.append(file)
                    manifest.write(directory)
                    said(f"{file.path}: {file.rows:,} rows, {file.bytes:,} bytes")
        manifest.finished_at = timezone.now().isoformat(timespec="seconds")
        manifest.write(directory)
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in manifest.files)
        (directory / SUMS).write_text(sums, encoding="utf-8")
    return manifest


def _begun(directory: Path, people: Pseudonyms) -> Manifest:
    """The manifest of a directory that is new, or was not finished."""
    path = directory / MANIFEST
    if not path.exists():
        if any(each.name != ".lock" for each in directory.iterdir()):
            raise Unusable(f"{directory} holds something else. Choose a new directory.")
        now = timezone.now().isoformat(timespec="seconds")
        manifest = Manifest(started_at=now, key_check=people.check)
        manifest.write(directory)
        return manifest
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["finished_at"]:
        raise Unusable(f"{directory} is finished. Choose a new directory, named by the day.")
    if found["key_check"] != people.check:
        raise Unusable(f"{directory} was begun with another key. Give that one.")
    files = [File(**each) for each in found["files"]]
    return Manifest(found["started_at"], found["key_check"], found["format"], None, files)


def _write_months(
    directory: Path, dataset: Dataset, manifest: Manifest, people: Pseudonyms, read_at: str
) -> Iterator[File]:
    rows = dataset.rows()
    done = [file.month for file in manifest.files if file.dataset == dataset.name]
    if done:
        rows = dataset.since(rows, _month_after(max(done)))
    # Closed here, and not by whoever collects garbage: the cursor ends with the transaction.
    with contextlib.closing(_streamed(rows)) as each:
        for first, of_month in itertools.groupby(each, lambda row: month_of(row[0])):
            month = f"{first:%Y-%m}"
            path = Path(dataset.name) / f"month={month}" / f"{dataset.name}.parquet"
            values = (dataset.row(row, people) for row in of_month)
            count = _write_file(directory / path, dataset.schema, values)
            size, digest = (directory / path).stat().st_size, _digest(directory / path)
            yield File(dataset.name, month, path.as_posix(), count, size, digest, read_at)


def _streamed(rows: QuerySet[Any, tuple[Any, ...]]) -> Generator[tuple[Any, ...], None, None]:
    yield from rows.iterator(ROWS_OF_A_GROUP)


def _month_after(month: str) -> datetime.date:
    year, number = map(int, month.split("-"))
    return datetime.date(year + number // 12, number % 12 + 1, 1)


def _write_file(path: Path, schema: pa.Schema, rows: Iterator[Iterable[Any]]) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    total = 0
    with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
        while group := list(itertools.islice(rows, ROWS_OF_A_GROUP)):
            columns = zip(*group, strict=True)
            arrays = [
                pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            total += len(group)
    _rename(partial, path)
    return total


def _rename(partial: Path, path: Path) -> None:
    """Give a file its name once its bytes are on the disk."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.rename(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Two runs must not write one directory. Raises `Unusable`."""
    with (directory / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unusable(f"Another run is writing {directory}.") from error
        yield


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Everything that is read here is of one moment of the database."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
