"""Which records are read where, by which filters, how many to a page."""

from dataclasses import dataclass

from connector.sandbox.visma.query import (
    AnyLine,
    Contains,
    DateBound,
    Equal,
    Filter,
    NumberBound,
    Released,
)

DOCUMENT_TYPES = (
    "Check", "CreditAdj", "DebitAdj", "Invoice", "Prepayment", "QuickCheck", "Refund", "VoidCheck",
    "VoidQuickCheck",
)  # fmt: skip
INVOICE_STATUSES = (
    "Hold", "Balanced", "Voided", "Scheduled", "Open", "Closed", "Printed", "Prebooked", "Reserved",
)  # fmt: skip
ORDER_STATUSES = (
    "Balanced", "Cancelled", "Closed", "Hold", "Open", "PendingEmail", "PendingPrint", "Printed",
    "Voided",
)  # fmt: skip
ORDER_TYPES = ("RegularOrder", "DropShip", "Blanket", "StandardBlanket")
PARTY_STATUSES = ("Active", "OnHold", "HoldPayments", "Inactive", "OneTime")


@dataclass(frozen=True)
class Resource:
    """``expands`` maps a field left out of lists to the parameter that asks for it.

    ``cap`` 0 means that the whole list comes in one answer. ``only`` is the document type this
    address serves, ``fields`` all that it shows, ``without`` what it never shows, ``names`` what
    is called otherwise here. ``keys`` are the parts of a single record's path; () when there is
    no such path.
    """

    entity: str
    path: str
    filters: tuple[Filter, ...] = ()
    expands: tuple[tuple[str, str], ...] = ()
    cap: int = 1000
    keys: tuple[str, ...] = ("number",)
    only: str = ""
    fields: frozenset[str] | None = None
    without: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "supplier_invoice",
        "v1/supplierinvoice",
        (
            Equal("supplier", "supplier.number"),
            Equal("documentType", "documentType", DOCUMENT_TYPES),
            Equal("status", "status", INVOICE_STATUSES),
            Equal("branch", "branchNumber.number"),
            Equal("financialPeriod", "financialPeriod"),
            AnyLine("project", "invoiceLines", "project.id"),
            AnyLine("item", "invoiceLines", "inventoryNumber"),
            Released(),
            DateBound("dueDate", "dueDate"),
            DateBound("docDate", "date"),
            DateBound("createdDateTime", "createdDateTime"),
            NumberBound("balance", "balance"),
        ),
        expands=(
            ("attachments", "expandAttachment"),
            ("landedCosts", "expandLandedCosts"),
            ("approvalDetails", "expandApproval"),
            ("note", "expandNote"),
        ),
        keys=("documentType", "referenceNumber"),
    ),
    Resource(
        "purchase_order",
        "v1/purchaseorder",
        (
            Equal("orderType", "orderType", ORDER_TYPES),
            # The how-to filters by "status", which is no parameter and therefore ignored.
            Equal("orderStatus", "status", ORDER_STATUSES),
            Equal("supplier", "supplier.number"),
            Equal("branch", "branch.number"),
            DateBound("orderDate", "date"),
            DateBound("deliveryDate", "promisedOn"),
        ),
        cap=500,
    ),
    Resource(
        "purchase_receipt",
        "v2/purchasereceipt",
        (
            Equal("receiptType", "receiptType", ("PoReceipt", "PoReturn", "TransferReceipt")),
            Equal("status", "status", ("Hold", "Balanced", "Released", "Cancelled")),
            Equal("supplier", "supplier.number"),
            AnyLine("poOrderNbr", "lines", "poOrderNbr"),
            Equal("branch", "branchNumber.number"),
            Equal("finPeriod", "postPeriod"),
            DateBound("receiptDate", "date"),
            DateBound("dueDate", "dueDate"),
        ),
        expands=(("note", "expandNote"),),
        cap=500,
    ),
    Resource(
        "supplier",
        "v1/supplier",
        (
            Contains("name", "name"),
            Equal("status", "status", PARTY_STATUSES),
            Equal("vatRegistrationId", "vatRegistrationId"),
            Equal("corporateId", "corporateId"),
        ),
        expands=(("glAccounts", "expandAccountInformation"), ("note", "expandNote")),
    ),
    Resource(
        "organization",
        "v1/organization",
        expands=(("branches", "expandBranches"), ("bankSettings", "expandBankSettings")),
        cap=0,
    ),
)
