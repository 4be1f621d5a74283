"""From goods received to what is owed for them: invoice lines of receipt lines."""

from datetime import timedelta
from decimal import Decimal

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.records.invoice import Draft, invoice
from connector.sandbox.visma.records.invoice_line import Line
from connector.sandbox.visma.tables import Payload


def invoice_line(line: Payload, receipt_number: str, quantity: Decimal, *, home: bool) -> Line:
    """Linked to the receipt line and, through it, to the order."""
    return Line(
        text=line["transactionDescription"],
        account=line["account"]["number"],
        quantity=quantity,
        unit_cost=line["unitCost"],
        item=line["inventory"]["number"],
        uom=line["uom"],
        sub=line["sub"]["id"],
        vat="1" if home else "14",
        link=(line["poOrderNbr"], line["poOrderLineNbr"], receipt_number, line["lineNbr"]),
    )


def lines_of(receipt: Payload) -> tuple[Line, ...]:
    home = receipt["currency"] == "NOK"
    number = receipt["receiptNbr"]
    return tuple(
        invoice_line(line, number, line["receiptQty"], home=home) for line in receipt["lines"]
    )


def bill(company: Company, receipt: Payload) -> Payload:
    """What ``createBill`` makes at release: a second invoice, if the real one comes by itself."""
    now = company.stamps.now()
    draft = Draft(
        number=company.next_number("supplier_invoice"),
        supplier=company.get("supplier", receipt["supplier"]["number"]),
        date=now,
        due=now + timedelta(days=30),
        lines=lines_of(receipt),
        created=now,
        currency=receipt["currency"],
        rate=receipt["exchangeRate"],
        text=f"Varemottak {receipt['receiptNbr']}",
        reference=receipt["supplierRef"] or "",
    )
    return company.change("supplier_invoice", invoice(draft), "invoice_billed")
