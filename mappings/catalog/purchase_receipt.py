"""Purchase receipts (v2 reads): all amounts are in the currency of the order."""

from mappings.catalog.computed import KEY_FIELD, all_of, count_of, first_of, sum_of, summary_of
from mappings.catalog.kinds import Entity, Field, Kind, Lines
from mappings.catalog.money import document

TYPES = ("PoReceipt", "PoReturn", "TransferReceipt")
STATUSES = ("Hold", "Balanced", "Released", "Cancelled")
_LINES = "lines"
_FREE = "A free field of your own in Visma."

_HEAD = (
    Field("receiptNbr", "Receipt number", Kind.CODE),
    Field("receiptType", "Receipt type", Kind.CHOICE, choices=TYPES),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("hold", "On hold", Kind.BOOLEAN),
    Field("date", "Receipt date", Kind.DATE),
    Field("dueDate", "Due date", Kind.DATE),
    Field("postPeriod", "Posting period", Kind.CODE, "Year and period, such as 202607."),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    Field("supplier.number", "Supplier number", Kind.CODE),
    Field("supplier.name", "Supplier name", Kind.TEXT),
    Field("supplierRef", "Supplier's reference", Kind.CODE, "Often the delivery note's number."),
    Field("warehouse.id", "Warehouse code", Kind.CODE),
    Field("warehouse.description", "Warehouse", Kind.TEXT),
    Field("branchNumber.number", "Branch number", Kind.CODE),
    Field("branchNumber.name", "Branch", Kind.TEXT),
    Field("location.id", "Supplier location code", Kind.CODE),
    Field("location.name", "Supplier location", Kind.TEXT),
    Field("createBill", "Makes a bill when released", Kind.BOOLEAN),
    Field("note", "Visma note", Kind.LONG_TEXT, "The note kept on the receipt in Visma."),
)
_MONEY = (
    Field("totalQty", "Total quantity", Kind.QUANTITY, "All lines together."),
    Field("controlQty", "Control quantity", Kind.QUANTITY, "Typed for check."),
    document("totalAmt", "Total amount", unit="currency"),
    document("controlTotal", "Control total", "Typed for check.", unit="currency"),
    document("vatTaxableTotal", "Taxable total", unit="currency"),
    document("vatExemptTotal", "VAT-exempt total", unit="currency"),
    Field("currency", "Currency", Kind.CODE, "Currency of the order, such as EUR."),
    Field("exchangeRate", "Exchange rate", Kind.RATE),
)
_CUSTOM = (
    *(Field(f"customStr{n}", f"Custom text {n}", Kind.TEXT, _FREE) for n in range(1, 6)),
    *(Field(f"customDec{n}", f"Custom number {n}", Kind.QUANTITY, _FREE) for n in (1, 2)),
    *(Field(f"customInt{n}", f"Custom whole number {n}", Kind.INTEGER, _FREE) for n in (1, 2)),
    Field("customDateTimeUTC1", "Custom date", Kind.DATETIME, _FREE),
)
_ORDERED = Field("ordered_quantity", "Ordered quantity", Kind.QUANTITY, "All lines together.")
_OPEN = Field("open_quantity", "Open quantity", Kind.QUANTITY, "All lines together.")
_FROM_LINES = (
    first_of(_LINES, "poOrderNbr", Field("po_number", "Purchase order number", Kind.CODE)),
    all_of(_LINES, "poOrderNbr", Field("po_numbers", "All purchase order numbers", Kind.TEXT)),
    all_of(_LINES, "inventory.number", Field("item_numbers", "Item numbers", Kind.TEXT)),
    all_of(_LINES, "project.id", Field("projects", "Projects", Kind.TEXT)),
    sum_of(_LINES, "orderQty", _ORDERED),
    sum_of(_LINES, "openQty", _OPEN),
    count_of(_LINES),
    summary_of(
        _LINES,
        quantity="receiptQty",
        texts=("inventory.number", "transactionDescription"),
        amount="extCost",
    ),
)
_LINE_FIELDS = (
    Field("lineNbr", "Line number", Kind.INTEGER),
    Field("inventory.number", "Item number", Kind.CODE),
    Field("inventory.description", "Item", Kind.TEXT),
    Field("lineType", "Line type", Kind.CHOICE),
    Field("transactionDescription", "Line text", Kind.TEXT),
    Field("warehouse.id", "Warehouse code", Kind.CODE),
    Field("uom", "Unit", Kind.CODE),
    Field("orderQty", "Ordered quantity", Kind.QUANTITY, "", "uom"),
    Field("openQty", "Open quantity", Kind.QUANTITY, "", "uom"),
    Field("receiptQty", "Received quantity", Kind.QUANTITY, "", "uom"),
    document("unitCost", "Unit cost", unit="currency"),
    document("extCost", "Cost", unit="currency"),
    document("amount", "Amount", "After discount.", unit="currency"),
    Field("account.number", "Account", Kind.CODE),
    Field("sub.id", "Subaccount", Kind.CODE),
    Field("project.id", "Project", Kind.CODE),
    Field("lotSerialNumber", "Lot or serial number", Kind.CODE),
    Field("expirationDate", "Expiry date", Kind.DATE),
    Field("poOrderType", "Purchase order type", Kind.CHOICE),
    Field("poOrderNbr", "Purchase order number", Kind.CODE),
    Field("poOrderLineNbr", "Purchase order line", Kind.INTEGER),
    Field("completePoLine", "Completes the order line", Kind.BOOLEAN),
    Field("note", "Line note", Kind.LONG_TEXT),
)

PURCHASE_RECEIPT = Entity(
    name="purchase_receipt",
    label="Purchase receipt",
    plural="Purchase receipts",
    fields=(KEY_FIELD, *_HEAD, *_MONEY, *_FROM_LINES, *_CUSTOM),
    number="receiptNbr",
    item_name="{receiptNbr} {supplier.name}",
    help="What was received of purchase orders, and what was sent back.",
    party="supplier.name",
    number_of_party="supplier.number",
    amount="totalAmt",
    currency="currency",
    status="status",
    date="date",
    document_type="receiptType",
    branch="branchNumber.number",
    lines=Lines(_LINES, "Line", _LINE_FIELDS),
)
