"""Supplier invoices: plain amounts are company currency, ``…InCurrency`` the document's own."""

from mappings.catalog.computed import KEY_FIELD, all_of, count_of, first_of, summary_of
from mappings.catalog.kinds import Entity, Field, Kind, Lines
from mappings.catalog.money import TOTAL_PARTS, company, in_currency, total_in_currency

DOCUMENT_TYPES = (
    "Invoice",
    "CreditAdj",
    "DebitAdj",
    "Prepayment",
    "Check",
    "QuickCheck",
    "Refund",
    "VoidCheck",
    "VoidQuickCheck",
)
STATUSES = (
    "Hold",
    "Balanced",
    "Open",
    "Closed",
    "Voided",
    "Prebooked",
    "Scheduled",
    "Printed",
    "Reserved",
)
APPROVALS = (
    "New",
    "SentToApproval",
    "ReceivedByApproval",
    "InProgressApproval",
    "ApprovedInApproval",
    "RejectedInApproval",
    "Canceled",
    "ActiveWorkflowApproval",
)
_LINES = "invoiceLines"

_PARTY_AND_NUMBERS = (
    Field("referenceNumber", "Reference number", Kind.CODE, "Visma's own number of the invoice."),
    Field(
        "supplierReference",
        "Supplier's invoice number",
        Kind.CODE,
        "The number on the supplier's paper.",
    ),
    Field(
        "documentType",
        "Document type",
        Kind.CHOICE,
        "DebitAdj is a credit note from the supplier.",
        choices=DOCUMENT_TYPES,
    ),
    Field("supplier.number", "Supplier number", Kind.CODE),
    Field("supplier.name", "Supplier name", Kind.TEXT),
    Field(
        "paymentRefNo",
        "Payment reference (KID, OCR)",
        Kind.CODE,
        "KID in Norway, OCR in Sweden, viite in Finland.",
    ),
    Field("paymentMessage", "Payment message", Kind.TEXT),
    Field("buyerReference", "Our reference", Kind.TEXT, "Who ordered, as the supplier wrote it."),
    Field("description", "Description", Kind.TEXT),
    Field("note", "Visma note", Kind.LONG_TEXT, "The note kept on the invoice in Visma."),
)
_DATES = (
    Field("date", "Invoice date", Kind.DATE),
    Field("dueDate", "Due date", Kind.DATE),
    Field("payDate", "Pay date", Kind.DATE, "When Visma plans to pay."),
    Field("cashDiscountDate", "Cash discount date", Kind.DATE, "Last day for the discount."),
    Field("origInvoiceDate", "Original invoice date", Kind.DATE),
    Field("createdDateTime", "Created in Visma", Kind.DATETIME),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    Field("postPeriod", "Posting period", Kind.CODE, "Year and period, such as 202607."),
    Field("financialPeriod", "Financial period", Kind.CODE, "Year and period, such as 202607."),
    Field(
        "closedFinancialPeriod",
        "Closed in period",
        Kind.CODE,
        "Year and period of the last payment.",
    ),
)
_STATE = (
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("approvalStatus", "Approval status", Kind.CHOICE, choices=APPROVALS),
    Field("approvalDetails.comment", "Approval comment", Kind.TEXT),
    Field("hold", "On hold", Kind.BOOLEAN),
    Field("paySelected", "Selected for payment", Kind.BOOLEAN),
)
_MONEY = (
    *in_currency("balance", "Balance", "What is still to be paid."),
    *in_currency("detailTotal", "Total of lines", "Usually the amount without VAT."),
    *in_currency("vatTotal", "VAT", "All VAT of the invoice."),
    *in_currency("vatTaxableTotal", "Taxable total", "What VAT was counted on."),
    *in_currency("vatExemptTotal", "VAT-exempt total"),
    *in_currency("discountTotal", "Discount"),
    *in_currency("cashDiscount", "Cash discount", "Less to pay if paid in time."),
    *in_currency("withholdingTax", "Withholding tax"),
    *in_currency("roundingDiff", "Rounding difference"),
    company("vatAmount", "VAT amount as entered", "What was typed for check."),
    Field("currencyId", "Currency", Kind.CODE, "Currency of the invoice, such as NOK."),
    Field("exchangeRate", "Exchange rate", Kind.RATE),
)
_TOTALS = (
    company("amount", "Amount", "Total with VAT."),
    Field(
        "amount_in_currency",
        "Amount in document currency",
        Kind.AMOUNT,
        "Total with VAT. Empty where Visma's parts do not add up to its total. "
        "In the currency of the document.",
        "currencyId",
        compute=total_in_currency,
        reads=("amount", *TOTAL_PARTS),
    ),
)
_BOOKING = (
    Field("branchNumber.number", "Branch number", Kind.CODE),
    Field("branchNumber.name", "Branch", Kind.TEXT),
    Field("creditTerms.id", "Payment terms code", Kind.CODE),
    Field("creditTerms.description", "Payment terms", Kind.TEXT),
    Field("paymentMethod.id", "Payment method code", Kind.CODE),
    Field("paymentMethod.description", "Payment method", Kind.TEXT),
    Field("cashAccount", "Cash account", Kind.CODE),
    Field("location.id", "Supplier location code", Kind.CODE),
    Field("location.name", "Supplier location", Kind.TEXT),
    Field("location.countryId", "Supplier country", Kind.COUNTRY),
    Field("supplierTaxZone.id", "VAT zone code", Kind.CODE),
    Field("supplierTaxZone.description", "VAT zone", Kind.TEXT),
    Field(
        "taxCalculationMode",
        "Prices with or without VAT",
        Kind.CHOICE,
        choices=("TaxSetting", "Gross", "Net"),
    ),
)
_FROM_LINES = (
    first_of(_LINES, "poNumber", Field("po_number", "Purchase order number", Kind.CODE)),
    all_of(_LINES, "poNumber", Field("po_numbers", "All purchase order numbers", Kind.TEXT)),
    all_of(_LINES, "poReceiptNbr", Field("receipt_numbers", "Purchase receipt numbers", Kind.TEXT)),
    all_of(_LINES, "account.number", Field("accounts", "GL accounts", Kind.TEXT)),
    all_of(_LINES, "subaccount.subaccountNumber", Field("subaccounts", "Subaccounts", Kind.TEXT)),
    all_of(_LINES, "project.id", Field("projects", "Projects", Kind.TEXT)),
    count_of(_LINES),
    summary_of(
        _LINES,
        quantity="quantity",
        texts=("inventoryNumber", "transactionDescription"),
        amount="costInCurrency",
    ),
)
_LINE_FIELDS = (
    Field("lineNumber", "Line number", Kind.INTEGER),
    Field("inventoryNumber", "Item number", Kind.CODE),
    Field("transactionDescription", "Line text", Kind.TEXT),
    Field("quantity", "Quantity", Kind.QUANTITY),
    Field("uom", "Unit", Kind.CODE),
    *in_currency("unitCost", "Unit cost"),
    *in_currency("cost", "Cost"),
    Field("discountPercent", "Discount percent", Kind.RATE),
    *in_currency("discountAmount", "Discount"),
    Field("account.number", "Account", Kind.CODE),
    Field("account.description", "Account name", Kind.TEXT),
    Field("subaccount.subaccountNumber", "Subaccount", Kind.CODE),
    Field("subaccount.description", "Subaccount name", Kind.TEXT),
    Field("vatCode.id", "VAT code", Kind.CODE),
    Field("poNumber", "Purchase order number", Kind.CODE),
    Field("poLineNr", "Purchase order line", Kind.INTEGER),
    Field("poReceiptNbr", "Purchase receipt number", Kind.CODE),
    Field("poReceiptLineNbr", "Purchase receipt line", Kind.INTEGER),
    Field("branchNumber.number", "Branch number", Kind.CODE),
    Field("project.id", "Project", Kind.CODE),
    Field("projectTask.id", "Project task", Kind.CODE),
    Field("deferralCode", "Deferral code", Kind.CODE),
    Field("note", "Line note", Kind.LONG_TEXT),
)

SUPPLIER_INVOICE = Entity(
    name="supplier_invoice",
    label="Supplier invoice",
    plural="Supplier invoices",
    fields=(
        KEY_FIELD,
        *_PARTY_AND_NUMBERS,
        *_DATES,
        *_STATE,
        *_TOTALS,
        *_MONEY,
        *_BOOKING,
        *_FROM_LINES,
    ),
    number="referenceNumber",
    item_name="{referenceNumber} {supplier.name}",
    help="What suppliers bill you, credit notes among them.",
    party="supplier.name",
    number_of_party="supplier.number",
    amount="amount_in_currency",
    currency="currencyId",
    status="status",
    date="date",
    document_type="documentType",
    branch="branchNumber.number",
    lines=Lines(_LINES, "Line", _LINE_FIELDS),
)
