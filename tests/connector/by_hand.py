"""What a controller would check: each column of the ready-made boards, and where Visma has it.

Written by hand from Visma's records. It calls no code of the mappings, so that a mistake there
cannot hide itself.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import normalize

Row = dict[str, Any]
Read = Callable[[Row], Any]


def path(name: str) -> Read:
    def read(row: Row) -> Any:
        found: Any = row
        for step in name.split("."):
            found = found[step] if found else None
        return found

    return read


def text(name: str) -> Read:
    """A text column keeps no line ends, nothing around the text, and accents on their letters."""
    read = path(name)
    return lambda row: " ".join(normalize("NFC", read(row) or "").split("\n")).strip()


def long_text(name: str) -> Read:
    read = path(name)
    return lambda row: normalize("NFC", read(row) or "").strip()


def day(name: str) -> Read:
    read = path(name)
    return lambda row: (read(row) or "")[:10]


def spaced(name: str, **renamed: str) -> Read:
    """``PendingPrint`` reads Pending print, unless it is called something else on boards."""
    read = path(name)

    def label(row: Row) -> str:
        said = read(row)
        first, *rest = re.findall("[A-Z][a-z]*|[A-Z]+", said)
        return renamed.get(said, " ".join([first, *(part.lower() for part in rest)]))

    return label


def every(lines: str, name: str) -> Read:
    """What the lines say, each once, in their order."""
    read = path(name)
    return lambda row: ", ".join(dict.fromkeys(str(read(x)) for x in row[lines] if read(x)))


def in_words(lines: str, quantity: str, *texts: str, amount: str) -> Read:
    """``2 STK MACBL661 Chair: 1200.5``, a row for each line."""
    reads = [path(name) for name in texts]

    def told(row: Row) -> str:
        return "\n".join(
            f"{plain(x[quantity])} "
            + " ".join(filter(None, (x["uom"], *(read(x) for read in reads))))
            + f": {plain(x[amount])}"
            for x in row[lines]
        )

    return told


def plain(number: Decimal) -> str:
    whole, _, rest = f"{number:f}".partition(".")
    return f"{whole}.{rest.rstrip('0')}".rstrip(".")


def against(read: Read) -> Read:
    """Credit notes and payments lower what is owed."""
    lowering = ("CreditNote", "Payment", "Prepayment", "SmallBalanceWo", "DebitAdj")
    return lambda row: -abs(read(row)) if row["documentType"] in lowering else read(row)


def net(row: Row, tail: str = "") -> Decimal:
    """Debit counts up, credit counts down."""
    return Decimal(row[f"debitAmount{tail}"] - row[f"creditAmount{tail}"])


def booked(row: Row) -> str:
    return "\n".join(
        f"{x['accountNumber']} {x['transactionDescription']}: {plain(net(x, 'InCurrency'))}"
        for x in row["journalTransactionLines"]
    )


def all_in(row: Row) -> bool:
    live = [line for line in row["lines"] if not line["canceled"]]
    return bool(live) and all(line["completed"] for line in live)


_MODULES = {"ModuleGL": "General ledger", "ModuleAP": "Suppliers", "ModuleAR": "Customers"}

CHECKED: dict[str, dict[str, Read]] = {
    "supplier_invoice": {
        "name": lambda row: f"{row['referenceNumber']} {row['supplier']['name']}",
        "Invoice no": path("referenceNumber"),
        "Supplier": text("supplier.name"),
        "Type": spaced("documentType", DebitAdj="Credit note", CreditAdj="Credit adjustment"),
        "Status": spaced("status"),
        "Invoice date": day("date"),
        "Due date": day("dueDate"),
        "Amount": against(lambda row: row["detailTotalInCurrency"] + row["vatTotalInCurrency"]),
        "Balance": against(path("balanceInCurrency")),
        "Currency": path("currencyId"),
        "Supplier's invoice no": text("supplierReference"),
        "Purchase orders": every("invoiceLines", "poNumber"),
        "Approval": spaced("approvalStatus"),
        "Payment reference": text("paymentRefNo"),
        "Description": long_text("description"),
    },
    "purchase_order": {
        "name": lambda row: f"{row['orderNbr']} {row['supplier']['name']}",
        "Order no": path("orderNbr"),
        "Supplier": text("supplier.name"),
        "Type": spaced("orderType", RegularOrder="Purchase order", DropShip="Drop shipment"),
        "Status": spaced("status"),
        "Order date": day("date"),
        "Promised": day("promisedOn"),
        "Total": path("orderTotal"),
        "Currency": path("currency"),
        "Open quantity": path("openQuantity"),
        "Fully received": all_in,
        "Receipts": every("purchaseReceipts", "receiptNumber"),
        "Supplier's reference": text("supplierRef"),
        "Warehouse": text("warehouse.description"),
        "Lines": in_words(
            "lines", "orderQty", "inventory.number", "lineDescription", amount="extCost"
        ),
    },
    "purchase_receipt": {
        "name": lambda row: f"{row['receiptNbr']} {row['supplier']['name']}",
        "Receipt no": path("receiptNbr"),
        "Supplier": text("supplier.name"),
        "Type": spaced("receiptType", PoReceipt="Receipt", PoReturn="Return"),
        "Status": spaced("status"),
        "Receipt date": day("date"),
        "Total quantity": path("totalQty"),
        "Total amount": path("totalAmt"),
        "Currency": path("currency"),
        "Purchase orders": every("lines", "poOrderNbr"),
        "Supplier's reference": text("supplierRef"),
        "Warehouse": text("warehouse.description"),
        "Lines": in_words(
            "lines", "receiptQty", "inventory.number", "transactionDescription", amount="extCost"
        ),
    },
    "supplier": {
        "name": lambda row: f"{row['number']} {row['name']}",
        "Supplier no": path("number"),
        "Status": spaced("status"),
        "Organisation no": text("corporateId"),
        "VAT number": text("vatRegistrationId"),
        "Contact": text("mainContact.attention"),
        "E-mail": text("mainContact.email"),
        "Phone": text("mainContact.phone1"),
        "City": text("mainAddress.city"),
        "Country": path("mainAddress.country.id"),
        "Currency": path("currencyId"),
        "Payment terms": text("creditTerms.description"),
    },
    "customer": {
        "name": lambda row: f"{row['number']} {row['name']}",
        "Customer no": path("number"),
        "Status": spaced("status"),
        "Organisation no": text("corporateId"),
        "VAT number": text("vatRegistrationId"),
        "Contact": text("mainContact.attention"),
        "E-mail": text("mainContact.email"),
        "Phone": text("mainContact.phone1"),
        "City": text("mainAddress.city"),
        "Country": path("mainAddress.country.id"),
        "Currency": path("currencyId"),
        "Payment terms": text("creditTerms.description"),
        "Credit limit": path("creditLimit"),
    },
    "customer_invoice": {
        "name": lambda row: f"{row['referenceNumber']} {row['customer']['name']}",
        "Invoice no": path("referenceNumber"),
        "Customer": text("customer.name"),
        "Status": spaced("status"),
        "Invoice date": day("documentDate"),
        "Due date": day("documentDueDate"),
        "Amount": path("amountInCurrency"),
        "Balance": path("balanceInCurrency"),
        "Currency": path("currencyId"),
        "Customer's reference": text("customerRefNumber"),
        "Payment reference": text("paymentReference"),
        "Lines": in_words(
            "invoiceLines", "quantity", "inventoryNumber", "description", amount="amountInCurrency"
        ),
    },
    "customer_document": {
        "name": lambda row: f"{row['referenceNumber']} {row['customer']['name']}",
        "Reference number": path("referenceNumber"),
        "Customer": text("customer.name"),
        "Type": spaced("documentType"),
        "Status": spaced("status"),
        "Invoice date": day("documentDate"),
        "Due date": day("documentDueDate"),
        "Amount": against(path("amountInCurrency")),
        "Balance": against(path("balanceInCurrency")),
        "Currency": path("currencyId"),
        "Customer's reference": text("customerRefNumber"),
    },
    "employee": {
        "name": lambda row: f"{row['employeeNumber']} {row['employeeName']}",
        "Employee no": path("employeeNumber"),
        "Status": spaced("status"),
        "Department": path("department"),
        "Branch": text("branch.name"),
        "E-mail": text("contact.email"),
        "Phone": text("contact.phone1"),
    },
    "gl_account": {
        "name": lambda row: f"{row['accountCD']} {row['description']}",
        "Account number": path("accountCD"),
        "Account name": text("description"),
        "Account type": path("type"),
        "Active": path("active"),
        "Account class name": text("accountClassDescription"),
        "VAT category": text("taxCategory"),
    },
    "subaccount": {
        "name": lambda row: f"{row['subaccountNumber']} {row['description']}",
        "Subaccount number": path("subaccountNumber"),
        "Subaccount name": text("description"),
        "Active": path("active"),
        "Segment values": every("segments", "segmentValue"),
        "Segment value names": every("segments", "segmentValueDescription"),
    },
    "dimension_value": {
        "name": lambda row: f"{row['valueId']} {row['description']}",
        "Value": path("valueId"),
        "Description": text("description"),
        "Active": path("active"),
        "Dimension": path("dimension.id"),
        "Segment": text("segment.description"),
    },
    "journal_transaction": {
        "name": lambda row: f"{row['batchNumber']} {row['description']}",
        "Batch no": path("batchNumber"),
        "Module": spaced("module", **_MODULES),
        "Status": spaced("status"),
        "Date": day("transactionDate"),
        "Period": path("financialPeriod"),
        "Description": text("description"),
        "Debit": path("debitTotal"),
        "Credit": path("creditTotal"),
        "Debit in batch currency": path("debitTotalInCurrency"),
        "Currency": path("currencyId"),
        "Number of lines": lambda row: len(row["journalTransactionLines"]),
        "Lines": booked,
    },
    "gl_entry": {
        "name": lambda row: (
            f"{row['batch']['batchNumber']}-{row['lineNumber']} {row['accountNumber']} "
            f"{row['transactionDescription']}"
        ),
        "Batch no": path("batch.batchNumber"),
        "Line no": path("lineNumber"),
        "Module": spaced("batch.module", **_MODULES),
        "Status": spaced("batch.status"),
        "Date": day("batch.transactionDate"),
        "Account": path("accountNumber"),
        "Account name": text("description"),
        "Subaccount": path("subaccount.subaccountNumber"),
        "Description": text("transactionDescription"),
        "Document": text("referenceNumber"),
        "Debit": path("debitAmount"),
        "Credit": path("creditAmount"),
        "Amount": net,
        "Amount in batch currency": lambda row: net(row, "InCurrency"),
        "Currency": path("batch.currencyId"),
    },
}
# Compared where the days are moved: tests/connector/sync/test_ageing.py.
AGEING = {"Ageing", "Days overdue"}
