"""The client against a monday that keeps state: executed mutations, limits, lost answers."""

import json
from collections.abc import Iterator

import pytest
from graphql import parse, validate

from connector.errors import AskAPerson, GiveUp, OutcomeUnknown, TryAgain
from connector.monday import documents
from connector.monday.boards import Board
from connector.monday.client import MondayClient
from connector.sandbox import world
from connector.sandbox.monday.schema import executable_schema
from connector.sandbox.server import SandboxServer

from .conftest import Book
from .test_documents import EVERY


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=False) as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> SandboxServer:
    server.reset()
    return server


def connect(sandbox: SandboxServer, token: str = world.MONDAY_TOKEN) -> MondayClient:
    return MondayClient(
        api_url=f"{sandbox.url}/monday/v2",
        api_version="2026-10",
        token=lambda: token,
        meter=Book(),
        timeout=10,
    )


@pytest.fixture
def client(sandbox: SandboxServer) -> MondayClient:
    return connect(sandbox)


@pytest.fixture
def board(client: MondayClient) -> Board:
    found = client.boards(search="AP invoices")[0]
    return client.board(found["id"])


def key_column(board: Board) -> str:
    return next(str(c["id"]) for c in board.columns if c["title"] == "Visma key")


def rows(board: Board, *numbers: int) -> list[tuple[str, str]]:
    column = key_column(board)
    return [(f"INV-{n}", json.dumps({column: f"4021:supplier_invoice:{n}"})) for n in numbers]


@pytest.mark.parametrize("name", EVERY)
def test_the_sandbox_understands_every_document(name: str) -> None:
    assert validate(executable_schema(), parse(EVERY[name]().text)) == []


def test_me_is_the_user_of_the_token(client: MondayClient) -> None:
    me = client.me()

    assert me["name"] == world.INGRID.name
    assert me["account"]["tier"] == world.MONDAY_TIER


def test_a_wrong_token_needs_a_person(sandbox: SandboxServer) -> None:
    with pytest.raises(AskAPerson) as caught:
        connect(sandbox, "some-other-token").me()

    assert (caught.value.why.code, caught.value.reach) == ("not_connected", "connection")


def test_items_made_are_found_by_their_key_and_read_back(
    client: MondayClient, board: Board
) -> None:
    answer = client.execute(documents.create_items(board.id, "", rows(board, 1, 2, 3), False))

    made = [answer.outcome(f"a{n}") for n in range(3)]
    ids = [outcome["id"] for outcome in made if isinstance(outcome, dict)]
    found = client.items_by_key(board.id, key_column(board), ["4021:supplier_invoice:2"])

    assert len(ids) == 3
    assert [item.id for item in found] == [ids[1]]
    assert found[0].name == "INV-2"


def test_every_item_of_a_board_is_read_once(client: MondayClient, board: Board) -> None:
    for start in range(0, 600, 100):
        some = rows(board, *range(start, start + 100))
        client.execute(documents.create_items(board.id, "", some, False))

    items = list(client.items(board.id, [key_column(board)]))

    assert len(items) == 600
    assert len({item.text(key_column(board)) for item in items}) == 600


def test_a_bad_value_fails_alone(client: MondayClient, board: Board) -> None:
    status = next(c["id"] for c in board.columns if c["type"] == "status")
    good = rows(board, 1, 2)
    bad = ("INV-9", json.dumps({status: {"label": "No such label"}}))

    answer = client.execute(documents.create_items(board.id, "", [good[0], bad, good[1]], False))

    refused = answer.outcome("a1")
    assert isinstance(answer.outcome("a0"), dict)
    assert isinstance(refused, GiveUp)
    assert refused.why.code == "label_missing"
    assert isinstance(answer.outcome("a2"), dict)


def test_an_update_and_an_archive_reach_the_item(client: MondayClient, board: Board) -> None:
    made = client.execute(documents.create_items(board.id, "", rows(board, 1), False)).outcome("a0")
    assert isinstance(made, dict)
    cells = json.dumps({"name": "Renamed"})

    client.execute(documents.update_items(board.id, [(made["id"], cells)], False))
    client.execute(documents.archive_items([made["id"]]))

    item = client.items_by_id([made["id"]], [])[0]
    assert (item.name, item.state) == ("Renamed", "archived")


def test_a_lost_answer_is_unknown_and_the_same_key_finds_it_again(
    sandbox: SandboxServer, client: MondayClient, board: Board
) -> None:
    document = documents.create_items(board.id, "", rows(board, 1, 2), False)
    once = {"operation": "create_item", "count": 1}
    sandbox.faults.add({"match": once, "do": [{"action": "execute_then_reset"}]})
    with pytest.raises(OutcomeUnknown) as caught:
        client.execute(document, idempotency_key="key-1")

    answer = client.execute(document, idempotency_key="key-1")

    assert caught.value.why.code == "no_answer"
    assert answer.replayed
    assert len(list(client.items(board.id, []))) == 2


def test_an_archived_board_needs_a_person(client: MondayClient, sandbox: SandboxServer) -> None:
    archived = next(b for b in sandbox.monday.dump()["boards"] if b["state"] == "archived")

    with pytest.raises(AskAPerson) as caught:
        client.board(str(archived["id"]))

    assert caught.value.why.code == "board_gone"


def test_a_viewer_may_read_and_not_write(sandbox: SandboxServer, board: Board) -> None:
    viewer = connect(sandbox, world.MONDAY_VIEWER_TOKEN)
    document = documents.create_items(board.id, "", rows(board, 1), False)

    try:
        outcome: object = viewer.execute(document).outcome("a0")
    except AskAPerson as error:
        outcome = error

    assert viewer.board(board.id).name == board.name
    assert isinstance(outcome, AskAPerson)
    assert outcome.why.code == "permission"


def test_a_column_made_is_on_the_board(client: MondayClient, board: Board) -> None:
    column = client.create_column(board.id, "Extra key", "text")

    assert column in client.board(board.id).columns


def test_a_board_made_has_no_sample_items(client: MondayClient) -> None:
    made = client.create_board("Fresh")

    assert client.board(str(made["id"])).items_count == 0


def test_a_locked_board_is_tried_again(
    sandbox: SandboxServer, client: MondayClient, board: Board
) -> None:
    once = {"operation": "create_item", "count": 1}
    sandbox.faults.add({"match": once, "do": [{"action": "status", "code": 423}]})

    with pytest.raises(TryAgain) as caught:
        client.execute(documents.create_items(board.id, "", rows(board, 1), False))

    assert caught.value.why.code == "board_busy"
