"""Board hints: items that monday's webhooks point at, read and considered at once."""

import logging
from datetime import timedelta

from connector.errors import AskAPerson, ConnectorError, TryAgain
from connector.models import Found, GoodsReceipt, Hint
from connector.sync import hints, items, settling, watch
from connector.sync.boards import forget_board
from connector.sync.receipt_rule import rule_of
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import Health, MondayConnection

log = logging.getLogger(__name__)

BACK_OFF = timedelta(minutes=1)
# What monday calls a change of a value: it says nothing about where the item is.
VALUES = ("update_column_value", "change_column_value", "create_pulse", "update_name")


def follow(monday_id: int) -> list[GoodsReceipt]:
    """Receipts that were asked for; nothing is believed but what the items show now."""
    connection = MondayConnection.objects.get(pk=monday_id)
    hints.look(connection)
    asked: list[GoodsReceipt] = []
    if connection.health == Health.NEEDS_PERSON:
        return asked
    while claimed := hints.claim(connection, but=settling.restless(connection)):
        by_board: dict[str, list[Hint]] = {}
        for hint in claimed:
            by_board.setdefault(hint.board_id, []).append(hint)
        for board_id, group in by_board.items():
            asked += _look_at(connection, board_id, group)
    if settling.restless(connection):
        settling.come_back(connection)
    return asked


def _look_at(connection: MondayConnection, board_id: str, group: list[Hint]) -> list[GoodsReceipt]:
    mappings = BoardMapping.objects.filter(
        monday=connection, board_id=board_id, active=True
    ).select_related("monday", "visma", "tenant")
    ruled = [mapping for mapping in mappings if rule_of(mapping)]
    keys = list(dict.fromkeys(hint.key for hint in group if hint.key))
    about_items = [hint.key for hint in group if hint.key and hint.event not in VALUES]
    about_board = any(not hint.key for hint in group)
    asked: list[GoodsReceipt] = []
    changed = 0
    try:
        for mapping in mappings:
            if about_board:
                forget_board(mapping)  # the tick looks at it within the minute
            changed += items.look_at(mapping, about_items)
        for mapping in ruled:
            asked += watch.look_at(mapping, keys)
    except ConnectorError as error:
        _react(connection, group, error)
        return asked
    if ruled or about_board or about_items:
        hints.done(group, Found.CHANGE if asked or changed or about_board else Found.KNOWN)
    else:
        hints.done(group, Found.UNWANTED)
    return asked


def _react(connection: MondayConnection, group: list[Hint], error: ConnectorError) -> None:
    log.info("Items that a webhook named were not read: %s", error.why.happened)
    wait = (error.after if isinstance(error, TryAgain) else None) or BACK_OFF
    hints.later(group, wait)
    if isinstance(error, AskAPerson) and error.reach == "connection":
        tenants.connection_needs_person(
            connection, happened=error.why.happened, remedy=error.why.remedy
        )
