"""The main job: a company of 260 documents, two boards, and nothing lost, doubled or rounded.

The comparison is written by hand from what a controller would check; it calls no code of the
mappings, so that a mistake there cannot hide itself.
"""

from decimal import Decimal

import pytest

from connector.models import ApiCall, AuditEntry, SyncRun
from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.foreground import Account
from mappings.models import BoardMapping

from .shown import Cells, cells_by_key


@pytest.fixture
def account(sandbox: SandboxServer, mapping: BoardMapping, order_mapping: BoardMapping) -> Account:
    return foreground.sync(mapping.tenant)


def rows_of(sandbox: SandboxServer, entity: str) -> list[Cells]:
    table = sandbox.visma.company.tables[entity]
    return list(table.rows())


def without_empty(cells: Cells) -> Cells:
    return {title: cell for title, cell in cells.items() if cell not in (None, "")}


def test_every_invoice_is_on_its_board_once_with_its_values(
    account: Account, sandbox: SandboxServer, mapping: BoardMapping
) -> None:
    shown = cells_by_key(sandbox, mapping)

    expected = {
        f"4021:supplier_invoice:{row['documentType']}:{row['referenceNumber']}": row
        for row in rows_of(sandbox, "supplier_invoice")
    }
    assert shown.keys() == expected.keys()
    for key, row in expected.items():
        cells = shown[key]
        assert cells["Invoice no"] == row["referenceNumber"]
        assert cells["Invoice date"] == row["date"][:10]
        assert cells["Due date"] == row["dueDate"][:10]
        assert cells["Currency"] == row["currencyId"]
        assert cells["Status"] == row["status"]
        assert cells["Balance"] == row["balanceInCurrency"]
        assert cells["Supplier"] == " ".join(row["supplier"]["name"].split())


def test_every_order_is_on_its_board_once_with_its_values(
    account: Account, sandbox: SandboxServer, order_mapping: BoardMapping
) -> None:
    shown = cells_by_key(sandbox, order_mapping)

    rows = rows_of(sandbox, "purchase_order")
    assert len(shown) == len(rows) == 60
    by_number = {cells["Order no"]: cells for cells in shown.values()}
    for row in rows:
        cells = by_number[row["orderNbr"]]
        assert cells["Total"] == row["orderTotal"]
        assert cells["Open quantity"] == row["openQuantity"]
        assert cells["Order date"] == row["date"][:10]
        assert cells["Currency"] == row["currency"]
        assert cells["Status"] == row["status"]


def test_the_company_has_what_makes_this_hard(account: Account, sandbox: SandboxServer) -> None:
    rows = rows_of(sandbox, "supplier_invoice")
    texts = " ".join(f"{row['supplier']['name']} {row.get('description')}" for row in rows)

    assert {"NOK", "SEK", "EUR"} <= {row["currencyId"] for row in rows}
    assert any(row["documentType"] == "DebitAdj" for row in rows)
    assert any(Decimal(row["amount"]).as_tuple().exponent == -4 for row in rows)
    assert set("æøåöä") <= set(texts)


def test_260_records_cost_at_most_16_calls_and_meet_no_limit(
    account: Account, sandbox: SandboxServer
) -> None:
    assert account.counts["created"] == 260
    assert account.monday_calls <= 16
    assert sandbox.log.counters["monday.429"] == 0


def test_the_ledger_has_one_row_for_each_call_monday_met(
    account: Account, sandbox: SandboxServer
) -> None:
    met = sandbox.log.counters["monday.calls"]

    assert ApiCall.objects.filter(account__startswith="monday:").count() == met


def test_every_item_has_its_audit_entry(account: Account) -> None:
    entries = AuditEntry.objects.filter(action="create", outcome="done")

    assert entries.count() == entries.exclude(request_id="").count() == 260
    assert entries.values("item_id").distinct().count() == 260


def test_a_second_sync_writes_nothing_to_monday(
    account: Account, sandbox: SandboxServer, mapping: BoardMapping
) -> None:
    again = foreground.sync(mapping.tenant)

    assert again.monday_calls == 0
    assert again.counts["read"] == again.counts["unchanged"]


def test_a_change_an_addition_and_a_void_reach_the_board_and_nothing_else_is_written(
    account: Account, sandbox: SandboxServer, mapping: BoardMapping
) -> None:
    numbers = [
        row["referenceNumber"]
        for row in rows_of(sandbox, "supplier_invoice")
        if row["documentType"] == "Invoice" and row["status"] == "Open"
    ]
    sandbox.log.clear()
    sandbox.visma.edit_invoice(numbers[0], description="Endret i Visma")
    sandbox.visma.void_invoice(numbers[1])
    sandbox.visma.add_invoice()
    again = foreground.sync(mapping.tenant)

    effects = [e.kind for e in sandbox.log.effects() if e.kind.startswith("item_")]
    assert sorted(effects) == ["item_changed", "item_changed", "item_created"]
    assert (again.counts["created"], again.counts["updated"]) == (1, 2)


def test_the_accounts_of_all_runs_add_up(account: Account) -> None:
    for run in SyncRun.objects.all():
        parts = (run.created, run.updated, run.archived, run.unchanged, run.excluded, run.failed)
        assert run.read == sum(parts)
        assert run.finished_at is not None
