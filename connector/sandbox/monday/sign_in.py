"""monday's own sign-in: a page on which a person allows the app, and the tokens that come of it.

The path of the token address decides the kind: ``oauth_ms/oauth/token`` gives tokens that end,
wants PKCE and renews; ``oauth2/token`` gives one that never ends.
"""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.monday.access import Access
from connector.sandbox.monday.call import Credential
from connector.sandbox.pages import render
from connector.sandbox.wire import Request, Response, json_response, redirect

CODE_LIFETIME = 600  # seconds, documented
TOKEN_LIFETIME = 3600  # seconds, as monday's migration endpoint shows
APP = "ml-connector"
AUTHORIZE = "/monday/oauth2/authorize"
TOKEN = "/monday/oauth_ms/oauth/token"  # noqa: S105 - a path
REVOKE = "/monday/oauth_ms/oauth/revoke"
OLD_TOKEN = "/monday/oauth2/token"  # noqa: S105 - a path


@dataclass(frozen=True)
class Code:
    """What a person allowed, until the app fetches it; ``challenge`` is empty without PKCE."""

    back: str
    challenge: str
    scope: str
    ends: float


class SignIn:
    """Every token stands for Ingrid, whose account it is."""

    def __init__(self, clock: Clock, access: Access) -> None:
        self.clock = clock
        self.access = access
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, float | None] = {}  # access token: when it ends
        self._refresh: dict[str, str] = {}  # refresh token: the access token it came with

    @property
    def allowed(self) -> bool:
        return bool(self._tokens)

    def handle(self, request: Request) -> Response | None:
        where = (request.method, request.path.rstrip("/"))
        answer = {
            ("GET", AUTHORIZE): self._page,
            ("POST", AUTHORIZE): self._pressed,
            ("POST", TOKEN): self._token,
            ("POST", OLD_TOKEN): self._token,
            ("POST", REVOKE): self._revoke,
        }.get(where)
        return answer(request) if answer else None

    def withdraw(self) -> None:
        """As when the app is uninstalled: no token and no refresh token of it works any more."""
        for token in self._tokens:
            self.access.revoke(token)
        self._tokens.clear()
        self._refresh.clear()

    def reset(self) -> None:
        self._codes.clear()
        self.withdraw()

    def dump(self) -> dict[str, Any]:
        codes = {code: asdict(found) for code, found in self._codes.items()}
        return {"codes": codes, "tokens": self._tokens, "refresh": self._refresh}

    def load(self, state: dict[str, Any]) -> None:
        self._codes = {code: Code(**found) for code, found in state.get("codes", {}).items()}
        self._refresh = dict(state.get("refresh", {}))
        for token, ends in state.get("tokens", {}).items():
            self._grant(token, ends)

    def _page(self, request: Request) -> Response:
        problem = _problem(request)
        context = {
            "place": "boards",
            "problem": problem,
            "scopes": request.argument("scope").split(),
            "account": world.MONDAY_ACCOUNT_NAME,
            "user": world.INGRID.name,
        }
        return render("authorize.html", context, 400 if problem else 200)

    def _pressed(self, request: Request) -> Response:
        if _problem(request):
            return self._page(request)
        back, state = request.argument("redirect_uri"), request.argument("state")
        if request.form().get("button") != "allow":
            return redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': state})}")
        code, scope = secrets.token_urlsafe(24), request.argument("scope")
        challenge = request.argument("code_challenge")
        self._codes[code] = Code(back, challenge, scope, self.clock.time() + CODE_LIFETIME)
        return redirect(f"{back}?{urlencode({'code': code, 'state': state, 'scope': scope})}")

    def _token(self, request: Request) -> Response:
        given, renewed = _given(request), request.path.rstrip("/") == TOKEN
        if not _is_the_app(given):
            return _refused("invalid_client", "Unknown client or wrong secret", 401)
        if renewed and given.get("grant_type") == "refresh_token":
            return self._renewed(given)
        code = self._codes.pop(str(given.get("code")), None)
        if code is None or code.ends < self.clock.time() or code.back != given.get("redirect_uri"):
            return _refused("invalid_grant", "The code is unknown, used or expired")
        if renewed and not _fits(code.challenge, str(given.get("code_verifier", ""))):
            return _refused("invalid_grant", "The code verifier does not fit the challenge")
        return self._issue(code.scope, renewed=renewed)

    def _renewed(self, given: dict[str, Any]) -> Response:
        """A refresh token is good once; the access token it came with ends with it."""
        former = self._refresh.pop(str(given.get("refresh_token")), None)
        if former is None:
            return _refused("invalid_grant", "The refresh token is unknown or was used")
        self.access.revoke(former)
        self._tokens.pop(former, None)
        return self._issue("", renewed=True)

    def _issue(self, scope: str, *, renewed: bool) -> Response:
        token = f"app-{secrets.token_urlsafe(32)}"
        self._grant(token, self.clock.time() + TOKEN_LIFETIME if renewed else None)
        said: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "scope": scope}
        if renewed:
            fresh = f"refresh-{secrets.token_urlsafe(32)}"
            self._refresh[fresh] = token
            said |= {"refresh_token": fresh, "expires_in": TOKEN_LIFETIME}
        return json_response(said)

    def _grant(self, token: str, ends: float | None) -> None:
        self._tokens[token] = ends
        self.access.grant(token, Credential(world.INGRID, app=APP), ends)

    def _revoke(self, request: Request) -> Response:
        given = _given(request)
        if not _is_the_app(given):
            return _refused("invalid_client", "Unknown client or wrong secret", 401)
        named = str(given.get("token"))
        token = self._refresh.pop(named, named)
        if token in self._tokens:
            self.access.revoke(token)
            del self._tokens[token]
        return json_response({"success": True})


def _problem(request: Request) -> str:
    if request.argument("client_id") != world.MONDAY_CLIENT_ID:
        return "unauthorized_client: monday knows no app with this client id."
    back = urlsplit(request.argument("redirect_uri"))
    if back.scheme not in ("http", "https") or not back.netloc:
        return "invalid_request: the app names no address to come back to."
    if request.argument("subdomain", world.MONDAY_ACCOUNT_SLUG) != world.MONDAY_ACCOUNT_SLUG:
        return "access_denied: you have no user in the account this is for."
    if request.argument("code_challenge_method", "S256") != "S256":
        return "invalid_request: code_challenge_method must be S256."
    return ""


def _given(request: Request) -> dict[str, Any]:
    try:
        found = request.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_the_app(given: dict[str, Any]) -> bool:
    named = (given.get("client_id"), given.get("client_secret"))
    return named == (world.MONDAY_CLIENT_ID, world.MONDAY_CLIENT_SECRET)


def _fits(challenge: str, verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return 43 <= len(verifier) <= 128 and secrets.compare_digest(made, challenge)


def _refused(error: str, words: str, status: int = 400) -> Response:
    return json_response({"error": error, "error_description": words}, status)
