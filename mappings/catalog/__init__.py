"""The catalogue: every Visma entity and field a board can show, with what it means."""

from mappings.catalog.customer import CUSTOMER
from mappings.catalog.customer_document import CUSTOMER_DOCUMENT
from mappings.catalog.customer_invoice import CUSTOMER_INVOICE
from mappings.catalog.document_lines import DOCUMENT_LINES, LINES_OF, DocumentLines
from mappings.catalog.journal import GL_ENTRY, JOURNAL_TRANSACTION
from mappings.catalog.kinds import (
    COMPANY_CURRENCY,
    VISMA_KEY,
    Entity,
    Field,
    Kind,
    Lines,
    Payload,
    Value,
)
from mappings.catalog.ledger import DIMENSION_VALUE, EMPLOYEE, GL_ACCOUNT, SUBACCOUNT
from mappings.catalog.purchase_order import PURCHASE_ORDER
from mappings.catalog.purchase_receipt import PURCHASE_RECEIPT
from mappings.catalog.supplier import SUPPLIER
from mappings.catalog.supplier_invoice import SUPPLIER_INVOICE
from mappings.catalog.values import ValueProblem, reader, value

# Every entity on offer: connector.visma reads it, rendering and suggestions work for it.
ENTITIES: dict[str, Entity] = {
    each.name: each
    for each in (
        SUPPLIER_INVOICE,
        PURCHASE_ORDER,
        PURCHASE_RECEIPT,
        SUPPLIER,
        CUSTOMER_INVOICE,
        CUSTOMER_DOCUMENT,
        CUSTOMER,
        EMPLOYEE,
        GL_ACCOUNT,
        DIMENSION_VALUE,
        SUBACCOUNT,
        JOURNAL_TRANSACTION,
        GL_ENTRY,
    )
}
DESCRIBED = ENTITIES

__all__ = [
    "COMPANY_CURRENCY",
    "DESCRIBED",
    "DOCUMENT_LINES",
    "ENTITIES",
    "LINES_OF",
    "VISMA_KEY",
    "DocumentLines",
    "Entity",
    "Field",
    "Kind",
    "Lines",
    "Payload",
    "Value",
    "ValueProblem",
    "entity",
    "known",
    "reader",
    "value",
]


def known(name: str) -> Entity | None:
    """The entity of that name, or None; those of lines among them."""
    return entity(name) if name in DESCRIBED or name in LINES_OF else None


def entity(name: str) -> Entity:
    """The entity of that name; KeyError names it when there is none."""
    return LINES_OF[name].entity if name in LINES_OF else DESCRIBED[name]
