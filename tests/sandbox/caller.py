"""A plain HTTP caller of the sandbox's monday side, as any program outside would be one."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from connector.sandbox import world
from connector.sandbox.monday.state import Board
from connector.sandbox.server import SandboxServer

CREATE = (
    "mutation($b:ID!,$n:String!,$c:JSON,$l:Boolean){create_item(board_id:$b,item_name:$n,"
    "column_values:$c,create_labels_if_missing:$l){id name}}"
)
CHANGE = (
    "mutation($b:ID!,$i:ID,$c:JSON!,$l:Boolean){change_multiple_column_values(board_id:$b,"
    "item_id:$i,column_values:$c,create_labels_if_missing:$l){id name}}"
)
READ = (
    "query($i:[ID!]){items(ids:$i){id name state column_values{id type text value "
    "... on NumbersValue{number} ... on DateValue{date time} ... on StatusValue{index label} "
    "... on DropdownValue{values{id label}} ... on CheckboxValue{checked} "
    "... on LinkValue{url url_text} "
    "... on EmailValue{email label} ... on PhoneValue{phone country_short_name} "
    "... on PeopleValue{persons_and_teams{id kind}} ... on TimelineValue{from to} "
    "... on CountryValue{country{code name}} ... on HourValue{hour minute} "
    "... on RatingValue{rating} "
    "... on WeekValue{start_date end_date} ... on TagsValue{tag_ids} "
    "... on BoardRelationValue{linked_item_ids display_value linked_items{id name}}}}}"
)


@dataclass
class Answer:
    """One answer with its body decoded; ``error`` is the first error's code."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["data"]
        return found

    @property
    def errors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body.get("errors", [])
        return found

    @property
    def error(self) -> str:
        return str(self.errors[0]["extensions"]["code"]) if self.errors else ""

    @property
    def reason(self) -> str:
        data = self.errors[0]["extensions"].get("error_data", {})
        return str(data.get("column_validation_error_code", ""))


class Caller:
    """Asks the server with one token; ``board`` and ``column`` look behind the curtain for ids."""

    def __init__(self, server: SandboxServer, token: str = world.MONDAY_TOKEN) -> None:
        self.server = server
        self.token = token
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(
        self, query: str, variables: Any = None, *, key: str = "", headers: Any = None
    ) -> Answer:
        sent = {"Authorization": self.token, "API-Version": "2026-10", **(headers or {})}
        if key:
            sent["Idempotency-Key"] = key
        body = {"query": query, "variables": {} if variables is None else variables}
        answer = self.session.post(
            f"{self.server.url}/monday/v2", json=body, headers=sent, timeout=20
        )
        return Answer(answer.status_code, dict(answer.headers), answer.json())

    def board(self, name: str = "AP invoices") -> Board:
        return self.server.monday.account.board(name)

    def column(self, title: str, board: str = "AP invoices") -> str:
        return self.board(board).column_titled(title).id

    def create(self, name: str = "Invoice 1", board: str = "AP invoices", **values: Any) -> Answer:
        """``values`` are named by column title, spaces as underscores."""
        return self.ask(CREATE, self._create_variables(name, board, values, False))

    def create_with_labels(self, name: str = "Invoice 1", **values: Any) -> Answer:
        return self.ask(CREATE, self._create_variables(name, "AP invoices", values, True))

    def change(self, item_id: str, board: str = "AP invoices", **values: Any) -> Answer:
        variables = {"b": self.board(board).id, "i": item_id, "c": self.cells(board, values)}
        return self.ask(CHANGE, variables)

    def made(self, name: str = "Invoice 1", board: str = "AP invoices", **values: Any) -> str:
        """The id of a new item; the create must succeed."""
        answer = self.create(name, board, **values)
        assert not answer.errors, answer.errors
        return str(answer.data["create_item"]["id"])

    def read(self, item_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask(READ, {"i": [item_id]}).data["items"][0]
        return found

    def cell(self, item_id: str, title: str, board: str = "AP invoices") -> dict[str, Any]:
        column_id = self.column(title, board)
        values: list[dict[str, Any]] = self.read(item_id)["column_values"]
        return next(value for value in values if value["id"] == column_id)

    def cells(self, board: str, values: dict[str, Any]) -> str:
        named = {self._id(board, title): value for title, value in values.items()}
        return json.dumps(named)

    def _create_variables(
        self, name: str, board: str, values: dict[str, Any], labels: bool
    ) -> dict[str, Any]:
        cells = self.cells(board, values)
        return {"b": self.board(board).id, "n": name, "c": cells, "l": labels}

    def _id(self, board: str, title: str) -> str:
        titles = {column.title: column.id for column in self.board(board).columns.values()}
        return titles.get(title) or titles.get(title.replace("_", " "), title)


def create_batch(count: int) -> str:
    """One document that creates ``count`` items under the aliases a0, a1, …"""
    names = ",".join(f"$n{i}:String!,$c{i}:JSON" for i in range(count))
    fields = " ".join(
        f"a{i}:create_item(board_id:$b,item_name:$n{i},column_values:$c{i}){{id}}"
        for i in range(count)
    )
    return f"mutation($b:ID!,{names}){{{fields}}}"
