"""Queries put together once, for those that every call, page, turn and tick asks.

Only their values differ from time to time, and Django takes ten times as long to put such a
statement together as the database to answer it: finding the boards with something to do took
9 ms of processor time, of which the database used half a one.
"""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

R = TypeVar("R")


class Given(Expression):
    """The place of a value that is known when the query is asked.

    It stands where an expression may: beside a lookup that compares, not as a list.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


class Prepared(Generic[R]):
    """A query whose statement is made at its first use; each call asks it with other values."""

    def __init__(self, build: Callable[[], QuerySet[Any, R]]) -> None:
        self.build = build
        self.made: tuple[QuerySet[Any, R], SQLCompiler, str, tuple[Any, ...]] | None = None

    def __call__(self, **given: Any) -> list[R]:
        if self.made is None:
            self.made = self._made()
        queryset, compiler, sql, params = self.made
        asked = queryset.all()
        use: Any = copy(compiler)  # two threads may ask at once, each on a connection of its own
        use.connection = connections[asked.db]
        use.as_sql = lambda *_, **__: (sql, _filled(params, given, use.connection))
        query: Any = asked.query
        query.get_compiler = lambda *_, **__: use
        return list(asked)

    def one(self, **given: Any) -> R | None:
        """The first row, if there is any."""
        return next(iter(self(**given)), None)

    def _made(self) -> tuple[QuerySet[Any, R], SQLCompiler, str, tuple[Any, ...]]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        return queryset, compiler, sql, tuple(params)


def _filled(params: tuple[Any, ...], given: dict[str, Any], connection: Any) -> tuple[Any, ...]:
    adapt = connection.ops.adapt_datetimefield_value
    values = (given[param.name] if isinstance(param, Given) else param for param in params)
    return tuple(adapt(value) if isinstance(value, datetime) else value for value in values)
