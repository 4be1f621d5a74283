"""What the sandbox's schema offers has the signature it has in monday's own."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, is_required_argument

from connector.sandbox.monday.schema import executable_schema

PUBLISHED = Path(__file__).parents[3] / "shared/contracts/monday/schema.graphql"


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    if not PUBLISHED.exists():
        pytest.skip("monday's published schema is not beside this repository")
    return build_schema(PUBLISHED.read_text(), assume_valid=True)


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return executable_schema()


def fields_of(schema: GraphQLSchema) -> dict[str, Any]:
    """Every field and input field as ``Type.field``, without introspection."""
    return {
        f"{name}.{field_name}": field
        for name, kind in schema.type_map.items()
        if not name.startswith("__")
        for field_name, field in getattr(kind, "fields", {}).items()
    }


def test_every_field_has_the_type_monday_gives_it(
    ours: GraphQLSchema, published: GraphQLSchema
) -> None:
    theirs = fields_of(published)
    mine = fields_of(ours)

    assert len(mine) > 200
    assert {name: str(field.type) for name, field in mine.items()} == {
        name: str(theirs[name].type) for name in mine
    }


def test_every_argument_has_the_type_and_default_monday_gives_it(
    ours: GraphQLSchema, published: GraphQLSchema
) -> None:
    theirs = fields_of(published)
    different = [
        f"{name}({argument})"
        for name, field in fields_of(ours).items()
        for argument, ours_ in getattr(field, "args", {}).items()
        if str(theirs[name].args[argument].type) != str(ours_.type)
        or theirs[name].args[argument].default_value != ours_.default_value
    ]

    assert different == []


def test_no_required_argument_of_monday_is_missing(
    ours: GraphQLSchema, published: GraphQLSchema
) -> None:
    theirs = fields_of(published)
    missing = [
        f"{name}({argument})"
        for name, field in fields_of(ours).items()
        for argument, theirs_ in getattr(theirs[name], "args", {}).items()
        if is_required_argument(theirs_) and argument not in field.args
    ]

    assert missing == []


def test_enums_offer_nothing_monday_does_not_know(
    ours: GraphQLSchema, published: GraphQLSchema
) -> None:
    invented = {
        name: set(kind.values) - set(published.type_map[name].values)  # type: ignore[attr-defined]
        for name, kind in ours.type_map.items()
        if hasattr(kind, "values") and not name.startswith("__")
    }

    assert {name: values for name, values in invented.items() if values} == {}


def test_every_mutation_has_a_resolver_of_its_own(ours: GraphQLSchema) -> None:
    assert ours.mutation_type

    assert all(field.resolve for field in ours.mutation_type.fields.values())
