"""Acts of people on the company: one change each, stamped, versioned and logged."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.visma_caller import Row, VismaCaller


def changed_since(visma: VismaCaller, path: str, stamp: str) -> list[Row]:
    return visma.rows(path, lastModifiedDateTime=stamp, lastModifiedDateTimeCondition=">=")


def now(visma: VismaCaller) -> str:
    return visma.sandbox.company.stamps.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def test_an_edited_invoice_is_the_only_one_changed(visma: VismaCaller) -> None:
    before, start = visma.invoice("205501"), now(visma)

    visma.sandbox.edit_invoice("205501", description="Ny tekst", due_date=date(2027, 1, 31))

    changed = changed_since(visma, "/v1/supplierInvoice", start)
    after = visma.invoice("205501")
    assert [row["referenceNumber"] for row in changed] == ["205501"]
    assert (after["description"], after["dueDate"]) == ("Ny tekst", "2027-01-31T00:00:00")
    assert after["timeStamp"] > before["timeStamp"]


def test_a_new_amount_is_exact_and_the_sums_follow(visma: VismaCaller) -> None:
    number = visma.invoice_with("Open", currencyId="EUR")["referenceNumber"]

    visma.sandbox.edit_invoice(number, amount="1234.5678")

    row = visma.invoice(number)
    gross = row["detailTotalInCurrency"] + row["vatTotalInCurrency"]
    assert gross == Decimal("1234.5678")
    assert row["detailTotal"] == sum(line["cost"] for line in row["invoiceLines"])
    assert row["amount"] == row["detailTotal"] + row["vatTotal"]


def test_an_added_invoice_has_the_amount_typed(visma: VismaCaller) -> None:
    key = visma.sandbox.add_invoice(amount="999.99", description="Ny", due_date="2027-02-01")

    row = visma.invoice(key.removeprefix("Invoice:"))
    assert row["balanceInCurrency"] == row["amount"] == Decimal("999.99")
    assert (row["description"], row["status"]) == ("Ny", "Balanced")
    assert row["createdDateTime"] <= row["lastModifiedDateTime"]


def test_an_added_credit_note_is_positive(visma: VismaCaller) -> None:
    key = visma.sandbox.add_invoice(kind="DebitAdj", supplier="50033", amount="75.10")

    row = visma.invoice(key.removeprefix("DebitAdj:"), "DebitAdj")
    assert (row["currencyId"], row["balanceInCurrency"]) == ("EUR", Decimal("75.10"))


def test_a_voided_invoice_stays_with_nothing_to_pay(visma: VismaCaller) -> None:
    number = visma.invoice_with("Open")["referenceNumber"]

    visma.sandbox.void_invoice(number)

    row = visma.invoice(number)
    assert (row["status"], row["balance"], row["balanceInCurrency"]) == ("Voided", 0, 0)
    with pytest.raises(ValueError, match="already void"):
        visma.sandbox.void_invoice(number)


def test_a_deleted_invoice_is_nowhere(visma: VismaCaller) -> None:
    visma.sandbox.delete_invoice("205501")

    assert len(visma.rows("/v1/supplierInvoice")) == 199
    assert visma.get("/v1/supplierInvoice/Invoice/205501").status == 404


@pytest.mark.parametrize("stamped", [True, False])
def test_whether_a_payment_stamps_the_invoice_is_a_switch(
    visma: VismaCaller, stamped: bool
) -> None:
    visma.sandbox.quirks.payments_stamp_invoices = stamped
    row = visma.invoice_with("Open")
    whole = row["detailTotalInCurrency"] + row["vatTotalInCurrency"]
    if row["balanceInCurrency"] != whole:
        pytest.fail("the first open invoice of the seed is expected to be unpaid")

    visma.sandbox.pay_invoice(row["referenceNumber"], amount="0.50")

    paid = visma.invoice(row["referenceNumber"])
    assert paid["balanceInCurrency"] == whole - Decimal("0.50")
    assert (paid["timeStamp"] != row["timeStamp"]) is stamped


def test_a_paid_invoice_is_closed_and_stays_so_when_edited(visma: VismaCaller) -> None:
    number = visma.invoice_with("Open")["referenceNumber"]
    visma.sandbox.pay_invoice(number)

    visma.sandbox.edit_invoice(number, description="etter betaling")

    row = visma.invoice(number)
    assert (row["status"], row["balance"]) == ("Closed", 0)


def test_a_reopened_invoice_owes_its_whole_amount_again(visma: VismaCaller) -> None:
    number = visma.invoice_with("Closed")["referenceNumber"]

    visma.sandbox.change_status(number, "Open")

    row = visma.invoice(number)
    assert row["balance"] == row["amount"]


def test_received_goods_close_the_order(visma: VismaCaller) -> None:
    number = visma.order_with("Open", received=False)["orderNbr"]

    receipt = visma.sandbox.receive(number)

    row = visma.order(number)
    assert (row["status"], row["openQuantity"], row["openBalance"]) == ("Closed", 0, 0)
    assert row["purchaseReceipts"][0]["receiptNumber"] == receipt
    assert all(line["completed"] for line in row["lines"])
    assert all(line["receivedAmt"] > 0 for line in row["lines"])


def test_part_of_the_goods_leaves_the_order_open(visma: VismaCaller) -> None:
    order = visma.order_with("Open", received=False)
    line = order["lines"][0]

    visma.sandbox.receive(order["orderNbr"], {line["lineNbr"]: 1})

    after = visma.order(order["orderNbr"])
    assert after["status"] == "Open"
    assert after["lines"][0]["qtyOnReceipts"] == 1
    assert after["openQuantity"] == order["openQuantity"] - 1


def test_goods_on_an_unreleased_receipt_count_and_complete_nothing(visma: VismaCaller) -> None:
    number = visma.order_with("Open", received=False)["orderNbr"]

    receipt = visma.sandbox.receive(number, released=False)
    waiting = visma.order(number)
    visma.sandbox.release_receipt(receipt)

    assert all(line["qtyOnReceipts"] == line["orderQty"] for line in waiting["lines"])
    assert not any(line["completed"] for line in waiting["lines"])
    assert (waiting["status"], visma.order(number)["status"]) == ("Open", "Closed")


@pytest.mark.parametrize("stamped", [True, False])
def test_whether_a_receipt_stamps_its_order_is_a_switch(visma: VismaCaller, stamped: bool) -> None:
    visma.sandbox.quirks.receipts_stamp_orders = stamped
    order = visma.order_with("Open", received=False)

    visma.sandbox.receive(order["orderNbr"])

    assert (visma.order(order["orderNbr"])["timeStamp"] != order["timeStamp"]) is stamped


def test_a_cancelled_order_says_completed_on_every_line(visma: VismaCaller) -> None:
    number = visma.order_with("Open", received=False)["orderNbr"]

    visma.sandbox.cancel_order(number)

    row = visma.order(number)
    assert row["status"] == "Cancelled"
    assert all(line["canceled"] and line["completed"] for line in row["lines"])
    with pytest.raises(ValueError, match="status Cancelled"):
        visma.sandbox.receive(number)


def test_a_supplier_changes_address_and_a_new_one_comes(visma: VismaCaller) -> None:
    visma.sandbox.edit_supplier("50002", email="ny@sorlie.example", city="Nittedal")
    number = visma.sandbox.add_supplier("Sørøya Sjømat AS")

    row = visma.get("/v1/supplier/50002").body
    assert (row["mainContact"]["email"], row["mainAddress"]["city"]) == (
        "ny@sorlie.example",
        "Nittedal",
    )
    assert visma.get(f"/v1/supplier/{number}").body["name"] == "Sørøya Sjømat AS"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "Opne"}, "none of"),
        ({"amount": "mye"}, "not a number"),
        ({"due_date": "31.12.2026"}, "not a valid date"),
        ({"colour": "red"}, "cannot be changed"),
    ],
)
def test_a_mistake_is_told_in_words_and_changes_nothing(
    visma: VismaCaller, changes: dict[str, Any], words: str
) -> None:
    before = visma.invoice("205501")

    with pytest.raises(ValueError, match=words):
        visma.sandbox.edit_invoice("205501", **changes)

    assert visma.invoice("205501") == before


def test_every_act_is_in_the_ground_truth(visma: VismaCaller) -> None:
    visma.sandbox.edit_invoice("205501", description="Sett")

    effect = visma.sandbox.log.effects("invoice_edited")[0]
    assert effect.target == {"entity": "supplier_invoice", "key": "Invoice:205501"}
    assert effect.after == {"description": "Sett"}


def test_an_unknown_record_is_named(visma: VismaCaller) -> None:
    with pytest.raises(KeyError, match="no supplier invoice Invoice:1"):
        visma.sandbox.edit_invoice("1", description="x")
