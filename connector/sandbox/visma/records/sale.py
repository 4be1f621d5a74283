"""One line of a customer's invoice or credit note."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import CENT, FOUR_PLACES, ZERO, rounded, shortest, spelled
from connector.sandbox.visma.records.invoice_line import BRANCH_OF_PLACE, in_kroner
from connector.sandbox.visma.records.references import account, branch, subaccount, vat_code

Payload = dict[str, Any]


@dataclass(frozen=True)
class Sale:
    """One line: what was sold; the price is in the document's currency."""

    text: str
    quantity: Decimal
    price: Decimal
    item: str | None = None
    uom: str = "STK"
    account: str = "3000"
    sub: str = "100-10"
    vat: str = "3"


def sale_payload(place: int, sale: Sale, *, number: str, rate: Decimal) -> Payload:
    exact = sale.quantity * sale.price
    cost = rounded(exact, FOUR_PLACES if exact < 100 else CENT)
    return {
        "lineNumber": place,
        "inventoryNumber": sale.item,
        "description": sale.text,
        "quantity": shortest(sale.quantity),
        "unitPrice": spelled(rounded(sale.price * rate, FOUR_PLACES), number),
        "unitPriceInCurrency": spelled(sale.price, number),
        "amount": spelled(in_kroner(cost, rate), number),
        "amountInCurrency": spelled(cost, number),
        "account": account(sale.account) | {"active": True},
        "vatCode": vat_code(sale.vat),
        "uom": sale.uom,
        "discountPercent": ZERO,
        "discountAmount": ZERO,
        "discountAmountInCurrency": ZERO,
        "manualDiscount": False,
        "subaccount": subaccount(sale.sub),
        "note": None,
        "branchNumber": branch(BRANCH_OF_PLACE[sale.sub[-2:]]),
        "soOrderType": None,
        "soOrderNbr": None,
        "soShipmentNbr": None,
    }
