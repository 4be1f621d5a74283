"""Links on the pairing page: what a connect-boards column can lead to, and what would land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector.sync import books, label_records
from connector.wizard.results import Results
from mappings import link_targets
from mappings.catalog import Entity, Payload
from mappings.columns import Column
from mappings.content import Pairing
from mappings.link_targets import BETWEEN, LinkChoice
from mappings.linking import LinkBook, names_of
from mappings.models import BoardMapping
from mappings.render import Renderer, Rules, compile_rules


@dataclass(frozen=True)
class Links:
    """What one mapping may link to."""

    mapping: BoardMapping | None = None
    entity: Entity | None = None
    targets: Sequence[BoardMapping] = ()
    books: dict[int, LinkBook] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: BoardMapping, entity: Entity) -> Links:
        return cls(mapping, entity, link_targets.targets_of(mapping))

    def choices(self, column: Column) -> tuple[LinkChoice, ...]:
        if self.entity is None:
            return ()
        return link_targets.choices_for(self.entity, column, self.targets)

    def renderer(
        self, rules: Rules, columns: Mapping[str, Column], payloads: Sequence[Payload]
    ) -> Renderer:
        """With the items that the samples name, as they are on the other boards now."""
        if self.mapping is not None:
            self.books.update(books.blank(self.mapping, rules.pairs))
            kept = label_records.books(self.mapping, rules.pairs)
            rules = replace(rules, label_books=kept)
        render = compile_rules(replace(rules, books=self.books), columns)
        books.look(self.books, [render.named(payload) for payload in payloads])
        return render

    def names(self, pairing: Pairing, results: Results) -> str:
        """The items that the cell would lead to, as people call them."""
        book = self.books.get(pairing.link) if pairing.link is not None else None
        if book is None or results.chosen is None:
            return ""
        return names_of(results.chosen.cells.get(pairing.column_id), book)


NO_LINKS = Links()


def entered(text: str) -> tuple[str, int | None]:
    """What the page's list says: a field, and with it the mapping that its values lead to."""
    path, between, number = text.partition(BETWEEN)
    return path, int(number) if between and number.isascii() and number.isdigit() else None
