"""What happened on a board, told to whoever listens; webhooks are made from it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Board, Column, Item, Update


@dataclass(frozen=True)
class Event:
    """``kind`` is a WebhookEventType such as ``change_column_value``; ``by`` a user id."""

    kind: str
    board: "Board"
    by: int
    item: "Item | None" = None
    column: "Column | None" = None
    before: Any = None
    after: Any = None
    update: "Update | None" = None
