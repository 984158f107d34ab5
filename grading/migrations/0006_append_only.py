"""The database itself refuses to change or delete an audit entry."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
    CREATE FUNCTION grading_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$;
    CREATE TRIGGER grading_auditentry_append_only
    BEFORE UPDATE OR DELETE ON grading_auditentry
    FOR EACH ROW EXECUTE FUNCTION grading_append_only();
"""
SQLITE = (
    """
    CREATE TRIGGER grading_auditentry_no_update BEFORE UPDATE ON grading_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    """
    CREATE TRIGGER grading_auditentry_no_delete BEFORE DELETE ON grading_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
)


def refuse(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for statement in SQLITE:
        schema_editor.execute(statement)


def allow(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER grading_auditentry_append_only ON grading_auditentry")
        schema_editor.execute("DROP FUNCTION grading_append_only")
        return
    schema_editor.execute("DROP TRIGGER grading_auditentry_no_update")
    schema_editor.execute("DROP TRIGGER grading_auditentry_no_delete")


class Migration(migrations.Migration):
    dependencies = [("grading", "0005_repair")]
    operations = [migrations.RunPython(refuse, allow)]
