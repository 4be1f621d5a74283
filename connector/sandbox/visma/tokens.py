"""Visma Connect: tokens for one client and one tenant, good for an hour of the sandbox's clock."""

import base64
import secrets
from dataclasses import dataclass

import msgspec

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.visma.answers import answer
from connector.sandbox.wire import Request, Response

LIFETIME = 3600  # seconds; documented and measured
RIGHTS = ("read", "create", "update", "delete")
SCOPES = tuple(f"vismanet_erp_service_api:{right}" for right in RIGHTS)
TENANTS = (world.VISMA_COMPANY_TENANT_ID, world.VISMA_CUSTOMER_TENANT_ID)


@dataclass(frozen=True)
class Grant:
    """What a token opens. A token for the customer's tenant is real and opens nothing."""

    client_id: str
    tenant_id: str
    scopes: frozenset[str]
    ends: float

    def may(self, right: str) -> bool:
        return f"vismanet_erp_service_api:{right}" in self.scopes


class TokenDesk:
    """``approved`` is the tenant's consent in Visma App Store."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.clients: dict[str, str] = {}
        self.scopes: tuple[str, ...] = SCOPES
        self.approved = True
        self._grants: dict[str, Grant] = {}
        self.reset()

    def reset(self) -> None:
        self.clients = {world.VISMA_CLIENT_ID: world.VISMA_CLIENT_SECRET}
        self.scopes, self.approved = SCOPES, True
        self._grants.clear()

    def handle(self, request: Request) -> Response:
        form = request.form()
        refusal = self._refusal(request.method, form)
        if refusal:
            return answer({"error": refusal}, 400)
        scopes = tuple(form.get("scope", "").split()) or self.scopes
        value = self._issue(form["client_id"], form.get("tenant_id", ""), frozenset(scopes))
        return answer(
            {
                "access_token": value,
                "expires_in": LIFETIME,
                "token_type": "Bearer",
                "scope": " ".join(scopes),
            }
        )

    def grant_of(self, authorization: str) -> Grant | None:
        """None for a token that is unknown, ended or of no company: the answer is 401."""
        kind, _, value = authorization.partition(" ")
        grant = self._grants.get(value) if kind.lower() == "bearer" else None
        if grant is None or grant.ends <= self.clock.time():
            return None
        return grant if grant.tenant_id == world.VISMA_COMPANY_TENANT_ID else None

    def revoke(self) -> None:
        """Every token issued so far answers 401 from now on."""
        self._grants.clear()

    def _refusal(self, method: str, form: dict[str, str]) -> str:
        if method != "POST":
            return "invalid_request"
        if form.get("grant_type") != "client_credentials":
            return "unsupported_grant_type"
        known = self.clients.get(form.get("client_id", ""))
        if known is None or form.get("client_secret") != known:
            return "invalid_client"
        if not set(form.get("scope", "").split()) <= set(self.scopes):
            return "invalid_scope"
        tenant = form.get("tenant_id", "").lower()
        return "" if tenant in ("", *TENANTS) and self.approved else "invalid_tenant"

    def _issue(self, client_id: str, tenant_id: str, scopes: frozenset[str]) -> str:
        now = self.clock.time()
        self._grants = {value: kept for value, kept in self._grants.items() if kept.ends > now}
        value = _opaque(client_id, tenant_id.lower(), now)
        self._grants[value] = Grant(client_id, tenant_id.lower(), scopes, now + LIFETIME)
        return value


def _opaque(client_id: str, tenant_id: str, now: float) -> str:
    """Looks like a signed JWT, as Visma's do; nobody may read it."""
    claims = {"client_id": client_id, "tenant_id": tenant_id, "iat": int(now)}
    parts = [{"alg": "RS256", "typ": "at+jwt"}, claims]
    texts = [base64.urlsafe_b64encode(msgspec.json.encode(part)).decode() for part in parts]
    return ".".join(text.rstrip("=") for text in texts) + "." + secrets.token_urlsafe(48)
