"""Values through a board and back: what was sent, what monday shows, and that both are equal."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from mappings.columns import Column, decode, encode, landed, shows

VALUES: dict[str, list[Any]] = {
    "text": ["Fråkt 😀 שלום", "=1+1", '"}) { id }', "e\u0301", "x" * 2500, None],
    "long_text": ["two\nlines\ttab", "x" * 2500, None],
    "numbers": [Decimal("-1234.7700"), Decimal("0.00"), Decimal(10) ** 18, Decimal("1E-28"), None],
    "date": [date(2026, 3, 29), datetime(2026, 10, 25, 23, 59), None],  # noqa: DTZ001
    "status": ["Open", "brand new", "30", None],
    "dropdown": ["NOK", ("NOK", "2026"), None],
    "checkbox": [True, False, None],
    "link": ["www.nordlys.no", None],
    "email": ["a@b.no; c@d.no", None],
    "phone": ["+47 22 33 44 55", None],
    "country": ["NO", None],
    "timeline": [(date(2026, 3, 1), date(2026, 3, 15)), None],
    "hour": [datetime(2026, 3, 1, 8, 5), None],  # noqa: DTZ001
    "week": [date(2026, 12, 31), None],
    "rating": [4, None],
}
LABELS = {
    "status": '{label:"Open",color:done_green,index:0},{label:"30",color:stuck_red,index:1}',
    "dropdown": '{label:"NOK"},{label:"2026"}',
}
FRAGMENTS = """
  id type text value
  ... on NumbersValue { number } ... on DateValue { date time } ... on StatusValue { index label }
  ... on DropdownValue { values { id label } } ... on CheckboxValue { checked }
  ... on LinkValue { url url_text } ... on EmailValue { email label }
  ... on PhoneValue { phone country_short_name } ... on CountryValue { country { code name } }
  ... on TimelineValue { from to } ... on HourValue { hour minute }
  ... on WeekValue { start_date end_date } ... on RatingValue { rating }
"""


class Board:
    """A fresh board of the sandbox, spoken to over HTTP with nothing of ours in between."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/monday/v2"
        self.id = self.ask('mutation{create_board(board_name:"T",board_kind:private){id}}')[
            "create_board"
        ]["id"]

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = requests.post(
            self.url,
            json={"query": query, "variables": variables},
            headers={"Authorization": world.MONDAY_TOKEN},
            timeout=10,
        ).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def column(self, type: str) -> Column:
        name = f"create_{type}_column" if type in LABELS else "create_column"
        kind = "" if type in LABELS else f",column_type:{type}"
        labels = f",defaults:{{labels:[{LABELS[type]}]}}" if type in LABELS else ""
        made = self.ask(
            f'mutation{{made:{name}(board_id:{self.id},title:"T"{kind}{labels})'
            "{id title type settings}}"
        )
        return Column(**made["made"])

    def item(self) -> str:
        query = 'mutation($b:ID!){create_item(board_id:$b,item_name:"I"){id}}'
        return str(self.ask(query, b=self.id)["create_item"]["id"])

    def write(self, item: str, column: Column, cell: Any) -> None:
        self.ask(
            "mutation($b:ID!,$i:ID!,$v:JSON!){change_multiple_column_values(board_id:$b,"
            "item_id:$i,column_values:$v,create_labels_if_missing:true){id}}",
            b=self.id,
            i=item,
            v=json.dumps({column.id: cell}),
        )

    def read(self, item: str, column: Column) -> dict[str, Any]:
        query = "query($i:[ID!],$c:[String!]){items(ids:$i){column_values(ids:$c){F}}}"
        found = self.ask(query.replace("F", FRAGMENTS), i=[item], c=[column.id])["items"][0][
            "column_values"
        ][0]
        cell: dict[str, Any] = found
        return cell


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    server = SandboxServer(port=0, seed=1, limits=False)
    server.start()
    yield Board(server.url)
    server.stop()


@pytest.mark.parametrize("type", VALUES)
def test_what_is_read_back_equals_what_was_sent(type: str, board: Board) -> None:
    column, item = board.column(type), board.item()

    pairs = []
    for value in VALUES[type]:
        cell = encode(column, value, create_labels=True)
        board.write(item, column, cell)
        pairs.append((decode(column, board.read(item, column)), landed(column, cell)))

    assert [shown for shown, _ in pairs] == [sent for _, sent in pairs]
    assert pairs[-1][0] in (None, False, ())  # the last value cleared the cell


@pytest.mark.parametrize("type", VALUES)
def test_a_board_shows_what_was_sent_to_it_and_nothing_else(type: str, board: Board) -> None:
    column, item = board.column(type), board.item()
    cells = [encode(column, value, create_labels=True) for value in VALUES[type]]

    read = []
    for cell in cells:
        board.write(item, column, cell)
        read.append(board.read(item, column))

    for shown, sent in zip(read, cells, strict=True):
        assert shows(column, shown, sent)
        # Sent otherwise, yet the same to people: a day at any time of it, an amount of any scale.
        same = [cell for cell in cells if landed(column, cell) == landed(column, sent)]
        assert [cell for cell in cells if shows(column, shown, cell)] == same


def test_a_day_that_a_person_gave_a_time_is_not_the_day_that_was_sent(board: Board) -> None:
    column, item = board.column("date"), board.item()

    board.write(item, column, {"date": "2026-03-29", "time": "08:30:00"})

    assert not shows(column, board.read(item, column), {"date": "2026-03-29"})


def test_amounts_are_equal_to_the_last_digit_on_the_board(board: Board) -> None:
    column, item = board.column("numbers"), board.item()

    board.write(item, column, encode(column, Decimal("9999999999999999.9999")))

    assert board.read(item, column)["text"] == "9999999999999999.9999"
