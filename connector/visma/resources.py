"""The Visma resources on offer: where each is read, what identifies a row, how it pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The page asked for. Visma clamps a larger one silently and says its own cap in metadata.
PAGE = 1000
LINES = "journalTransactionLines"
JOURNAL_PAGE = 5000  # lines; a batch of payroll alone has hundreds
# Without a period or a date the journal answers nothing. No ledger of Visma.net is older.
FIRST_DAY = "1990-01-01T00:00:00"


@dataclass(frozen=True)
class Resource:
    """``key_fields`` joined by ":" is the key; ``single_path`` takes them in the same order.

    Without a ``single_path`` a record is found by reading the list. A key field may be a path
    (``dimension.id``). ``modified_field`` is both the field of a row and the name of the filter,
    which Visma honours only together with its condition; not ``filtered`` means that there is no
    such filter. ``asks`` are the parameters that bring what a list leaves out otherwise.
    ``conditional`` is whether the filter takes a condition; where it does not, a date is mandatory
    and ``first_day`` stands for "everything". ``by_lines``: pages and totals count the lines of
    batches; ``joined`` says that records are the batches, not their lines.
    """

    entity: str
    path: str
    single_path: str
    key_fields: tuple[str, ...]
    path_fields: tuple[str, ...] = ()  # the parts of the key the single path takes; () = all
    modified_field: str = "lastModifiedDateTime"
    paged: bool = True
    max_page: int = PAGE
    filtered: bool = True
    asks: tuple[str, ...] = ()
    conditional: bool = True
    first_day: str = ""
    by_lines: bool = False
    joined: bool = False

    def key_of(self, payload: Mapping[str, Any]) -> str:
        """KeyError when a part is missing or empty: such a row cannot be told from another."""
        parts = [_at(payload, field) for field in self.key_fields]
        missing = [f for f, part in zip(self.key_fields, parts, strict=True) if part in (None, "")]
        if missing:
            raise KeyError(*missing)
        return ":".join(str(part) for part in parts)

    def path_parts(self, key: str) -> list[str]:
        """The key's parts for the single path. Only the last part may itself contain a colon."""
        parts = dict(zip(self.key_fields, key.split(":", len(self.key_fields) - 1), strict=True))
        return [parts[field] for field in self.path_fields or self.key_fields]


RESOURCES: dict[str, Resource] = {
    each.entity: each
    for each in (
        Resource(
            entity="supplier_invoice",
            path="/v1/supplierInvoice",
            # The form without a document type answers for type Invoice only.
            single_path="/v1/supplierInvoice/{}/{}",
            key_fields=("documentType", "referenceNumber"),
        ),
        Resource(
            entity="purchase_order",
            path="/v1/purchaseorder",
            single_path="/v1/purchaseorder/{}",
            key_fields=("orderType", "orderNbr"),
            path_fields=("orderNbr",),
        ),
        Resource(
            entity="supplier",
            path="/v1/supplier",
            single_path="/v1/supplier/{}",
            key_fields=("number",),
        ),
        Resource(
            entity="purchase_receipt",
            # Reads of v1 end on 2026-09-15.
            path="/v2/PurchaseReceipt",
            single_path="/v2/PurchaseReceipt/{}",
            key_fields=("receiptType", "receiptNbr"),
            path_fields=("receiptNbr",),
            max_page=500,
            asks=("expandNote", "includeCustomFreeFields"),
        ),
        Resource(
            entity="customer",
            path="/v1/customer",
            single_path="/v1/customer/{}",
            key_fields=("number",),
            asks=("expandAccountInformation",),
        ),
        Resource(
            entity="customer_invoice",
            path="/v1/customerinvoice",
            single_path="/v1/customerinvoice/{}",
            key_fields=("documentType", "referenceNumber"),
            path_fields=("referenceNumber",),
            asks=("expandApplications", "expandDunningInformation", "expandInvoiceAddress"),
        ),
        Resource(
            entity="customer_document",
            path="/v1/customerdocument",
            # Invoices, credit notes and payments share a series of numbers only by accident, and
            # the ledger has no address for one of them.
            single_path="",
            key_fields=("documentType", "referenceNumber"),
        ),
        Resource(
            entity="employee",
            path="/v1/employee",
            single_path="/v1/employee/{}",
            key_fields=("employeeNumber",),
        ),
        Resource(
            entity="gl_account",
            path="/v1/account",
            single_path="/v1/account/{}",
            key_fields=("accountCD",),
            paged=False,
            asks=("includeAccountClassDescription",),
        ),
        Resource(
            entity="subaccount",
            path="/v1/subaccount",
            single_path="/v1/subaccount/{}",
            key_fields=("subaccountNumber",),
        ),
        Resource(
            entity="dimension_value",
            path="/v1/dimension",
            single_path="",
            key_fields=("dimension.id", "segment.segmentId", "valueId"),
            modified_field="lastModified",
            paged=False,
            # The filter is published without a word on what it compares: the dimension or its
            # values. All values are read, and a value that has not changed writes nothing.
            filtered=False,
        ),
        Resource(
            entity="journal_transaction",
            path="/v2/journaltransaction",
            # Its address for one batch takes the number alone, which two modules may share.
            single_path="",
            key_fields=("module", "batchNumber"),
            max_page=JOURNAL_PAGE,
            conditional=False,
            first_day=FIRST_DAY,
            by_lines=True,
            joined=True,
        ),
        Resource(
            entity="gl_entry",
            path="/v2/journaltransaction",
            single_path="",
            key_fields=("batch.module", "batch.batchNumber", "lineNumber"),
            max_page=JOURNAL_PAGE,
            conditional=False,
            first_day=FIRST_DAY,
            by_lines=True,
        ),
    )
}


def _at(payload: Mapping[str, Any], path: str) -> Any:
    found: Any = payload
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
