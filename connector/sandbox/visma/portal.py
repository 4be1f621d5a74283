"""Visma's Developer Portal: subscriptions, and the signed calls that tell of a change.

There is no event for receipts, payments, journal batches or branches, and supplier invoices tell
of a changed status only: whoever relies on calls alone misses the rest.
"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from connector.sandbox import world
from connector.sandbox.postman import Letter, Postman
from connector.sandbox.visma.company import Company
from connector.sandbox.visma.tables import Payload

# Entity -> its name in event ids, and which changes have an event.
EVENTS: dict[str, tuple[str, frozenset[str]]] = {
    "supplier_invoice": ("apinvoice", frozenset({"statuschanged"})),
    "purchase_order": ("purchaseorder", frozenset({"changed", "statuschanged"})),
    "supplier": ("supplier", frozenset({"created", "updated"})),
    "customer": ("customer", frozenset({"created", "updated"})),
    "customer_document": ("arinvoice", frozenset({"changed", "statuschanged"})),
    "account": ("account", frozenset({"created", "updated"})),
    "dimension": ("dimension", frozenset({"changed"})),
    "employee": ("employee", frozenset({"changed"})),
}
# Nobody has published a body, so a receiver must bear each of these.
BODIES: dict[str, Callable[[str, str], bytes]] = {
    "id": lambda key, event: msgspec.json.encode({"id": key}),
    "nested": lambda key, event: msgspec.json.encode({"event": event, "data": {"number": key}}),
    "empty": lambda key, event: b"{}",
    "none": lambda key, event: b"",
}


@dataclass(frozen=True)
class Subscription:
    """``events`` () is every event there is; ``key`` signs and is shown once in the real portal."""

    id: str
    url: str
    key: str
    events: tuple[str, ...] = ()


class Portal:
    def __init__(self, company: Company, postman: Postman) -> None:
        self.company = company
        self.postman = postman
        self.subscriptions: dict[str, Subscription] = {}
        company.watchers.append(self.tell)

    def tell(self, entity: str, after: Payload, before: Payload | None) -> None:
        """One call per event and subscription; one change may be two events."""
        key = self.company.tables[entity].key_of(after).rpartition(":")[2]
        for event in events_of(entity, after, before) or self._told_by_switch(entity):
            for each in self.subscriptions.values():
                if not each.events or event in each.events:
                    self._send(each, event, key)

    def _told_by_switch(self, entity: str) -> list[str]:
        told = entity == "supplier_invoice" and self.company.quirks.every_invoice_change_is_told
        return ["apinvoice_statuschanged"] if told else []

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in self.subscriptions.values()]

    def load(self, state: list[dict[str, Any]]) -> None:
        found = [Subscription(**each | {"events": tuple(each["events"])}) for each in state]
        self.subscriptions = {each.id: each for each in found}

    def _send(self, to: Subscription, event: str, key: str) -> None:
        body = BODIES[self.company.quirks.webhook_body](key, event)
        said = self._said(to, event)

        def headers() -> dict[str, str]:
            # A repeated call bears the same notification id and another time of sending.
            return said | {"x-vwd-webhook-timestamp": self._now(), **signed(to.key, body)}

        self.postman.send(Letter("visma", event, to.url, body, headers))

    def _said(self, to: Subscription, event: str) -> dict[str, str]:
        return {
            "x-vwd-application-id": world.VISMA_CLIENT_ID,
            "x-vwd-application-version": "1",
            "x-vwd-event-id": event,
            "x-vwd-group-id": "vismanetfinancials",
            "x-vwd-notification-id": str(uuid.uuid4()),
            "x-vwd-notification-timestamp": self._now(),
            "x-vwd-subscription-id": to.id,
            "x-vwd-tenant-id": world.VISMA_COMPANY_TENANT_ID,
        }

    def _now(self) -> str:
        """Milliseconds since the epoch."""
        return str(int(self.company.stamps.clock.time() * 1000))


def signed(key: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return {"x-vwd-signature-v1": base64.b64encode(digest).decode()} if key else {}


def events_of(entity: str, after: Payload, before: Payload | None) -> list[str]:
    """Event ids of one change; their spelling is undocumented."""
    if entity not in EVENTS or (
        entity == "customer_document" and after["documentType"] != "Invoice"
    ):
        return []
    name, known = EVENTS[entity]
    happened = ["created"] if before is None else ["updated"]
    happened.append("changed")
    if before is None or before.get("status") != after.get("status"):
        happened.append("statuschanged")
    return [f"{name}_{each}" for each in happened if each in known]
