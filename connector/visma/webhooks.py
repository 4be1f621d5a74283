"""Visma's webhook calls: is one signed, and what does it point at.

The body of Visma.net's publisher is documented nowhere, so nothing in it is required, and nothing
but the place to look is taken from it. Headers: docs.vismasoftware.no, "Webhooks" (2025-11), and
handlers of other products behind the same dispatcher.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from .records import decode

SIGNATURE = "x-vwd-signature-v1"
# What an event's name starts with, its letters and digits only → the entity; first fit decides.
EVENTS = (
    ("purchaseorder", "purchase_order"),
    ("apinvoice", "supplier_invoice"),
    ("supplierinvoice", "supplier_invoice"),
    ("arinvoice", "customer_invoice"),
    ("customerinvoice", "customer_invoice"),
    ("supplier", "supplier"),
    ("customer", "customer"),
    ("employee", "employee"),
    ("epemployee", "employee"),
    ("account", "gl_account"),
    ("dimension", "dimension_value"),
    ("segment", "dimension_value"),
)
# Entity → what the Developer Portal calls its events. There is none of purchase receipts,
# payments and subaccounts, and journal transactions have a publisher of their own.
IN_THE_PORTAL = {
    "supplier_invoice": "AP Invoice: Status Changed, and no other",
    "purchase_order": "Purchase Order: Changed, Status Changed",
    "supplier": "Supplier: Created, Updated, Changed",
    "customer_invoice": "AR Invoice: Changed, Status Changed",
    "customer": "Customer: Created, Updated, Changed",
    "employee": "Employee: Changed; EP Employee: Created, Updated",
    "gl_account": "Account: Created, Updated, Changed, Deleted",
    "dimension_value": "Dimension: Changed; Segment: Changed, Value Changed",
}
NUMBERS = ("referencenumber", "refnbr", "ordernbr", "ordernumber", "invoicenumber", "number",
           "id", "key")  # fmt: skip
TYPES = ("documenttype", "doctype", "ordertype", "type")
# Keys of two parts: the type that nearly all records have, for bodies that name only a number.
USUAL_TYPE = {"supplier_invoice": "Invoice", "purchase_order": "RegularOrder"}
_NUMBER = re.compile(r"[\w./ -]{1,60}")
_TYPE = re.compile(r"[A-Za-z]{1,30}")


@dataclass(frozen=True)
class Notice:
    """``entity`` and ``key`` are empty where the call does not say."""

    notification_id: str
    tenant_id: str
    event: str
    entity: str
    key: str


def is_signed(raw: bytes, signature: str, keys: Sequence[str]) -> bool:
    """Every key is tried, so that the time taken tells nothing."""
    given = signature.strip().encode()
    return sum(hmac.compare_digest(sign(raw, key).encode(), given) for key in keys) > 0


def sign(raw: bytes, key: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), raw, hashlib.sha256)).decode()


def read_notice(headers: Mapping[str, str], raw: bytes) -> Notice:
    """Never raises: whatever the body is, the call may still mean that something has changed."""
    event = headers.get("x-vwd-event-id", "")[:100]
    plain = re.sub(r"[^a-z0-9]", "", event.lower())
    entity = next((entity for name, entity in EVENTS if plain.startswith(name)), "")
    return Notice(
        notification_id=headers.get("x-vwd-notification-id", "")[:100],
        tenant_id=headers.get("x-vwd-tenant-id", "")[:64],
        event=event,
        entity=entity,
        key=_key(entity, _object(raw)) if entity else "",
    )


def _object(raw: bytes) -> dict[str, Any]:
    """The body's own fields, and those of objects right inside it."""
    try:
        body = decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    inner = [value for value in body.values() if isinstance(value, dict)]
    return {str(k).lower(): v for each in (*inner, body) for k, v in each.items()}


def _key(entity: str, body: dict[str, Any]) -> str:
    number = _first(body, NUMBERS, _NUMBER)
    if not number or entity not in USUAL_TYPE:
        return number
    return f"{_first(body, TYPES, _TYPE) or USUAL_TYPE[entity]}:{number}"


def _first(body: dict[str, Any], names: Sequence[str], shape: re.Pattern[str]) -> str:
    values = [str(body[name]) for name in names if isinstance(body.get(name), str | int)]
    return next((value for value in values if shape.fullmatch(value)), "")
