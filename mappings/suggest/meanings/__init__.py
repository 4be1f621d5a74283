"""What a column must be called to mean a field: concepts, not titles.

Each entry is a list of alternatives; an alternative is concepts with ``!`` behind those the title
must contain, ``-`` before those it must not, and an optional ``*0.9`` for how well it says the
field (1 where left out).
"""

from collections.abc import Mapping

from mappings.suggest.meanings import ledger, payables, receivables
from mappings.suggest.meanings.shared import Meanings

# Concepts that the entity itself implies: they may be said or left out.
IMPLIED: Mapping[str, frozenset[str]] = {
    "supplier_invoice": frozenset(("invoice", "document")),
    "purchase_order": frozenset(("order", "purchase", "document")),
    "purchase_receipt": frozenset(("receipt", "document")),
    "supplier": frozenset(("supplier",)),
    "customer_invoice": frozenset(("invoice", "document")),
    "customer_document": frozenset(("invoice", "document", "voucher")),
    "customer": frozenset(("customer",)),
    "employee": frozenset(("employee",)),
    "gl_account": frozenset(("account",)),
    "dimension_value": frozenset(("value",)),
    "subaccount": frozenset(("costcentre",)),
    "journal_transaction": frozenset(("voucher", "document")),
    "gl_entry": frozenset(("voucher", "ledger")),
}

MEANINGS: Mapping[str, Meanings] = {
    "supplier_invoice": payables.SUPPLIER_INVOICE,
    "purchase_order": payables.PURCHASE_ORDER,
    "purchase_receipt": payables.PURCHASE_RECEIPT,
    "supplier": payables.SUPPLIERS,
    "customer_invoice": receivables.CUSTOMER_INVOICE,
    "customer_document": receivables.CUSTOMER_DOCUMENT,
    "customer": receivables.CUSTOMERS,
    "employee": ledger.EMPLOYEE,
    "gl_account": ledger.GL_ACCOUNT,
    "dimension_value": ledger.DIMENSION_VALUE,
    "subaccount": ledger.SUBACCOUNT,
    "journal_transaction": ledger.JOURNAL_TRANSACTION,
    "gl_entry": ledger.GL_ENTRY,
}

__all__ = ["IMPLIED", "MEANINGS", "Meanings"]
