"""A purchase order as `PurchaseOrderDto`.

Other than on invoices, plain amounts are in document currency; `…InBaseCurrency` is in kroner.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.sandbox import world
from connector.sandbox.visma.money import FOUR_PLACES, ZERO, rounded, shortest, spelled
from connector.sandbox.visma.records.order_state import follow
from connector.sandbox.visma.records.references import (
    VAT_CODES,
    account,
    branch,
    party,
    subaccount,
    terms,
    warehouse,
)
from connector.sandbox.visma.stamps import day

Payload = dict[str, Any]
BUYERS = {
    "Kari Nordmann": "5e0c61b2-1c5d-4f0a-9a6f-30f7f4a9d1c1",
    "Øyvind Strand": "0a8f6f35-6b0e-4a57-8c35-6d0c2b1f7e22",
    "Åsa Nilsson": "91b7c1de-7f52-4f7d-bb0e-a1b9e2c4d833",
}


@dataclass(frozen=True)
class OrderLine:
    """``action`` says what a receipt above ``most`` per cent of the ordered quantity meets."""

    text: str
    quantity: Decimal
    unit_cost: Decimal
    item: str | None = None
    uom: str = "STK"
    kind: str = "GoodsForInventory"
    account: str = "4300"
    sub: str = "200-10"
    action: str = "AcceptButWarn"
    most: Decimal = Decimal("100.0")
    least_for_done: Decimal = Decimal("100.0")


@dataclass(frozen=True)
class OrderDraft:
    number: str
    supplier: Payload
    date: datetime
    promised: datetime
    lines: tuple[OrderLine, ...]
    currency: str = "NOK"
    rate: Decimal = Decimal("1.0")
    status: str = "Open"
    text: str = ""
    reference: str = ""
    place: str = "10"
    buyer: str = "Kari Nordmann"
    kind: str = "RegularOrder"


def order(draft: OrderDraft) -> Payload:
    payload = _header(draft)
    # Line numbers are keys, not positions: a deleted line leaves a gap.
    payload["lines"] = [_line(place, line, draft) for place, line in _numbered(draft.lines)]
    _total(payload)
    follow(payload)
    return payload


def _numbered(lines: tuple[OrderLine, ...]) -> list[tuple[int, OrderLine]]:
    return [(place + (place > 4), line) for place, line in enumerate(lines, start=1)]


def _line(place: int, line: OrderLine, draft: OrderDraft) -> Payload:
    cost = rounded(line.quantity * line.unit_cost)
    number = draft.number
    return {
        "lineNbr": place,
        "branch": branch({"10": "1", "20": "2", "30": "3"}[draft.place]),
        "inventory": {"number": line.item, "description": line.text},
        "lineType": line.kind,
        "warehouse": warehouse(draft.place),
        "lineDescription": line.text,
        "uom": line.uom,
        "orderQty": shortest(line.quantity),
        "baseOrderQty": shortest(line.quantity),
        "qtyOnReceipts": ZERO,
        "unitCost": spelled(line.unit_cost, number),
        "unitCostInBaseCurrency": spelled(
            rounded(line.unit_cost * draft.rate, FOUR_PLACES), number
        ),
        "extCost": spelled(cost, number),
        "discountPercent": ZERO,
        "discountAmount": ZERO,
        "manualDiscount": False,
        "amount": spelled(cost, number),
        "receivedAmt": ZERO,
        "alternateId": None,
        "minReceipt": ZERO,
        "maxReceipt": line.most,
        "completeOn": line.least_for_done,
        "receiptAction": line.action,
        "taxCategory": {"number": "1", "description": "Avgiftspliktig"},
        "account": account(line.account),
        "sub": subaccount(line.sub),
        "project": {"internalId": 1, "id": "X", "description": "Ikke prosjekt"},
        "requested": day(draft.date),
        "promised": day(draft.promised),
        "completed": False,
        "canceled": False,
        "orderType": draft.kind,
        "orderNumber": number,
        "note": None,
    }


def _total(payload: Payload) -> None:
    """VAT is owed to the state on imports, hence only home orders carry it."""
    net = sum((line["amount"] for line in payload["lines"]), ZERO)
    tax = rounded(net * VAT_CODES["1"][1] / 100) if payload["currency"] == "NOK" else ZERO
    sums = {"lineTotal": net, "taxTotal": tax, "vatExemptTotal": ZERO if tax else net}
    sums |= {"orderTotal": net + tax, "controlTotal": net + tax}
    for field, amount in sums.items():
        home = rounded(amount * payload["exchangeRate"])
        payload[field] = spelled(amount, payload["orderNbr"])
        payload[f"{field}InBaseCurrency"] = spelled(home, payload["orderNbr"])


def _header(draft: OrderDraft) -> Payload:
    return {
        "orderType": draft.kind,
        "orderNbr": draft.number,
        "hold": draft.status == "Hold",
        "status": draft.status,
        "date": day(draft.date),
        "promisedOn": day(draft.promised),
        "description": draft.text,
        "supplier": party(draft.supplier),
        "location": {"id": 1, "name": "Primary Location"},
        "owner": {"id": BUYERS[draft.buyer], "name": draft.buyer},
        "currency": draft.currency,
        "supplierRef": draft.reference or None,
        "exchangeRate": shortest(draft.rate),
        "branch": branch({"10": "1", "20": "2", "30": "3"}[draft.place]),
        "shippingDestinationType": "CompanyLocation",
        "shipTo": {"internalId": 1, "number": "1", "name": world.VISMA_COMPANY_NAME},
        "warehouse": warehouse(draft.place),
        "terms": terms("30"),
        "dontPrint": False,
        "printed": draft.status not in ("Hold", "PendingPrint"),
        "dontEmail": False,
        "emailed": draft.status not in ("Hold", "PendingPrint", "PendingEmail"),
        "taxDetails": [],
        "purchaseReceipts": [],
        "note": None,
    }
