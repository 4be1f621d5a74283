"""Status and dropdown: values chosen from the column's own labels."""

import copy
from typing import TYPE_CHECKING, Any

from connector.sandbox.monday.colors import BLANK, HEX
from connector.sandbox.monday.kinds.base import Kind, Pen, only_keys, refuse
from connector.sandbox.monday.kinds.label_lists import (
    LONGEST_LABEL,
    Label,
    label_by_id,
    new_option,
    new_status_label,
    usable,
)
from connector.sandbox.monday.problems import RefusedError

if TYPE_CHECKING:
    from connector.sandbox.monday.state import Account, Column


class Status(Kind):
    type, prefix, internal, graphql = "status", "color", "color", "StatusValue"
    empty_text = None

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """``index`` means the label's id; text that looks like a number is read as one."""
        if isinstance(value, str):
            return self._chosen(value, column, pen) if value else None
        if value == {}:
            return None
        if not isinstance(value, dict) or not value.keys() & {"label", "index"}:
            raise refuse()
        given = only_keys(value, set(), frozenset({"label", "index"}))
        if "index" in given:
            return self._by_id(given["index"], column, pen)
        if not isinstance(given["label"], str):
            raise refuse()
        return self._chosen(given["label"], column, pen) if given["label"] else None

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        label = label_by_id(column.settings, cell["index"])
        return label["label"] if label else None

    def raw(self, cell: Any) -> str | None:
        return super().raw({"index": cell["index"], "post_id": None})

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        label = label_by_id(column.settings, cell["index"]) if cell else None
        if not label:
            return {"index": cell["index"] if cell else None, "label": None}
        shade = HEX[label["color"]]
        return {
            "index": label["id"],
            "label": label["label"],
            "is_done": bool(label.get("is_done")),
            "label_style": {"color": shade, "border": shade},
        }

    def sort_key(self, cell: Any, column: "Column", account: "Account") -> Any:
        label = label_by_id(column.settings, cell["index"])
        return label["index"] if label else -1

    def _chosen(self, text: str, column: "Column", pen: Pen) -> Any:
        if text.isdigit():
            return self._by_id(int(text), column, pen)
        settings = pen.settings(column)
        for label in usable(settings):
            if label["label"] == text:
                return {"index": label["id"]}
        if not pen.create_labels:
            raise _missing_status(settings)
        return {"index": _add_status(text, column, pen)}

    def _by_id(self, given: Any, column: "Column", pen: Pen) -> Any:
        if isinstance(given, str) and given.isdigit():
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, int):
            raise refuse()
        if given == BLANK:
            return {"index": BLANK}
        label = label_by_id(pen.settings(column), given)
        if not label or label.get("is_deactivated"):
            raise _missing_status(pen.settings(column))
        return {"index": given}


class Dropdown(Kind):
    type, prefix, internal, graphql = "dropdown", "dropdown", "dropdown", "DropdownValue"

    def write(self, value: Any, column: "Column", pen: Pen) -> Any:
        """Labels or ids, never both; the text form separates with commas."""
        if isinstance(value, str):
            return self._from_text(value, column, pen)
        if value == {}:
            return None
        given = only_keys(value, set(), frozenset({"labels", "ids"}))
        if len(given) != 1:
            raise RefusedError("invalid value: use labels or ids, not both", "labelsAndIds")
        name, chosen = next(iter(given.items()))
        if not isinstance(chosen, list):
            raise refuse()
        return (
            self._ids(chosen, column, pen) if name == "ids" else self._labels(chosen, column, pen)
        )

    def text(self, cell: Any, column: "Column", account: "Account") -> str | None:
        return ", ".join(option["label"] for option in self._options(cell, column))

    def fields(self, cell: Any, column: "Column", account: "Account") -> dict[str, Any]:
        return {"values": self._options(cell, column) if cell else []}

    def _options(self, cell: Any, column: "Column") -> list[Label]:
        found = [label_by_id(column.settings, label_id) for label_id in cell["ids"]]
        return [{"id": str(label["id"]), "label": label["label"]} for label in found if label]

    def _from_text(self, text: str, column: "Column", pen: Pen) -> Any:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if parts and all(part.isdigit() for part in parts):
            return self._ids([int(part) for part in parts], column, pen)
        return self._labels(parts, column, pen)

    def _ids(self, chosen: list[Any], column: "Column", pen: Pen) -> Any:
        settings = pen.settings(column)
        known = {label["id"] for label in usable(settings)}
        ids = [int(each) for each in chosen if str(each).isdigit()]
        if len(ids) != len(chosen) or not known.issuperset(ids):
            raise _missing_option(settings)
        return {"ids": _limited(ids, settings)} if ids else None

    def _labels(self, chosen: list[Any], column: "Column", pen: Pen) -> Any:
        if not all(isinstance(each, str) for each in chosen):
            raise refuse()
        ids = [self._label_id(each, column, pen) for each in chosen]
        return {"ids": _limited(ids, column.settings)} if ids else None

    def _label_id(self, text: str, column: "Column", pen: Pen) -> int:
        settings = pen.settings(column)
        for label in usable(settings):
            if label["label"] == text:
                return int(label["id"])
        if not pen.create_labels:
            raise _missing_option(settings)
        return _add_option(text, column, pen)


def _add_status(text: str, column: "Column", pen: Pen) -> int:
    if len(text) > LONGEST_LABEL:
        raise RefusedError(
            f"invalid value: label is longer than {LONGEST_LABEL} characters", "labelTooLong"
        )
    return _stage(new_status_label(pen.settings(column), text), column, pen)


def _add_option(text: str, column: "Column", pen: Pen) -> int:
    return _stage(new_option(pen.settings(column), text), column, pen)


def _stage(label: Label, column: "Column", pen: Pen) -> int:
    settings = copy.deepcopy(pen.settings(column))
    settings.setdefault("labels", []).append(label)
    pen.staged[column.id] = settings
    return int(label["id"])


def _limited(ids: list[int], settings: dict[str, Any]) -> list[int]:
    most = settings.get("label_limit_count") or 1
    if settings.get("limit_select") and len(ids) > most:
        raise RefusedError(
            f"invalid value: at most {most} labels may be chosen", "labelLimitExceeded"
        )
    return list(dict.fromkeys(ids))


def _missing_status(settings: dict[str, Any]) -> RefusedError:
    known = ", ".join(f"{label['id']}: {label['label']}" for label in usable(settings))
    words = f"This status label doesn't exist, possible statuses are: {{{known}}}"
    return RefusedError(words, "missingLabel")


def _missing_option(settings: dict[str, Any]) -> RefusedError:
    known = ", ".join(f"{label['id']}: {label['label']}" for label in usable(settings))
    words = f"The dropdown label does not exist, possible labels are: {{{known}}}"
    return RefusedError(words, "missingLabel")
