"""Finds the label that a value means, in a status or dropdown column."""

import re
from collections.abc import Callable
from typing import Any

from mappings.columns.cleaning import LABEL_LIMIT, clean
from mappings.columns.column import CellProblem, Column, Label, labels_of

STATUS_LABELS = 40  # documented: labels of one status column

# monday reads a label that looks like a number as a label id, whatever its text says.
_NUMERIC = re.compile(r"\s*[+-]?[\d.,]+\s*\Z")


def numeric(text: str) -> bool:
    return _NUMERIC.match(text) is not None


class Labels:
    """Labels by text: exact first, then whatever differs in capitals only."""

    def __init__(self, column: Column) -> None:
        self.column = column
        known = labels_of(column)
        self.active = [label for label in known if not label.deactivated and label.text]
        self._deactivated = {label.text.casefold() for label in known if label.deactivated}
        self._exact = {label.text: label for label in reversed(self.active)}
        self._loose = {clean(label.text).casefold(): label for label in reversed(self.active)}

    def find(self, text: str) -> Label | None:
        return self._exact.get(text) or self._loose.get(text.casefold())

    def missing(self, text: str) -> CellProblem:
        problem = self._missing(text)
        problem.label = text
        return problem

    def _missing(self, text: str) -> CellProblem:
        title = self.column.title
        if text.casefold() in self._deactivated:
            return CellProblem(
                "label_missing",
                f"The label “{text}” of column “{title}” is deactivated on the board.",
                f"In monday, open the labels of “{title}” and restore “{text}”, or pair the "
                "value with another label by a “map” transform.",
            )
        return CellProblem(
            "label_missing",
            f"Column “{title}” has no label “{text}”.",
            f"In monday, open the labels of “{title}” (click a cell, then Edit labels) and add "
            f"“{text}”; or let missing labels be created; or use a “map” transform.",
        )


def status_encoder(column: Column, create_labels: bool) -> Callable[[str], Any]:
    labels = Labels(column)

    def encode(text: str) -> Any:
        found = labels.find(text)
        if found is not None:
            return {"index": found.id} if numeric(found.text) else {"label": found.text}
        if not create_labels:
            raise labels.missing(text)
        return {"label": _new_status_label(labels, text)}

    return encode


def _new_status_label(labels: Labels, text: str) -> str:
    title = labels.column.title
    if numeric(text):
        raise CellProblem(
            "label_missing",
            f"Column “{title}” has no label “{text}”, and monday cannot be asked to create it: "
            "it would take the number for the position of another label.",
            f"In monday, open the labels of “{title}” and add “{text}” by hand.",
        )
    if len(text) > LABEL_LIMIT:
        raise CellProblem(
            "label_too_long",
            f"“{text}” is longer than the {LABEL_LIMIT} characters a label of “{title}” may have.",
            "Shorten it with a “map” or “first:30” transform, or pair the field with a text "
            "column.",
        )
    if len(labels.active) >= STATUS_LABELS:
        raise CellProblem(
            "labels_full",
            f"Column “{title}” has all {STATUS_LABELS} labels monday allows, so “{text}” cannot "
            "be added.",
            "Pair the field with a dropdown or text column, or join values with a “map” transform.",
        )
    return text


def dropdown_encoder(column: Column, create_labels: bool) -> Callable[[list[str]], Any]:
    labels = Labels(column)

    def encode(texts: list[str]) -> Any:
        found = [labels.find(text) for text in texts]
        missing = [text for text, label in zip(texts, found, strict=True) if label is None]
        if missing and not create_labels:
            raise labels.missing(missing[0])
        known = [label for label in found if label is not None]
        # Ids and labels cannot be mixed in one value; ids only where a text looks like one.
        if not missing and any(numeric(label.text) for label in known):
            return {"ids": [label.id for label in known]}
        return {
            "labels": [
                label.text if label else text for text, label in zip(texts, found, strict=True)
            ]
        }

    return encode
