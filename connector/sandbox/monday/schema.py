"""The executable schema: the SDL beside this file with its resolvers attached."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema

from connector.sandbox.monday import problems
from connector.sandbox.monday.call import Info
from connector.sandbox.monday.resolve import (
    board_mutations,
    item_mutations,
    objects,
    queries,
    values,
)

_SDL = Path(__file__).with_name("schema.graphql")
_MODULES = (item_mutations, board_mutations)

# Asks the receiver for the challenge meanwhile: whoever answers may call us first.
_UNLOCKED = {"create_webhook"}

Resolve = Callable[..., Any]


def executable_schema() -> GraphQLSchema:
    schema = build_schema(_SDL.read_text())
    objects.attach(schema)
    values.attach(schema)
    queries.attach(schema)
    assert schema.mutation_type  # noqa: S101 - the SDL beside this file has one
    for name, field in schema.mutation_type.fields.items():
        field.resolve = _mutation(name)
    return schema


def _mutation(name: str) -> Resolve:
    if name == "complexity":
        return queries.complexity
    found: Resolve | None = None
    for module in _MODULES:
        found = getattr(module, name, found)
    if found is None:
        raise LookupError(f"the schema has a mutation without a resolver: {name}")
    return _one_by_one(found, locked=name not in _UNLOCKED)


def _one_by_one(resolve: Resolve, *, locked: bool) -> Resolve:
    """Each root mutation runs alone under the lock, and its effects carry its alias."""

    def resolver(root: Any, info: Info, **arguments: Any) -> Any:
        call = info.context
        alias = str(info.path.key)
        if alias in call.orders.get("fail", ()):
            raise problems.problem("Internal server error", "INTERNAL_SERVER_ERROR", 500)
        with call.account.lock if locked else nullcontext(), call.account.log.alias(alias):
            return resolve(root, info, **arguments)

    return resolver
