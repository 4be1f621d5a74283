"""Laying out a board: columns in one request, labels added, a group renamed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from connector.errors import AskAPerson, ConnectorError
from connector.http import Unmetered
from connector.monday import layout, queries
from connector.monday.client import MondayClient
from connector.monday.documents import Document
from connector.monday.layout import NewColumn
from connector.sandbox import world
from connector.sandbox.server import SandboxServer

SCHEMA = Path(__file__).parents[4] / "shared" / "contracts" / "monday" / "schema.graphql"
NEW = (
    NewColumn("Visma key", "text", description="Do not change"),
    NewColumn("Amount", "numbers"),
    NewColumn("Status", "status", ("Open", "Closed", "Voided", "Hold")),
    NewColumn("Currency", "dropdown", ("NOK", "SEK")),
    NewColumn("Free status", "status"),
)
STATUS = {"id": "status", "type": "status", "revision": "1", "settings": {"labels": []}}
EVERY: dict[str, Callable[[], Document]] = {
    "create columns": lambda: layout.columns_document("1", NEW),
    "add status labels": lambda: layout.labels_document("1", STATUS, ["Open"]),
    "add options": lambda: layout.labels_document("1", {**STATUS, "type": "dropdown"}, ["NOK"]),
    "rename group": lambda: layout.group_document("1", "topics", "New"),
    "required columns": lambda: queries.required_columns("1"),
    "column": lambda: queries.column("1", "status"),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_document_is_valid_against_the_published_schema(name: str) -> None:
    if not SCHEMA.exists():
        pytest.skip(f"monday's published schema is not on this machine: {SCHEMA}")
    schema = build_schema(SCHEMA.read_text(), assume_valid=True)

    assert validate(schema, parse(EVERY[name]().text)) == []


@pytest.fixture
def client(sandbox_server: SandboxServer) -> MondayClient:
    sandbox_server.reset()
    return _client(sandbox_server, world.MONDAY_TOKEN)


def _client(server: SandboxServer, token: str) -> MondayClient:
    return MondayClient(
        api_url=f"{server.url}/monday/v2",
        api_version="2026-10",
        token=lambda: token,
        meter=Unmetered(),
    )


def _board(client: MondayClient, name: str) -> str:
    return next(str(board["id"]) for board in client.boards() if board["name"] == name)


def test_columns_are_created_in_one_request_in_their_order(
    client: MondayClient, sandbox_server: SandboxServer
) -> None:
    board_id = _board(client, "New board")
    before = len(sandbox_server.log.entries())

    made = layout.create_columns(client, board_id, NEW, idempotency_key="k1")

    assert len(sandbox_server.log.entries()) == before + 1
    assert [each["title"] for each in made if isinstance(each, dict)] == [c.title for c in NEW]
    titles = [column["title"] for column in client.board(board_id).columns]
    assert titles[-len(NEW) :] == [column.title for column in NEW]


def test_labels_get_the_colours_people_expect(client: MondayClient) -> None:
    board_id = _board(client, "New board")
    layout.create_columns(client, board_id, NEW, idempotency_key="k1")

    status = next(c for c in client.board(board_id).columns if c["title"] == "Status")

    colors = {label["label"]: label["color"] for label in status["settings"]["labels"]}
    assert colors["Closed"] == "done_green"
    assert colors["Voided"] == "stuck_red"
    assert colors["Hold"] == "working_orange"


def test_a_request_sent_twice_makes_its_columns_once(client: MondayClient) -> None:
    board_id = _board(client, "New board")

    for _ in range(2):
        layout.create_columns(client, board_id, NEW[:2], idempotency_key="same")

    titles = [column["title"] for column in client.board(board_id).columns]
    assert titles.count("Amount") == 1


def test_a_missing_label_is_added_and_the_others_stay(client: MondayClient) -> None:
    board_id = _board(client, "AP invoices")
    status = next(c for c in client.board(board_id).columns if c["title"] == "Status")
    had = [label["label"] for label in status["settings"]["labels"]]

    layout.add_labels(client, board_id, status["id"], ["Ready to pay", had[0].upper()])

    status = next(c for c in client.board(board_id).columns if c["title"] == "Status")
    assert [label["label"] for label in status["settings"]["labels"]] == [*had, "Ready to pay"]


def test_an_option_is_added_to_a_dropdown(client: MondayClient) -> None:
    board_id = _board(client, "AP invoices")
    column = next(c for c in client.board(board_id).columns if c["title"] == "Currency")

    layout.add_labels(client, board_id, column["id"], ["CHF"])

    column = next(c for c in client.board(board_id).columns if c["title"] == "Currency")
    assert column["settings"]["labels"][-1]["label"] == "CHF"


def test_labels_of_a_column_that_is_gone_ask_a_person(client: MondayClient) -> None:
    with pytest.raises(AskAPerson) as refused:
        layout.add_labels(client, _board(client, "AP invoices"), "nothing", ["Open"])

    assert refused.value.why.code == "column_missing"


def test_the_first_group_gets_a_name_people_know(client: MondayClient) -> None:
    board_id = _board(client, "New board")

    layout.rename_group(client, board_id, "topics", "From Visma")

    assert client.board(board_id).groups[0]["title"] == "From Visma"


def test_required_columns_are_read(client: MondayClient, sandbox_server: SandboxServer) -> None:
    board = sandbox_server.monday.account.board("AP invoices")
    board.required_columns = [board.column_titled("Amount").id]

    data = client.execute(queries.required_columns(str(board.id))).data

    assert data["validations"]["required_column_ids"] == board.required_columns


def test_a_viewer_is_told_apart_before_anything_is_written(sandbox_server: SandboxServer) -> None:
    viewer = _client(sandbox_server, world.MONDAY_VIEWER_TOKEN)
    board_id = _board(viewer, "AP invoices")

    assert viewer.me()["kind"] == "view_only"
    assert viewer.board(board_id).access_level == "view"
    made = layout.create_columns(viewer, board_id, NEW[:1], idempotency_key="k")

    assert isinstance(made[0], ConnectorError)
