"""Bodies of webhook calls, in the shapes of monday's own samples; ids are numbers here."""

import uuid
from typing import Any

from connector.sandbox.monday.call import iso
from connector.sandbox.monday.colors import HEX
from connector.sandbox.monday.events import Event
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.kinds.label_lists import label_by_id
from connector.sandbox.monday.state import Column, Item, Webhook

# What the event is called in the body, where that differs from the subscription.
_TYPES = {
    "create_item": "create_pulse",
    "change_column_value": "update_column_value",
    "change_name": "update_name",
    "item_archived": "archive_pulse",
    "item_deleted": "delete_pulse",
    "item_restored": "restore_pulse",
    "item_moved_to_any_group": "move_pulse_into_group",
}


def payload(event: Event, hook: Webhook, now: float) -> dict[str, Any]:
    body: dict[str, Any] = {
        "app": "monday",
        "type": _TYPES.get(event.kind, event.kind),
        "userId": event.by,
        "boardId": event.board.id,
        "originalTriggerUuid": None,
        "triggerTime": iso(now).replace("Z", f".{int(now * 1000) % 1000:03d}Z"),
        "subscriptionId": hook.id,
        "triggerUuid": uuid.uuid4().hex,
    }
    if event.item:
        body |= _item(event.item)
    if event.column:
        body |= _column(event.column, event) | {"changedAt": now}
    if event.kind == "change_name":
        body |= {"value": {"name": event.after}, "previousValue": {"name": event.before}}
    if event.kind == "create_item":
        body |= {"columnValues": {}}
    if event.update:
        update = event.update
        body |= {"body": update.body, "textBody": update.body, "updateId": update.id}
    return {"event": body}


def _item(item: Item) -> dict[str, Any]:
    named = {"pulseId": item.id, "itemId": item.id, "pulseName": item.name}
    return {**named, "groupId": item.group_id}


def _column(column: Column, event: Event) -> dict[str, Any]:
    return {
        "columnId": column.id,
        "columnType": kind_of(column.type).internal,
        "columnTitle": column.title,
        "value": _value(column, event.after),
        "previousValue": _value(column, event.before),
    }


def _value(column: Column, cell: Any) -> Any:
    """``null`` for an empty cell; a status brings its label along."""
    if cell is None:
        return None
    if column.type in ("text", "numbers", "long_text"):
        return {"value": cell}
    if column.type != "status":
        return cell
    label = label_by_id(column.settings, cell["index"])
    shade = HEX[label["color"]] if label else "#c4c4c4"
    style = {"color": shade, "border": shade, "var_name": label["color"] if label else ""}
    text = label["label"] if label else None
    return {"label": {"index": cell["index"], "text": text, "style": style}, "post_id": None}
