"""Which fields name a record of another entity: an invoice its supplier, a line its account."""

from mappings.catalog.kinds import Entity, Field, Payload

# These are named by their number, which is only a part of their key.
BY_NUMBER = frozenset(("purchase_order", "purchase_receipt"))
# How a field's path ends, and what its values name. A line field is reached by the same ending.
_ENDINGS = {
    "supplier.number": "supplier",
    "customer.number": "customer",
    "account.number": "gl_account",
    "accounts": "gl_account",
    "customerLedgerAccount.number": "gl_account",
    "salesAccount.number": "gl_account",
    "supplierAccount.number": "gl_account",
    "expenseAccount.number": "gl_account",
    "cashAccount": "gl_account",
    "subaccount.subaccountNumber": "subaccount",
    "sub.subaccountNumber": "subaccount",
    "subaccounts": "subaccount",
    "dimension_values": "dimension_value",
    "salesPerson.id": "employee",
    "poNumber": "purchase_order",
    "poOrderNbr": "purchase_order",
    "po_number": "purchase_order",
    "po_numbers": "purchase_order",
    "poReceiptNbr": "purchase_receipt",
    "receipt_numbers": "purchase_receipt",
}
# The companies above a company are of its own kind.
_PARENTS = {"supplier": "supplier", "customer": "customer"}


def reference_of(entity: Entity, field: Field) -> str | None:
    """The entity that the field's values name; None where they name no record on offer."""
    if field.path == "parentRecord.number":
        return _PARENTS.get(entity.name)
    if entity.name == "gl_account" and field.path == "cashAccount":
        return None  # here it says whether the account is one
    endings = (field.path, ".".join(field.path.split(".")[-2:]), field.path.rpartition(".")[2])
    return next((_ENDINGS[ending] for ending in endings if ending in _ENDINGS), None)


def keeps_labels(entity: Entity, field: Field) -> bool:
    """Whether labels can be made of the records that the values name: by key, and few enough."""
    named = reference_of(entity, field)
    return named is not None and named not in BY_NUMBER


def values_of(text: str) -> tuple[str, ...]:
    """The records that a value names; fields made from lines join theirs with a comma."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(", ")))))


def dimension_values(payload: Payload) -> str | None:
    """Keys of the values that a subaccount is put together from, in the order of its segments."""
    segments = payload.get("segments")
    found = [
        f"SUBACCOUNT:{each.get('segmentId')}:{each.get('segmentValue')}"
        for each in (segments if isinstance(segments, list) else ())
        if isinstance(each, dict) and each.get("segmentValue")
    ]
    return ", ".join(found) or None
