"""Each column type: what it takes and reads back, what it refuses, how it is cleared."""

from typing import Any

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller

BOARD = "Every column"
WRITABLE = (
    "text", "long_text", "numbers", "date", "status", "dropdown", "checkbox", "link", "email",
    "phone", "people", "timeline", "country", "hour", "week", "rating", "tags",
)  # fmt: skip
COMPUTED = ("mirror", "formula", "auto_number", "item_id", "creation_log", "last_updated")

# Column type, what is written, and what the typed fields then read.
ROUND_TRIPS: list[tuple[str, Any, dict[str, Any]]] = [
    ("text", "Ørland Stål", {"text": "Ørland Stål"}),
    ("long_text", {"text": "a\nb"}, {"text": "a\nb"}),
    ("numbers", "1250.5000", {"text": "1250.5", "number": 1250.5}),
    ("numbers", "-0.0001", {"text": "-0.0001", "number": -0.0001}),
    ("date", {"date": "2026-06-15"}, {"date": "2026-06-15", "time": "", "text": "2026-06-15"}),
    ("date", {"date": "2026-06-15", "time": "09:00:00"}, {"date": "2026-06-15", "time": "09:00"}),
    ("date", "2026-06-15 09:30:00", {"date": "2026-06-15", "time": "09:30"}),
    ("status", {"label": "Done"}, {"label": "Done", "index": 1, "text": "Done"}),
    ("status", {"index": 1}, {"label": "Done"}),
    ("status", "Stuck", {"label": "Stuck"}),
    ("checkbox", {"checked": "true"}, {"checked": True}),
    (
        "link",
        {"url": "https://a.example", "text": "A"},
        {"url": "https://a.example", "url_text": "A"},
    ),
    ("email", {"email": "a@b.example", "text": "A"}, {"email": "a@b.example", "label": "A"}),
    (
        "phone",
        {"phone": "+47 22 33 44 55", "countryShortName": "NO"},
        {"phone": "+47 22 33 44 55", "country_short_name": "NO"},
    ),
    (
        "people",
        {"personsAndTeams": [{"id": world.INGRID.id, "kind": "person"}]},
        {"persons_and_teams": [{"id": str(world.INGRID.id), "kind": "person"}]},
    ),
    (
        "timeline",
        {"from": "2026-03-01", "to": "2026-03-15"},
        {"from": "2026-03-01", "to": "2026-03-15"},
    ),
    (
        "country",
        {"countryCode": "NO", "countryName": "Norway"},
        {"country": {"code": "NO", "name": "Norway"}},
    ),
    ("hour", {"hour": 16, "minute": 42}, {"hour": 16, "minute": 42}),
    (
        "week",
        {"week": {"startDate": "2026-03-02", "endDate": "2026-03-08"}},
        {"start_date": "2026-03-02", "end_date": "2026-03-08"},
    ),
    ("rating", {"rating": 3}, {"rating": 3}),
    ("tags", {"tag_ids": [7]}, {"tag_ids": [7]}),
]

REFUSED: list[tuple[str, Any]] = [
    ("text", 12.5),
    ("text", "x" * 2001),
    ("long_text", {"text": "x" * 2001}),
    ("numbers", 12.5),
    ("numbers", "12,50"),
    ("numbers", "1e3"),
    ("numbers", "NaN"),
    ("date", {"date": "15.06.2026"}),
    ("date", {"date": "2026-02-30"}),
    ("date", {"date": "2026-06-15", "time": "25:00:00"}),
    ("status", {"label": 3}),
    ("status", {"text": "Done"}),
    ("status", {"index": 99}),
    ("dropdown", {"labels": ["A"], "ids": [1]}),
    ("dropdown", {"labels": ["Nowhere"]}),
    ("checkbox", {"checked": "maybe"}),
    ("checkbox", "true"),
    ("link", {"url": "a.example"}),
    ("link", "https://a.example"),
    ("email", {"email": "a@b.example"}),
    ("email", "a@b.example"),
    ("phone", {"phone": "12", "countryShortName": "NO"}),
    ("phone", {"phone": "+4722334455", "countryShortName": "Norway"}),
    ("people", {"personsAndTeams": [{"id": 1, "kind": "person"}]}),
    ("timeline", {"from": "2026-03-15", "to": "2026-03-01"}),
    ("timeline", "2026-03-01 2026-03-15"),
    ("country", {"countryCode": "Norway", "countryName": "Norway"}),
    ("hour", {"hour": 24, "minute": 0}),
    ("hour", {"hour": 9}),
    ("week", {"week": {"startDate": "2026-03-02", "endDate": "2026-03-03"}}),
    ("rating", {"rating": 9}),
]


@pytest.fixture
def board(server: SandboxServer, monday: Caller) -> Caller:
    """A board with one column of each type, titled by its type."""
    monday.ask(
        "mutation($n:String!){create_board(board_name:$n,board_kind:public,empty:true){id}}",
        {"n": BOARD},
    )
    for type_ in WRITABLE + COMPUTED:
        server.monday.act(act="column_add", board=BOARD, title=type_, type=type_)
    server.monday.act(act="label_add", board=BOARD, column="dropdown", label="A")
    server.monday.act(act="label_add", board=BOARD, column="dropdown", label="B")
    return monday


@pytest.mark.parametrize(("type_", "written", "read"), ROUND_TRIPS)
def test_a_written_value_is_read_back(
    board: Caller, type_: str, written: Any, read: dict[str, Any]
) -> None:
    answer = board.create("x", BOARD, **{type_: written})

    assert answer.errors == []
    found = board.cell(answer.data["create_item"]["id"], type_, BOARD)
    assert {name: found[name] for name in read} == read


@pytest.mark.parametrize(("type_", "written"), REFUSED)
def test_a_value_the_column_cannot_hold_is_refused(board: Caller, type_: str, written: Any) -> None:
    answer = board.create("x", BOARD, **{type_: written})

    assert answer.status == 200
    assert answer.data == {"create_item": None}
    assert answer.error == "ColumnValueException"
    assert answer.errors[0]["extensions"]["error_data"]["column_name"] == type_
    assert list(board.board(BOARD).items) == []


@pytest.mark.parametrize("type_", COMPUTED)
def test_a_computed_column_cannot_be_written(board: Caller, type_: str) -> None:
    answer = board.create("x", BOARD, **{type_: "x"})

    assert answer.reason == "unsupportedColumnType"


@pytest.mark.parametrize("type_", WRITABLE)
def test_null_clears_every_column(board: Caller, type_: str) -> None:
    written = next(
        value for kind, value, _ in [*ROUND_TRIPS, ("dropdown", "A", {})] if kind == type_
    )
    item_id = board.create("x", BOARD, **{type_: written}).data["create_item"]["id"]
    before = board.cell(item_id, type_, BOARD)["value"]

    answer = board.change(item_id, BOARD, **{type_: None})

    assert answer.errors == []
    assert before is not None
    assert board.cell(item_id, type_, BOARD)["value"] is None
