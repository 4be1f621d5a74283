"""What a document costs in complexity points, estimated before it runs.

monday does not publish the formula. This one: an item mutation costs 10,000 (an older page of
monday's), any other mutation 1,000, and reading costs a point for each field times the size of
the pages around it.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    SelectionSetNode,
    VariableNode,
)

from connector.sandbox.monday.documents import Document

ITEM_MUTATION = 10_000
OTHER_MUTATION = 1_000
_DEFAULT_PAGE = 25
_PAGED = {
    "boards",
    "items",
    "items_page",
    "next_items_page",
    "items_page_by_column_values",
    "updates",
}
_ITEM_MUTATIONS = {
    "create_item", "create_subitem", "change_multiple_column_values",
    "change_simple_column_value", "archive_item", "delete_item", "move_item_to_group",
    "create_update",
}  # fmt: skip


def cost_of(document: Document, variables: Mapping[str, Any]) -> int:
    if document.operation is None:
        return 0
    base = sum(_mutation_cost(name) for _, name in document.fields) if document.mutation else 0
    return base + _selection_cost(document.operation.selection_set, variables, document)


def _mutation_cost(name: str) -> int:
    if name == "complexity":
        return 0
    return ITEM_MUTATION if name in _ITEM_MUTATIONS else OTHER_MUTATION


def _selection_cost(
    selection: SelectionSetNode | None, variables: Mapping[str, Any], document: Document
) -> int:
    total = 0
    for node in selection.selections if selection else ():
        if isinstance(node, FieldNode) and node.selection_set:
            inner = _selection_cost(node.selection_set, variables, document)
            total += inner * _page_size(node, variables)
        elif isinstance(node, FieldNode):
            total += 1
        elif isinstance(node, FragmentSpreadNode):
            fragment = document.fragments[node.name.value]
            total += _selection_cost(fragment.selection_set, variables, document)
        elif isinstance(node, InlineFragmentNode):
            total += _selection_cost(node.selection_set, variables, document)
    return total


def _page_size(node: FieldNode, variables: Mapping[str, Any]) -> int:
    if node.name.value not in _PAGED:
        return 1
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "ids" in given:
        return max(1, _length(given["ids"], variables))
    return _number(given["limit"], variables) if "limit" in given else _DEFAULT_PAGE


def _length(value: Any, variables: Mapping[str, Any]) -> int:
    if isinstance(value, VariableNode):
        ids = variables.get(value.name.value)
        return len(ids) if isinstance(ids, list) else 1
    return len(value.values) if isinstance(value, ListValueNode) else 1


def _number(value: Any, variables: Mapping[str, Any]) -> int:
    if isinstance(value, IntValueNode):
        return int(value.value)
    limit = variables.get(value.name.value) if isinstance(value, VariableNode) else None
    return limit if isinstance(limit, int) else _DEFAULT_PAGE
