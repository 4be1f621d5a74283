"""What goes with a row when it is deleted: counted, not listed.

Django's own page reads every row that would go: for a connection, all the records of a company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import PROTECT, ForeignObjectRel, Model, QuerySet

SHOWN = 10  # of the rows that stand in the way


def dependants(rows: Sequence[Model]) -> dict[str, int]:
    """How many rows of each other model name one of these, by the model's plural."""
    found: dict[str, int] = {}
    for relation, others in _related(rows):
        number = others.count() if relation.on_delete is not PROTECT else 0
        if number:
            plural = str(relation.related_model._meta.verbose_name_plural)
            found[plural] = found.get(plural, 0) + number
    return found


def in_the_way(rows: Sequence[Model]) -> list[str]:
    """The first rows that must go before these can, in words."""
    told: list[str] = []
    for relation, others in _related(rows):
        if relation.on_delete is PROTECT:
            name = str(relation.related_model._meta.verbose_name).capitalize()
            told += [f"{name}: {row}" for row in others[: SHOWN + 1]]
    return told[:SHOWN] + (["and more"] if len(told) > SHOWN else [])


def _related(rows: Sequence[Model]) -> Iterator[tuple[Any, QuerySet[Any]]]:
    """Each relation that leads to these rows, with the rows it leads from."""
    for relation in rows[0]._meta.related_objects if rows else ():
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            others = relation.related_model._base_manager
            yield relation, others.filter(**{f"{relation.field.name}__in": rows})
