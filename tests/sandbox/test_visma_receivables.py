"""Customers and their documents: three addresses for one ledger, payments, ageing."""

from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest

from tests.sandbox.visma_caller import Row, VismaCaller

LEDGER = "/v1/customerdocument"
INVOICES = "/v1/customerinvoice"
NOTES = "/v1/customerCreditNote"


def overdue(visma: VismaCaller, row: Row) -> int:
    today = visma.sandbox.company.stamps.now().date()
    return (today - datetime.fromisoformat(row["documentDueDate"]).date()).days


def open_invoice(visma: VismaCaller) -> Row:
    rows = visma.rows(INVOICES, status="Open")
    return next(row for row in rows if row["balance"] == row["amount"])


def test_open_invoices_stand_on_both_sides_of_every_ageing_limit(visma: VismaCaller) -> None:
    days = {overdue(visma, row) for row in visma.rows(INVOICES, status="Open")}

    assert days >= {-1, 0, 1, 30, 31, 60, 61, 90, 91}


def test_three_addresses_read_one_ledger(visma: VismaCaller) -> None:
    ledger = Counter(row["documentType"] for row in visma.rows(LEDGER))

    assert set(ledger) == {"Invoice", "CreditNote", "Payment"}
    assert len(visma.rows(INVOICES)) == ledger["Invoice"] >= 200
    assert len(visma.rows(NOTES)) == ledger["CreditNote"] >= 20


def test_the_ledger_has_headers_only(visma: VismaCaller) -> None:
    row = visma.rows(LEDGER, documentType="Invoice")[0]

    assert "invoiceLines" not in row
    assert row["paymentMethod"] is None
    assert visma.get(f"{LEDGER}/Invoice/{row['referenceNumber']}").status == 404


def test_credit_notes_call_their_lines_otherwise(visma: VismaCaller) -> None:
    assert visma.rows(NOTES)[0]["lines"]
    assert visma.rows(INVOICES)[0]["invoiceLines"]


def test_open_credit_notes_and_payments_have_positive_balances(visma: VismaCaller) -> None:
    rows = visma.rows(LEDGER, status="Open")

    for kind in ("CreditNote", "Payment"):
        assert all(row["balance"] > 0 for row in rows if row["documentType"] == kind)
    assert {row["documentType"] for row in rows} == {"Invoice", "CreditNote", "Payment"}


def test_a_payment_has_no_due_date(visma: VismaCaller) -> None:
    rows = visma.rows(LEDGER, documentType="Payment")

    assert {row["documentDueDate"] for row in rows} == {None}


def test_sums_are_those_of_the_lines(visma: VismaCaller) -> None:
    for row in visma.rows(INVOICES):
        lines = row["invoiceLines"]
        assert row["detailTotalInCurrency"] == sum(line["amountInCurrency"] for line in lines)
        gross = row["detailTotalInCurrency"] + row["vatTotalInCurrency"]
        assert row["amountInCurrency"] == gross


def test_a_settled_invoice_names_the_payment_that_settled_it(visma: VismaCaller) -> None:
    payments = {row["referenceNumber"]: row for row in visma.rows(LEDGER, documentType="Payment")}
    settled = visma.rows(INVOICES, status="Closed", expandApplications="true")

    for row in settled:
        paid = [each for each in row["applications"] if each["refNbr"] in payments]
        assert sum(each["amountPaid"] for each in paid) == row["amountInCurrency"]


def test_a_payment_in_full_closes_the_invoice(visma: VismaCaller) -> None:
    row = open_invoice(visma)
    number = row["referenceNumber"]

    payment = visma.sandbox.collect_payment(number)

    after = visma.get(f"{INVOICES}/{number}").body
    document = next(r for r in visma.rows(LEDGER) if r["referenceNumber"] == payment)
    assert (after["status"], after["balance"]) == ("Closed", 0)
    assert document["amountInCurrency"] == row["amountInCurrency"]
    assert after["applications"][-1]["refNbr"] == payment


@pytest.mark.parametrize("stamped", [True, False])
def test_a_payment_in_part_may_or_may_not_stamp_the_invoice(
    visma: VismaCaller, stamped: bool
) -> None:
    visma.sandbox.quirks.payments_stamp_invoices = stamped
    row = open_invoice(visma)

    visma.sandbox.collect_payment(row["referenceNumber"], "1.00")

    after = visma.get(f"{INVOICES}/{row['referenceNumber']}").body
    assert after["balanceInCurrency"] == row["balanceInCurrency"] - Decimal("1.00")
    assert (after["timeStamp"] != row["timeStamp"]) is stamped


def test_documents_are_filtered_by_due_date_and_released(visma: VismaCaller) -> None:
    today = visma.sandbox.company.stamps.now().date().isoformat()
    late = visma.rows(LEDGER, documentDueDate=today, documentDueDateCondition="<", status="Open")

    assert late
    assert all(overdue(visma, row) > 0 for row in late)
    assert {row["status"] for row in visma.rows(LEDGER, released=0)} == {
        "Hold", "Balanced", "PendingPrint", "PendingEmail", "CreditHold"
    }  # fmt: skip


def test_a_customer_invoice_is_added_and_edited(visma: VismaCaller) -> None:
    key = visma.sandbox.add_customer_invoice(amount="500.00", due_date="2027-01-15")
    number = key.removeprefix("Invoice:")

    visma.sandbox.edit_customer_document(number, description="Etter avtale")

    row = visma.get(f"{INVOICES}/{number}").body
    assert (row["amountInCurrency"], row["balanceInCurrency"]) == (500, 500)
    assert (row["documentDueDate"], row["invoiceText"]) == ("2027-01-15T00:00:00", "Etter avtale")


def test_customers_are_read_changed_and_added(visma: VismaCaller) -> None:
    visma.sandbox.edit_customer("10001", email="ny@butikk.example")
    number = visma.sandbox.add_customer("Ytre Øy Landhandel")

    assert visma.get("/v1/customer/10001").body["mainContact"]["email"] == "ny@butikk.example"
    assert visma.get(f"/v1/customer/{number}").body["name"] == "Ytre Øy Landhandel"
    assert len({row["name"] for row in visma.rows("/v1/customer")}) == 85
