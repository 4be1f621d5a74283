"""The rows of the pairing page and their sums, as the page reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default

from mappings.catalog import Field
from mappings.columns import Column, labels_of
from mappings.columns.fit import WORDS
from mappings.content import Pairing
from mappings.link_targets import BETWEEN, LinkChoice
from mappings.problems import Problem, Refusal
from mappings.suggest import Candidate, Suggestion
from mappings.transforms import describe

TYPES = {
    "text": "Text",
    "long_text": "Long text",
    "numbers": "Numbers",
    "email": "E-mail",
    "board_relation": "Connect boards",
}


def type_in_words(column: Column) -> str:
    return TYPES.get(column.type, column.type.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Row:
    """One column of the board with everything the page says about it."""

    column: Column
    pairing: Pairing | None = None
    field: Field | None = None
    is_key: bool = False
    is_gone: bool = False
    is_required: bool = False
    sample: str = ""
    lands: str = ""
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()
    missing_labels: tuple[str, ...] = ()
    # The same amount in the document's own currency, where the board shows that currency.
    twin: Field | None = None
    currency_column: str = ""
    suggestion: Suggestion | None = None
    links: tuple[LinkChoice, ...] = ()
    may_keep_labels: bool = False
    error: str = ""
    entered: Mapping[str, str] = with_default(default_factory=dict, hash=False)

    @property
    def choice(self) -> str:
        """What is chosen in the row's list: a field, for a link with the mapping it leads to."""
        if self.pairing is None:
            return ""
        linked = self.pairing.link is not None
        return f"{self.pairing.field}{BETWEEN}{self.pairing.link}" if linked else self.pairing.field

    @property
    def type(self) -> str:
        return type_in_words(self.column)

    @property
    def kind(self) -> str:
        """What the field's values are, such as “an amount”."""
        return WORDS[self.field.kind] if self.field else ""

    @property
    def labels(self) -> list[str]:
        return [each.text for each in labels_of(self.column) if each.text and not each.deactivated]

    @property
    def described(self) -> str:
        try:
            return describe(self.pairing.transform) if self.pairing else ""
        except Refusal:
            return ""

    @property
    def is_paired(self) -> bool:
        return self.is_key or self.pairing is not None

    @property
    def needs_look(self) -> bool:
        said = (self.problem, self.warnings, self.missing_labels, self.twin, self.error)
        return any(said)

    @property
    def chosen(self) -> Candidate | None:
        return self.suggestion.chosen if self.suggestion else None

    @property
    def is_suggested(self) -> bool:
        """Whether the pair is the one that would be suggested."""
        return bool(self.pairing and self.chosen and self.chosen.field == self.pairing.field)


@dataclass(frozen=True)
class Sheet:
    """All rows, and the sums the page ends with."""

    rows: Sequence[Row]
    others: Sequence[Column]
    name: str
    key: Row | None

    @property
    def paired(self) -> int:
        return sum(row.is_paired for row in self.rows)

    @property
    def warnings(self) -> int:
        return sum(row.needs_look for row in self.rows)

    @property
    def open_suggestions(self) -> list[Row]:
        return [row for row in self.rows if row.chosen and not row.is_paired]

    @property
    def required_open(self) -> list[Row]:
        return [row for row in self.rows if row.is_required and not row.is_paired]

    def shown(self, wanted: str) -> list[Row]:
        """The rows that pass one of the page's filters."""
        tests: dict[str, Callable[[Row], bool]] = {
            "unpaired": lambda row: not row.is_paired,
            "required": lambda row: row.is_required,
            "warnings": lambda row: row.needs_look,
        }
        test = tests.get(wanted)
        return [row for row in self.rows if test(row)] if test else list(self.rows)
