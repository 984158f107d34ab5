"""Writing many rows: by COPY on PostgreSQL, by INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max, Model

_FOREIGN_KEYS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisunique ORDER BY 1
"""


def first_free(model: type[Model]) -> int:
    """The primary key after the greatest one."""
    greatest = model._default_manager.aggregate(greatest=Max("pk"))["greatest"]  # noqa: SLF001
    return int(greatest or 0) + 1


def load(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows. `columns` are the `attname` of fields: all that cannot be null."""
    meta = model._meta  # noqa: SLF001  # Django documents _meta as public
    fields = [next(one for one in meta.concrete_fields if one.attname == name) for name in columns]
    names = ", ".join(f'"{one.column}"' for one in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {meta.db_table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({names}) "  # noqa: S608
            f"VALUES ({', '.join(['%s'] * len(fields))})",
            [
                [
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=True)
                ]
                for row in rows
            ],
        )


def move_sequences(models: Iterable[type[Model]]) -> None:
    """Let new rows get primary keys after those that were loaded."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table  # noqa: SLF001
            column = model._meta.pk.column  # noqa: SLF001
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) "  # noqa: S608
                f"FROM {table} WHERE pg_get_serial_sequence('{table}', '{column}') IS NOT NULL"
            )


@contextmanager
def without_indexes(models: Iterable[type[Model]]) -> Iterator[None]:
    """On PostgreSQL, take foreign keys and plain indexes of these tables away and build them anew.

    Checked and built once for all rows they cost a tenth of what they cost row by row. In the
    caller's transaction: nobody else sees the tables without them, nor can write to them.
    """
    if connection.vendor != "postgresql":
        yield
        return
    anew = []
    with connection.cursor() as cursor:
        # What rows of this transaction have still to be checked for would forbid any change.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in models:
            table = model._meta.db_table  # noqa: SLF001
            cursor.execute(_FOREIGN_KEYS, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                anew.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            cursor.execute(_INDEXES, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
                anew.insert(0, definition)
    yield
    with connection.cursor() as cursor:
        for statement in anew:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")  # noqa: SLF001
