"""Webhooks: the challenge when one is made, the choice of events, the signature of a call."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from connector.sandbox import world
from connector.sandbox.monday import problems
from connector.sandbox.monday.events import Event
from connector.sandbox.monday.payloads import payload
from connector.sandbox.monday.state import Account, Board, Webhook
from connector.sandbox.postman import Letter, Postman, post

LONGEST_URL = 255
TOKEN_LIFETIME = 300  # seconds; monday's sample token lives as long


class Hooks:
    """Listens to the account and sends a letter for each webhook an event concerns."""

    def __init__(self, account: Account, postman: Postman) -> None:
        self.account = account
        self.postman = postman
        account.listeners.append(self.tell)

    def create(self, board: Board, url: str, event: str, config: str, *, app: bool) -> Webhook:
        """Call without the account's lock: the receiver is asked before anything is kept."""
        _check_url(url)
        settings = _decoded(config)
        if (
            event == "change_specific_column_value"
            and settings.get("columnId") not in board.columns
        ):
            raise problems.column_missing(str(settings.get("columnId", "")))
        self._challenge(url)
        with self.account.lock:
            number = self.account.ids.number("webhook")
            hook = Webhook(number, board.id, url, event, config, app)
            self.account.webhooks[number] = hook
        target = {"board": board.id, "webhook": number}
        self.account.log.effect("webhook_created", target=target, after={"event": event})
        return hook

    def delete(self, number: int) -> Webhook:
        hook = self.account.webhooks.pop(number, None)
        if hook is None:
            data = {"webhook_id": number}
            raise problems.problem("Webhook not found", "ResourceNotFoundException", 404, data)
        target = {"board": hook.board_id, "webhook": number}
        self.account.log.effect("webhook_deleted", target=target)
        return hook

    def tell(self, event: Event) -> None:
        for hook in list(self.account.webhooks.values()):
            if hook.board_id == event.board.id and _concerns(hook, event):
                self._send(hook, event)

    def _send(self, hook: Webhook, event: Event) -> None:
        body = json.dumps(payload(event, hook, self.account.clock.time())).encode()

        def headers() -> dict[str, str]:
            return {"Authorization": self._token(hook, event.by)} if hook.app else {}

        self.postman.send(Letter("monday", event.kind, hook.url, body, headers))

    def _token(self, hook: Webhook, user_id: int) -> str:
        now = int(self.account.clock.time())
        claims = {
            "accountId": world.MONDAY_ACCOUNT_ID,
            "userId": user_id,
            "aud": hook.url,
            "iat": now,
            "exp": now + TOKEN_LIFETIME,
            "shortLivedToken": secrets.token_urlsafe(24),
        }
        return signed_token(claims, world.MONDAY_SIGNING_SECRET)

    def _challenge(self, url: str) -> None:
        challenge = secrets.token_urlsafe(24)
        reply = post(url, json.dumps({"challenge": challenge}).encode(), {})
        self.account.log.count("webhooks.challenges")
        try:
            echoed = json.loads(reply.body).get("challenge") if reply.status == 200 else None
        except (ValueError, AttributeError):
            echoed = None
        if echoed != challenge:
            words = "Failed to verify the webhook URL: the challenge was not returned"
            raise problems.bad_argument(words, url=url)


def signed_token(claims: dict[str, Any], secret: str) -> str:
    """A JSON Web Token, HS256."""
    head = _part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    text = f"{head}.{_part(json.dumps(claims).encode())}"
    return f"{text}.{_part(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https") or len(url) > LONGEST_URL:
        raise problems.bad_argument(f"The URL must be http(s), at most {LONGEST_URL} characters")


def _decoded(config: str) -> dict[str, Any]:
    try:
        found = json.loads(config or "{}")
    except ValueError:
        raise problems.bad_argument("config must be a JSON string") from None
    return found if isinstance(found, dict) else {}


def _concerns(hook: Webhook, event: Event) -> bool:
    if hook.event == event.kind:
        return True
    settings = _decoded(hook.config)
    if event.kind == "item_moved_to_any_group" and hook.event == "item_moved_to_specific_group":
        return bool(event.item and event.item.group_id == settings.get("groupId"))
    if event.kind != "change_column_value" or not event.column:
        return False
    if hook.event == "change_specific_column_value":
        return bool(event.column.id == settings.get("columnId"))
    if hook.event != "change_status_column_value" or event.column.id != settings.get("columnId"):
        return False
    wanted = settings.get("columnValue") or {"$any$": True}
    index = event.after["index"] if event.after else None
    return "$any$" in wanted or index == wanted.get("index")
