"""The database's own guard of the audit trail, for SQLite and PostgreSQL."""

from typing import Any

TABLE = "connector_auditentry"

SQLITE = {
    "install": [
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "remove": ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"],
}

POSTGRESQL = {
    "install": [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
        f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ],
    "remove": [f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}"],
}

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def run(connection: Any, step: str) -> None:
    """Run ``install`` or ``remove`` on a database connection (or a migration's schema editor)."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor][step]:
            cursor.execute(statement)
