"""Column values as the API reads them: text, raw value and the typed fields of each kind."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema

from connector.sandbox.monday.call import Info, iso
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.state import Account, Column, Item


class Reading:
    """One cell being read. Fields are worked out when asked: most calls want two of fifteen."""

    def __init__(self, account: Account, item: Item, column: Column) -> None:
        self.account, self.item, self.column = account, item, column
        self.kind = kind_of(column.type)
        self.cell = item.cells.get(column.id)
        self._fields: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        return self.column.id

    @property
    def type(self) -> str:
        return self.column.type

    @property
    def text(self) -> str | None:
        if self.cell is None:
            return self.kind.empty_text
        return self.kind.text(self.cell, self.column, self.account)

    @property
    def value(self) -> str | None:
        return None if self.cell is None else self.kind.raw(self.cell)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._fields is None:
            own = _COMPUTED.get(self.column.type)
            fields = self.kind.fields(self.cell, self.column, self.account)
            self._fields = fields | (own(self.item) if own else {})
        return self._fields.get(name)


_COMPUTED: dict[str, Callable[[Item], dict[str, Any]]] = {
    "item_id": lambda item: {"item_id": item.id},
    "creation_log": lambda item: {
        "created_at": iso(item.created_at),
        "creator_id": item.creator_id,
    },
    "last_updated": lambda item: {
        "updated_at": iso(item.updated_at),
        "updater_id": item.creator_id,
    },
    "mirror": lambda _item: {"display_value": ""},
    "formula": lambda _item: {"display_value": ""},
}


def column_values(
    item: Item,
    info: Info,
    ids: list[str] | None = None,
    types: list[str] | None = None,
) -> list[Reading]:
    account = info.context.account
    columns = account.boards[item.board_id].columns.values()
    return [
        Reading(account, item, column)
        for column in columns
        if column.type != "name"
        and (ids is None or column.id in ids)
        and (types is None or column.type in types)
    ]


def attach(schema: GraphQLSchema) -> None:
    schema.type_map["Item"].fields["column_values"].resolve = column_values  # type: ignore[attr-defined]
    value: Any = schema.type_map["ColumnValue"]
    value.resolve_type = lambda reading, _info, _type: reading.kind.graphql
