"""Quantities: what people typed at the subitems of an order, read once, wiped out once booked."""

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from connector.errors import ConnectorError, Explanation, GiveUp
from connector.models import GoodsReceipt, RecordLink
from connector.monday import documents
from connector.monday.boards import Item
from connector.monday.client import MondayClient
from connector.sync.boards import monday_of
from connector.sync.receipt_rule import Rule
from mappings.models import BoardMapping

BATCH = 25  # cells wiped out by one request
AGAIN = "then set the label again."


def typed(row: GoodsReceipt, rule: Rule) -> dict[str, str]:
    """{line of the order: quantity}, without empty cells and zeros. Raises ConnectorError.

    Only subitems that show a line of the order count: a subitem made by hand names no line.
    """
    board, places = _places(row)
    found = {}
    for item in _items(monday_of(board), list(places), rule):
        quantity = _quantity(item, rule)
        if quantity:
            found[places[item.id]] = f"{quantity.normalize():f}"
    return found


def wipe(row: GoodsReceipt, rule: Rule) -> None:
    """Empty the cells whose quantities are booked; one that says something else now is kept.

    Raises ConnectorError; repeating is harmless.
    """
    board, places = _places(row)
    client = monday_of(board)
    booked = {item for item, place in places.items() if place in (row.lines or {})}
    still = [
        item.id
        for item in _items(client, sorted(booked), rule)
        if _text(item, rule) == (row.lines or {})[places[item.id]]
    ]
    empty = json.dumps({rule.quantity_column: None})
    for start in range(0, len(still), BATCH):
        _write(client, board.board_id, [(item, empty) for item in still[start : start + BATCH]])


def _places(row: GoodsReceipt) -> tuple[BoardMapping, dict[str, str]]:
    """The mapping that shows the order's lines, and by item the line that it shows."""
    related = BoardMapping.objects.select_related("monday", "tenant")
    board = related.filter(parent=row.mapping_id, active=True).first()
    if board is None:
        happened = "The lines of the orders are not shown as subitems."
        raise GiveUp(_why(happened, f"Let an owner show them in the mapping, {AGAIN}"))
    links = RecordLink.objects.filter(mapping=board, record__parent=row.link.record_id)
    pairs = links.exclude(item_id=None).values_list("item_id", "record__key")
    places = {str(item): key.rpartition(":")[2] for item, key in pairs}
    return board, {item: place for item, place in places.items() if place.isdecimal()}


def _items(client: MondayClient, ids: Sequence[str], rule: Rule) -> list[Item]:
    items = client.items_by_id(ids, [rule.quantity_column])
    active = [item for item in items if item.state == "active"]
    if any(rule.quantity_column not in item.cells for item in active):
        happened = "The column for quantities is gone from the subitems."
        raise GiveUp(_why(happened, f"Let an owner choose another in the mapping, {AGAIN}"))
    return active


def _quantity(item: Item, rule: Rule) -> Decimal | None:
    text = item.text(rule.quantity_column).strip()
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        happened = f"“{text}” at “{item.name}” is no quantity."
        raise GiveUp(_why(happened, f"Type a number, {AGAIN}")) from None


def _text(item: Item, rule: Rule) -> str:
    quantity = _quantity(item, rule)
    return f"{quantity.normalize():f}" if quantity is not None else ""


def _write(client: MondayClient, board_id: str, rows: list[tuple[str, str]]) -> None:
    """An item that went meanwhile needs nothing; any other trouble is tried again."""
    answer = client.execute(documents.update_items(board_id, rows, create_labels=False))
    for index in range(len(rows)):
        outcome = answer.outcome(f"a{index}")
        if isinstance(outcome, ConnectorError) and not isinstance(outcome, GiveUp):
            raise outcome


def _why(happened: str, remedy: str) -> Explanation:
    return Explanation(code="quantities_unreadable", happened=happened, remedy=remedy)
