"""What the pairing page knows of the board besides its columns: groups and required columns."""

from __future__ import annotations

from connector.errors import ConnectorError, Explanation
from connector.models.clock import database_now
from connector.sync.boards import STALE, monday_of, read_board
from connector.wizard.drafts import Desk


def refresh_board(desk: Desk, *, now: bool = False) -> Explanation | None:
    """Look at the board if the last look is old, or ``now``; returns why it was not possible."""
    mapping = desk.mapping
    read_at = mapping.board_read_at
    is_fresh = read_at is not None and database_now() - read_at < STALE
    knows_more = desk.draft is None or "groups" in desk.draft.facts
    if is_fresh and knows_more and not now:
        return None
    try:
        board = read_board(mapping)
    except ConnectorError as error:
        return error.why
    if desk.draft is not None:
        required = _required(desk)
        desk.draft.facts = {
            **desk.draft.facts,
            "groups": list(board.groups),
            "required": required,
        }
        desk.draft.save(update_fields=["facts"])
    return None


def _required(desk: Desk) -> list[str]:
    """Columns people must fill in. Not every plan has the setting, so no answer means none."""
    try:
        return monday_of(desk.mapping).required_columns(desk.mapping.board_id)
    except ConnectorError:
        return []
