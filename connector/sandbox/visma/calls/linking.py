"""AP matching: an invoice's lines find the receipt lines they pay for."""

from connector.sandbox.visma.answers import refuse
from connector.sandbox.visma.billing import invoice_line
from connector.sandbox.visma.calls import writing
from connector.sandbox.visma.calls.writing import number, value
from connector.sandbox.visma.records.invoice import append
from connector.sandbox.visma.routes import Call
from connector.sandbox.visma.tables import Payload


def link(call: Call, invoice: Payload, line: Payload, wish: Payload) -> None:
    """Stock items match receipts only; anything else may also match an order."""
    kind = wish.get("purchaseType")
    document, place = value(wish, "purchaseNumber", ""), value(wish, "purchaseLineNbr")
    if kind == "PurchaseReceipt":
        source = _receipt_line(call, invoice, document, place)
        _set_link(line, source, document)
    elif kind == "PurchaseOrder" and not line["stockItem"]:
        order = _document(call, "purchase_order", document, invoice)
        writing.line_numbered(order["lines"], "lineNbr", place)
        line |= {"poNumber": document, "poLineNr": place}
    else:
        raise refuse(f"A line cannot be linked by '{kind}'; stock items need PurchaseReceipt.")


def _set_link(line: Payload, source: Payload, receipt_number: str) -> None:
    if line["poReceiptNbr"] not in (None, receipt_number):
        raise refuse(f"Line {line['lineNumber']} is already linked to {line['poReceiptNbr']}.")
    line |= {
        "poNumber": source["poOrderNbr"],
        "poLineNr": source["poOrderLineNbr"],
        "poReceiptNbr": receipt_number,
        "poReceiptLineNbr": source["lineNbr"],
    }


def add_receipt_line(call: Call, invoice: Payload, wanted: Payload) -> None:
    document = value(wanted, "poReceiptNumber", "")
    source = _receipt_line(call, invoice, document, value(wanted, "poReceiptLineNumber"))
    for line in invoice["invoiceLines"]:
        if (line["poReceiptNbr"], line["poReceiptLineNbr"]) == (document, source["lineNbr"]):
            raise refuse(f"Receipt {document}, line {source['lineNbr']} is already on the bill.")
    quantity = number(value(wanted, "quantity", source["receiptQty"]))
    if not 0 < quantity <= source["receiptQty"]:
        raise refuse(f"Quantity {quantity} is more than receipt {document} has.")
    append(invoice, invoice_line(source, document, quantity, home=_at_home(invoice)))


def add_order(call: Call, invoice: Payload, order_number: str) -> None:
    """Every released receipt line of the order that is not on the bill yet."""
    _document(call, "purchase_order", order_number, invoice)
    known = {(ln["poReceiptNbr"], ln["poReceiptLineNbr"]) for ln in invoice["invoiceLines"]}
    for receipt in call.company.tables["purchase_receipt"].rows():
        for source in receipt["lines"] if receipt["status"] == "Released" else []:
            key = (receipt["receiptNbr"], source["lineNbr"])
            if source["poOrderNbr"] == order_number and key not in known:
                home = _at_home(invoice)
                line = invoice_line(source, key[0], source["receiptQty"], home=home)
                append(invoice, line)


def _receipt_line(call: Call, invoice: Payload, document: str, place: int | None) -> Payload:
    receipt = _document(call, "purchase_receipt", document, invoice)
    if receipt["status"] != "Released":
        raise refuse(f"Receipt {document} is not released.")
    return writing.line_numbered(receipt["lines"], "lineNbr", place)


def _document(call: Call, entity: str, key: str, invoice: Payload) -> Payload:
    """It must exist and be of the same supplier."""
    found = call.company.tables[entity].get(str(key))
    if found is None or found["supplier"]["number"] != invoice["supplier"]["number"]:
        raise refuse(f"'{key}' cannot be found among the documents of this supplier.")
    return found


def _at_home(invoice: Payload) -> bool:
    return bool(invoice["currencyId"] == "NOK")
