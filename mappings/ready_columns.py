"""The columns of each ready-made board: what people read as a title, and what fills it."""

# How these read to people who do not know Visma's own names.
_INVOICE_TYPES = (
    "map:Invoice=Invoice;DebitAdj=Credit note;CreditAdj=Credit adjustment;Prepayment=Prepayment;"
    "Check=Payment;QuickCheck=Cash purchase;VoidCheck=Voided payment;"
    "VoidQuickCheck=Voided cash purchase"
)
_ORDER_TYPES = (
    "map:RegularOrder=Purchase order;DropShip=Drop shipment;StandardBlanket=Standard blanket"
)
_RECEIPT_TYPES = "map:PoReceipt=Receipt;PoReturn=Return;TransferReceipt=Transfer"
_CUSTOMER_TYPES = (
    "map:CreditNote=Credit note;DebitNote=Debit note;VoidPayment=Voided payment;"
    "FinCharge=Interest;SmallBalanceWo=Small balance written off;"
    "SmallCreditWo=Small credit written off;CashSale=Cash sale;CashReturn=Cash return;"
    "NoUpdate=Not posted"
)
_MODULES = (
    "replace:Module=|map:GL=General ledger;AP=Suppliers;AR=Customers;CA=Cash;CM=Currency;"
    "IN=Inventory;SO=Sales orders;PO=Purchase orders;DR=Deferrals;FA=Fixed assets;EP=Expenses;"
    "PM=Projects;TX=VAT;CR=Customer care"
)

# title, column type, field, transform; of the lines of documents, on a board of subitems
LINE_ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "supplier_invoice_line": (
        ("Line", "numbers", "lineNumber"),
        ("Item no", "text", "inventoryNumber"),
        ("Description", "text", "transactionDescription"),
        ("Quantity", "numbers", "quantity"),
        ("Unit", "text", "uom"),
        ("Unit cost", "numbers", "unitCostInCurrency"),
        ("Amount", "numbers", "costInCurrency", "signed"),
        ("Currency", "text", "document.currencyId"),
        ("Account", "text", "account.number"),
        ("Purchase order", "text", "poNumber"),
    ),
    "customer_invoice_line": (
        ("Line", "numbers", "lineNumber"),
        ("Item no", "text", "inventoryNumber"),
        ("Description", "text", "description"),
        ("Quantity", "numbers", "quantity"),
        ("Unit", "text", "uom"),
        ("Unit price", "numbers", "unitPriceInCurrency"),
        ("Amount", "numbers", "amountInCurrency", "signed"),
        ("Currency", "text", "document.currencyId"),
        ("Account", "text", "account.number"),
    ),
    "purchase_order_line": (
        ("Line", "numbers", "lineNbr"),
        ("Item no", "text", "inventory.number"),
        ("Description", "text", "lineDescription"),
        ("Ordered", "numbers", "orderQty"),
        ("On receipts", "numbers", "qtyOnReceipts"),
        ("Unit", "text", "uom"),
        ("Unit cost", "numbers", "unitCost"),
        ("Amount", "numbers", "extCost"),
        ("Currency", "text", "document.currency"),
        ("Promised", "date", "promised"),
        ("Completed", "checkbox", "completed"),
        ("Cancelled", "checkbox", "canceled"),
    ),
}

# title, column type, field, transform
ROWS: dict[str, tuple[str, str, tuple[tuple[str, ...], ...]]] = {
    "supplier_invoice": (
        "Supplier invoices",
        "From Visma",
        (
            ("Invoice no", "text", "referenceNumber"),
            ("Supplier", "text", "supplier.name"),
            ("Type", "status", "documentType", _INVOICE_TYPES),
            ("Status", "status", "status", "words"),
            ("Invoice date", "date", "date"),
            ("Due date", "date", "dueDate"),
            # Credit notes count down, so that a group's sum on the board is what is owed.
            ("Amount", "numbers", "amount_in_currency", "signed"),
            ("Balance", "numbers", "balanceInCurrency", "signed"),
            ("Currency", "dropdown", "currencyId"),
            ("Supplier's invoice no", "text", "supplierReference"),
            ("Purchase orders", "text", "po_numbers"),
            ("Approval", "status", "approvalStatus", "words"),
            ("Payment reference", "text", "paymentRefNo"),
            ("Description", "long_text", "description"),
        ),
    ),
    "purchase_order": (
        "Purchase orders",
        "From Visma",
        (
            ("Order no", "text", "orderNbr"),
            ("Supplier", "text", "supplier.name"),
            ("Type", "status", "orderType", _ORDER_TYPES),
            ("Status", "status", "status", "words"),
            ("Order date", "date", "date"),
            ("Promised", "date", "promisedOn"),
            ("Total", "numbers", "orderTotal"),
            ("Currency", "dropdown", "currency"),
            ("Open quantity", "numbers", "openQuantity"),
            ("Fully received", "checkbox", "received"),
            ("Receipts", "text", "receipt_numbers"),
            ("Supplier's reference", "text", "supplierRef"),
            ("Warehouse", "text", "warehouse.description"),
            ("Lines", "long_text", "lines_summary"),
        ),
    ),
    "supplier": (
        "Suppliers",
        "From Visma",
        (
            ("Supplier no", "text", "number"),
            ("Status", "status", "status", "words"),
            ("Organisation no", "text", "corporateId"),
            ("VAT number", "text", "vatRegistrationId"),
            ("Contact", "text", "mainContact.attention"),
            ("E-mail", "email", "mainContact.email"),
            # As Visma has it: a number without a country code would keep its supplier back.
            ("Phone", "text", "mainContact.phone1"),
            ("City", "text", "mainAddress.city"),
            ("Country", "country", "mainAddress.country.id"),
            ("Currency", "dropdown", "currencyId"),
            ("Payment terms", "text", "creditTerms.description"),
        ),
    ),
    "purchase_receipt": (
        "Purchase receipts",
        "From Visma",
        (
            ("Receipt no", "text", "receiptNbr"),
            ("Supplier", "text", "supplier.name"),
            ("Type", "status", "receiptType", _RECEIPT_TYPES),
            ("Status", "status", "status", "words"),
            ("Receipt date", "date", "date"),
            ("Total quantity", "numbers", "totalQty"),
            ("Total amount", "numbers", "totalAmt"),
            ("Currency", "dropdown", "currency"),
            ("Purchase orders", "text", "po_numbers"),
            ("Supplier's reference", "text", "supplierRef"),
            ("Warehouse", "text", "warehouse.description"),
            ("Lines", "long_text", "lines_summary"),
        ),
    ),
    "customer_invoice": (
        "Customer invoices",
        "From Visma",
        (
            ("Invoice no", "text", "referenceNumber"),
            ("Customer", "text", "customer.name"),
            ("Status", "status", "status", "words"),
            ("Invoice date", "date", "documentDate"),
            ("Due date", "date", "documentDueDate"),
            ("Amount", "numbers", "amountInCurrency", "signed"),
            ("Balance", "numbers", "balanceInCurrency", "signed"),
            ("Currency", "dropdown", "currencyId"),
            ("Customer's reference", "text", "customerRefNumber"),
            ("Payment reference", "text", "paymentReference"),
            ("Lines", "long_text", "lines_summary"),
        ),
    ),
    "customer_document": (
        "Customer documents",
        "From Visma",
        (
            ("Reference number", "text", "referenceNumber"),
            ("Customer", "text", "customer.name"),
            ("Type", "status", "documentType", _CUSTOMER_TYPES),
            ("Status", "status", "status", "words"),
            ("Invoice date", "date", "documentDate"),
            ("Due date", "date", "documentDueDate"),
            ("Ageing", "status", "ageing_bucket"),
            ("Days overdue", "numbers", "days_overdue"),
            ("Amount", "numbers", "amountInCurrency", "signed"),
            ("Balance", "numbers", "balanceInCurrency", "signed"),
            ("Currency", "dropdown", "currencyId"),
            ("Customer's reference", "text", "customerRefNumber"),
        ),
    ),
    "customer": (
        "Customers",
        "From Visma",
        (
            ("Customer no", "text", "number"),
            ("Status", "status", "status", "words"),
            ("Organisation no", "text", "corporateId"),
            ("VAT number", "text", "vatRegistrationId"),
            ("Contact", "text", "mainContact.attention"),
            ("E-mail", "email", "mainContact.email"),
            ("Phone", "text", "mainContact.phone1"),
            ("City", "text", "mainAddress.city"),
            ("Country", "country", "mainAddress.country.id"),
            ("Currency", "dropdown", "currencyId"),
            ("Payment terms", "text", "creditTerms.description"),
            ("Credit limit", "numbers", "creditLimit"),
        ),
    ),
    "employee": (
        "Employees",
        "From Visma",
        (
            ("Employee no", "text", "employeeNumber"),
            ("Status", "status", "status", "words"),
            ("Department", "text", "department"),
            ("Branch", "text", "branch.name"),
            ("E-mail", "email", "contact.email"),
            ("Phone", "text", "contact.phone1"),
        ),
    ),
    "gl_account": (
        "GL accounts",
        "From Visma",
        (
            ("Account number", "text", "accountCD"),
            ("Account name", "text", "description"),
            ("Account type", "status", "type"),
            ("Active", "checkbox", "active"),
            ("Account class name", "text", "accountClassDescription"),
            ("VAT category", "text", "taxCategory"),
        ),
    ),
    "dimension_value": (
        "Dimension values",
        "From Visma",
        (
            ("Value", "text", "valueId"),
            ("Description", "text", "description"),
            ("Active", "checkbox", "active"),
            ("Dimension", "text", "dimension.id"),
            ("Segment", "text", "segment.description"),
        ),
    ),
    "subaccount": (
        "Subaccounts",
        "From Visma",
        (
            ("Subaccount number", "text", "subaccountNumber"),
            ("Subaccount name", "text", "description"),
            ("Active", "checkbox", "active"),
            ("Segment values", "text", "segment_values"),
            ("Segment value names", "text", "segment_names"),
        ),
    ),
    "journal_transaction": (
        "Journal transactions",
        "From Visma",
        (
            ("Batch no", "text", "batchNumber"),
            ("Module", "status", "module", _MODULES),
            ("Status", "status", "status", "words"),
            ("Date", "date", "transactionDate"),
            ("Period", "text", "financialPeriod"),
            ("Description", "text", "description"),
            # The ledger is kept in the company's currency; so are these.
            ("Debit", "numbers", "debitTotal"),
            ("Credit", "numbers", "creditTotal"),
            ("Debit in batch currency", "numbers", "debitTotalInCurrency"),
            ("Currency", "dropdown", "currencyId"),
            ("Number of lines", "numbers", "line_count"),
            ("Lines", "long_text", "lines_summary"),
        ),
    ),
    "gl_entry": (
        "GL entries",
        "From Visma",
        (
            ("Batch no", "text", "batch.batchNumber"),
            ("Line no", "numbers", "lineNumber"),
            ("Module", "status", "batch.module", _MODULES),
            ("Status", "status", "batch.status", "words"),
            ("Date", "date", "batch.transactionDate"),
            ("Account", "text", "accountNumber"),
            ("Account name", "text", "description"),
            ("Subaccount", "text", "subaccount.subaccountNumber"),
            ("Description", "text", "transactionDescription"),
            ("Document", "text", "referenceNumber"),
            ("Debit", "numbers", "debitAmount"),
            ("Credit", "numbers", "creditAmount"),
            ("Amount", "numbers", "amount"),
            ("Amount in batch currency", "numbers", "amount_in_currency"),
            ("Currency", "dropdown", "batch.currencyId"),
        ),
    ),
}
