"""Customer invoices with their lines, dunning and how they were sent."""

from mappings.catalog.computed import KEY_FIELD, all_of, count_of, sum_of, summary_of
from mappings.catalog.kinds import Entity, Field, Kind, Lines
from mappings.catalog.money import company, in_currency
from mappings.catalog.receivables import AGEING_FIELDS, BOOKING, DATES, HEAD, MONEY

_LINES = "invoiceLines"

_MORE_HEAD = (
    Field(
        "paymentReference",
        "Payment reference (KID, OCR)",
        Kind.CODE,
        "What the customer pays with.",
    ),
    Field("externalReference", "External reference", Kind.CODE),
    Field("hold", "On hold", Kind.BOOLEAN),
    Field("revoked", "Revoked", Kind.BOOLEAN),
    Field("contact.name", "Contact person", Kind.TEXT),
    Field("salesPerson.id", "Salesperson code", Kind.CODE),
    Field("salesPerson.description", "Salesperson", Kind.TEXT),
    Field("accountingCostRef", "Accounting cost reference", Kind.CODE),
    Field("originatorDocRef", "Originator reference", Kind.CODE),
    Field("contractDocRef", "Contract reference", Kind.CODE),
    Field("cashDiscountDate", "Cash discount date", Kind.DATE, "Last day for the discount."),
    Field("startDate", "Period from", Kind.DATE),
    Field("endDate", "Period to", Kind.DATE),
    Field("sendToAutoInvoice", "Sent by AutoInvoice", Kind.BOOLEAN),
    Field("dontPrint", "Not to be printed", Kind.BOOLEAN),
    Field("dontEmail", "Not to be e-mailed", Kind.BOOLEAN),
)
_DUNNING = (
    Field("dunningLetterDate", "Reminder date", Kind.DATE, "When the last reminder was sent."),
    Field("dunningLetterLevel", "Reminder level", Kind.INTEGER),
    Field("excludeDebtCollection", "Kept from debt collection", Kind.BOOLEAN),
    Field("debtCollection.caseNumber", "Debt collection case", Kind.CODE),
    Field("debtCollection.caseStatus", "Debt collection status", Kind.TEXT),
    Field("debtCollection.caseUrl", "Debt collection link", Kind.URL),
)
_MORE_MONEY = (
    *in_currency("detailTotal", "Total of lines", "Usually the amount without VAT."),
    *in_currency("vatTaxableTotal", "Taxable total", "What VAT was counted on."),
    *in_currency("vatExemptTotal", "VAT-exempt total"),
    *in_currency("discountTotal", "Discount"),
    company("roundingDiff", "Rounding difference"),
    Field("exchangeRate", "Exchange rate", Kind.RATE),
)
_MORE_BOOKING = (
    Field("creditTerms.id", "Payment terms code", Kind.CODE),
    Field("creditTerms.description", "Payment terms", Kind.TEXT),
    Field("customerVatZone.id", "VAT zone code", Kind.CODE),
    Field("customerVatZone.description", "VAT zone", Kind.TEXT),
)
_ADDRESS = (
    Field("invoiceAddress.addressLine1", "Invoice address", Kind.TEXT),
    Field("invoiceAddress.addressLine2", "Invoice address, line 2", Kind.TEXT),
    Field("invoiceAddress.postalCode", "Postal code", Kind.CODE),
    Field("invoiceAddress.city", "City", Kind.TEXT),
    Field("invoiceAddress.country.id", "Country", Kind.COUNTRY),
    Field("invoiceContact.attention", "Attention", Kind.TEXT),
    Field("invoiceContact.email", "E-mail", Kind.EMAIL),
    Field("invoiceContact.phone1", "Phone", Kind.PHONE, unit="invoiceAddress.country.id"),
)
_PAID = Field(
    "applied", "Applied payments", Kind.AMOUNT, "Payments and credits set against it.", "currencyId"
)
_FROM_LINES = (
    all_of(_LINES, "soOrderNbr", Field("sales_orders", "Sales order numbers", Kind.TEXT)),
    all_of(_LINES, "soShipmentNbr", Field("shipments", "Shipment numbers", Kind.TEXT)),
    all_of(_LINES, "inventoryNumber", Field("item_numbers", "Item numbers", Kind.TEXT)),
    all_of(_LINES, "account.number", Field("accounts", "GL accounts", Kind.TEXT)),
    all_of(_LINES, "subaccount.subaccountNumber", Field("subaccounts", "Subaccounts", Kind.TEXT)),
    sum_of("applications", "amountPaid", _PAID),
    count_of(_LINES),
    summary_of(
        _LINES,
        quantity="quantity",
        texts=("inventoryNumber", "description"),
        amount="amountInCurrency",
    ),
)
_LINE_FIELDS = (
    Field("lineNumber", "Line number", Kind.INTEGER),
    Field("inventoryNumber", "Item number", Kind.CODE),
    Field("description", "Line text", Kind.TEXT),
    Field("quantity", "Quantity", Kind.QUANTITY, "", "uom"),
    Field("uom", "Unit", Kind.CODE),
    *in_currency("unitPrice", "Unit price"),
    *in_currency("amount", "Amount"),
    Field("discountPercent", "Discount percent", Kind.RATE),
    *in_currency("discountAmount", "Discount"),
    Field("account.number", "Account", Kind.CODE),
    Field("account.description", "Account name", Kind.TEXT),
    Field("subaccount.subaccountNumber", "Subaccount", Kind.CODE),
    Field("vatCode.id", "VAT code", Kind.CODE),
    Field("soOrderNbr", "Sales order number", Kind.CODE),
    Field("soShipmentNbr", "Shipment number", Kind.CODE),
    Field("branchNumber.number", "Branch number", Kind.CODE),
    Field("projectTask.id", "Project task", Kind.CODE),
    Field("startDate", "From", Kind.DATE),
    Field("endDate", "To", Kind.DATE),
    Field("note", "Line note", Kind.LONG_TEXT),
)

CUSTOMER_INVOICE = Entity(
    name="customer_invoice",
    label="Customer invoice",
    plural="Customer invoices",
    fields=(
        KEY_FIELD,
        *HEAD,
        *_MORE_HEAD,
        *DATES,
        *AGEING_FIELDS,
        *_DUNNING,
        *MONEY,
        *_MORE_MONEY,
        *BOOKING,
        *_MORE_BOOKING,
        *_ADDRESS,
        *_FROM_LINES,
    ),
    number="referenceNumber",
    item_name="{referenceNumber} {customer.name}",
    help="What you bill your customers, with lines and reminders.",
    party="customer.name",
    number_of_party="customer.number",
    amount="amountInCurrency",
    currency="currencyId",
    status="status",
    date="documentDate",
    document_type="documentType",
    branch="branchNumber.number",
    lines=Lines(_LINES, "Line", _LINE_FIELDS),
)
