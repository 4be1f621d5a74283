"""The labels in a column's settings: finding one, and the one monday would add."""

from typing import Any

from connector.sandbox.monday.colors import BLANK, NAMES, NUMBER
from connector.sandbox.monday.problems import RefusedError

MOST_LABELS = 40  # per status column
LONGEST_LABEL = 30  # characters of a status label

Label = dict[str, Any]


def labels_of(settings: dict[str, Any]) -> list[Label]:
    found: list[Label] = settings.get("labels", [])
    return found


def label_by_id(settings: dict[str, Any], label_id: int) -> Label | None:
    return next((label for label in labels_of(settings) if label["id"] == label_id), None)


def usable(settings: dict[str, Any]) -> list[Label]:
    return [label for label in labels_of(settings) if not label.get("is_deactivated")]


def new_status_label(settings: dict[str, Any], text: str, color: str = "") -> Label:
    """The label monday would add: a colour not in use gives the id, the position the index."""
    taken = {label["id"] for label in labels_of(settings)} | {BLANK}
    free = [number for number in NUMBER.values() if number not in taken]
    if not free:
        words = f"invalid value: the column has {MOST_LABELS} labels already"
        raise RefusedError(words, "labelsLimitExceeded")
    number = NUMBER[color] if color and NUMBER[color] in free else free[0]
    position = max((label["index"] for label in labels_of(settings)), default=-1) + 1
    rest = {"index": position, "is_done": False, "is_deactivated": False}
    return {"id": number, "label": text, "color": NAMES[number], **rest}


def new_option(settings: dict[str, Any], text: str) -> Label:
    number = max((label["id"] for label in labels_of(settings)), default=0) + 1
    return {"id": number, "label": text, "is_deactivated": False}
