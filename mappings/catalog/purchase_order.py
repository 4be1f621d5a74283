"""Purchase orders: plain amounts are order currency, ``…InBaseCurrency`` the company's."""

from mappings.catalog.computed import (
    KEY_FIELD,
    all_of,
    count_of,
    lines_of,
    sum_of,
    summary_of,
)
from mappings.catalog.kinds import Entity, Field, Kind, Lines, Payload
from mappings.catalog.money import document, in_base_currency

ORDER_TYPES = ("RegularOrder", "DropShip", "Blanket", "StandardBlanket")
STATUSES = (
    "Hold",
    "Balanced",
    "PendingPrint",
    "PendingEmail",
    "Printed",
    "Open",
    "Closed",
    "Cancelled",
    "Voided",
)
_LINES = "lines"


def all_received(payload: Payload) -> bool | None:
    """Whether every line that was not cancelled is completed; None without such lines.

    ``completed`` is the one reliable mark: quantities count unreleased receipts too.
    """
    live = [line for line in lines_of(payload, _LINES) if not line.get("canceled")]
    return all(bool(line.get("completed")) for line in live) if live else None


_HEAD = (
    Field("orderNbr", "Order number", Kind.CODE),
    Field("orderType", "Order type", Kind.CHOICE, choices=ORDER_TYPES),
    Field("supplier.number", "Supplier number", Kind.CODE),
    Field("supplier.name", "Supplier name", Kind.TEXT),
    Field("supplierRef", "Supplier's reference", Kind.CODE, "The supplier's own order number."),
    Field("description", "Description", Kind.TEXT),
    Field("note", "Visma note", Kind.LONG_TEXT, "The note kept on the order in Visma."),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("hold", "On hold", Kind.BOOLEAN),
    Field("date", "Order date", Kind.DATE),
    Field("promisedOn", "Promised date", Kind.DATE, "When the supplier promised delivery."),
    Field(
        "lastModifiedDateTime",
        "Last changed in Visma",
        Kind.DATETIME,
        "Receipts do not always move it.",
    ),
    Field("owner.name", "Order owner", Kind.TEXT, "Who owns the order in Visma."),
    Field("requisitionRefNbr", "Requisition number", Kind.CODE),
    Field("salesOrderNbr", "Sales order number", Kind.CODE),
    Field("salesOrderType", "Sales order type", Kind.CODE),
    Field("paymentRefNbr", "Payment reference", Kind.CODE),
    Field("printed", "Printed", Kind.BOOLEAN),
    Field("emailed", "E-mailed", Kind.BOOLEAN),
    Field("dontPrint", "Not to be printed", Kind.BOOLEAN),
    Field("dontEmail", "Not to be e-mailed", Kind.BOOLEAN),
)
_MONEY = (
    *in_base_currency("orderTotal", "Order total", "With VAT."),
    *in_base_currency("lineTotal", "Total of lines", "Without VAT."),
    *in_base_currency("taxTotal", "VAT"),
    *in_base_currency("vatExemptTotal", "VAT-exempt total"),
    *in_base_currency("controlTotal", "Control total", "Typed for check."),
    document("openBalance", "Open amount", "Ordered and not yet received.", unit="currency"),
    Field("openQuantity", "Open quantity", Kind.QUANTITY, "Ordered and not yet received."),
    Field("currency", "Currency", Kind.CODE, "Currency of the order, such as EUR."),
    Field("exchangeRate", "Exchange rate", Kind.RATE),
)
_DELIVERY = (
    Field("branch.number", "Branch number", Kind.CODE),
    Field("branch.name", "Branch", Kind.TEXT),
    Field("warehouse.id", "Warehouse code", Kind.CODE),
    Field("warehouse.description", "Warehouse", Kind.TEXT),
    Field(
        "shippingDestinationType",
        "Delivered to",
        Kind.CHOICE,
        choices=("CompanyLocation", "Customer", "Vendor", "Site"),
    ),
    Field("shipTo.number", "Receiver number", Kind.CODE),
    Field("shipTo.name", "Receiver", Kind.TEXT),
    Field("shippingContact.name", "Delivery company", Kind.TEXT),
    Field("shippingContact.attention", "Delivery contact", Kind.TEXT),
    Field("shippingContact.email", "Delivery e-mail", Kind.EMAIL),
    Field(
        "shippingContact.phone1", "Delivery phone", Kind.PHONE, unit="shippingAddress.country.id"
    ),
    Field("shippingAddress.addressLine1", "Delivery address", Kind.TEXT),
    Field("shippingAddress.addressLine2", "Delivery address, line 2", Kind.TEXT),
    Field("shippingAddress.postalCode", "Delivery postal code", Kind.CODE),
    Field("shippingAddress.city", "Delivery city", Kind.TEXT),
    Field("shippingAddress.country.id", "Delivery country", Kind.COUNTRY),
    Field("fobPoint", "FOB point", Kind.TEXT),
    Field("shipVia", "Carrier", Kind.TEXT),
    Field("shipTerms", "Delivery terms", Kind.TEXT),
    Field("terms.id", "Payment terms code", Kind.CODE),
    Field("terms.description", "Payment terms", Kind.TEXT),
    Field("location.name", "Supplier location", Kind.TEXT),
    Field("remitContact.attention", "Supplier contact", Kind.TEXT),
    Field("remitContact.email", "Supplier e-mail", Kind.EMAIL),
    Field("remitContact.phone1", "Supplier phone", Kind.PHONE, unit="remitAddress.country.id"),
    Field("supplierVatZone.id", "VAT zone code", Kind.CODE),
    Field("supplierVatZone.description", "VAT zone", Kind.TEXT),
)
_FREE = "A free field of your own in Visma."
_CUSTOM = (
    *(Field(f"customStr{n}", f"Custom text {n}", Kind.TEXT, _FREE) for n in range(1, 6)),
    *(Field(f"customDec{n}", f"Custom number {n}", Kind.QUANTITY, _FREE) for n in (1, 2)),
    *(Field(f"customInt{n}", f"Custom whole number {n}", Kind.INTEGER, _FREE) for n in (1, 2)),
    Field("customDateTimeUTC1", "Custom date", Kind.DATETIME, _FREE),
)
_ORDERED = Field("ordered_quantity", "Ordered quantity", Kind.QUANTITY, "All lines together.")
_ON_RECEIPTS = Field(
    "received_quantity",
    "Quantity on receipts",
    Kind.QUANTITY,
    "All lines together, receipts not yet released among them.",
)
_RECEIPTS = Field("receipt_numbers", "Purchase receipt numbers", Kind.TEXT)
_RECEIPT_STATUSES = Field(
    "receipt_statuses", "Purchase receipt statuses", Kind.TEXT, "Visma's words, each once."
)
_FROM_LINES = (
    Field(
        "received",
        "Everything received",
        Kind.BOOLEAN,
        "Every line that was not cancelled is completed.",
        compute=all_received,
        reads=("lines.0.completed", "lines.0.canceled"),
    ),
    sum_of(_LINES, "orderQty", _ORDERED),
    sum_of(_LINES, "qtyOnReceipts", _ON_RECEIPTS),
    all_of("purchaseReceipts", "receiptNumber", _RECEIPTS),
    all_of("purchaseReceipts", "status", _RECEIPT_STATUSES),
    all_of(_LINES, "inventory.number", Field("item_numbers", "Item numbers", Kind.TEXT)),
    all_of(_LINES, "project.id", Field("projects", "Projects", Kind.TEXT)),
    count_of(_LINES),
    summary_of(
        _LINES,
        quantity="orderQty",
        texts=("inventory.number", "lineDescription"),
        amount="extCost",
    ),
)
_LINE_FIELDS = (
    Field("lineNbr", "Line number", Kind.INTEGER),
    Field("inventory.number", "Item number", Kind.CODE),
    Field("inventory.description", "Item", Kind.TEXT),
    Field("lineType", "Line type", Kind.CHOICE),
    Field("lineDescription", "Line text", Kind.TEXT),
    Field("warehouse.id", "Warehouse code", Kind.CODE),
    Field("warehouse.description", "Warehouse", Kind.TEXT),
    Field("uom", "Unit", Kind.CODE),
    Field("orderQty", "Ordered quantity", Kind.QUANTITY, "", "uom"),
    Field(
        "qtyOnReceipts",
        "Quantity on receipts",
        Kind.QUANTITY,
        "Receipts not yet released count.",
        "uom",
    ),
    document("unitCost", "Unit cost", unit="currency"),
    document("extCost", "Cost", unit="currency"),
    document("amount", "Amount", unit="currency"),
    document("receivedAmt", "Received amount", unit="currency"),
    Field("discountPercent", "Discount percent", Kind.RATE),
    document("discountAmount", "Discount", unit="currency"),
    Field("account.number", "Account", Kind.CODE),
    Field("sub.subaccountNumber", "Subaccount", Kind.CODE),
    Field("project.id", "Project", Kind.CODE),
    Field("projectTask.id", "Project task", Kind.CODE),
    Field("requested", "Requested date", Kind.DATE),
    Field("promised", "Promised date", Kind.DATE),
    Field("completed", "Completed", Kind.BOOLEAN),
    Field("canceled", "Cancelled", Kind.BOOLEAN),
    Field("alternateId", "Supplier's item number", Kind.CODE),
    Field("note", "Line note", Kind.LONG_TEXT),
)

PURCHASE_ORDER = Entity(
    name="purchase_order",
    label="Purchase order",
    plural="Purchase orders",
    fields=(KEY_FIELD, *_HEAD, *_MONEY, *_DELIVERY, *_FROM_LINES, *_CUSTOM),
    number="orderNbr",
    item_name="{orderNbr} {supplier.name}",
    help="What you ordered from suppliers, with what came in.",
    party="supplier.name",
    number_of_party="supplier.number",
    amount="orderTotal",
    currency="currency",
    status="status",
    date="date",
    document_type="orderType",
    branch="branch.number",
    lines=Lines(_LINES, "Line", _LINE_FIELDS),
)
