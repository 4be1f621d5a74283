"""Whose addresses these are."""

from collections.abc import Iterable
from typing import TypeVar

from tenants.models import MondayConnection, VismaConnection

C = TypeVar("C", VismaConnection, MondayConnection)


def at(model: type[C], paths: Iterable[str], *fields: str) -> list[C]:
    """The connections that are called at the paths, with only these fields read.

    Written out: to have the query put together anew would cost more than to run it.
    """
    wanted = list(paths)
    table, names = model._meta.db_table, ", ".join(("id", *fields))
    places = ", ".join(["%s"] * len(wanted))
    return list(
        model._default_manager.raw(
            f"SELECT {names} FROM {table} WHERE webhook_path IN ({places})",  # noqa: S608 - ours
            wanted,
        )
    )
