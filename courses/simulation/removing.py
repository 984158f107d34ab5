"""Taking a simulated nation away, with everything that refers to it in any room."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import SET_NULL, ManyToOneRel, Model

from accounts.models import Organisation, User
from courses.models import DelayTally, RetentionTally, StageTally, Tally
from courses.simulation.building import DOMAIN, count_anew
from courses.simulation.nation import KEY_PREFIX


@transaction.atomic
def remove() -> int:
    """Delete simulated people and organisations, and what refers to them; how many people.

    Real people who joined a simulated organisation lose their membership and standing there.
    """
    people = User.objects.filter(email__endswith=f"@{DOMAIN}").count()
    _delete(User, f"email LIKE '%@{DOMAIN}'")
    _delete(Organisation, f"key LIKE '{KEY_PREFIX}%'")
    count_anew()
    return people


def forget_zeros() -> None:
    """Delete tallies whose slots add up to nothing."""
    for model in (StageTally, DelayTally, RetentionTally, Tally):
        meta = model._meta  # noqa: SLF001  # Django documents _meta as public
        table = meta.db_table
        key = ", ".join(
            str(one.column)
            for one in meta.concrete_fields
            if one.name not in {"id", "slot", "value"}
        )
        zero = f"SELECT {key} FROM {table} GROUP BY {key} HAVING sum(value) = 0"  # noqa: S608
        _run(f"DELETE FROM {table} WHERE ({key}) IN ({zero})")  # noqa: S608


def _delete(model: type[Model], where: str, way: tuple[type[Model], ...] = ()) -> None:
    """Delete rows and first what refers to them, table by table and not row by row.

    `way`: the models through which it came here. Their rows go too, so that what they remember of
    these is only let go: a workspace of its newest revision.
    """
    meta = model._meta  # noqa: SLF001  # Django documents _meta as public
    rows = f"SELECT {meta.pk.column} FROM {meta.db_table} WHERE {where}"  # noqa: S608
    for relation in meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model is model:
            continue
        other, column = relation.related_model, relation.field.column
        table, referring = other._meta.db_table, f"{column} IN ({rows})"  # noqa: SLF001
        if relation.on_delete is SET_NULL or other in way:
            _run(f"UPDATE {table} SET {column} = NULL WHERE {referring}")  # noqa: S608
        else:
            _delete(other, referring, (*way, model))
    _run(f"DELETE FROM {meta.db_table} WHERE {where}")  # noqa: S608


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
