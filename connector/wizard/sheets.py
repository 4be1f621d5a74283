"""Makes the rows of the pairing page: each column with its field, a sample and what lands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connector.wizard import currencies
from connector.wizard.links import NO_LINKS, Links
from connector.wizard.results import Results
from connector.wizard.rows import Row, Sheet
from connector.wizard.samples import Samples
from mappings.catalog import VISMA_KEY, Entity, Field, Kind
from mappings.catalog.references import keeps_labels
from mappings.columns import WRITABLE, Column, fits
from mappings.columns.labels import Labels
from mappings.content import Content, Pairing
from mappings.problems import Refusal
from mappings.render import compile_rules
from mappings.showing import Say, plain, shown, told
from mappings.suggest import Suggestion, suggest
from mappings.transforms import parse

OFFERED = 20  # a weaker fit needs luck or a table of ids; it is not offered
WEAK = 40  # works, but the column will not do what such columns are for
LABELLED = ("status", "dropdown")
# Filled by links, or from monday's own users and tags, which are people's business for now.
LATER = ("board_relation", "people", "tags")


class Sheets:
    """Makes the rows of one mapping's content on one board, with samples."""

    def __init__(
        self,
        entity: Entity,
        columns: Mapping[str, Column],
        samples: Samples,
        *,
        company_id: str,
        required: Sequence[str] = (),
        say: Say = plain,
        links: Links = NO_LINKS,
    ) -> None:
        self.entity = entity
        self.say = say
        self.columns = columns
        self.samples = samples
        self.company_id = company_id
        self.required = frozenset(required)
        self.links = links
        self.fillable = [c for c in columns.values() if is_fillable(entity, c)]
        asked = suggest(entity, self.fillable, samples.payloads)
        asked = currencies.in_document_currency(entity, asked)
        self.suggested = {suggestion.column.id: suggestion for suggestion in asked}

    def sheet(self, content: Content) -> Sheet:
        render = self.links.renderer(
            content.rules(self.entity.name, self.company_id), self.columns, self.samples.payloads
        )
        told_of = [(one, render(one.payload, one.key)) for one in self.samples.found]
        results = Results(
            self.samples.chosen.key if self.samples.chosen else None, told_of, self.say
        )
        gone = [p for p in content.pairs if p.column_id not in self.columns]
        rows = [self._gone(pair) for pair in gone]
        rows += [self._row(column, content, results) for column in self._listed(content)]
        listed = {row.column.id for row in rows}
        return Sheet(
            rows=rows,
            others=[c for c in self.columns.values() if c.id not in listed and c.type != "name"],
            name=results.chosen.name if results.chosen else "",
            key=next((row for row in rows if row.is_key), None),
        )

    def _listed(self, content: Content) -> list[Column]:
        """What can be filled, and what is filled although nobody would advise it."""
        used = {pair.column_id for pair in content.pairs} | {content.key_column}
        fillable = {column.id for column in self.fillable}
        fillable |= {column.id for column in self.columns.values() if self.links.choices(column)}
        return [c for c in self.columns.values() if c.id in fillable or c.id in used]

    def _row(self, column: Column, content: Content, results: Results) -> Row:
        if column.id == content.key_column:
            return Row(column, is_key=True, lands=results.lands(column))
        pairing = content.pair_of(column.id)
        required = column.id in self.required
        if pairing is None:
            return self._open(column, content)
        found = self.entity.field(pairing.field)
        return Row(
            column,
            pairing,
            found,
            is_required=required,
            sample=self._sample(found),
            lands=self.links.names(pairing, results) or results.lands(column),
            links=self.links.choices(column),
            may_keep_labels=self._may_keep_labels(column, found),
            problem=results.problem(column),
            warnings=tuple(self._warnings(column, found, pairing, results)),
            missing_labels=self._missing(column, found, pairing, content),
            twin=currencies.twin_wanted(self.entity, found, content),
            currency_column=currencies.column_of(self.entity, content),
            suggestion=self.suggested.get(column.id),
        )

    def _open(self, column: Column, content: Content) -> Row:
        """A column without a field: what would be there if the suggestion were taken."""
        required = column.id in self.required
        suggestion = self._suggestion(column, content)
        chosen = suggestion.chosen if suggestion else None
        row = Row(
            column,
            is_required=required,
            suggestion=suggestion,
            links=self.links.choices(column),
            warnings=(_REQUIRED,) if required else (),
        )
        if chosen is None or self.samples.chosen is None:
            return row
        pair = Pairing(chosen.field, column.id, column.title, column.type, chosen.transform)
        rules = Content(pairs=(pair,)).rules(self.entity.name, self.company_id)
        sample = self.samples.chosen
        rendered = compile_rules(rules, self.columns)(sample.payload, sample.key)
        return replace(
            row,
            sample=self._sample(self.entity.field(chosen.field)),
            lands=shown(column, rendered.cells.get(column.id), self.say),
        )

    def _suggestion(self, column: Column, content: Content) -> Suggestion | None:
        """None where the field is paired already: people have decided."""
        found = self.suggested.get(column.id)
        if found is None or found.chosen is None:
            return found
        taken = found.chosen.field in {pair.field for pair in content.pairs}
        is_second_key = found.chosen.field == VISMA_KEY and bool(content.key_column)
        return None if taken or is_second_key else found

    def _gone(self, pairing: Pairing) -> Row:
        column = Column(pairing.column_id, pairing.column, pairing.column_type or "text")
        found = self.entity.field(pairing.field)
        return Row(column, pairing, found, is_gone=True, warnings=(_GONE,))

    def _sample(self, found: Field | None) -> str:
        if found is None or self.samples.chosen is None:
            return ""
        payload = self.samples.chosen.payload
        text = told(payload, self.entity, found.path, self.say)
        unit = told(payload, self.entity, found.unit) if found.kind is Kind.AMOUNT else ""
        return f"{text} {unit}".strip() if text else ""

    def _warnings(
        self, column: Column, found: Field | None, pairing: Pairing, results: Results
    ) -> list[str]:
        if found is None:
            return [f"{self.entity.plural} have no field “{pairing.field}”. Choose another one."]
        said = [*results.others(column), *results.notes(column)]
        try:
            fit = fits(parse(pairing.transform).kind_after(found.kind), column)
        except Refusal as refusal:
            return [f"{refusal.message} {refusal.remedy}"]
        if fit.ok and fit.strength < WEAK and pairing.link is None:
            said.append(f"Note: {fit.reason}.")
        return said

    def _may_keep_labels(self, column: Column, found: Field | None) -> bool:
        return found is not None and column.type in LABELLED and keeps_labels(self.entity, found)

    def _missing(
        self, column: Column, found: Field | None, pairing: Pairing, content: Content
    ) -> tuple[str, ...]:
        """Labels that values of this field will need and the column lacks."""
        if found is None or column.type not in LABELLED or content.create_labels or pairing.labels:
            return ()
        known = Labels(column)
        values = found.choices or tuple(
            told(payload, self.entity, found.path) for payload in self.samples.payloads
        )
        changed = (_label(pairing.transform, value) for value in values if value)
        return tuple(dict.fromkeys(text for text in changed if text and not known.find(text)))


_GONE = (
    "This column is no longer on the board. Remove the pair, or restore the column in monday "
    "from the board's recycle bin and read the board again."
)
_REQUIRED = (
    "The board asks people to fill this column in. Pair it, or items from Visma arrive without it."
)


def is_fillable(entity: Entity, column: Column) -> bool:
    """Whether some field of the entity can reasonably go there."""
    if column.type not in WRITABLE or column.type == "name" or column.type in LATER:
        return False
    return any(fits(each.kind, column).strength >= OFFERED for each in entity.fields)


def _label(transform: str, value: str) -> str:
    try:
        return plain(parse(transform)(value, {}))
    except Refusal:
        return ""
