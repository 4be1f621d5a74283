"""What customer invoices and customer documents share.

Plain amounts are company currency, ``…InCurrency`` the document's own. Credit notes carry positive
amounts (measured): the ``signed`` transform turns them.
"""

from collections.abc import Callable

from mappings.ageing import AGEING, buckets
from mappings.catalog.kinds import Field, Kind, Payload, Value
from mappings.catalog.money import in_currency

DOCUMENT_TYPES = (
    "Invoice",
    "CreditNote",
    "DebitNote",
    "Payment",
    "VoidPayment",
    "Prepayment",
    "Refund",
    "FinCharge",
    "SmallBalanceWo",
    "SmallCreditWo",
    "CashSale",
    "CashReturn",
    "Undefined",
    "NoUpdate",
)
STATUSES = (
    "Hold",
    "Balanced",
    "Open",
    "Closed",
    "Voided",
    "PendingPrint",
    "PendingEmail",
    "Scheduled",
    "CreditHold",
    "CcHold",
    "Reserved",
)


def _aged(name: str) -> Callable[[Payload], Value]:
    """Laid beside the record for the day it is shown on; see mappings.ageing."""
    return lambda payload: payload.get(AGEING, {}).get(name)


_AGED_BY = ("documentDueDate", "status", "balanceInCurrency")
AGEING_FIELDS = (
    Field(
        "ageing_bucket",
        "Ageing",
        Kind.CHOICE,
        "How long an open document is overdue today. Empty once it is paid.",
        choices=buckets(),
        compute=_aged("ageing_bucket"),
        reads=_AGED_BY,
    ),
    Field(
        "days_overdue",
        "Days overdue",
        Kind.INTEGER,
        "Counted every day while the document is open; 0 before it is due. Empty once it is paid.",
        compute=_aged("days_overdue"),
        reads=_AGED_BY,
    ),
)
HEAD = (
    Field("referenceNumber", "Reference number", Kind.CODE, "Visma's own number of the document."),
    Field("documentType", "Document type", Kind.CHOICE, choices=DOCUMENT_TYPES),
    Field("customer.number", "Customer number", Kind.CODE),
    Field("customer.name", "Customer name", Kind.TEXT),
    Field("customerRefNumber", "Customer's reference", Kind.CODE, "The customer's order number."),
    Field("invoiceText", "Invoice text", Kind.TEXT),
    Field("note", "Visma note", Kind.LONG_TEXT, "The note kept on the document in Visma."),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("customerProject", "Customer's project", Kind.TEXT),
)
DATES = (
    Field("documentDate", "Invoice date", Kind.DATE),
    Field("documentDueDate", "Due date", Kind.DATE),
    Field("origInvoiceDate", "Original invoice date", Kind.DATE),
    Field("createdDateTime", "Created in Visma", Kind.DATETIME),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    Field("postPeriod", "Posting period", Kind.CODE, "Year and period, such as 202607."),
    Field("financialPeriod", "Financial period", Kind.CODE, "Year and period, such as 202607."),
    Field("closedFinancialPeriod", "Closed in period", Kind.CODE, "When it was paid in full."),
)
MONEY = (
    *in_currency("amount", "Amount", "Total with VAT."),
    *in_currency("balance", "Balance", "What the customer still owes."),
    *in_currency("vatTotal", "VAT"),
    *in_currency("cashDiscount", "Cash discount", "Less to pay if paid in time."),
    Field("currencyId", "Currency", Kind.CODE, "Currency of the document, such as NOK."),
)
BOOKING = (
    Field("branchNumber.number", "Branch number", Kind.CODE),
    Field("branchNumber.name", "Branch", Kind.TEXT),
    Field("paymentMethod.id", "Payment method code", Kind.CODE),
    Field("paymentMethod.description", "Payment method", Kind.TEXT),
    Field("cashAccount", "Cash account", Kind.CODE),
    Field("location.id", "Customer location code", Kind.CODE),
    Field("location.name", "Customer location", Kind.TEXT),
    Field("location.countryId", "Customer country", Kind.COUNTRY),
    Field("project.id", "Project code", Kind.CODE),
    Field("project.description", "Project", Kind.TEXT),
    Field("account.number", "Receivables account", Kind.CODE),
    Field("account.description", "Receivables account name", Kind.TEXT),
    Field("subaccount.subaccountNumber", "Subaccount", Kind.CODE),
    Field("subaccount.description", "Subaccount name", Kind.TEXT),
)
