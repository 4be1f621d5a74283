"""A purchase receipt as `PurchaseReceiptDto`: header, and lines prefilled from an order."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import ZERO, rounded, shortest, spelled
from connector.sandbox.visma.records.references import account, branch, party, warehouse
from connector.sandbox.visma.stamps import day, period

Payload = dict[str, Any]


def receipt(
    number: str, supplier: Payload, *, date: datetime, currency: str, rate: Decimal
) -> Payload:
    """An empty receipt on hold."""
    on = day(date)
    return {
        "receiptType": "PoReceipt",
        "receiptNbr": number,
        "hold": True,
        "status": "Hold",
        "date": on,
        "postPeriod": period(on),
        "warehouse": warehouse("10"),
        "supplier": party(supplier),
        "location": supplier["location"],
        "currency": currency,
        "exchangeRate": shortest(rate),
        "createBill": False,
        "supplierRef": "",
        "totalQty": ZERO,
        "controlQty": ZERO,
        "vatExemptTotal": ZERO,
        "vatTaxableTotal": ZERO,
        "totalAmt": ZERO,
        "controlTotal": ZERO,
        "branchNumber": branch("1"),
        "lines": [],
        "dueDate": None,
        "note": None,
        "landedCost": [],
        "customStr1": None,
        "customStr2": None,
        "customStr3": None,
        "customStr4": None,
        "customStr5": None,
    }


def line_from_order(place: int, line: Payload, order: Payload, quantity: Decimal) -> Payload:
    """``quantity`` is what the order line still waits for."""
    payload: Payload = {
        "lineNbr": place,
        "branch": line["branch"],
        "branchNumber": line["branch"],
        "inventory": line["inventory"],
        "lineType": line["lineType"],
        "warehouse": line["warehouse"],
        "location": {"countryId": None, "id": "1", "name": "Hovedlager"},
        "transactionDescription": line["lineDescription"],
        "uom": line["uom"],
        "orderQty": line["orderQty"],
        "openQty": shortest(quantity),
        "unitCost": line["unitCost"],
        "discountPercent": ZERO,
        "discountAmount": ZERO,
        "manualDiscount": False,
        "taxCategory": line["taxCategory"],
        "account": line["account"],
        "sub": {"active": True, "id": line["sub"]["subaccountNumber"]},
        "project": line["project"],
        "poOrderType": order["orderType"],
        "poOrderNbr": order["orderNbr"],
        "poOrderLineNbr": line["lineNbr"],
        "completePoLine": False,
        "allocations": [],
        "note": None,
    }
    set_quantity(payload, quantity)
    return payload


def plain_line(
    place: int, target: Payload, *, item: str, quantity: Decimal, cost: Decimal
) -> Payload:
    """A line typed by hand: it belongs to no order, whatever the caller says."""
    payload: Payload = {
        "lineNbr": place,
        "branch": target["branchNumber"],
        "branchNumber": target["branchNumber"],
        "inventory": {"number": item, "description": item},
        "lineType": "GoodsForInventory",
        "warehouse": target["warehouse"],
        "transactionDescription": item,
        "uom": "STK",
        "orderQty": ZERO,
        "openQty": ZERO,
        "unitCost": cost,
        "account": account("4300"),
        "sub": {"active": True, "id": "200-10"},
        "poOrderType": None,
        "poOrderNbr": None,
        "poOrderLineNbr": None,
        "completePoLine": False,
        "allocations": [],
        "note": None,
    }
    set_quantity(payload, quantity)
    return payload


def set_quantity(line: Payload, quantity: Decimal) -> None:
    line["receiptQty"] = line["baseReceiptQty"] = shortest(quantity)
    cost = rounded(quantity * line["unitCost"])
    line["extCost"] = line["amount"] = spelled(cost, str(line["poOrderNbr"]))


def total(payload: Payload) -> None:
    amount = sum((line["amount"] for line in payload["lines"]), ZERO)
    quantity = sum((line["receiptQty"] for line in payload["lines"]), ZERO)
    payload["totalQty"] = shortest(quantity)
    payload["totalAmt"] = spelled(amount, payload["receiptNbr"])
    payload["vatExemptTotal"] = spelled(amount, payload["receiptNbr"])


def summary(payload: Payload) -> Payload:
    """How an order lists its receipts; the number is spelled another way there."""
    return {
        "type": payload["receiptType"],
        "receiptNumber": payload["receiptNbr"],
        "status": payload["status"],
        "supplierName": payload["supplier"]["name"],
        "currency": payload["currency"],
        "totalQty": payload["totalQty"],
        "totalAmt": payload["totalAmt"],
    }
