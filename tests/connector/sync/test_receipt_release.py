"""A receipt that the rule leaves on hold: followed until people have decided about it in Visma."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from connector.models import AuditEntry, GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipt_release, receipts
from connector.sync.receipt_waits import late
from mappings.models import BoardMapping
from tenants.models import Health
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_line_receipts import (  # noqa: F401 - a fixture
    Dock,
    dock,
    goods,
    places,
)
from tests.connector.sync.test_receipt_waits import carry_on
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    comments,
    early_bill,
    go,
    invoices,
    label,
    made,
)
from tests.faults.clocks import one_clock
from tests.faults.mortal import Death
from tests.interrupts import at_statement

READ = {"system": "visma", "path": "/visma/v2/PurchaseReceipt/*", "method": "GET"}


@pytest.fixture
def bill(
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> Any:
    """An invoice that waits for its goods, which came: their receipt is on hold."""
    invoices.receive["release"] = False
    invoices.save()
    found = early_bill(sandbox)
    label(found["referenceNumber"], "Received")
    go(invoices)
    return found


def invoice_is_open(sandbox: SandboxServer, bill: Any) -> None:
    """Visma changes nothing of it any more."""
    company, key = sandbox.visma.company, f"Invoice:{bill['referenceNumber']}"
    with company.lock:
        payload = company.draft("supplier_invoice", key)
        payload["status"] = "Open"
        company.change("supplier_invoice", payload, "invoice_released")


def fail(sandbox: SandboxServer, match: dict[str, Any], action: dict[str, Any]) -> None:
    GoodsReceipt.objects.update(not_before=None)
    sandbox.faults.add({"match": match, "do": [action]})


def linked(sandbox: SandboxServer, bill: Any) -> set[str]:
    after = sandbox.visma.company.get("supplier_invoice", f"Invoice:{bill['referenceNumber']}")
    return {line["poReceiptNbr"] for line in after["invoiceLines"]}


def last_words() -> str:
    return AuditEntry.objects.order_by("pk").filter(action="receive")[::-1][0].message


def test_once_released_in_visma_it_is_linked_to_the_invoice(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(invoices)
    row = GoodsReceipt.objects.get()

    assert linked(sandbox, bill) == {receipt["receiptNbr"]}
    assert (row.state, row.status, row.on_hold) == (ReceiptState.DONE, "Released", "")
    assert "was released in Visma. Invoice" in last_words()
    assert len(made(sandbox)) == 1


def test_while_it_is_on_hold_a_look_costs_one_call_and_tells_nothing(
    bill: Any, sandbox: SandboxServer
) -> None:
    row = GoodsReceipt.objects.get()
    told, calls = AuditEntry.objects.count(), sandbox.log.counters["visma.calls"]
    GoodsReceipt.objects.update(not_before=None)
    receipts.work(row.pk)
    rests = GoodsReceipt.objects.get().not_before

    assert AuditEntry.objects.count() == told
    assert sandbox.log.counters["visma.calls"] == calls + 1
    assert rests is not None
    assert rests > database_now() + receipt_release.LOOK - timedelta(minutes=1)
    assert receipts.due(database_now()) == []


def test_a_lost_answer_to_the_linking_is_linked_all_the_same(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    match = {"path": "/visma/v1/supplierInvoice/*", "method": "PUT"}
    sandbox.faults.add({"match": match, "times": 1, "do": [{"action": "execute_then_reset"}]})
    go(invoices)

    assert sandbox.faults.active()[0]["fired"] == 1
    assert linked(sandbox, bill) == {receipt["receiptNbr"]}
    assert f"Invoice {bill['referenceNumber']} is linked to it." in last_words()
    assert not GoodsReceipt.objects.get().on_hold


def test_what_cannot_be_linked_any_more_is_said_on_the_item(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    invoice_is_open(sandbox, bill)
    go(invoices)

    assert receipt["receiptNbr"] not in linked(sandbox, bill)
    assert any("is Open, so Visma links its lines no more" in each for each in comments(sandbox))


def test_one_that_was_cancelled_in_visma_is_followed_no_longer(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    company, key = sandbox.visma.company, receipt["receiptNbr"]
    with company.lock:
        payload = company.draft("purchase_receipt", key)
        payload["status"] = "Cancelled"
        company.change("purchase_receipt", payload, "receipt_cancelled")
    go(invoices)

    assert not GoodsReceipt.objects.get().on_hold
    assert "was cancelled in Visma; nothing is linked" in last_words()


def test_after_sixty_days_nobody_looks_any_more(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
) -> None:
    long_ago = database_now() - receipt_release.LONGEST - timedelta(hours=1)
    GoodsReceipt.objects.update(finished_at=long_ago)
    go(invoices)

    assert not GoodsReceipt.objects.get().on_hold
    assert "was left on hold 60 days ago" in last_words()


def test_on_trial_nothing_is_linked(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    invoices.receive["dry"] = True
    invoices.save()
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(invoices)

    assert receipt["receiptNbr"] not in linked(sandbox, bill)
    assert GoodsReceipt.objects.get().on_hold == OnHold.WAITS


def test_what_was_hindered_is_not_listed_while_the_rule_is_on_trial(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    fail(sandbox, READ, {"action": "html_502"})
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 30)
        before = late([invoices]).count()
        invoices.receive["dry"] = True
        invoices.save()
        carry_on(clocks, 30)

        assert (before, late([invoices]).count()) == (1, 0)


def test_typed_lines_are_linked_too_and_what_is_typed_meanwhile_is_kept(
    dock: Dock,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    dock.mapping.receive["release"] = False
    dock.mapping.save()
    number = goods(sandbox)["orderNbr"]
    line = places(dock.order(number))[0]
    dock.receive(number, {line: "1"})
    (receipt,) = made(sandbox)
    dock.type(number, {line: "1"})
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(dock.mapping)

    assert not GoodsReceipt.objects.get().on_hold
    assert dock.typed(number, line) == "1"
    assert len(made(sandbox)) == 1


def test_a_receipt_that_cannot_be_read_for_an_hour_is_listed(
    bill: Any, sandbox: SandboxServer
) -> None:
    mappings = list(BoardMapping.objects.all())
    quiet = late(mappings).count()
    fail(sandbox, READ, {"action": "html_502"})
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 60)

        assert (quiet, [row.waits_for for row in late(mappings)]) == (0, ["Visma"])


def test_a_receipt_that_may_not_be_read_stops_the_connection_for_a_person(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    fail(sandbox, READ, {"action": "status", "code": 403, "body": "{}"})
    with one_clock(sandbox) as clocks:
        carry_on(clocks, 30)
    invoices.visma.refresh_from_db()
    row = GoodsReceipt.objects.get()

    assert invoices.visma.health == Health.NEEDS_PERSON
    assert (row.on_hold, row.waits_for) == (OnHold.WAITS, "Visma")
    assert "may not do this" in row.waits_words


def test_after_sixty_days_it_ends_also_where_visma_cannot_be_read(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    long_ago = database_now() - receipt_release.LONGEST - timedelta(hours=1)
    GoodsReceipt.objects.update(finished_at=long_ago)
    fail(sandbox, READ, {"action": "html_502"})
    go(invoices)

    assert not GoodsReceipt.objects.get().on_hold
    assert "link its supplier invoice in Visma" in last_words()


@pytest.mark.parametrize("fate", ["execute_then_reset", "reset_before"])
def test_a_comment_whose_answer_is_lost_is_said_once_with_the_same_words(
    fate: str,
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    invoice_is_open(sandbox, bill)
    match = {"system": "monday", "operation": "create_update", "count": 1}
    fail(sandbox, match, {"action": fate})
    told = AuditEntry.objects.count()
    receipts.work(GoodsReceipt.objects.get().pk)
    before = GoodsReceipt.objects.get()
    words = last_words()
    go(invoices)

    assert (before.on_hold, before.waits_for) == (OnHold.COMMENT, "monday.com")
    assert [text for text in comments(sandbox) if "is Open" in text] == [words]
    assert AuditEntry.objects.count() == told + 1
    assert sandbox.log.violations() == []
    assert not GoodsReceipt.objects.get().on_hold


def test_where_the_item_is_gone_the_row_and_the_audit_keep_the_words(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    invoice_is_open(sandbox, bill)
    GoodsReceipt.objects.update(item_id="404", not_before=None)
    receipts.work(GoodsReceipt.objects.get().pk)
    row = GoodsReceipt.objects.get()

    assert (row.on_hold, row.happened) == ("", last_words())
    assert "is Open" in row.happened


def test_a_worker_that_dies_while_it_ends_a_receipt_leaves_it_to_be_ended(
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    invoices.receive["release"] = False
    invoices.save()
    bill = early_bill(sandbox)
    label(bill["referenceNumber"], "Received")
    with (
        at_statement('UPDATE "connector_goodsreceipt" SET .*"finished_at"', die),
        pytest.raises(Death),
    ):
        go(invoices)
    left = GoodsReceipt.objects.get()
    GoodsReceipt.objects.update(claimed_until=None)
    go(invoices)
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(invoices)

    assert (left.state, left.on_hold) == (ReceiptState.MADE, OnHold.NONE)
    assert linked(sandbox, bill) == {receipt["receiptNbr"]}


def die() -> None:
    raise Death


def test_a_label_set_again_on_hold_and_afterwards_makes_no_second_receipt(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    (receipt,) = made(sandbox)
    set_again(invoices, label, bill)
    followed = GoodsReceipt.objects.filter(on_hold=OnHold.WAITS).count()
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(invoices)
    set_again(invoices, label, bill)

    assert followed == 2
    assert len(made(sandbox)) == 1
    assert linked(sandbox, bill) == {receipt["receiptNbr"]}
    assert {row.on_hold for row in GoodsReceipt.objects.all()} == {""}
    assert f"is linked to receipt {receipt['receiptNbr']}." in last_words()


def set_again(mapping: BoardMapping, label: Set, bill: Any) -> None:  # noqa: F811
    for text in ("Not received", "Received"):
        label(bill["referenceNumber"], text)
        go(mapping)


def test_a_second_invoice_labelled_while_the_receipt_is_on_hold_is_linked_too(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    label: Set,  # noqa: F811 - the fixture
) -> None:
    second = another_bill(sandbox, bill)
    label(second["referenceNumber"], "Received")
    go(invoices)
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    go(invoices)

    assert linked(sandbox, bill) == {receipt["receiptNbr"]}
    assert linked(sandbox, second) == {receipt["receiptNbr"]}
    assert len(made(sandbox)) == 1


def another_bill(sandbox: SandboxServer, bill: Any) -> Any:
    """A second invoice whose lines name the same order."""
    company = sandbox.visma.company
    rows = list(company.tables["supplier_invoice"].rows())
    numbers = [row["referenceNumber"] for row in rows]
    found = next(
        row
        for row in rows
        if row["status"] in ("Hold", "Balanced")
        and row["referenceNumber"] != bill["referenceNumber"]
        and numbers.count(row["referenceNumber"]) == 1
        and not any(line["poReceiptNbr"] for line in row["invoiceLines"])
    )
    with company.lock:
        payload = company.draft("supplier_invoice", f"Invoice:{found['referenceNumber']}")
        now = company.get("supplier_invoice", f"Invoice:{bill['referenceNumber']}")
        payload |= {name: deepcopy(now[name]) for name in ("supplier", "invoiceLines")}
        return company.change("supplier_invoice", payload, "invoice_edited")
