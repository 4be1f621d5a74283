"""monday's webhook calls: the challenge, the signature, what an event points at; making them.

Only webhooks made with an app's token are signed: HS256 with the app's signing secret, the
receiving address as audience, an expiry (monday: "Webhooks" and "Monday authorization header").
"""

import json
from dataclasses import dataclass
from typing import Any

import jwt

from connector.errors import ConnectorError

from .documents import COST, Document
from .reading import Reading

ALGORITHMS = ["HS256"]
LEEWAY = 60  # seconds by which two clocks may differ
LONGEST_CHALLENGE = 500
EVENT = "change_specific_column_value"
# What people do to a board and to its items, as far as monday tells it.
CHANGES = ("create_column", "item_archived", "item_deleted", "item_restored")


@dataclass(frozen=True)
class Notice:
    """``item_id`` is "" where the event is not about an item."""

    trigger_id: str
    event: str
    board_id: str
    item_id: str


def challenge_of(raw: bytes) -> str | None:
    """What monday wants to hear back when a webhook is made; None for every other call."""
    body = _object(raw)
    said = body.get("challenge")
    if list(body) != ["challenge"] or not isinstance(said, str):
        return None
    return said if 0 < len(said) <= LONGEST_CHALLENGE else None


def is_signed(token: str, secret: str, *, audience: str, account_id: str) -> bool:
    """Signed by our app, for this address, a moment ago, and about this account."""
    try:
        claims = jwt.decode(
            token.removeprefix("Bearer ").strip(),
            secret,
            algorithms=ALGORITHMS,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["exp", "aud"]},
        )
    except jwt.PyJWTError:
        return False
    return not account_id or str(claims.get("accountId")) == account_id


def read_notice(raw: bytes) -> Notice:
    """Never raises; ids that are none are empty."""
    event = _object(raw).get("event")
    said: dict[str, Any] = event if isinstance(event, dict) else {}
    return Notice(
        trigger_id=str(said.get("triggerUuid") or "")[:100],
        event=str(said.get("type") or "")[:100],
        board_id=_id(said.get("boardId")),
        item_id=_id(said.get("pulseId") or said.get("itemId")),
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _id(value: Any) -> str:
    text = str(value) if isinstance(value, str | int) else ""
    return text if text.isascii() and text.isdigit() and len(text) <= 20 else ""


# --- on the board -----------------------------------------------------------------------------
def create(client: Reading, board_id: str, column_id: str, url: str, *, event: str = EVENT) -> str:
    """The new webhook's id. monday calls the address with a challenge before it answers."""
    document = create_document(board_id, column_id, url, event=event)
    outcome = client.execute(document).outcome("a0")
    if isinstance(outcome, ConnectorError):
        raise outcome
    return str(outcome["id"])


def delete(client: Reading, webhook_id: str) -> None:
    """GiveUp when there is none of that id."""
    outcome = client.execute(delete_document(webhook_id)).outcome("a0")
    if isinstance(outcome, ConnectorError):
        raise outcome


def ids_on(client: Reading, board_id: str) -> set[str]:
    """The webhooks that are on a board now, whoever made them."""
    data = client.execute(list_document(board_id)).data
    return {str(each["id"]) for each in data.get("webhooks") or () if each}


def create_document(board_id: str, column_id: str, url: str, *, event: str = EVENT) -> Document:
    text = f"""mutation CreateWebhook(
  $board: ID!, $url: String!, $event: WebhookEventType!, $config: JSON
) {{
  {COST}
  a0: create_webhook(board_id: $board, url: $url, event: $event, config: $config) {{ id }}
}}"""
    config = json.dumps({"columnId": column_id}) if column_id else None
    variables = {"board": board_id, "url": url, "event": event, "config": config}
    return Document("create_webhook", text, variables, mutation=True)


def delete_document(webhook_id: str) -> Document:
    text = f"mutation DeleteWebhook($id: ID!) {{ {COST} a0: delete_webhook(id: $id) {{ id }} }}"
    return Document("delete_webhook", text, {"id": webhook_id}, mutation=True)


def list_document(board_id: str) -> Document:
    text = f"query Webhooks($board: ID!) {{ {COST} webhooks(board_id: $board) {{ id event }} }}"
    return Document("webhooks", text, {"board": board_id}, mutation=False)
