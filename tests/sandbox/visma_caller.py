"""A caller of the sandbox's Visma side that goes through no socket, only through ``handle``."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.visma import VismaSandbox
from connector.sandbox.wire import request_of

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
Row = dict[str, Any]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """Decimals are exact."""
        return _DECODER.decode(self.raw)

    @property
    def message(self) -> str:
        return str(self.body["message"])


class VismaCaller:
    """``sandbox`` is behind the curtain; everything else is what a program outside sees."""

    def __init__(self, sandbox: VismaSandbox) -> None:
        self.sandbox = sandbox
        self.token = ""

    def ask_token(self, **changes: str) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "client_id": world.VISMA_CLIENT_ID,
            "client_secret": world.VISMA_CLIENT_SECRET,
            "tenant_id": world.VISMA_COMPANY_TENANT_ID,
            "scope": "vismanet_erp_service_api:read vismanet_erp_service_api:create "
            "vismanet_erp_service_api:update",
        }
        return self._send("POST", "/visma/connect/token", urlencode(form | changes).encode(), {})

    def sign_in(self, **changes: str) -> None:
        self.token = self.ask_token(**changes).body["access_token"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """``headers`` are named with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": f"Bearer {self.token}"} | named
        raw = b"" if body is None else msgspec.json.encode(body)
        return self._send(method, f"/visma{path}", raw, sent)

    def get(self, path: str, **query: Any) -> Answer:
        return self.ask("GET", path + ("?" + urlencode(query) if query else ""))

    def rows(self, path: str, **query: Any) -> list[Row]:
        answer = self.get(path, **{"pageNumber": 1, "pageSize": 1000} | query)
        assert answer.status == 200, answer.raw
        found: list[Row] = answer.body
        return found

    def invoice(self, number: str, kind: str = "Invoice") -> Row:
        found: Row = self.get(f"/v1/supplierInvoice/{kind}/{number}").body
        return found

    def order(self, number: str) -> Row:
        found: Row = self.get(f"/v1/purchaseorder/{number}").body
        return found

    def order_with(self, status: str, *, received: bool) -> Row:
        """The first order in this status with, or without, a receipt."""
        rows = self.rows("/v1/purchaseorder", orderStatus=status)
        return next(row for row in rows if bool(row["purchaseReceipts"]) == received)

    def invoice_with(self, status: str, kind: str = "Invoice", **fields: Any) -> Row:
        rows = self.rows("/v1/supplierInvoice", status=status, documentType=kind)
        return next(row for row in rows if all(row[k] == v for k, v in fields.items()))

    def _send(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Answer:
        response = self.sandbox.handle(request_of(method, target, headers, body))
        return Answer(response.status, response.headers, response.body)


@pytest.fixture(scope="session")
def visma_sandbox() -> VismaSandbox:
    clock = Clock()
    return VismaSandbox(clock, Log(clock))


@pytest.fixture
def visma(visma_sandbox: VismaSandbox) -> Iterator[VismaCaller]:
    """Visma's side alone, freshly seeded, signed in."""
    visma_sandbox.clock.offset = 0.0
    visma_sandbox.log.clear()
    visma_sandbox.reset()
    caller = VismaCaller(visma_sandbox)
    caller.sign_in()
    yield caller
    visma_sandbox.clock.offset = 0.0
