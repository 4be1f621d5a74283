"""Received on the board becomes one receipt in Visma, whatever happens on the way."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from connector import tasks
from connector.models import (
    AccountLimits,
    AuditEntry,
    GoodsReceipt,
    ReceiptState,
    RecordLink,
    SourceRecord,
)
from connector.sandbox.server import SandboxServer
from connector.sync import receipts, watch
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work

Set = Callable[[str, str], None]


@pytest.fixture
def orders(order_mapping: BoardMapping, sandbox: SandboxServer, work: Work) -> BoardMapping:
    """The order board as it was when the rule was made: nothing labelled asks for anything."""
    return ready(order_mapping, sandbox, work)


@pytest.fixture
def invoices(mapping: BoardMapping, sandbox: SandboxServer, work: Work) -> BoardMapping:
    return ready(mapping, sandbox, work)


def ready(mapping: BoardMapping, sandbox: SandboxServer, work: Work) -> BoardMapping:
    board = sandbox.monday.account.boards[int(mapping.board_id)]
    column = next(c.id for c in board.columns.values() if c.title == "Received?")
    mapping.receive = {
        "column": column,
        "label": "Received",
        "problem_label": "Problem",
        "receipt": "order",
        "release": True,
    }
    mapping.save()
    poll(mapping.visma, mapping.entity)
    work()
    watch.look(mapping)
    return mapping


@pytest.fixture
def label(sandbox: SandboxServer) -> Set:
    """A person sets the label on the item of a record."""

    return partial(set_label, sandbox)


def set_label(sandbox: SandboxServer, number: str, text: str) -> None:
    links = RecordLink.objects.select_related("mapping").filter(mapping__parent=None)
    link = links.get(record__number=number)
    sandbox.monday.act(
        act="status_set",
        board=link.mapping.board_name,
        item=str(link.item_id),
        column="Received?",
        label=text,
    )


def left_on_hold(board: BoardMapping) -> None:
    """The rule, where there is one, releases no receipt."""
    if board.receive:
        board.receive["release"] = False
        board.save()


def close_bill(sandbox: SandboxServer, number: str) -> None:
    """From now on Visma links none of the invoice's lines."""
    company = sandbox.visma.company
    with company.lock:
        bill = company.draft("supplier_invoice", f"Invoice:{number}")
        bill["status"] = "Open"
        company.change("supplier_invoice", bill, "invoice_released")


def order(sandbox: SandboxServer, **wanted: Any) -> Any:
    """An order of the company that is open and of which nothing has come yet."""
    wanted = {"status": "Open", "purchaseReceipts": []} | wanted
    rows = sandbox.visma.company.tables["purchase_order"].rows()
    return next(r for r in rows if all(r[name] == value for name, value in wanted.items()))


def made(sandbox: SandboxServer) -> list[Any]:
    """Receipts that bear our mark."""
    rows = sandbox.visma.company.tables["purchase_receipt"].rows()
    return [row for row in rows if (row["supplierRef"] or "").startswith("MON-")]


def go(mapping: BoardMapping) -> None:
    """What the tick and the workers do, however long one has to wait."""
    watch.look(mapping)
    for _ in range(30):
        GoodsReceipt.objects.update(not_before=None)
        AccountLimits.objects.update(blocked_until=None)
        for receipt_id in receipts.due(_later()):
            receipts.work(receipt_id)


def _later() -> Any:
    from connector.models.clock import database_now

    return database_now() + timedelta(seconds=1)


def cell(sandbox: SandboxServer, mapping: BoardMapping, number: str) -> str:
    """The text of the item's Received? cell."""
    link = RecordLink.objects.get(mapping=mapping, record__number=number)
    client_items = sandbox.monday.account.boards[int(mapping.board_id)]
    column = next(c for c in client_items.columns.values() if c.title == "Received?")
    value = client_items.items[int(link.item_id or 0)].cells.get(column.id)
    texts = {label["index"]: label["label"] for label in column.settings["labels"]}
    return str(texts.get((value or {}).get("index"), ""))


def comments(sandbox: SandboxServer) -> list[str]:
    return [update.body for update in sandbox.monday.account.updates.values()]


def test_received_makes_one_released_receipt_of_the_whole_order(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    wanted = order(sandbox)
    label(wanted["orderNbr"], "Received")
    go(orders)
    (receipt,) = made(sandbox)
    after = sandbox.visma.company.get("purchase_order", wanted["orderNbr"])
    quantities = [line["orderQty"] for line in wanted["lines"] if line["lineType"] != "Description"]

    assert (receipt["status"], receipt["createBill"]) == ("Released", False)
    assert receipt["totalQty"] == sum(quantities, Decimal(0))
    assert (after["status"], after["openQuantity"]) == ("Closed", 0)
    assert GoodsReceipt.objects.get().state == ReceiptState.DONE


def test_the_receipts_number_comes_back_to_the_board(
    orders: BoardMapping, sandbox: SandboxServer, label: Set, work: Work
) -> None:
    number = order(sandbox)["orderNbr"]
    orders.pairings.filter(field="orderNbr").update(field="receipt_numbers")
    label(number, "Received")
    go(orders)
    tasks.follow_hints("visma", orders.visma_id)
    work()
    shown = str(RecordLink.objects.get(record__number=number).delivered)

    assert made(sandbox)[0]["receiptNbr"] in shown


def test_every_step_is_in_the_audit(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    label(number, "Received")
    go(orders)
    told = " ".join(AuditEntry.objects.filter(action="receive").values_list("message", flat=True))

    assert all(w in told for w in ("was made", "add the order", "off hold", "release", "released."))


def test_a_label_seen_again_and_again_is_one_receipt(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    for _ in range(3):
        go(orders)

    assert len(made(sandbox)) == 1


def test_without_release_the_receipt_waits_on_hold(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    orders.receive["release"] = False
    orders.save()
    label(order(sandbox)["orderNbr"], "Received")
    go(orders)

    assert [(r["status"], bool(r["lines"])) for r in made(sandbox)] == [("Hold", True)]


def test_on_trial_nothing_is_done_and_it_says_what_would_be(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    orders.receive["dry"] = True
    orders.save()
    label(order(sandbox)["orderNbr"], "Received")
    go(orders)
    row = GoodsReceipt.objects.get()

    assert (made(sandbox), comments(sandbox), row.state) == ([], [], ReceiptState.DRY)
    assert "Would make a receipt of order" in row.happened


def test_without_a_rule_a_label_means_nothing(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    BoardMapping.objects.update(receive={})
    orders.refresh_from_db()
    label(order(sandbox)["orderNbr"], "Received")
    go(orders)

    assert (made(sandbox), GoodsReceipt.objects.count()) == ([], 0)


def test_what_was_labelled_before_the_rule_asks_for_nothing(
    order_mapping: BoardMapping, sandbox: SandboxServer, work: Work, label: Set
) -> None:
    poll(order_mapping.visma, order_mapping.entity)
    work()
    label(order(sandbox)["orderNbr"], "Received")
    orders = ready(order_mapping, sandbox, work)
    go(orders)

    assert (made(sandbox), GoodsReceipt.objects.get().state) == ([], ReceiptState.BEFORE)


def test_a_label_set_again_after_it_was_taken_away_asks_again(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    for text in ("Received", "Not received", "Received"):
        label(number, text)
        go(orders)

    assert GoodsReceipt.objects.count() == 2
    assert len(made(sandbox)) == 1
    assert "Nothing was left to receive" in comments(sandbox)[-1]


@pytest.mark.parametrize("status", ["Hold", "Cancelled", "PendingPrint"])
def test_an_order_that_takes_no_goods_is_explained_on_the_item(
    status: str, orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    sandbox.visma.edit_order(number, status=status)
    label(number, "Received")
    go(orders)

    assert (made(sandbox), cell(sandbox, orders, number)) == ([], "Problem")
    assert [status in text and "Visma" in text for text in comments(sandbox)] == [True]


def test_after_a_refusal_the_label_may_be_set_again(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    sandbox.visma.edit_order(number, status="Hold")
    label(number, "Received")
    go(orders)
    sandbox.visma.edit_order(number, status="Open")
    label(number, "Received")
    go(orders)

    assert [r["status"] for r in made(sandbox)] == ["Released"]


def test_visma_refusing_the_release_is_told_in_its_words(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    sandbox.faults.add(
        {
            "match": {"system": "visma", "path": "*/action/release"},
            "do": [
                {
                    "action": "status",
                    "code": 200,
                    "body": '{"actionResult":"Failed","errorInfo":"The period 202611 is closed."}',
                }
            ],
        }
    )
    label(number, "Received")
    go(orders)

    assert "The period 202611 is closed." in comments(sandbox)[0]
    assert cell(sandbox, orders, number) == "Problem"


def test_queued_actions_are_followed_to_their_end(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    sandbox.visma.quirks.action_seconds = 0.5
    label(order(sandbox)["orderNbr"], "Received")
    for _ in range(6):  # more than there are actions; each ends by the sandbox's clock
        go(orders)
        sandbox.clock.advance(1)

    assert [r["status"] for r in made(sandbox)] == ["Released"]


def test_a_company_that_insists_on_control_figures_gets_them(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    sandbox.visma.quirks.receipts_validate_totals = True
    label(order(sandbox)["orderNbr"], "Received")
    go(orders)

    assert [r["status"] for r in made(sandbox)] == ["Released"]


# Each step of the way, and what can happen to its request.
STEPS = {
    "create": {"path": "/visma/v1/PurchaseReceipt", "method": "POST"},
    "add order": {"path": "*/action/addpurchaseorder"},
    "off hold": {"path": "/visma/v1/PurchaseReceipt/*", "method": "PUT"},
    "release": {"path": "*/action/release"},
}
FATES = {
    "never arrives": {"action": "reset_before"},
    "is done, the answer lost": {"action": "execute_then_reset"},
    "is done, behind a 502": {"action": "html_502", "executed": True},
    "is not done, behind a 502": {"action": "html_502"},
    "is throttled": {"action": "status", "code": 429, "headers": {"Retry-After": "1"}},
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("step", STEPS)
def test_whatever_happens_to_one_request_there_is_one_released_receipt(
    step: str, fate: str, orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    wanted = order(sandbox)
    rule = {"match": {"system": "visma", "count": 1, **STEPS[step]}, "do": [FATES[fate]]}
    sandbox.faults.add(rule)
    label(wanted["orderNbr"], "Received")
    _go_with_time(orders)
    quantities = [line["orderQty"] for line in wanted["lines"] if line["lineType"] != "Description"]

    assert sandbox.faults.active()[0]["fired"] == 1
    assert [r["status"] for r in made(sandbox)] == ["Released"]
    assert made(sandbox)[0]["totalQty"] == sum(quantities, Decimal(0))
    assert GoodsReceipt.objects.get().state == ReceiptState.DONE


def _go_with_time(mapping: BoardMapping) -> None:
    """Also past the minutes that a lost answer is given."""
    go(mapping)
    for row in GoodsReceipt.objects.all():
        gone = {
            name: value - timedelta(minutes=6)
            for name in ("sent_at", "action_at")
            if (value := getattr(row, name)) is not None
        }
        GoodsReceipt.objects.filter(pk=row.pk).update(claimed_until=None, **gone)
    go(mapping)


def test_received_on_an_invoice_receives_its_order_and_links_its_lines(
    invoices: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    bill = early_bill(sandbox)
    label(bill["referenceNumber"], "Received")
    go(invoices)
    (receipt,) = made(sandbox)
    after = sandbox.visma.company.get("supplier_invoice", f"Invoice:{bill['referenceNumber']}")

    assert receipt["status"] == "Released"
    assert {line["poReceiptNbr"] for line in after["invoiceLines"]} == {receipt["receiptNbr"]}


def test_received_on_an_order_links_the_invoice_that_waits_for_it(
    orders: BoardMapping,
    invoices: BoardMapping,
    sandbox: SandboxServer,
    label: Set,
) -> None:
    bill = early_bill(sandbox)
    label(bill["invoiceLines"][0]["poNumber"], "Received")
    go(orders)
    (receipt,) = made(sandbox)
    after = sandbox.visma.company.get("supplier_invoice", f"Invoice:{bill['referenceNumber']}")

    assert {line["poReceiptNbr"] for line in after["invoiceLines"]} == {receipt["receiptNbr"]}


def test_an_invoice_without_an_order_is_explained(
    invoices: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    rows = sandbox.visma.company.tables["supplier_invoice"].rows()
    numbers = Counter(row["referenceNumber"] for row in rows)
    plain = next(
        row
        for row in sandbox.visma.company.tables["supplier_invoice"].rows()
        if numbers[row["referenceNumber"]] == 1
        and not any(line["poNumber"] for line in row["invoiceLines"])
    )
    label(plain["referenceNumber"], "Received")
    go(invoices)

    assert cell(sandbox, invoices, plain["referenceNumber"]) == "Problem"
    assert "names no purchase order" in comments(sandbox)[0]


def early_bill(sandbox: SandboxServer) -> Any:
    """An invoice that came before its goods, with lines that name one open order."""
    for bill in sandbox.visma.company.tables["supplier_invoice"].rows():
        names = {line["poNumber"] for line in bill["invoiceLines"]}
        linked = any(line["poReceiptNbr"] for line in bill["invoiceLines"])
        if bill["status"] in ("Hold", "Balanced") and len(names) == 1 and not linked:
            (name,) = names
            found = sandbox.visma.company.tables["purchase_order"].get(name or "")
            if found and found["status"] == "Open" and not found["purchaseReceipts"]:
                return bill
    raise LookupError("the company has no such invoice")


def test_a_stale_version_is_read_again_and_decided_again(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    sandbox.faults.add(
        {
            "match": {"system": "visma", "method": "PUT", "count": 1},
            "do": [{"action": "status", "code": 412, "body": "{}"}],
        }
    )
    label(order(sandbox)["orderNbr"], "Received")
    go(orders)

    assert [r["status"] for r in made(sandbox)] == ["Released"]


def test_two_items_of_one_order_make_one_receipt(
    orders: BoardMapping, invoices: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    bill = early_bill(sandbox)
    label(bill["invoiceLines"][0]["poNumber"], "Received")
    label(bill["referenceNumber"], "Received")
    watch.look(orders)
    go(invoices)

    assert len(made(sandbox)) == 1
    assert {row.state for row in GoodsReceipt.objects.all()} == {ReceiptState.DONE}


def test_a_label_taken_back_in_time_is_withdrawn(
    orders: BoardMapping, sandbox: SandboxServer, label: Set
) -> None:
    number = order(sandbox)["orderNbr"]
    label(number, "Received")
    watch.look(orders)
    label(number, "Not received")
    go(orders)

    assert (made(sandbox), GoodsReceipt.objects.get().state) == ([], ReceiptState.WITHDRAWN)


def test_a_waiting_receipt_belongs_to_its_tenant(
    orders: BoardMapping, sandbox: SandboxServer, label: Set, foreign_tenant: Any
) -> None:
    label(order(sandbox)["orderNbr"], "Received")
    watch.look(orders)

    assert GoodsReceipt.objects.of(orders.tenant).count() == 1
    assert GoodsReceipt.objects.of(foreign_tenant).count() == 0
    assert SourceRecord.objects.of(foreign_tenant).count() == 0
