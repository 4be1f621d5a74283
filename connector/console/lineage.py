"""Why a value is on the board: Visma's value, the transform, monday's value, field by field."""

from dataclasses import dataclass
from typing import Any

from connector import local_formats
from connector.audit_pages import shown
from connector.models import RecordLink
from connector.sync import books
from connector.sync.boards import rules_of
from connector.visma.records import decode
from mappings import catalog, filters
from mappings.columns import Column, landed
from mappings.problems import Refusal
from mappings.render import Rendered, compile_rules
from mappings.transforms import describe
from tenants.models import Tenant

EMPTY = "(empty)"


@dataclass(frozen=True)
class Step:
    """One field on its way. ``problem``: why it cannot land; ``coming``: what is not there yet."""

    field: str
    path: str
    visma: str
    transform: str
    column: str
    column_type: str
    board: str
    coming: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Lineage:
    """All fields of one record on one board."""

    name: str
    coming_name: str
    steps: list[Step]
    excluded: str


def lineage_of(link: RecordLink, tenant: Tenant) -> Lineage:
    mapping = link.mapping
    payload = decode(link.record.payload.encode())
    columns = {raw["id"]: Column(**raw) for raw in mapping.board_columns}
    render = compile_rules(rules_of(mapping), columns)
    books.look(render.rules.books, [render.named(payload)])
    rendered = render(payload, link.record.key)
    entity = catalog.entity(mapping.entity)
    weaver = _Weaver(link, entity, columns, rendered, payload, tenant)
    shown = link.delivered.get("name", "")
    return Lineage(
        name=shown,
        coming_name=rendered.name if rendered.name != shown else "",
        steps=[weaver.step(pair) for pair in mapping.pairings.all()],
        excluded=filters.excluded(payload, entity, mapping.filter),
    )


@dataclass(frozen=True)
class _Weaver:
    link: RecordLink
    entity: catalog.Entity
    columns: dict[str, Column]
    rendered: Rendered
    payload: dict[str, Any]
    tenant: Tenant

    def step(self, pair: Any) -> Step:
        field = self.entity.field(pair.field)
        column = self.columns.get(pair.column_id) or Column(
            pair.column_id, pair.column_title or pair.column_id, pair.column_type
        )
        board = self._cell(column, self.link.delivered.get("cells", {}).get(pair.column_id))
        wanted = self._cell(column, self.rendered.cells.get(pair.column_id))
        return Step(
            field=field.label if field else pair.field,
            path=pair.field,
            visma=self._visma(field),
            transform=in_words(pair.transform),
            column=column.title,
            column_type=column.type.replace("_", " "),
            board=board,
            coming=wanted if wanted != board and pair.column_id in self.rendered.cells else "",
            problem=self._problem(pair.column_id),
        )

    def _visma(self, field: catalog.Field | None) -> str:
        if field is None:
            return EMPTY
        try:
            return words(catalog.value(self.payload, field), self.tenant)
        except Refusal as refusal:
            return refusal.message

    def _cell(self, column: Column, cell: Any) -> str:
        if cell is None:
            return EMPTY
        try:
            found = landed(column, cell)
        except (KeyError, TypeError, ValueError):
            found = cell
        # Written while the column was of another type: told as the audit tells it.
        return shown(found) if isinstance(found, dict) else words(found, self.tenant)

    def _problem(self, column_id: str) -> str:
        troubles = (*self.rendered.parked, *self.rendered.problems)
        return next((each.message for each in troubles if each.column_id == column_id), "")


def words(value: Any, tenant: Tenant) -> str:
    """A value as the tenant's country writes it."""
    return local_formats.anything(value, tenant) or EMPTY


def in_words(transform: str) -> str:
    """Plain words; a transform that is not known any more stands as it is written."""
    try:
        return describe(transform)
    except Refusal:
        return transform
