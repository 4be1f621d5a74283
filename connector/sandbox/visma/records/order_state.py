"""How an order's lines, status and open sums follow what happens to it."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connector.sandbox.visma.money import ZERO, rounded, shortest, spelled

Payload = dict[str, Any]
NOTHING: Mapping[int, Decimal] = MappingProxyType({})


def follow(payload: Payload, released: Mapping[int, Decimal] = NOTHING) -> None:
    """Open quantity, open balance and status from the lines, after anything happened to them.

    ``released`` is the quantity on released receipts per line: only that completes a line,
    whereas ``qtyOnReceipts`` also counts receipts not yet released.
    """
    for line in payload["lines"]:
        if not line["completed"]:
            line["completed"] = is_done(line, released.get(line["lineNbr"], ZERO))
    waiting = [line for line in payload["lines"] if not line["completed"]]
    quantity = sum((open_quantity(line) for line in waiting), ZERO)
    balance = sum((rounded(open_quantity(ln) * ln["unitCost"]) for ln in waiting), ZERO)
    payload["openQuantity"] = shortest(quantity)
    payload["openBalance"] = spelled(balance, payload["orderNbr"])
    if not waiting and payload["status"] == "Open":
        payload["status"] = "Closed"
    elif waiting and payload["status"] == "Closed":
        payload["status"] = "Open"
    payload["hold"] = payload["status"] == "Hold"


def is_done(line: Payload, released: Decimal) -> bool:
    return bool(released) and released >= line["orderQty"] * line["completeOn"] / 100


def open_quantity(line: Payload) -> Decimal:
    """What no receipt holds yet, released or not; surplus is not owed back."""
    return max(Decimal(line["orderQty"] - line["qtyOnReceipts"]), ZERO)


def cancel(payload: Payload) -> None:
    """A cancelled line is also ``completed``: test ``canceled`` first."""
    payload["status"] = "Cancelled"
    for line in payload["lines"]:
        line["canceled"] = line["completed"] = True
    follow(payload)
