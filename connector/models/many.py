"""Many rows in one statement, for the few places where each record counts.

Django's own bulk methods prepare every column of every row one by one, which costs more than all
the rest of delivering a record. Values are adapted here by type of column; PostgreSQL then gets one
INSERT or UPDATE with a list of rows. SQLite, which has no way to travel, runs a statement of one
row again and again: to read a list of thousands of parameters takes it longer than to store them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

from django.db import connection, models

from connector.models.instances import json_text

# Parameters of one statement: PostgreSQL counts them in 16 bits. And a size that it likes.
PARAMETERS = 30_000
ROWS = 500

Row = Sequence[Any]
AnyField: TypeAlias = "models.Field[Any, Any]"
Adapters = list[tuple[int, Callable[[Any], Any]]]


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], *, ignore: bool = False
) -> None:
    """Columns by attribute name; those left out get their field's default.

    ``ignore``: a row that is there already stays as it is.
    """
    fields = _fields(model, columns)
    given = {field.column for field in fields}
    rest = [f for f in model._meta.concrete_fields if f.column not in given and not f.primary_key]
    defaults = _adapted([_default(field) for field in rest], _adapters(rest))
    adapters = _adapters(fields)
    written = [field.column for field in [*fields, *rest]]
    names = ", ".join(f'"{column}"' for column in written)
    into = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES'
    end = "ON CONFLICT DO NOTHING" if ignore else ""
    whole = ([*_adapted(row, adapters), *defaults] for row in rows)
    if _one_by_one():
        _run_for_each(f"{into} {_places(1, len(written))} {end}", whole)
        return
    for some in _chunks(whole, len(written)):
        _run(f"{into} {_places(len(some), len(written))} {end}", some)


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Each row: the primary key, then the values of the columns."""
    key = model._meta.pk
    assert key is not None  # noqa: S101  every model of ours has one
    fields = [key, *_fields(model, columns)]
    adapters = _adapters(fields)
    whole = (_adapted(row, adapters) for row in rows)
    if _one_by_one():
        changes = ", ".join(f'"{field.column}" = %s' for field in fields[1:])
        sql = f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %s'  # noqa: S608
        _run_for_each(sql, ([*values, pk] for pk, *values in whole))
        return
    for some in _chunks(whole, len(fields)):
        _run(_update_of(model, fields, len(some)), some)


def _update_of(model: type[models.Model], fields: Sequence[AnyField], rows: int) -> str:
    table, key = model._meta.db_table, fields[0]
    names = ", ".join(f'"{field.column}"' for field in fields)
    changes = ", ".join(f'"{field.column}" = {_typed(field)}' for field in fields[1:])
    return (
        f"WITH given ({names}) AS (VALUES {_places(rows, len(fields))}) "  # noqa: S608
        f'UPDATE "{table}" SET {changes} FROM given '
        f'WHERE "{table}"."{key.column}" = {_typed(key)}'
    )


def _one_by_one() -> bool:
    return connection.vendor == "sqlite"


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[AnyField]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in columns]


def _default(field: AnyField) -> Any:
    return field.get_default() if field.has_default() or field.empty_strings_allowed else None


def _typed(field: AnyField) -> str:
    """A value of the list as its column's type: PostgreSQL takes a bare NULL for text."""
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return f'given."{field.column}"::{kind}'


def _adapters(fields: Sequence[AnyField]) -> Adapters:
    """What has to change on its way into the database, by its place in a row."""
    found = [(place, _adapter(field)) for place, field in enumerate(fields)]
    return [(place, adapt) for place, adapt in found if adapt is not None]


def _adapter(field: AnyField) -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return json_text
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=16)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return str if field.choices else None  # a member of an enumeration is its text


def _adapted(row: Row, adapters: Adapters) -> list[Any]:
    values = list(row)
    for place, adapt in adapters:
        values[place] = adapt(values[place])
    return values


@lru_cache(maxsize=256)
def _places(rows: int, columns: int) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    return ", ".join([row] * rows)


def _chunks(rows: Iterable[Row], columns: int) -> Iterable[list[Row]]:
    size = max(min(PARAMETERS // columns, ROWS), 1)
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def _run(sql: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in row])


def _run_for_each(sql: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))
