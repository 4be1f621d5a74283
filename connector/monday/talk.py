"""A word to the people on a board: a comment on an item, a label in one of its cells."""

import html
import json

from connector.errors import ConnectorError

from . import documents
from .documents import COST, Document
from .reading import Reading


def comment(client: Reading, item_id: str, text: str, *, idempotency_key: str) -> None:
    """Raises ConnectorError. The key makes a repeated call harmless for half an hour."""
    outcome = client.execute(comment_document(item_id, text), idempotency_key=idempotency_key)
    _raise(outcome.outcome("a0"))


def comment_document(item_id: str, text: str) -> Document:
    document = f"""mutation Comment($item: ID!, $body: String!) {{
  {COST}
  a0: create_update(item_id: $item, body: $body) {{ id }}
}}"""
    body = html.escape(text, quote=False).replace("\n", "<br>")
    return Document("comment", document, {"item": item_id, "body": body}, mutation=True)


def set_label(client: Reading, board_id: str, item_id: str, *, column: str, label: str) -> None:
    """A label that the column has; a missing one is a GiveUp. "" empties the cell."""
    cells = json.dumps({column: {"label": label} if label else None}, ensure_ascii=False)
    document = documents.update_items(board_id, [(item_id, cells)], create_labels=False)
    _raise(client.execute(document).outcome("a0"))


def _raise(outcome: object) -> None:
    if isinstance(outcome, ConnectorError):
        raise outcome
