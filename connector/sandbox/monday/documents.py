"""GraphQL documents parsed and validated once; a sync sends the same few texts all day."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from connector.sandbox.monday.problems import problem

MOST_KEPT = 500  # texts; alias batches of 1 to 100 in a few shapes fit many times


@dataclass(frozen=True)
class Document:
    """``fields`` are the root fields as (alias, field name), in order."""

    text: str
    node: DocumentNode | None
    operation: OperationDefinitionNode | None
    fields: tuple[tuple[str, str], ...]
    errors: tuple[GraphQLError, ...]

    @property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        nodes = self.node.definitions if self.node else ()
        return {n.name.value: n for n in nodes if isinstance(n, FragmentDefinitionNode)}

    @property
    def mutation(self) -> bool:
        return bool(self.operation and self.operation.operation is OperationType.MUTATION)

    @property
    def name(self) -> str:
        """The one operation it asks for, such as ``create_item``; ``complexity`` beside it."""
        names = {name for _, name in self.fields} - {"complexity"}
        return "+".join(sorted(names)) or "complexity"

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(alias for alias, name in self.fields if name != "complexity")

    def count(self, name: str) -> int:
        return sum(1 for _, field in self.fields if field == name)


class Documents:
    """Texts seen lately. Threads may parse the same text twice; both results are equal."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()

    def read(self, text: str, operation_name: str = "") -> Document:
        key = (text, operation_name)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._read(text, operation_name)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, text: str, operation_name: str) -> Document:
        try:
            node = parse(text)
        except GraphQLError as why:
            return Document(text, None, None, (), (_parse_problem(why),))
        errors = tuple(_validation_problem(why) for why in validate(self.schema, node))
        operation = _chosen(node, operation_name)
        if operation is None and not errors:
            errors = (problem("Unknown operation", "GRAPHQL_VALIDATION_FAILED"),)
        return Document(text, node, operation, _root_fields(operation), errors)


def _chosen(node: DocumentNode, name: str) -> OperationDefinitionNode | None:
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    if name:
        return next((each for each in operations if each.name and each.name.value == name), None)
    return operations[0] if len(operations) == 1 else None


def _root_fields(operation: OperationDefinitionNode | None) -> tuple[tuple[str, str], ...]:
    selections: Any = operation.selection_set.selections if operation else ()
    fields = [each for each in selections if isinstance(each, FieldNode)]
    return tuple(
        (each.alias.value if each.alias else each.name.value, each.name.value) for each in fields
    )


def _parse_problem(why: GraphQLError) -> GraphQLError:
    words = f"Parse error on {why.message}"
    return GraphQLError(words, why.nodes, why.source, why.positions,
                        extensions={"code": "GRAPHQL_PARSE_FAILED"})  # fmt: skip


def _validation_problem(why: GraphQLError) -> GraphQLError:
    """An unknown field has monday's own words and code; the rest keep GraphQL's."""
    words, extensions = why.message, {"code": "GRAPHQL_VALIDATION_FAILED"}
    if words.startswith("Cannot query field"):
        field_name, type_name = words.split("'")[1], words.split("'")[3]
        words = f"Field '{field_name}' doesn't exist on type '{type_name}'"
        extensions = {"code": "undefinedField", "typeName": type_name, "fieldName": field_name}
    return GraphQLError(words, why.nodes, why.source, why.positions, extensions=extensions)
