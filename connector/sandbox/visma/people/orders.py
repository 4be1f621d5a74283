"""The buyer, and the one who opens the gate for the lorry."""

from collections.abc import Mapping
from typing import Any

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.money import decimal_of
from connector.sandbox.visma.people.values import Fields, day_text, one_of, text, write
from connector.sandbox.visma.receiving import (
    RefusedError,
    add_order_lines,
    new_receipt,
    put_on_hold,
    release,
    set_quantities,
    store,
)
from connector.sandbox.visma.records.order_state import cancel, follow
from connector.sandbox.visma.resources import ORDER_STATUSES
from connector.sandbox.visma.tables import Payload

FIELDS: Fields = {
    "description": ("description", text),
    "status": ("status", one_of(*ORDER_STATUSES)),
    "promised_on": ("promisedOn", day_text),
    "supplier_reference": ("supplierRef", text),
    "note": ("note", text),
}


class OrderDesk:
    company: Company

    def edit_order(self, number: str, **changes: Any) -> Payload:
        """``changes`` are the names of ``FIELDS``."""
        with self.company.lock:
            payload = self.company.draft("purchase_order", number)
            write(payload, FIELDS, changes)
            follow(payload)
            return self.company.change("purchase_order", payload, "order_edited")

    def cancel_order(self, number: str) -> Payload:
        with self.company.lock:
            payload = self.company.draft("purchase_order", number)
            if any(line["qtyOnReceipts"] for line in payload["lines"]):
                raise ValueError(f"goods of {number} are already on a receipt")
            cancel(payload)
            return self.company.change("purchase_order", payload, "order_cancelled")

    def receive(
        self, number: str, quantities: Mapping[Any, Any] | None = None, *, released: bool = True
    ) -> str:
        """Everything still open, or quantities by line; returns the receipt's number."""
        with self.company.lock:
            try:
                return self._receive(number, quantities, released=released)
            except RefusedError as why:
                raise ValueError(str(why)) from None

    def release_receipt(self, number: str) -> Payload:
        with self.company.lock:
            target = self.company.draft("purchase_receipt", number)
            put_on_hold(target, hold=False)
            try:
                release(self.company, target)
            except RefusedError as why:
                raise ValueError(str(why)) from None
            return store(self.company, target, "receipt_released")

    def _receive(self, number: str, quantities: Mapping[Any, Any] | None, *, released: bool) -> str:
        company = self.company
        order = company.get("purchase_order", number)
        supplier = company.get("supplier", order["supplier"]["number"])
        target = new_receipt(
            company, supplier, currency=order["currency"], rate=order["exchangeRate"]
        )
        target["branchNumber"], target["warehouse"] = order["branch"], order["warehouse"]
        add_order_lines(company, target, number)
        if quantities is not None:
            set_quantities(target, {int(line): decimal_of(n) for line, n in quantities.items()})
        put_on_hold(target, hold=False)
        if released:
            release(company, target)
        return str(store(company, target, "goods_received")["receiptNbr"])
