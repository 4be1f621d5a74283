"""People, connected boards, checkbox and tags."""

import json
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse
from connector.sandbox.monday.problems import RefusedError

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column, Item


def _whole(value: Any) -> int:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse()
    return value


class People(Kind):
    type, prefix, internal = "people", "multiple_person", "multiple-person"
    graphql = "PeopleValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if isinstance(value, str):
            ids = [_whole(part.strip()) for part in value.split(",") if part.strip()]
            return self._made([{"id": each, "kind": "person"} for each in ids], pen)
        if value == {}:
            return None
        chosen = only_keys(value, {"personsAndTeams"})["personsAndTeams"]
        if not isinstance(chosen, list):
            raise refuse()
        return self._made([only_keys(each, {"id", "kind"}) for each in chosen], pen)

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        people = [account.people.get(each["id"]) for each in cell["personsAndTeams"]]
        return ", ".join(person.name for person in people if person)

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        chosen = cell["personsAndTeams"] if cell else []
        found = [{"id": str(each["id"]), "kind": each["kind"]} for each in chosen]
        return {"persons_and_teams": found}

    def _made(self, chosen: list[dict[str, Any]], pen: Pen) -> Any:
        for each in chosen:
            if each["kind"] != "person" or _whole(each["id"]) not in pen.account.people:
                words = f"invalid value - unable to assign person with id: {each['id']}"
                raise RefusedError(words, "invalidPersonAssignment")
        plain = [{"id": _whole(each["id"]), "kind": "person"} for each in chosen]
        return {"personsAndTeams": plain} if plain else None


class BoardRelation(Kind):
    type, prefix, internal = "board_relation", "board_relation", "board-relation"
    graphql = "BoardRelationValue"
    empty_text = None

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """Only ids of active items on the boards the column is connected to."""
        if value == {}:
            return None
        chosen = only_keys(value, {"item_ids"})["item_ids"]
        if not isinstance(chosen, list):
            raise refuse()
        ids = list(dict.fromkeys(_whole(each) for each in chosen))
        if len(ids) > 1 and column.settings.get("allowMultipleItems") is False:
            raise RefusedError(
                "invalid value: only one item can be linked", "linkedItemsLimitExceeded"
            )
        for each in ids:
            self._check(each, column, pen)
        return {"item_ids": ids} if ids else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return None  # always null in monday; display_value carries the names

    def raw(self, cell: Any) -> str | None:
        return None

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        items = self.linked(cell, account)
        return {
            "linked_item_ids": [str(item.id) for item in items],
            "linked_items": items,
            "display_value": ", ".join(item.name for item in items),
        }

    def linked(self, cell: Any, account: "Account") -> "list[Item]":
        found = [account.item(each) for each in (cell["item_ids"] if cell else [])]
        return [item for item in found if item and item.state == "active"]

    def _check(self, item_id: int, column: "Column", pen: Pen) -> None:
        item = pen.account.item(item_id)
        if not item or item.board_id not in column.settings.get("boardIds", []):
            words = f"invalid value - item {item_id} is not on a connected board"
            raise RefusedError(words, "itemsNotInConnectedBoards")
        if item.state != "active":
            raise RefusedError(f"invalid value - item {item_id} is inactive", "inactiveItems")


class Checkbox(Kind):
    type, prefix, internal, graphql = "checkbox", "boolean", "boolean", "CheckboxValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """``checked`` is the text "true" or "false"; a bare boolean is accepted too."""
        if value == {}:
            return None
        given = only_keys(value, {"checked"})["checked"]
        if given not in ("true", "false", True, False):
            raise refuse()
        return {"checked": True} if given in ("true", True) else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return "v"

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"checked": bool(cell)}


class Tags(Kind):
    type, prefix, internal, graphql = "tags", "tag", "tag", "TagsValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        if value == {}:
            return None
        chosen = only_keys(value, {"tag_ids"})["tag_ids"]
        if not isinstance(chosen, list):
            raise refuse()
        ids = [_whole(each) for each in chosen]
        return {"tag_ids": ids} if ids else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return ", ".join(str(each) for each in cell["tag_ids"])

    def raw(self, cell: Any) -> str | None:
        return json.dumps(cell)

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"tag_ids": cell["tag_ids"] if cell else []}
