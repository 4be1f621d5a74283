"""Indexes: each is paid for with every row that is written, so none is there twice."""

import pytest
from django.apps import apps
from django.db import connection, models

TABLES = ("connector_auditentry", "connector_recordlink", "connector_sourcerecord")


def _beginnings(model: type[models.Model]) -> set[str]:
    """What the whole indexes of a model begin with, but those of single keys."""
    meta = model._meta
    whole = [index.fields for index in meta.indexes if index.condition is None]
    whole += [
        each.fields
        for each in meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.condition is None
    ]
    return {fields[0].lstrip("-") for fields in whole if fields}


def test_no_key_of_a_large_table_has_an_index_that_another_one_begins_with() -> None:
    large = [model for model in apps.get_models() if model._meta.db_table in TABLES]

    twice = {
        f"{model.__name__}.{field.name}"
        for model in large
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.db_index  # type: ignore[attr-defined]
        and field.name in _beginnings(model)
    }

    assert len(large) == len(TABLES)
    assert twice == set()


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_database_has_the_indexes_of_the_models_and_no_others(table: str) -> None:
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    named = {each.name for each in (*model._meta.indexes, *model._meta.constraints)}
    keys = {
        field.column
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.db_index  # type: ignore[attr-defined]
    }

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)

    unnamed = {
        name: facts
        for name, facts in found.items()
        if facts["index"] and not facts["unique"] and name not in named
    }
    assert {tuple(facts["columns"]) for facts in unnamed.values()} == {(key,) for key in keys}
    assert len(unnamed) == len(keys)
