"""The mappings of a tenant file: what each will be, and against what it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from connector.tenant_file.board_columns import KnownBoard
from connector.tenant_file.changes import Change
from connector.tenant_file.connections import ConnectionPlan, Plans
from connector.tenant_file.outside import Outside
from connector.tenant_file.problems import Problems
from connector.tenant_file.shape import MappingPart, PairPart
from mappings.catalog import Field
from mappings.columns import Column
from mappings.models import BoardMapping, FieldPairing
from tenants.models import MondayConnection, Tenant, VismaConnection


@dataclass
class MappingPlan:
    """``row`` is what the mapping will be; ``pairings`` None: those it has stay."""

    part: MappingPart
    row: BoardMapping
    visma: ConnectionPlan[VismaConnection] | None = None
    monday: ConnectionPlan[MondayConnection] | None = None
    over: BoardMapping | None = None  # the mapping whose items these subitems stand under
    board: KnownBoard | None = None
    pairings: list[FieldPairing] | None = None
    create_key: bool = False
    active: bool = False
    changes: list[Change] = field(default_factory=list)
    # Pairs that link to other mappings, which are found when all of the file are planned.
    links: list[tuple[PairPart, Field, FieldPairing]] = field(default_factory=list)

    def sees_another_board(self) -> bool:
        """Read just now, and not as it was when last stored."""
        return self.board is not None and (
            self.row.board_name != self.board.name
            or self.row.board_columns != self.board.as_stored()
        )

    def take_board(self, now: datetime) -> None:
        if self.board is not None:
            self.row.board_name = self.board.name
            self.row.board_columns = self.board.as_stored()
            self.row.board_read_at = now

    def changed_fields(self, new_board: bool) -> list[str]:
        own = {"subitems_of": "parent"}
        fields = [change.field for change in self.changes if change.field != "pairs"]
        names = [own.get(field, field) for field in fields]
        return names + (["board_name", "board_columns", "board_read_at"] if new_board else [])

    def take_key_column(self, column: Column) -> None:
        """The column that was created for this mapping's board."""
        self.row.key_column = column.id
        if self.board is not None:
            self.board = replace(self.board, columns=(*self.board.columns, column))

    def activity_changes(self) -> list[Change]:
        before = None if self.row.pk is None else self.row.active
        return [] if before == self.active else [Change("active", before, self.active)]


@dataclass
class Surroundings:
    """What the mappings of one file are checked against. ``outside`` None: offline."""

    tenant: Tenant | None
    visma: Plans[VismaConnection]
    monday: Plans[MondayConnection]
    outside: Outside | None
    problems: Problems
    notes: Problems
