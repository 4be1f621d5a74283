"""What can be done to the labels of a status or dropdown column."""

import copy
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.board_acts import place_of, settle
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.kinds.label_lists import labels_of, new_option, new_status_label
from connector.sandbox.monday.problems import RefusedError
from connector.sandbox.monday.state import Account, Board, Column


def label_add(account: Account, board: Board, column: Column, text: str, *, color: str = "") -> int:
    settings = copy.deepcopy(column.settings)
    try:
        label = (
            new_status_label(settings, text, color)
            if column.type == "status"
            else new_option(settings, text)
        )
    except RefusedError as why:
        raise problems.value_refused(why, column, kind_of(column.type).internal, text) from why
    settings.setdefault("labels", []).append(label)
    settle(column, settings)
    after = {"labels": [text]}
    account.log.effect("labels_added", target=place_of(board, column), after=after)
    return int(label["id"])


def label_switch(account: Account, board: Board, column: Column, label_id: int, on: bool) -> None:
    """A label people remove is deactivated: items keep showing it, nobody can choose it."""
    settings = copy.deepcopy(column.settings)
    label = _label(settings, label_id)
    label["is_deactivated"] = not on
    settle(column, settings)
    kind = "label_restored" if on else "label_removed"
    account.log.effect(kind, target=place_of(board, column), after={"label": label["label"]})


def label_rename(account: Account, board: Board, column: Column, label_id: int, text: str) -> None:
    settings = copy.deepcopy(column.settings)
    label = _label(settings, label_id)
    before, label["label"] = label["label"], text
    settle(column, settings)
    target = place_of(board, column)
    account.log.effect(
        "label_renamed", target=target, before={"label": before}, after={"label": text}
    )


def label_id_of(column: Column, text: str) -> int:
    for label in labels_of(column.settings):
        if label["label"] == text:
            return int(label["id"])
    raise problems.bad_argument(f"Column {column.title} has no label {text}")


def _label(settings: dict[str, Any], label_id: int) -> dict[str, Any]:
    for label in labels_of(settings):
        if label["id"] == label_id:
            return label
    raise problems.bad_argument("Label not found", label_id=label_id)
