"""Laying out a board: columns with their labels, new labels, the name of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connector.errors import AskAPerson, ConnectorError, Explanation

from . import queries
from .boards import read_column
from .documents import COLUMN, COST, Document
from .reading import Reading

# monday's StatusColumnColors without the grey of "nothing chosen"; a label needs one of its own.
COLORS = (
    "river", "done_green", "working_orange", "stuck_red", "bright_blue", "purple", "egg_yolk",
    "grass_green", "lavender", "chili_blue", "dark_orange", "aquamarine", "sofia_pink", "saladish",
    "indigo", "brown", "american_gray", "bubble", "teal", "peach", "navy", "bright_green", "tan",
    "dark_purple", "sky", "berry", "winter", "royal", "coffee", "orchid", "dark_red", "steel",
    "lilac", "pecan", "dark_blue", "lipstick", "sunset", "dark_indigo", "blackish",
)  # fmt: skip
# What finance people expect to be green, amber and red, whatever its place in the list.
MEANT = {
    "done_green": ("closed", "active", "approved", "received", "paid", "completed", "released"),
    "working_orange": ("hold", "on hold", "onhold", "hold payments"),
    "stuck_red": ("voided", "cancelled", "canceled", "rejected"),
}


@dataclass(frozen=True)
class NewColumn:
    """A column to be; ``labels`` for status and dropdown columns only."""

    title: str
    type: str
    labels: tuple[str, ...] = ()
    description: str = ""


def create_columns(
    client: Reading, board_id: str, columns: Sequence[NewColumn], *, idempotency_key: str
) -> list[dict[str, Any] | ConnectorError]:
    """All in one request, in their order: each answers with its column or with its verdict."""
    answer = client.execute(columns_document(board_id, columns), idempotency_key=idempotency_key)
    outcomes = (answer.outcome(f"a{index}") for index in range(len(columns)))
    return [made if isinstance(made, ConnectorError) else read_column(made) for made in outcomes]


def columns_document(board_id: str, columns: Sequence[NewColumn]) -> Document:
    variables: dict[str, Any] = {"board": board_id}
    declared, fields = ["$board: ID!"], []
    for index, column in enumerate(columns):
        name, type_, argument = _parts(column)
        given = f"t{index}"
        variables[given], variables[f"d{index}"] = column.title, column.description
        declared += [f"${given}: String!", f"$d{index}: String", f"$s{index}: {type_}"]
        variables[f"s{index}"] = _settings(column)
        fields.append(
            f"  a{index}: {name}(board_id: $board, title: ${given}, description: $d{index}"
            f", {argument}: $s{index}) {{ {COLUMN} }}"
        )
    text = "\n".join(
        [f"mutation CreateColumns({', '.join(declared)}) {{", f"  {COST}", *fields, "}"]
    )
    return Document("create_columns", text, variables, mutation=True)


def _parts(column: NewColumn) -> tuple[str, str, str]:
    """The mutation, and the GraphQL type and the name of the argument that says the rest."""
    if column.type == "status" and column.labels:
        return "create_status_column", "CreateStatusColumnSettingsInput", "defaults"
    if column.type == "dropdown" and column.labels:
        return "create_dropdown_column", "CreateDropdownColumnSettingsInput", "defaults"
    return "create_column", "ColumnType!", "column_type"


def _settings(column: NewColumn) -> dict[str, Any] | str:
    if not column.labels:
        return column.type
    if column.type == "dropdown":
        return {"labels": [{"label": label} for label in column.labels]}
    colors = _colors(column.labels)
    return {
        "labels": [
            {"label": label, "color": color, "index": index, "is_done": color == "done_green"}
            for index, (label, color) in enumerate(zip(column.labels, colors, strict=True))
        ]
    }


def _colors(labels: Sequence[str]) -> list[str]:
    chosen: dict[str, str] = {}
    for label in labels:
        meant = next((c for c, words in MEANT.items() if label.casefold() in words), "")
        if meant and meant not in chosen.values():
            chosen[label] = meant
    free = (c for c in COLORS if c not in MEANT and c not in chosen.values())
    return [chosen.get(label) or next(free) for label in labels]


# --- labels -----------------------------------------------------------------------------------
def add_labels(client: Reading, board_id: str, column_id: str, labels: Iterable[str]) -> None:
    """Labels a status or dropdown column lacks, or has deactivated; the others stay as they are.

    monday takes the whole list, so the change names the revision it was made from.
    """
    data = client.execute(queries.column(board_id, column_id)).data
    found = [each for board in data.get("boards") or () for each in board.get("columns") or ()]
    if not found:
        raise AskAPerson(_no_column(column_id), "field")
    answer = client.execute(labels_document(board_id, found[0], list(labels)))
    outcome = answer.outcome("a0")
    if isinstance(outcome, ConnectorError):
        raise outcome


def labels_document(board_id: str, column: dict[str, Any], labels: Sequence[str]) -> Document:
    kind = "Status" if column["type"] == "status" else "Dropdown"
    made = _status_labels if kind == "Status" else _options
    known = _with_active((column.get("settings") or {}).get("labels") or (), labels)
    have = {str(label.get("label")).casefold() for label in known}
    text = f"""mutation AddLabels(
  $board: ID!, $column: String!, $revision: String!, $settings: Update{kind}ColumnSettingsInput
) {{
  {COST}
  a0: update_{kind.lower()}_column(
    board_id: $board, id: $column, revision: $revision, settings: $settings
  ) {{ {COLUMN} }}
}}"""
    variables = {
        "board": board_id,
        "column": str(column["id"]),
        "revision": str(column["revision"]),
        "settings": {"labels": made(known, [new for new in labels if new.casefold() not in have])},
    }
    return Document("add_labels", text, variables, mutation=True)


def _with_active(known: Iterable[dict[str, Any]], wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Labels that are wanted can be chosen again, if somebody had switched them off."""
    texts = {label.casefold() for label in wanted}
    return [
        {**label, "is_deactivated": False}
        if label.get("is_deactivated") and str(label.get("label")).casefold() in texts
        else label
        for label in known
    ]


def labels_of(column: dict[str, Any]) -> list[dict[str, Any]]:
    """A column's labels as monday describes them, without the blank one."""
    labels = (column.get("settings") or {}).get("labels") or ()
    return [label for label in labels if isinstance(label, dict) and label.get("label")]


def labels_replaced(
    board_id: str, column: dict[str, Any], labels: Sequence[dict[str, Any]]
) -> Document:
    """The column with this list: those with an id as they are to be, those without are new."""
    known = [label for label in labels if "id" in label]
    new = [str(label["label"]) for label in labels if "id" not in label]
    return labels_document(board_id, {**column, "settings": {"labels": known}}, new)


def _status_labels(known: list[dict[str, Any]], new: list[str]) -> list[dict[str, Any]]:
    kept = ("id", "label", "color", "index", "is_done", "is_deactivated")
    labels = [{name: label[name] for name in kept if name in label} for label in known]
    taken = {label.get("color") for label in known}
    free = (color for color in COLORS if color not in taken)
    first = max((int(label.get("index") or 0) for label in known), default=-1) + 1
    more = zip(new, free, strict=False)
    return labels + [
        {"label": text, "color": color, "index": index}
        for index, (text, color) in enumerate(more, start=first)
    ]


def _options(known: list[dict[str, Any]], new: list[str]) -> list[dict[str, Any]]:
    kept = ("id", "label", "is_deactivated")
    labels = [{name: label[name] for name in kept if name in label} for label in known]
    return labels + [{"label": text} for text in new]


# --- groups -----------------------------------------------------------------------------------
def rename_group(client: Reading, board_id: str, group_id: str, title: str) -> None:
    outcome = client.execute(group_document(board_id, group_id, title)).outcome("a0")
    if isinstance(outcome, ConnectorError):
        raise outcome


def group_document(board_id: str, group_id: str, title: str) -> Document:
    text = f"""mutation RenameGroup($board: ID!, $group: String!, $title: String!) {{
  {COST}
  a0: update_group(
    board_id: $board, group_id: $group, group_attribute: title, new_value: $title
  ) {{ id title }}
}}"""
    variables = {"board": board_id, "group": group_id, "title": title}
    return Document("rename_group", text, variables, mutation=True)


LABELS_UNKNOWN = Explanation(
    code="outcome_unknown",
    happened="It is not known yet whether monday.com has changed the labels of a column.",
    remedy="Nothing to do: it is being found out.",
    fixer="nobody",
)


def _no_column(column_id: str) -> Explanation:
    return Explanation(
        code="column_missing",
        happened=f"The column “{column_id}” is no longer on the board.",
        remedy="Read the board again and choose another column.",
    )
