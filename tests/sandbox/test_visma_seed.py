"""The seeded company: as big and as awkward as promised, and its sums add up."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import time_machine

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.visma import VismaSandbox
from connector.sandbox.visma.money import rounded
from connector.sandbox.visma.seed.partners import luhn_digit
from tests.sandbox.visma_caller import Row, VismaCaller


def invoices(visma: VismaCaller) -> list[Row]:
    return visma.rows("/v1/supplierInvoice")


def test_the_company_has_the_promised_size(visma: VismaCaller) -> None:
    sizes = [
        len(visma.rows(path))
        for path in ("/v1/supplierInvoice", "/v1/purchaseorder", "/v1/supplier")
    ]

    assert sizes == [200, 60, 40]


def test_every_state_currency_and_kind_is_there(visma: VismaCaller) -> None:
    rows = invoices(visma)

    assert {row["currencyId"] for row in rows} == {"NOK", "SEK", "EUR", "DKK", "USD"}
    assert {row["status"] for row in rows} >= {
        "Hold", "Balanced", "Open", "Closed", "Voided", "Prebooked"
    }  # fmt: skip
    assert Counter(row["documentType"] for row in rows) == {
        "Invoice": 180, "DebitAdj": 16, "CreditAdj": 4
    }  # fmt: skip
    assert len({row["approvalStatus"] for row in rows}) >= 5


def test_orders_are_in_every_state_of_receipt(visma: VismaCaller) -> None:
    rows = visma.rows("/v1/purchaseorder")

    states = {(row["status"], bool(row["purchaseReceipts"])) for row in rows}
    assert states >= {("Open", False), ("Open", True), ("Closed", True), ("Cancelled", False)}
    assert {receipt["status"] for row in rows for receipt in row["purchaseReceipts"]} == {
        "Hold", "Balanced", "Released"
    }  # fmt: skip


def test_header_sums_are_the_sums_of_the_lines(visma: VismaCaller) -> None:
    for row in invoices(visma):
        lines = row["invoiceLines"]
        assert row["detailTotalInCurrency"] == sum(line["costInCurrency"] for line in lines)
        assert row["detailTotal"] == sum(line["cost"] for line in lines)
        assert row["amount"] == row["detailTotal"] + row["vatTotal"]


def test_in_currency_is_the_documents_currency_and_plain_is_kroner(visma: VismaCaller) -> None:
    foreign = [row for row in invoices(visma) if row["currencyId"] in ("EUR", "USD")]

    assert len(foreign) >= 50
    for row in foreign:
        assert row["vatTotal"] == 0
        off = row["detailTotal"] - row["detailTotalInCurrency"] * row["exchangeRate"]
        assert abs(off) < Decimal("0.05")


def test_an_orders_plain_amounts_are_in_its_own_currency(visma: VismaCaller) -> None:
    for row in visma.rows("/v1/purchaseorder"):
        assert row["lineTotal"] == sum(line["amount"] for line in row["lines"])
        home = rounded(row["orderTotal"] * row["exchangeRate"])
        assert row["orderTotalInBaseCurrency"] == home


def test_credit_notes_carry_positive_amounts(visma: VismaCaller) -> None:
    notes = [row for row in invoices(visma) if row["documentType"] == "DebitAdj"]

    assert all(row["amount"] > 0 and row["balance"] >= 0 for row in notes)
    assert any(row["balance"] > 0 for row in notes)


def test_a_credit_note_may_bear_the_number_of_an_invoice(visma: VismaCaller) -> None:
    numbers = Counter(row["referenceNumber"] for row in invoices(visma))

    assert [count for count in numbers.values() if count > 1] == [2, 2, 2]


def test_amounts_have_two_to_four_decimals_and_trailing_zeros(visma: VismaCaller) -> None:
    texts = [str(row["amount"]) for row in invoices(visma)]
    decimals = Counter(len(text.partition(".")[2]) for text in texts)

    assert set(decimals) == {1, 2, 4} or set(decimals) == {1, 2, 3, 4}
    assert any(text.endswith("00") and len(text.partition(".")[2]) == 4 for text in texts)
    assert any(Decimal(text) != rounded(Decimal(text)) for text in texts)


def test_awkward_descriptions_are_among_them(visma: VismaCaller) -> None:
    texts = [row["description"] for row in invoices(visma)]
    everything = " ".join(texts)

    assert {250, 255, 256, 400} <= {len(text) for text in texts}
    assert all(character in everything for character in "æøåÆØÅöäü🎄")
    assert any("<b>" in text for text in texts)


def test_norwegian_payment_references_pass_the_check_digit(visma: VismaCaller) -> None:
    home = {row["number"] for row in visma.rows("/v1/supplier") if row["currencyId"] == "NOK"}
    references = [
        row["paymentRefNo"] for row in invoices(visma) if row["supplier"]["number"] in home
    ]

    assert len(references) >= 50
    assert all(luhn_digit(text[:-1]) == text[-1] for text in references)


def test_lines_point_at_receipts_that_point_at_orders(visma: VismaCaller) -> None:
    orders = {row["orderNbr"]: row for row in visma.rows("/v1/purchaseorder")}
    linked = [
        line for row in invoices(visma) for line in row["invoiceLines"] if line["poReceiptNbr"]
    ]

    assert len(linked) >= 50
    for line in linked:
        receipts = orders[line["poNumber"]]["purchaseReceipts"]
        assert line["poReceiptNbr"] in {receipt["receiptNumber"] for receipt in receipts}
        assert line["poLineNr"] in {each["lineNbr"] for each in orders[line["poNumber"]]["lines"]}


def test_suppliers_come_from_six_countries_with_addresses(visma: VismaCaller) -> None:
    rows = visma.rows("/v1/supplier")

    countries = Counter(row["mainAddress"]["country"]["id"] for row in rows)
    assert set(countries) == {"NO", "SE", "DK", "FI", "DE", "CN"}
    assert all(row["mainContact"]["email"].endswith(".example") for row in rows)
    assert all(row["mainAddress"]["city"] and row["mainContact"]["phone1"] for row in rows)


def test_nothing_is_dated_after_today(visma: VismaCaller) -> None:
    now = visma.sandbox.company.stamps.now().isoformat()

    assert all(row["lastModifiedDateTime"] < now for row in invoices(visma))
    assert all(row["createdDateTime"] <= row["lastModifiedDateTime"] for row in invoices(visma))


def test_the_same_seed_gives_the_same_company_and_another_another() -> None:
    clock = Clock()
    first, same, other = (VismaSandbox(clock, Log(clock), seed) for seed in (7, 7, 8))

    amounts = [
        [str(row["amount"]) for row in sandbox.company.tables["supplier_invoice"].rows()]
        for sandbox in (first, same, other)
    ]
    assert amounts[0] == amounts[1]
    assert amounts[0] != amounts[2]


def test_the_company_is_the_same_at_every_hour_of_a_day() -> None:
    """Tests that passed in the morning failed at noon, when other invoices came out as paid."""

    def seeded(hour: int) -> object:
        with time_machine.travel(datetime(2026, 11, 27, hour, tzinfo=UTC)):
            clock = Clock()
            return VismaSandbox(clock, Log(clock)).dump()["rows"]

    assert seeded(0) == seeded(9) == seeded(22)
