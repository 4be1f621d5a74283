"""The database's clock: the only one that all workers on all hosts share."""

from datetime import UTC, datetime

from django.db import connection

SQL = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(SQL[connection.vendor])
        value = cursor.fetchone()[0]
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)  # type: ignore[no-any-return]
