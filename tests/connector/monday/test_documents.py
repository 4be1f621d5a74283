"""The documents: valid against monday's published schema, and the same bytes each time."""

from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from connector.monday import documents, queries, talk, webhooks
from connector.monday.documents import Document

SCHEMA = Path(__file__).parents[4] / "shared" / "contracts" / "monday" / "schema.graphql"
ROWS = [("INV-1", '{"text":"a"}'), ("INV-2", "{}"), ("INV-3", "{}")]

EVERY: dict[str, Callable[[], Document]] = {
    "create one item": lambda: documents.create_items("1", "topics", ROWS[:1], False),
    "create items": lambda: documents.create_items("1", "topics", ROWS, True),
    "create items in the top group": lambda: documents.create_items("1", "", ROWS, False),
    "update items": lambda: documents.update_items("1", ROWS, True),
    "archive items": lambda: documents.archive_items(["11", "12"]),
    "create column": lambda: documents.create_column("1", "Visma key", "text"),
    "create board": lambda: documents.create_board("AP invoices", "private", ""),
    "me": queries.me,
    "daily limit": queries.daily_limit,
    "boards": lambda: queries.boards(1),
    "board": lambda: queries.board("1"),
    "items": lambda: queries.items("1", ["text1", "status"]),
    "next items": lambda: queries.next_items("cursor", ["text1"]),
    "items by key": lambda: queries.items_by_key("1", "text1", ["4021:supplier:10"]),
    "changed items": lambda: queries.changed_items("1", ["status"]),
    "comment": lambda: talk.comment_document("11", "Order 500254 is on hold"),
    "create webhook": lambda: webhooks.create_document("1", "status", "https://a.example/h/"),
    "delete webhook": lambda: webhooks.delete_document("7"),
    "webhooks": lambda: webhooks.list_document("1"),
    "items by id": lambda: queries.items_by_id(["11"], ["text1"]),
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    if not SCHEMA.exists():
        pytest.skip(f"monday's published schema is not on this machine: {SCHEMA}")
    return build_schema(SCHEMA.read_text(), assume_valid=True)


@pytest.mark.parametrize("name", EVERY)
def test_every_document_is_valid_against_the_published_schema(
    schema: GraphQLSchema, name: str
) -> None:
    document = EVERY[name]()

    problems = validate(schema, parse(document.text))

    assert problems == []


@pytest.mark.parametrize("name", EVERY)
def test_a_document_declares_exactly_the_variables_it_sends(name: str) -> None:
    document = EVERY[name]()
    operation = parse(document.text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    declared = {each.variable.name.value for each in operation.variable_definitions or ()}

    assert set(document.variables) == declared


def test_values_travel_as_variables_and_never_in_the_text() -> None:
    hostile = '"}) { id } a9: archive_item(item_id: 1) { id '

    document = documents.create_items("1", hostile, [(hostile, hostile)], False)

    assert hostile not in document.text
    assert document.variables["n0"] == hostile


def test_no_group_means_that_monday_chooses_the_group() -> None:
    document = documents.create_items("1", "", ROWS, False)

    assert "group_id" not in document.text
    assert "group" not in document.variables


def test_the_reserved_cost_grows_with_the_items_written() -> None:
    assert documents.create_items("1", "", ROWS, False).cost == 30_000


def test_a_text_is_built_once_per_number_of_items() -> None:
    first = documents.update_items("1", ROWS, False)
    second = documents.update_items("2", list(reversed(ROWS)), False)

    assert first.text is second.text
