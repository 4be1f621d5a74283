"""A Visma access token for one company, by client credentials; there is no refresh token."""

from dataclasses import dataclass, field
from typing import Protocol

import msgspec
import requests

from connector.errors import AskAPerson, ConnectorError, Explanation, Fixer, Throttled, TryAgain
from connector.http import Reply, WireError, wait

from . import errors
from .records import decode

SCOPES = " ".join(f"vismanet_erp_service_api:{right}" for right in ("read", "create", "update"))
DEADLINE = 30.0  # seconds for one token request
LIFETIME = 3600  # seconds, when the answer does not say; documented and measured
SYSTEM = "Visma Connect"
PORTAL = "Visma Developer Portal → your application"
APP_STORE = "Visma App Store"


@dataclass(frozen=True)
class AccessToken:
    value: str = field(repr=False)
    expires_in: int  # seconds


class TokenSource(Protocol):
    """One company's current token, shared by everybody who calls for that company."""

    def current(self) -> str: ...

    def renew(self, rejected: str) -> str:
        """A token other than ``rejected``; asks for a new one only if nobody has yet."""


# OAuth error code: (our code, what happened, what to do, who can)
REFUSALS: dict[str, tuple[str, str, str, Fixer]] = {
    "invalid_client": (
        "client_refused",
        "Visma does not know this Client id with this Client secret.",
        f"Compare the Client id with {PORTAL}; make a new Client secret there and enter it here.",
        "you",
    ),
    "invalid_tenant": (
        "tenant_refused",
        "Visma does not know the Tenant id, or the application has no access to it.",
        f"Take the Tenant id from {errors.TENANT_ID_PLACE}, and approve the application for the "
        f"company in {APP_STORE}.",
        "visma_admin",
    ),
    "unauthorized_client": (
        "not_approved",
        "The application is not approved for the company with this Tenant id.",
        f"Ask the company's Integration Administrator to approve it in {APP_STORE}.",
        "visma_admin",
    ),
    "invalid_scope": (
        "scope_refused",
        "The application does not have the access we ask for (read, create, update).",
        f"Add the Visma.net ERP Service API scopes read, create and update in {PORTAL}, then "
        f"approve the change in {APP_STORE}.",
        "visma_admin",
    ),
}
OTHER_REFUSAL: tuple[str, str, str, Fixer] = (
    "client_refused",
    "Visma refused the sign-in.",
    f"Compare Client id, Client secret and Tenant id with {PORTAL} and {errors.TENANT_ID_PLACE}.",
    "you",
)


def request_token(
    session: requests.Session, *, url: str, client_id: str, client_secret: str, tenant_id: str
) -> AccessToken:
    """AskAPerson names the wrong field; TryAgain when Visma Connect is not available."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "tenant_id": tenant_id,
        "scope": SCOPES,
    }
    try:
        reply = Reply.of(session.post(url, data=form, timeout=DEADLINE), client_secret)
    except WireError as error:
        raise errors.not_answered(SYSTEM, error) from None
    if reply.status != 200:
        raise _refused(reply)
    return _read(reply.body)


def _read(body: bytes) -> AccessToken:
    try:
        found = decode(body)
        value = found["access_token"]
        lifetime = int(found.get("expires_in", LIFETIME))
        usable = isinstance(value, str) and value.isascii() and value.isprintable() and value
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError):
        usable = ""
    if not usable:
        raise errors.unreadable(SYSTEM)
    return AccessToken(value, lifetime)


def _refused(reply: Reply) -> ConnectorError:
    """OAuth answers 400 for nearly everything, so the error code decides among the refusals."""
    code, words = _oauth_error(reply.body)
    if reply.status == 429 or reply.status >= 500 or not (code or reply.status in (400, 401, 403)):
        return _unavailable(reply)
    ours, happened, remedy, fixer = REFUSALS.get(code, OTHER_REFUSAL)
    detail = reply.quote(f"{code} {words}") if code else reply.snippet()
    return AskAPerson(Explanation(ours, happened, remedy, fixer, detail), "connection")


def _unavailable(reply: Reply) -> TryAgain:
    throttled = reply.status == 429
    why = Explanation(
        code="rate_window" if throttled else "server_error",
        happened=f"{SYSTEM} {'asks us to slow down' if throttled else 'has a problem of its own'}.",
        remedy=errors.WAIT,
        fixer="nobody",
        detail=reply.snippet(),
    )
    return (Throttled if throttled else TryAgain)(why, wait(reply.retry_after))


def _oauth_error(body: bytes) -> tuple[str, str]:
    try:
        found = decode(body)
    except (msgspec.DecodeError, RecursionError):
        return "", ""
    if not isinstance(found, dict) or not isinstance(found.get("error"), str):
        return "", ""
    return found["error"], str(found.get("error_description") or "")
