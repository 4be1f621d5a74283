"""A caller of the doors who can sign, and a connection with a key."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.models import VismaConnection
from tests.world import Connections

KEY = "portal-key-1"
Call = Callable[..., int]


@pytest.fixture
def visma(connections: Connections) -> VismaConnection:
    connections.visma.webhook_key = KEY
    connections.visma.save()
    return connections.visma


def signature(raw: bytes, key: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), raw, hashlib.sha256)).decode()


def visma_headers(connection: VismaConnection, raw: bytes, key: str = KEY) -> dict[str, str]:
    """What Visma sends about a change of an invoice's status."""
    return {
        "x-vwd-event-id": "apinvoice_statuschanged",
        "x-vwd-notification-id": str(uuid.uuid4()),
        "x-vwd-tenant-id": connection.visma_tenant_id,
        "x-vwd-signature-v1": signature(raw, key),
    }


@pytest.fixture
def call(client: Client, visma: VismaConnection) -> Call:
    """Call Visma's door; headers given replace the right ones, None leaves one out."""

    def post(body: Any = None, *, key: str = KEY, path: str = "", **changed: str | None) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body or {"id": "205501"}).encode()
        headers: dict[str, str | None] = dict(visma_headers(visma, raw, key))
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        answer = client.post(
            f"/hooks/visma/{path or visma.webhook_path}/",
            data=raw,
            content_type="application/json",
            headers={name: value for name, value in headers.items() if value is not None},
        )
        assert answer.content == b""
        return answer.status_code

    return post
