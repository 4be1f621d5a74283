"""A column of a monday board as the board describes it, and the labels it knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.problems import Refusal


class CellProblem(Refusal):
    """A value that this column cannot hold."""


@dataclass(frozen=True)
class Column:
    """``settings`` as monday sends them: an object, or the JSON text of older versions."""

    id: str
    title: str
    type: str
    settings: Mapping[str, Any] | str | None = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Label:
    """``id`` is what the write key ``index`` means; ``text`` is what people see."""

    id: int
    text: str
    deactivated: bool = False


def settings_of(column: Column) -> Mapping[str, Any]:
    settings = column.settings
    if isinstance(settings, str):
        try:
            settings = json.loads(settings or "{}")
        except ValueError:
            return {}
    return settings if isinstance(settings, Mapping) else {}


def labels_of(column: Column) -> tuple[Label, ...]:
    """The labels of a status or dropdown column, in both shapes monday has used."""
    labels = settings_of(column).get("labels")
    if isinstance(labels, Mapping):  # {"1": "Done"}, the shape of settings_str
        return tuple(
            Label(int(key), str(text))
            for key, text in labels.items()
            if str(key).isdecimal() and isinstance(text, str)
        )
    if not isinstance(labels, list):
        return ()
    return tuple(label for label in map(_label, labels) if label is not None)


def _label(raw: Any) -> Label | None:
    if not isinstance(raw, Mapping):
        return None
    text, number = raw.get("label", raw.get("name")), raw.get("id", raw.get("index"))
    if not isinstance(text, str) or not str(number).isdecimal():
        return None
    return Label(int(str(number)), text, bool(raw.get("is_deactivated")))
