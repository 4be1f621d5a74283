"""Lines of documents as subitems: each under its item, once, and following it."""

from typing import Any

import pytest

from connector.models import AuditEntry, LinkState, RecordLink, SyncRun
from connector.sandbox.monday.state import Item
from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.lanes import lane_of
from connector.sync.line_boards import hide_lines, show_lines
from connector.sync.poll import poll
from connector.sync.slices import work
from mappings.models import BoardMapping
from tests.connector.shown import cells_by_key
from tests.connector.sync.conftest import pass_time
from tests.connector.test_every_entity import ready_mapping
from tests.faults.clocks import one_clock
from tests.world import Connections

BY = "kari@nordlys.example"
KEY = "4021:supplier_invoice_line:"


@pytest.fixture
def invoices(sandbox: SandboxServer, connections: Connections) -> BoardMapping:
    return ready_mapping(connections, "supplier_invoice", filter={"date_from": "2026-10-15"})


@pytest.fixture
def lines(invoices: BoardMapping) -> BoardMapping:
    return show_lines(invoices, by=BY)


def rows_of(sandbox: SandboxServer) -> dict[str, dict[str, Any]]:
    rows = sandbox.visma.company.tables["supplier_invoice"].rows()
    return {
        f"{row['documentType']}:{row['referenceNumber']}": row
        for row in rows
        if row["date"] >= "2026-10-15"
    }


def wanted(sandbox: SandboxServer) -> dict[str, dict[str, Any]]:
    """Each line of the invoices the filter lets through, by its key on the board."""
    return {
        f"{KEY}{key}:{line['lineNumber']}": {**line, "invoice": row}
        for key, row in rows_of(sandbox).items()
        for line in row["invoiceLines"]
    }


def item_of(sandbox: SandboxServer, mapping: BoardMapping, key: str) -> Item:
    link = RecordLink.objects.get(mapping=mapping, record__key=key)
    found = sandbox.monday.account.item(int(link.item_id or 0))
    assert found is not None
    return found


def many_lined(sandbox: SandboxServer) -> str:
    """The key of an open invoice with several lines."""
    rows = rows_of(sandbox).items()
    return next(k for k, r in rows if len(r["invoiceLines"]) > 1 and r["status"] == "Open")


def test_each_line_stands_under_its_item_with_visma_s_values(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    account = foreground.sync(invoices.tenant)
    shown, expected = cells_by_key(sandbox, lines), wanted(sandbox)

    assert account.is_clean, account.problems or account.errors
    assert shown.keys() == expected.keys()
    assert len(expected) > 20
    for key, line in expected.items():
        cells, invoice = shown[key], line["invoice"]
        sign = -1 if invoice["documentType"] == "DebitAdj" else 1
        assert cells["Line"] == line["lineNumber"]
        assert cells.get("Item no") == line["inventoryNumber"]
        assert cells["Quantity"] == line["quantity"]
        assert cells["Unit cost"] == line["unitCostInCurrency"]
        assert cells["Amount"] == sign * line["costInCurrency"]
        assert cells["Currency"] == invoice["currencyId"]
        assert cells["Account"] == line["account"]["number"]


def test_every_subitem_stands_under_the_item_of_its_document(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)
    links = RecordLink.objects.filter(mapping=lines).exclude(item_id=None)

    for link in links.select_related("record__parent"):
        document = link.record.parent
        assert document is not None
        above = item_of(sandbox, invoices, document.key).id
        assert item_of(sandbox, lines, link.record.key).parent_id == above


def test_a_second_sync_writes_nothing(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)

    again = foreground.sync(invoices.tenant)

    assert again.monday_calls == 0


def test_lines_read_before_are_shown_when_somebody_asks_for_them(
    invoices: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)

    lines = show_lines(invoices, by=BY)
    foreground.sync(invoices.tenant)

    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()


def test_a_line_changed_added_and_removed_is_one_write_each(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)
    key = many_lined(sandbox)
    company = sandbox.visma.company
    payload = company.draft("supplier_invoice", key)
    first, *others, last = payload["invoiceLines"]
    changed = {**first, "transactionDescription": "Endret"}
    added = {**last, "lineNumber": 77}
    payload["invoiceLines"] = [changed, *others, added]
    sandbox.log.clear()

    company.change("supplier_invoice", payload, "invoice_edited")
    foreground.sync(invoices.tenant)

    kinds = [e.kind for e in sandbox.log.effects() if e.target.get("board") == int(lines.board_id)]
    assert sorted(kinds) == ["item_archived", "item_changed", "item_created"]
    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()


def test_a_change_of_the_document_alone_leaves_its_subitems_alone(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)
    sandbox.log.clear()

    sandbox.visma.edit_invoice(many_lined(sandbox).rpartition(":")[2], description="Ny tekst")
    account = foreground.sync(invoices.tenant)

    assert account.counts["updated"] == 1
    assert [e.kind for e in sandbox.log.effects() if e.kind.startswith("item_")] == ["item_changed"]


def test_what_the_filter_takes_away_takes_its_subitems_along_and_brings_them_back(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    BoardMapping.objects.filter(pk=invoices.pk).update(on_leave="archive")
    foreground.sync(invoices.tenant)
    key = many_lined(sandbox)
    move_date(sandbox, key, "2020-01-01T00:00:00")
    foreground.sync(invoices.tenant)
    away = cells_by_key(sandbox, lines).keys()
    told = AuditEntry.objects.filter(mapping_name=lines.name, action="archive", outcome="done")
    number = told.count()

    move_date(sandbox, key, "2026-10-20T00:00:00")
    foreground.sync(invoices.tenant)

    assert not any(shown.startswith(f"{KEY}{key}:") for shown in away)
    assert number > 1
    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()
    above = item_of(sandbox, invoices, key).id
    under = RecordLink.objects.filter(mapping=lines, record__parent__key=key)
    assert {item_of(sandbox, lines, link.record.key).parent_id for link in under} == {above}


def test_lines_of_a_document_that_fails_wait_for_it_and_come_with_it(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    key = many_lined(sandbox)
    company = sandbox.visma.company
    good = company.draft("supplier_invoice", key)
    company.change("supplier_invoice", {**good, "dueDate": "soon"}, "invoice_edited")
    foreground.sync(invoices.tenant)
    states = set(
        RecordLink.objects.filter(mapping=lines, record__parent__key=key).values_list(
            "state", flat=True
        )
    )

    company.change("supplier_invoice", good, "invoice_edited")
    account = foreground.sync(invoices.tenant)

    assert states == {LinkState.EXCLUDED}
    assert account.is_clean
    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()


@pytest.mark.parametrize("action", ["execute_then_reset", "reset_before"])
def test_a_lost_answer_makes_no_subitem_twice(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer, action: str
) -> None:
    rule = {"match": {"operation": "create_subitem*", "count": 1}, "do": [{"action": action}]}
    sandbox.faults.add(rule)

    with one_clock(sandbox):
        foreground.sync(invoices.tenant)

    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()


def test_after_half_an_hour_a_subitem_is_looked_up_by_its_key(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    rule = {
        "match": {"operation": "create_subitem*", "count": 9},
        "do": [{"action": "execute_then_reset"}],
    }
    poll(invoices.visma, "supplier_invoice")
    work(lane_of(invoices).pk)
    sandbox.faults.add(rule)
    work(lane_of(lines).pk)
    sandbox.faults.clear()
    lost = RecordLink.objects.filter(mapping=lines, state=LinkState.UNCERTAIN).count()
    pass_time(seconds=2000)
    sandbox.clock.advance(2000)

    foreground.sync(invoices.tenant)

    assert lost > 1
    assert AuditEntry.objects.filter(mapping_name=lines.name, action="find").count() == lost
    assert cells_by_key(sandbox, lines).keys() == wanted(sandbox).keys()


def test_subitems_no_longer_wanted_stay_as_they_are(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    foreground.sync(invoices.tenant)
    before = cells_by_key(sandbox, lines)

    hide_lines(invoices)
    move_date(sandbox, many_lined(sandbox), "2026-11-01T00:00:00")
    account = foreground.sync(invoices.tenant)

    assert account.counts["updated"] == 1
    assert cells_by_key(sandbox, lines) == before


def test_the_accounts_of_all_runs_add_up(
    invoices: BoardMapping, lines: BoardMapping, sandbox: SandboxServer
) -> None:
    BoardMapping.objects.filter(pk=invoices.pk).update(on_leave="archive")
    foreground.sync(invoices.tenant)
    key = many_lined(sandbox)
    for day in ("2020-01-01", "2026-10-20"):
        move_date(sandbox, key, f"{day}T00:00:00")
        foreground.sync(invoices.tenant)

    for run in SyncRun.objects.filter(mapping=lines):
        parts = (run.created, run.updated, run.archived, run.unchanged, run.excluded, run.failed)
        assert run.read == sum(parts) + run.superseded
        assert run.finished_at is not None


def move_date(sandbox: SandboxServer, key: str, date: str) -> None:
    company = sandbox.visma.company
    payload = company.draft("supplier_invoice", key)
    company.change("supplier_invoice", {**payload, "date": date}, "invoice_edited")
