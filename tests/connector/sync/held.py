"""A receipt that the rule leaves on hold, and what people do about it."""

from dataclasses import dataclass
from typing import Any

from connector.models import GoodsReceipt
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.connector.sync.test_receipts import Set, close_bill, go, made


@dataclass
class Held:
    """An invoice that waits for its goods, which come: the rule leaves their receipt on hold."""

    sandbox: SandboxServer
    mapping: BoardMapping
    set_label: Set
    bill: Any

    def label(self) -> None:
        self.set_label(self.bill["referenceNumber"], "Received")

    def label_again(self) -> None:
        for text in ("Not received", "Received"):
            self.set_label(self.bill["referenceNumber"], text)
            self.go()

    def go(self) -> None:
        go(self.mapping)

    @property
    def receipt(self) -> str:
        """The number of the one receipt there is."""
        (found,) = made(self.sandbox)
        return str(found["receiptNbr"])

    def release(self) -> None:
        self.sandbox.visma.release_receipt(self.receipt)

    def cancel(self) -> None:
        company = self.sandbox.visma.company
        with company.lock:
            payload = company.draft("purchase_receipt", self.receipt)
            payload["status"] = "Cancelled"
            company.change("purchase_receipt", payload, "receipt_cancelled")

    def close_bill(self) -> None:
        close_bill(self.sandbox, self.bill["referenceNumber"])

    def try_out(self) -> None:
        self.mapping.receive["dry"] = True
        self.mapping.save()

    def fail(self, match: dict[str, Any], action: dict[str, Any]) -> None:
        GoodsReceipt.objects.update(not_before=None)
        self.sandbox.faults.add({"match": match, "do": [action]})

    def linked(self, bill: Any = None) -> set[str]:
        key = f"Invoice:{(bill or self.bill)['referenceNumber']}"
        after = self.sandbox.visma.company.get("supplier_invoice", key)
        return {line["poReceiptNbr"] for line in after["invoiceLines"]}
