"""Items that link to items of other boards: the other item first, and no link left behind."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.models import BoardLane, Hint, LinkState, RecordLink, Reference, Watermark
from connector.models.clock import database_now
from connector.sandbox.monday import board_acts
from connector.sandbox.server import SandboxServer
from connector.sync import activate, books, follow, foreground, items, references, slices
from connector.sync.boards import desk_of
from connector.sync.choose import batches, choose, due
from connector.sync.deliver import freeze, send
from connector.sync.lanes import claim, lane_of, release
from connector.sync.poll import poll
from connector.sync.runs import OPEN
from mappings.catalog import ENTITIES
from mappings.columns import Column
from mappings.linking import LinkBook, linker
from mappings.models import BoardMapping, FieldPairing
from tests.connector.sync.conftest import Eyes, Work, entries, pass_time
from tests.faults import misfortunes
from tests.faults.clocks import one_clock
from tests.world import Connections, map_board

SUPPLIERS = {"number": "Supplier no", "status": "Status"}
INVOICES = 30


@pytest.fixture(autouse=True)
def few(sandbox: SandboxServer) -> None:
    """A company with few invoices: what is shown here does not grow with their number."""
    table = sandbox.visma.company.tables["supplier_invoice"]
    for row in list(table.rows())[INVOICES:]:
        table.drop(f"{row['documentType']}:{row['referenceNumber']}")


@pytest.fixture
def suppliers(connections: Connections, sandbox: SandboxServer) -> BoardMapping:
    what = ("supplier", "Suppliers", "{number} {name}")
    return map_board(connections, sandbox, what, SUPPLIERS)


@pytest.fixture
def accounts(connections: Connections, sandbox: SandboxServer) -> BoardMapping:
    """GL accounts on the empty board, which gets the columns that they need."""
    account = sandbox.monday.account
    board = next(b for b in account.boards.values() if b.name == "New board")
    board_acts.column_add(account, board, "Visma key", type_="text")
    board_acts.column_add(account, board, "Account", type_="text")
    what = ("gl_account", "New board", "{accountCD} {description}")
    return map_board(connections, sandbox, what, {"accountCD": "Account"})


def link(mapping: BoardMapping, field: str, column: Any, target: BoardMapping) -> None:
    FieldPairing.objects.create(
        mapping=mapping,
        position=99,
        field=field,
        column_id=column.id,
        column_title=column.title,
        column_type=column.type,
        link=target,
    )
    mapping.refresh_from_db()


@pytest.fixture
def linked(mapping: BoardMapping, suppliers: BoardMapping, board: Eyes) -> BoardMapping:
    """Invoices whose supplier is a link to the supplier's item."""
    link(mapping, "supplier.number", board.column("Supplier card"), suppliers)
    return mapping


@pytest.fixture
def booked(mapping: BoardMapping, accounts: BoardMapping, board: Eyes) -> BoardMapping:
    """Invoices that link to the items of the accounts that their lines are booked on."""
    settings = {"boardIds": [int(accounts.board_id)], "allowMultipleItems": True}
    column = board_acts.column_add(
        board.account, board.board, "Accounts", type_="board_relation", settings=settings
    )
    link(mapping, "accounts", column, accounts)
    return mapping


def shown(board: Eyes, title: str) -> dict[str, list[str]]:
    """Names of the linked items by the invoice's key, as a person reads them on the board."""
    key, column = board.column("Visma key").id, board.column(title).id
    found = {}
    for item in board.items:
        cell = item.cells.get(column) or {"item_ids": []}
        items = [board.account.item(each) for each in cell["item_ids"]]
        found[item.cells[key].removeprefix("4021:supplier_invoice:")] = sorted(
            each.name for each in items
        )
    return found


def rows(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return list(sandbox.visma.company.tables["supplier_invoice"].rows())


def book_on(sandbox: SandboxServer, key: str, account: str) -> None:
    """A person books the invoice's first line on another account."""
    company = sandbox.visma.company
    payload = company.draft("supplier_invoice", key)
    payload["invoiceLines"][0]["account"] = {"number": account, "description": "New"}
    company.change("supplier_invoice", payload, "invoice_edited")


def creates(board: Eyes) -> int:
    return sum(entry.operation == "create_item" for entry in board.mutations())


def work_all(work: Work, sandbox: SandboxServer | None = None) -> None:
    """Until nothing waits for anything, however long that takes."""
    for _ in range(60):
        work()
        if not RecordLink.objects.filter(state__in=OPEN).exists():
            return
        pass_time(seconds=31)
        if sandbox is not None:
            sandbox.clock.advance(31)


def test_every_invoice_of_a_first_sync_arrives_with_its_supplier_linked(
    linked: BoardMapping, board: Eyes, sandbox: SandboxServer
) -> None:
    account = foreground.sync(linked.tenant)

    assert account.is_clean, account.problems or account.errors
    wanted = {
        f"{row['documentType']}:{row['referenceNumber']}": [row["supplier"]["number"]]
        for row in rows(sandbox)
    }
    found = shown(board, "Supplier card").items()
    assert {key: [name.split()[0] for name in names] for key, names in found} == wanted


def test_an_invoice_on_an_account_that_was_never_read_arrives_linked_and_unfailed(
    booked: BoardMapping, accounts: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    foreground.sync(booked.tenant)
    sandbox.visma.add_account("6999", "Rekvisita")
    key = sandbox.visma.add_invoice(amount="100.00")
    book_on(sandbox, key, "6999")
    board.sandbox.log.clear()

    poll(booked.visma, booked.entity)
    work()
    waiting = RecordLink.objects.get(mapping=booked, record__key=key)
    follow.follow(booked.visma_id)
    work()

    assert waiting.state == LinkState.WAITING
    assert "GL account 6999 is not on the board" in waiting.failure_happened
    assert shown(board, "Accounts")[key] == ["6999 Rekvisita"]
    assert creates(board) == 2
    assert [e.operation for e in board.mutations()] == ["create_item"] * 2
    assert not entries(outcome="failed")


def test_20_accounts_that_were_never_read_cost_as_many_statements_as_3(
    booked: BoardMapping, accounts: BoardMapping, board: Eyes
) -> None:
    foreground.sync(booked.tenant)

    def look(numbers: range) -> int:
        book = LinkBook("“Accounts”", accounts.board_id, "Accounts", "GL account")
        named = [{accounts.pk: {str(number) for number in numbers}}]
        with CaptureQueriesContext(connection) as sent:
            books.look({accounts.pk: book}, named, sent_for=references.Messenger())
        assert book.coming == named[0][accounts.pk]
        return len(sent)

    look(range(8700, 8701))  # the first one wakes a worker, too

    assert look(range(8800, 8820)) == look(range(8900, 8903))


def test_one_sync_fetches_and_delivers_the_account_before_the_invoice(
    booked: BoardMapping, accounts: BoardMapping, board: Eyes, sandbox: SandboxServer
) -> None:
    foreground.sync(booked.tenant)
    sandbox.visma.add_account("6999", "Rekvisita")
    key = sandbox.visma.add_invoice(amount="100.00")
    book_on(sandbox, key, "6999")

    with one_clock(sandbox):
        account = foreground.sync(booked.tenant, entity="supplier_invoice")

    assert account.is_clean, account.problems or account.errors
    assert shown(board, "Accounts")[key] == ["6999 Rekvisita"]


def test_what_visma_does_not_have_is_noted_and_the_invoice_goes_out(
    booked: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    foreground.sync(booked.tenant)
    key = sandbox.visma.add_invoice(amount="100.00")
    book_on(sandbox, key, "9876")

    poll(booked.visma, booked.entity)
    work()
    Watermark.objects.update(last_started_at=None)  # read long enough ago to be read again
    follow.follow(booked.visma_id)
    work_all(work)
    delivered = RecordLink.objects.get(mapping=booked, record__key=key)

    assert delivered.state == LinkState.DELIVERED
    assert "GL account 9876 has not been found in Visma yet." in str(delivered.parked)
    assert shown(board, "Accounts")[key] == []
    assert Hint.objects.filter(event="named").count() == 1


def test_the_link_follows_once_a_failed_supplier_is_on_its_board(
    linked: BoardMapping, suppliers: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    suppliers.filter = {"party": [rows(sandbox)[0]["supplier"]["number"]]}
    suppliers.save()
    foreground.sync(linked.tenant)
    before = shown(board, "Supplier card")
    notes = RecordLink.objects.filter(mapping=linked).exclude(parked={}).count()

    suppliers.filter = {}
    suppliers.save()
    activate.replan(suppliers)
    work_all(work)

    assert 0 < notes == sum(not names for names in before.values()) < INVOICES
    assert all(shown(board, "Supplier card").values())
    assert not RecordLink.objects.filter(mapping=linked).exclude(parked={}).exists()


def test_a_supplier_archived_by_its_filter_loses_its_links_and_gets_them_back(
    linked: BoardMapping, suppliers: BoardMapping, board: Eyes, work: Work
) -> None:
    foreground.sync(linked.tenant)
    suppliers.on_leave, suppliers.filter = "archive", {"party": ["nobody"]}
    suppliers.save()
    activate.replan(suppliers)
    work_all(work)
    gone = shown(board, "Supplier card")

    suppliers.filter = {}
    suppliers.save()
    activate.replan(suppliers)
    work_all(work)

    assert not any(gone.values())
    assert all(shown(board, "Supplier card").values())


def test_a_paused_reference_board_holds_nothing_up(
    linked: BoardMapping, suppliers: BoardMapping, board: Eyes, work: Work
) -> None:
    poll(linked.visma, "supplier")
    poll(linked.visma, linked.entity)
    lane = BoardLane.objects.create(
        account=suppliers.monday.account_key, board_id=suppliers.board_id
    )
    pass_time(days=1)
    BoardLane.objects.filter(pk=lane.pk).update(
        paused_code="board_gone", not_before="2099-01-01T00:00Z"
    )

    work_all(work)

    assert set(states_of(linked)) == {"delivered"}
    assert not any(shown(board, "Supplier card").values())


def states_of(mapping: BoardMapping) -> list[str]:
    return list(RecordLink.objects.filter(mapping=mapping).values_list("state", flat=True))


def test_a_record_names_only_what_it_names_today(
    booked: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    foreground.sync(booked.tenant)
    key = sandbox.visma.add_invoice(amount="100.00")
    poll(booked.visma, booked.entity)
    work()
    book_on(sandbox, key, "6800")
    poll(booked.visma, booked.entity)
    work()

    named = Reference.objects.filter(link__record__key=key).values_list("value", flat=True)
    assert list(named) == ["6800"]
    assert shown(board, "Accounts")[key][0].startswith("6800 ")


def test_an_item_that_appears_while_an_invoice_is_on_its_way_is_linked_when_it_has_arrived(
    linked: BoardMapping, suppliers: BoardMapping, board: Eyes, work: Work
) -> None:
    activate.deactivate(suppliers)
    poll(linked.visma, linked.entity)
    lease = claim(lane_of(linked).pk)
    assert lease is not None
    desk = desk_of(linked, now=database_now())
    wanted = choose(lease, desk, due(desk, database_now()))
    batch = freeze(lease, desk, batches(wanted)[0])
    assert batch is not None

    poll(linked.visma, "supplier", full=True)
    activate.activate(suppliers)
    slices.work(lane_of(suppliers).pk)
    send(lease, desk, batch)
    planned_again = {RecordLink.objects.get(pk=m["link"]).state for m in batch.members}
    release(lease)
    work_all(work)

    assert planned_again == {"waiting"}
    assert all(shown(board, "Supplier card").values())


def test_a_supplier_whose_item_people_archived_does_not_keep_its_invoice_back(
    linked: BoardMapping, suppliers: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    foreground.sync(linked.tenant)
    BoardMapping.objects.update(items_due_at=database_now() + timedelta(days=1))
    gone = RecordLink.objects.get(mapping=suppliers, record__key="50001")
    theirs = Eyes(sandbox, sandbox.monday.account.boards[int(suppliers.board_id)])
    theirs.set_item(theirs.account.item(int(str(gone.item_id))), "archived")
    key = sandbox.visma.add_invoice(supplier="50001", amount="100.00")
    poll(linked.visma, linked.entity)
    work_all(work)
    refused = RecordLink.objects.get(mapping=linked, record__key=key).state

    assert items.due() == [suppliers.pk]
    items.compare(suppliers)
    work_all(work)
    link = RecordLink.objects.get(mapping=linked, record__key=key)

    assert refused == LinkState.FAILED
    assert link.state == LinkState.DELIVERED
    assert "Supplier 50001 was removed from the board" in str(link.parked)


# Answers that do not say whether the request was carried out.
DOUBTS = [rule for rule in misfortunes.DOUBTS if rule["action"] != "status" or rule.get("executed")]


@pytest.mark.parametrize("seed", range(3))
def test_lost_answers_on_both_boards_double_nothing_and_lose_no_link(
    linked: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  no secrecy
    for _ in range(chance.randint(2, 4)):
        match = {"system": "monday", "operation": "create_item*", "count": chance.randint(1, 3)}
        sandbox.faults.add({"match": match, "do": [chance.choice(DOUBTS)]})
    for entity in chance.sample(["supplier", linked.entity], 2):
        poll(linked.visma, entity)

    work_all(work, sandbox)
    wanted = {
        f"{row['documentType']}:{row['referenceNumber']}": [row["supplier"]["number"]]
        for row in rows(sandbox)
    }
    found = shown(board, "Supplier card").items()

    assert {key: [name.split()[0] for name in names] for key, names in found} == wanted
    assert len(board.items) == len(wanted)
    assert not entries(outcome="failed")


def test_a_column_that_is_not_connected_says_so_and_only_its_field_waits(
    mapping: BoardMapping, accounts: BoardMapping, board: Eyes
) -> None:
    link(mapping, "accounts", board.column("Supplier card"), accounts)

    foreground.sync(mapping.tenant)
    one = RecordLink.objects.filter(mapping=mapping).first()

    assert set(states_of(mapping)) == {"delivered"}
    assert one is not None
    assert "is not connected to the board “New board”" in str(one.parked)


def test_two_records_in_a_column_for_one_item_are_noted() -> None:
    column = Column(
        "c", "Account", "board_relation", {"boardIds": [7], "allowMultipleItems": False}
    )
    book = LinkBook("“GL accounts”", "7", "GL accounts", "GL account", items={"1": 11, "2": 12})
    source = ENTITIES["supplier_invoice"].by_path["accounts"]

    found = linker(column, source, book)("1, 2")

    assert found.cell is None
    assert [note.code for note in found.notes] == ["one_item_only"]
