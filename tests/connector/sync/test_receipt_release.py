"""A receipt that the rule leaves on hold: followed until people have decided about it in Visma."""

from datetime import timedelta
from typing import Any

import pytest

from connector.models import AuditEntry, GoodsReceipt, ReceiptState
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipt_release, receipts
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_line_receipts import (  # noqa: F401 - a fixture
    Dock,
    dock,
    goods,
    places,
)
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    comments,
    early_bill,
    go,
    invoices,
    label,
    made,
)


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
    assert (row.state, row.status, row.awaits_release) == (ReceiptState.DONE, "Released", False)
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
    assert not GoodsReceipt.objects.get().awaits_release


def test_what_cannot_be_linked_any_more_is_said_on_the_item(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    (receipt,) = made(sandbox)
    sandbox.visma.release_receipt(receipt["receiptNbr"])
    company, key = sandbox.visma.company, f"Invoice:{bill['referenceNumber']}"
    with company.lock:
        payload = company.draft("supplier_invoice", key)
        payload["status"] = "Open"
        company.change("supplier_invoice", payload, "invoice_released")
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

    assert not GoodsReceipt.objects.get().awaits_release
    assert "was cancelled in Visma; nothing is linked" in last_words()


def test_after_sixty_days_nobody_looks_any_more(
    bill: Any,
    invoices: BoardMapping,  # noqa: F811 - the fixture
) -> None:
    long_ago = database_now() - receipt_release.LONGEST - timedelta(hours=1)
    GoodsReceipt.objects.update(finished_at=long_ago)
    go(invoices)

    assert not GoodsReceipt.objects.get().awaits_release
    assert "has waited on hold for 60 days" in last_words()


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
    assert GoodsReceipt.objects.get().awaits_release


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

    assert not GoodsReceipt.objects.get().awaits_release
    assert dock.typed(number, line) == "1"
    assert len(made(sandbox)) == 1
