"""Settings of label columns: made at creation, replaced by update_status/dropdown_column."""

from collections.abc import Callable
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.colors import NUMBER
from connector.sandbox.monday.kinds.label_lists import LONGEST_LABEL, MOST_LABELS, labels_of

Settings = dict[str, Any]
Replace = Callable[[Settings, Settings], Settings]


def status_settings(given: list[dict[str, Any]]) -> Settings:
    """The trap: the label's id becomes the number of its colour, whatever index was asked."""
    labels = [_status_label(label) for label in given]
    _check_status(labels)
    return {"type": "status", "labels": labels}


def dropdown_settings(given: Settings) -> Settings:
    labels = [_option(label["label"], number) for number, label in enumerate(given["labels"], 1)]
    return {"labels": labels, **_limits(given)}


def status_replaced(_current: Settings, given: Settings) -> Settings:
    """The whole list is replaced; a label left out is gone."""
    return status_settings(given["labels"])


def dropdown_replaced(current: Settings, given: Settings) -> Settings:
    """At most one label may be dropped in a call, and never while another is added."""
    known = {label["id"] for label in labels_of(current)}
    kept = {label["id"] for label in given["labels"] if label.get("id") is not None}
    added = [label for label in given["labels"] if label.get("id") is None]
    dropped = known - kept
    if kept - known:
        raise problems.bad_argument("Label id not found", ids=sorted(kept - known))
    if len(dropped) > 1 or (dropped and added):
        words = "Delete one label at a time, and not together with adding. Deactivate instead."
        raise problems.bad_argument(words)
    number = max(known, default=0)
    labels = [_option(row["label"], row.get("id") or 0, row) for row in given["labels"]]
    for label in labels:
        if not label["id"]:
            number += 1
            label["id"] = number
    return {"labels": labels, **_limits(given)}


def _status_label(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": NUMBER[given["color"]],
        "label": given["label"],
        "color": given["color"],
        "index": given["index"],
        "is_done": bool(given.get("is_done")),
        "is_deactivated": bool(given.get("is_deactivated")),
    }


def _check_status(labels: list[dict[str, Any]]) -> None:
    if len(labels) > MOST_LABELS:
        raise problems.bad_argument(f"A status column holds at most {MOST_LABELS} labels")
    if len({label["id"] for label in labels}) < len(labels):
        raise problems.bad_argument("Each label needs a colour of its own")
    for label in labels:
        if len(label["label"]) > LONGEST_LABEL:
            raise problems.bad_argument(f"A label holds at most {LONGEST_LABEL} characters")


def _option(text: str, number: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    off = bool(given and given.get("is_deactivated"))
    return {"id": number, "label": text, "is_deactivated": off}


def _limits(given: Settings) -> Settings:
    names = ("limit_select", "label_limit_count")
    return {name: given[name] for name in names if given.get(name) is not None}
