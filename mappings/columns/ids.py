"""Cells that name other things of the monday account by id: people, tags and items."""

import re
from typing import Any

from mappings.columns.column import CellProblem, Column
from mappings.columns.plain import words

_ID = re.compile(r"[1-9][0-9]{0,18}\Z")


def people(column: Column, value: Any) -> dict[str, list[dict[str, Any]]]:
    found = _ids(column, value, "a monday user id")
    return {"personsAndTeams": [{"id": each, "kind": "person"} for each in found]}


def tags(column: Column, value: Any) -> dict[str, list[int]]:
    return {"tag_ids": _ids(column, value, "a monday tag id")}


def relation(column: Column, value: Any) -> dict[str, list[int]]:
    return {"item_ids": _ids(column, value, "an item on the connected board")}


def _ids(column: Column, value: Any, wanted: str) -> list[int]:
    parts = value if isinstance(value, list | tuple) else words(value).split(",")
    texts = [words(part).strip() for part in parts]
    unknown = next((text for text in texts if not _ID.match(text)), None)
    if unknown is not None:
        raise CellProblem(
            "id_unknown",
            f"“{unknown[:60]}” is not {wanted}, which column “{column.title}” needs.",
            "Use a “map” transform from the values to the ids, or pair the field with a text "
            "column.",
        )
    return list(dict.fromkeys(map(int, texts)))
