"""monday's own sign-in (OAuth): where a person is sent, and the tokens that come of it.

Two kinds of app exist. Tokens of older ones never end and cannot be renewed; those of newer ones
end, and each renewal gives a new refresh token that makes the former worthless. The same request
serves both: an older app ignores what it does not know.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import msgspec
import requests

from connector.errors import AskAPerson, ConnectorError, Explanation, Throttled, TryAgain
from connector.http import Reply, WireError, wait

from .verdicts import WAIT

# What the connector does: read and write boards, make webhooks, comment on a receipt, and tell
# whose account it is in.
SCOPES = " ".join(
    (
        "me:read",
        "account:read",
        "boards:read",
        "boards:write",
        "webhooks:read",
        "webhooks:write",
        "workspaces:read",
        "updates:write",
    )
)
DEADLINE = 30.0  # seconds for one request
LIFETIME = 3600  # seconds, of a token that can be renewed, when the answer does not say
CONNECT = "Press “Connect with monday” on the connection's page and allow it again."


@dataclass(frozen=True)
class App:
    """The deployment's app in monday's Developer Center."""

    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str

    @property
    def revoke_url(self) -> str:
        """Beside the token's, as monday's own discovery document has it."""
        return self.token_url.removesuffix("/token") + "/revoke"


@dataclass(frozen=True)
class Token:
    """``expires_in``: seconds; None for a token that never ends and has no ``refresh``."""

    value: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_in: int | None = None


def address(app: App, *, state: str, verifier: str, back: str, subdomain: str = "") -> str:
    """Where a person allows the app. ``subdomain``: the account it must be; "" lets them choose."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": app.client_id,
        "redirect_uri": back,
        "response_type": "code",
        "scope": SCOPES,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if subdomain:
        asked["subdomain"] = subdomain
    return f"{app.authorize_url}?{urlencode(asked)}"


def exchange(session: requests.Session, app: App, code: str, *, verifier: str, back: str) -> Token:
    """Raises AskAPerson for a code that is old, used or somebody else's."""
    return _ask(
        session,
        app,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        },
    )


def refresh(session: requests.Session, app: App, refresh_token: str) -> Token:
    """Raises AskAPerson where the person has withdrawn the permission."""
    return _ask(session, app, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def revoke(session: requests.Session, app: App, token: Token) -> None:
    """As good as it goes: a token that cannot be given back ends by itself."""
    body = {"token": token.refresh or token.value, **_who(app)}
    try:
        session.post(app.revoke_url, json=body, timeout=DEADLINE)
    except WireError:
        return


def _who(app: App) -> dict[str, str]:
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def _ask(session: requests.Session, app: App, asked: dict[str, str]) -> Token:
    secrets = [app.client_secret, *asked.values()]
    try:
        answer = session.post(app.token_url, json={**asked, **_who(app)}, timeout=DEADLINE)
    except WireError as error:
        raise TryAgain(
            Explanation(
                "not_reached", "monday.com did not answer.", WAIT, "nobody", str(error)[:500]
            )
        ) from None
    reply = Reply.of(answer, *secrets)
    said = _decoded(reply.body)
    if reply.status != 200 or not _usable(said.get("access_token")):
        raise _refused(reply, str(said.get("error") or ""))
    return _token(said)


def _token(said: dict[str, Any]) -> Token:
    renewable = _usable(said.get("refresh_token"))
    lifetime = said.get("expires_in", LIFETIME)
    seconds = lifetime if isinstance(lifetime, int) and lifetime > 0 else LIFETIME
    if not renewable:
        return Token(said["access_token"])
    return Token(said["access_token"], said["refresh_token"], seconds)


def _refused(reply: Reply, code: str) -> ConnectorError:
    if reply.status == 429 or reply.status >= 500 or reply.status == 200:
        busy = reply.status == 429
        happened = "asks us to slow down" if busy else "has a problem of its own"
        why = Explanation(
            code="rate_window" if busy else "server_error",
            happened=f"monday.com's sign-in {happened}.",
            remedy=WAIT,
            fixer="nobody",
        )
        return (Throttled if busy else TryAgain)(why, wait(reply.retry_after))
    if code in ("invalid_client", "unauthorized_client"):
        return AskAPerson(APP_REFUSED, "connection")
    return AskAPerson(NOT_ALLOWED, "connection")


APP_REFUSED = Explanation(
    code="app_refused",
    happened="monday.com does not accept the app of this deployment.",
    remedy="Ask the host to compare MONDAY_CLIENT_ID and MONDAY_CLIENT_SECRET with the app in "
    "monday's Developer Center.",
)
NOT_ALLOWED = Explanation(
    code="not_allowed",
    happened="monday.com does not let us in with this permission any more.",
    remedy=CONNECT,
)


def _usable(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
