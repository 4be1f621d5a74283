"""One line of a supplier invoice as `SupplierInvoiceLineDto`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import (
    CENT,
    FOUR_PLACES,
    ZERO,
    rounded,
    shortest,
    spelled,
    step_of,
)
from connector.sandbox.visma.records.references import account, branch, subaccount, vat_code

Payload = dict[str, Any]
BRANCH_OF_PLACE = {"10": "1", "20": "2", "30": "3"}


@dataclass(frozen=True)
class Line:
    """``link`` is purchase order, its line, and if matched receipt and its line.

    Costs are in document currency.
    """

    text: str
    account: str
    quantity: Decimal
    unit_cost: Decimal
    item: str | None = None
    uom: str = "STK"
    sub: str = "200-10"
    vat: str = "1"
    link: tuple[str, int, str | None, int | None] | None = None


def line_payload(place: int, line: Line, rate: Decimal, number: str) -> Payload:
    order, order_line, receipt, receipt_line = line.link or (None, None, None, None)
    payload: Payload = {
        "lineNumber": place,
        "inventoryNumber": line.item,
        "stockItem": line.item is not None,
        "transactionDescription": line.text,
        "quantity": shortest(line.quantity),
        "uom": line.uom,
        "discountPercent": ZERO,
        "discountAmount": ZERO,
        "discountAmountInCurrency": ZERO,
        "manualDiscount": False,
        "account": account(line.account) | {"active": True},
        "subaccount": subaccount(line.sub),
        "vatCode": vat_code(line.vat),
        "poNumber": order,
        "poLineNr": order_line,
        "poReceiptNbr": receipt,
        "poReceiptLineNbr": receipt_line,
        "branchNumber": branch(BRANCH_OF_PLACE[line.sub[-2:]]),
        "note": None,
        "project": {"internalId": 1, "id": "X", "description": "Ikke prosjekt"},
    }
    set_cost(payload, _cost(line), rate, number)
    return payload


def set_cost(line: Payload, cost: Decimal, rate: Decimal, number: str) -> None:
    """Give a line another cost in document currency; its unit cost follows."""
    unit = rounded(cost / line["quantity"], FOUR_PLACES) if line["quantity"] else cost
    line["costInCurrency"] = spelled(cost, number)
    line["cost"] = spelled(in_kroner(cost, rate), number)
    line["unitCostInCurrency"] = spelled(unit, number)
    line["unitCost"] = spelled(rounded(unit * rate, FOUR_PLACES), number)


def in_kroner(amount: Decimal, rate: Decimal) -> Decimal:
    """With as many decimals as the amount itself has: two, or four."""
    return rounded(amount * rate, step_of(amount))


def _cost(line: Line) -> Decimal:
    """A cost is in cents, unless a small quantity of something tiny needs four decimals."""
    exact = line.quantity * line.unit_cost
    return rounded(exact, FOUR_PLACES if exact < 100 else CENT)
