"""Supplier invoices by API: links to receipts for AP matching, changes, actions."""

from typing import Any

import pytest

from tests.sandbox.visma_caller import Answer, Row, VismaCaller


def val(value: Any) -> dict[str, Any]:
    return {"value": value}


def early_bill(visma: VismaCaller) -> Row:
    """An invoice that names an order whose goods have not come."""
    return next(
        row
        for row in visma.rows("/v1/supplierInvoice")
        if row["status"] in ("Hold", "Balanced")
        and row["invoiceLines"][0]["poNumber"]
        and not row["invoiceLines"][0]["poReceiptNbr"]
    )


def put(visma: VismaCaller, row: Row, body: Any, **headers: str) -> Answer:
    path = f"/v1/supplierInvoice/{row['documentType']}/{row['referenceNumber']}"
    return visma.ask("PUT", path, body, **headers)


def link(line: int, kind: str, number: str, place: int) -> Any:
    joined = {
        "purchaseType": kind,
        "purchaseNumber": val(number),
        "purchaseLineNbr": val(place),
    }
    return {"invoiceLines": [{"operation": "Update", "lineNumber": val(line), "linkLine": joined}]}


def test_lines_are_linked_to_the_receipt(visma: VismaCaller) -> None:
    row = early_bill(visma)
    receipt = visma.sandbox.receive(row["invoiceLines"][0]["poNumber"])

    answer = put(visma, row, link(1, "PurchaseReceipt", receipt, 1))

    line = visma.invoice(row["referenceNumber"])["invoiceLines"][0]
    assert answer.status == 204
    assert (line["poReceiptNbr"], line["poReceiptLineNbr"]) == (receipt, 1)
    assert line["poNumber"] == row["invoiceLines"][0]["poNumber"]


def test_a_stock_item_is_not_linked_to_an_order(visma: VismaCaller) -> None:
    row = early_bill(visma)
    order = row["invoiceLines"][0]["poNumber"]

    assert put(visma, row, link(1, "PurchaseOrder", order, 1)).status == 400


def test_a_receipt_not_released_is_not_linked(visma: VismaCaller) -> None:
    row = early_bill(visma)
    receipt = visma.sandbox.receive(row["invoiceLines"][0]["poNumber"], released=False)

    answer = put(visma, row, link(1, "PurchaseReceipt", receipt, 1))

    assert (answer.status, "not released" in answer.message) == (400, True)


def test_a_receipt_of_another_supplier_is_not_linked(visma: VismaCaller) -> None:
    row = early_bill(visma)
    other = next(
        each["receiptNbr"]
        for each in visma.rows("/v2/PurchaseReceipt", status="Released")
        if each["supplier"] != row["supplier"]
    )

    assert put(visma, row, link(1, "PurchaseReceipt", other, 1)).status == 400


def test_receipt_lines_are_added_and_the_sums_follow(visma: VismaCaller) -> None:
    row = early_bill(visma)
    receipt = visma.sandbox.receive(row["invoiceLines"][0]["poNumber"])
    wanted = {"poReceiptNumber": val(receipt), "poReceiptLineNumber": val(1)}

    answer = put(visma, row, {"addPOReceiptLines": [wanted]})
    again = put(visma, row, {"addPOReceiptLines": [wanted]})

    after = visma.invoice(row["referenceNumber"])
    lines = after["invoiceLines"]
    assert (answer.status, again.status) == (204, 400)
    assert len(lines) == len(row["invoiceLines"]) + 1
    assert after["detailTotalInCurrency"] == sum(line["costInCurrency"] for line in lines)
    assert after["amount"] > row["amount"]


def test_a_whole_order_is_added(visma: VismaCaller) -> None:
    row = early_bill(visma)
    order = row["invoiceLines"][0]["poNumber"]
    receipt = visma.sandbox.receive(order)

    put(visma, row, {"addPurchaseOrders": [{"poOrderNumber": val(order)}]})

    added = visma.invoice(row["referenceNumber"])["invoiceLines"][len(row["invoiceLines"]) :]
    assert {line["poReceiptNbr"] for line in added} == {receipt}
    assert len(added) == len(visma.order(order)["lines"])


def test_lines_of_a_released_invoice_stay_as_they_are(visma: VismaCaller) -> None:
    row = visma.invoice_with("Open")
    body = {"invoiceLines": [{"operation": "Delete", "lineNumber": val(1)}]}

    assert put(visma, row, body).status == 400
    assert put(visma, row, {"dueDate": val("2027-05-01")}).status == 204
    assert visma.invoice(row["referenceNumber"])["dueDate"] == "2027-05-01T00:00:00"


def test_an_old_version_is_refused_with_412(visma: VismaCaller) -> None:
    row = early_bill(visma)
    visma.sandbox.edit_invoice(row["referenceNumber"], description="imens")

    assert put(visma, row, {"note": val("x")}, If_Match=row["timeStamp"]).status == 412


@pytest.mark.parametrize(
    ("before", "name", "result", "after"),
    [
        ("Balanced", "release", "Done", "Open"),
        ("Balanced", "prebook", "Done", "Prebooked"),
        ("Open", "voidinvoice", "Done", "Voided"),
        ("Hold", "release", "Failed", "Hold"),
        ("Closed", "voidinvoice", "Failed", "Closed"),
    ],
)
def test_actions_on_an_invoice(
    visma: VismaCaller, before: str, name: str, result: str, after: str
) -> None:
    number = visma.invoice_with(before)["referenceNumber"]

    answer = visma.ask("POST", f"/v1/supplierInvoice/Invoice/{number}/action/{name}")

    assert (answer.status, answer.body["actionResult"]) == (200, result)
    assert visma.invoice(number)["status"] == after


def test_an_unreleased_invoice_is_deleted_with_the_right_scope(visma: VismaCaller) -> None:
    number = visma.invoice_with("Balanced")["referenceNumber"]
    path = f"/v1/supplierInvoice/Invoice/{number}"
    refused = visma.ask("DELETE", path).status
    visma.sign_in(scope="vismanet_erp_service_api:delete vismanet_erp_service_api:read")

    assert (refused, visma.ask("DELETE", path).status) == (403, 204)
    assert visma.get(path).status == 404
