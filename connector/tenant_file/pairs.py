"""The pairs of a mapping: each field known, each column there, each value able to land."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from connector.tenant_file.board_columns import KnownBoard
from connector.tenant_file.problems import Problems, like
from connector.tenant_file.shape import PairPart
from mappings.catalog import VISMA_KEY, Entity, Field
from mappings.catalog.references import keeps_labels
from mappings.columns import Column, fits
from mappings.columns.labels import Labels
from mappings.models import FieldPairing
from mappings.problems import Refusal
from mappings.transforms import parse

ID_LIMIT = 64  # FieldPairing.column_id
LABELLED = ("status", "dropdown")


class Pairs:
    """Checks the pairs of one mapping. ``board`` None: offline, and never read before."""

    def __init__(
        self,
        entity: Entity | None,
        board: KnownBoard | None,
        *,
        problems: Problems,
        notes: Problems,
    ) -> None:
        self.entity = entity
        self.board = board
        self.problems = problems
        self.notes = notes
        self.links: list[tuple[PairPart, Field, FieldPairing]] = []

    def read(
        self, parts: list[PairPart], *, key_column: str, create_labels: bool
    ) -> list[FieldPairing]:
        """Those that are in order; the others are among the problems."""
        found: list[FieldPairing] = []
        taken: dict[str, PairPart] = {}
        for part in parts:
            field, column = self._field(part), self._column(part)
            if column is not None:
                self._require_free(part, column, taken)
                self._require_no_key(part, column, key_column)
            if field is not None and column is not None and self._fits(part, field, column):
                found.append(_pairing(part, field, column, position=len(found)))
                if part.link:
                    self.links.append((part, field, found[-1]))
                if not create_labels and not part.labels:
                    self._note_missing_labels(part, field, column)
        return found

    def _field(self, part: PairPart) -> Field | None:
        if self.entity is None or not part.field:
            return None
        found = self.entity.field(part.field)
        if found is None:
            text = f"{self.entity.plural} have no field “{part.field}”"
            hint = like(part.field, self.entity.by_path)
            self.problems.add(f"{part.path}.field", text + hint)
        return found

    def _column(self, part: PairPart) -> Column | None:
        if not part.column:
            return None
        if self.board is None:
            return self._unread_column(part, part.column)
        found = self.board.column(part.column)
        if isinstance(found, str):
            self.problems.add(f"{part.path}.column", found)
            return None
        return found

    def _unread_column(self, part: PairPart, wanted: str) -> Column | None:
        if len(wanted) <= ID_LIMIT:
            return Column(wanted, wanted, "")
        self.problems.add(f"{part.path}.column", f"offline, at most {ID_LIMIT} characters")
        return None

    def _require_free(self, part: PairPart, column: Column, taken: dict[str, PairPart]) -> None:
        first = taken.setdefault(column.id, part)
        if first is not part:
            self.problems.add(
                f"{part.path}.column",
                f"“{column.title}” already shows “{first.field}” ({first.path})",
            )

    def _require_no_key(self, part: PairPart, column: Column, key_column: str) -> None:
        if column.id == key_column and part.field != VISMA_KEY:
            text = f"“{column.title}” is the key column; pair “{part.field}” with another one"
            self.problems.add(f"{part.path}.column", text)

    def _fits(self, part: PairPart, field: Field, column: Column) -> bool:
        try:
            kind = parse(part.transform).kind_after(field.kind)
        except Refusal as refusal:
            self.problems.add(f"{part.path}.transform", f"{refusal.message} {refusal.remedy}")
            return False
        if self.board is None:
            return True
        if column.type == "board_relation" and not part.link and not part.transform:
            text = f"“{column.title}” connects boards; name the mapping of the other board here"
            self.problems.add(f"{part.path}.link", text)
            return False
        if part.labels and not self._keeps_labels(part, field, column):
            return False
        fit = fits(kind, column)
        if not fit.ok:
            text = f"“{column.title}” cannot show {field.label} ({field.path}): {fit.reason}"
            self.problems.add(f"{part.path}.column", text)
        return fit.ok

    def _keeps_labels(self, part: PairPart, field: Field, column: Column) -> bool:
        wrong = ""
        if column.type not in LABELLED:
            wrong = f"“{column.title}” is a {column.type} column; only labels can be kept in step"
        elif self.entity is None or not keeps_labels(self.entity, field):
            wrong = f"{field.label} ({field.path}) names no records that labels could be made of"
        if wrong:
            self.problems.add(f"{part.path}.labels", wrong)
        return not wrong

    def _note_missing_labels(self, part: PairPart, field: Field, column: Column) -> None:
        """Not a problem: a company may never use some of the statuses Visma knows."""
        if column.type not in LABELLED:
            return
        labels = Labels(column)
        values = _results(part.transform, field.choices)
        missing = [value for value in values if value and not labels.find(value)]
        if missing:
            self.notes.add(
                f"{part.path}.column",
                f"“{column.title}” has no label for {', '.join(f'“{each}”' for each in missing)}; "
                "records with such a value wait until the label is there, or until "
                '"create_labels": true lets it be created',
            )


def _pairing(part: PairPart, field: Field, column: Column, *, position: int) -> FieldPairing:
    return FieldPairing(
        position=position,
        field=field.path,
        column_id=column.id,
        column_title=column.title[:255],
        column_type=column.type,
        transform=part.transform,
        labels=part.labels,
    )


def _results(transform: str, choices: Iterable[str]) -> Iterator[str]:
    change = parse(transform)
    for choice in choices:
        with suppress(Refusal):
            yield str(change(choice, {}) or "")
