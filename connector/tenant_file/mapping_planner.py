"""One mapping of a tenant file, piece by piece; every piece reports its own problems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.errors import ConnectorError
from connector.models import RecordLink
from connector.sync import probes
from connector.tenant_file.board_columns import KEY_TYPE, KnownBoard, columns_of
from connector.tenant_file.changes import Change, differences
from connector.tenant_file.connections import ConnectionPlan, pick
from connector.tenant_file.mapping_plan import MappingPlan, Surroundings
from connector.tenant_file.outside import Outside
from connector.tenant_file.pairs import ID_LIMIT, Pairs
from connector.tenant_file.problems import like
from connector.tenant_file.receive import read_receive
from connector.tenant_file.shape import MappingPart
from mappings import catalog, filters
from mappings.catalog import ENTITIES, Entity
from mappings.models import BoardMapping, FieldPairing, OnLeave
from mappings.render import Rules, compile_rules
from tenants.models import MondayConnection

CREATE = "create"
# What decides where a record's item is; a mapping with items cannot change it.
PLACE = {"entity": "entity", "board_id": "board", "visma": "Visma connection", "monday": "account"}
NO_KEY = (
    "there is no key column: an item whose creation was cut short cannot be looked up, and may "
    "come twice; name a text column, or “create”"
)


class Planner:
    """``stored`` None: the mapping is new."""

    def __init__(
        self, part: MappingPart, stored: BoardMapping | None, around: Surroundings
    ) -> None:
        self.part = part
        self.stored = stored
        self.around = around
        self.wanted: dict[str, Any] = dict(part.values)
        self.made = MappingPlan(part, stored or BoardMapping(name=part.name))

    def plan(self) -> MappingPlan:
        entity = self._entity()
        self._connections()
        self._board()
        self._group()
        if entity is not None:
            self._subitems(entity)
            self._item_name(entity)
            self._filter(entity)
            self._receive(entity)
        self._key_column()
        self._pairs(entity)
        self._compare()
        self.made.active = self._active()
        return self.made

    def problem(self, key: str, text: str) -> None:
        self.around.problems.add_if_silent(f"{self.part.path}.{key}", text)

    def note(self, key: str, text: str) -> None:
        self.around.notes.add(f"{self.part.path}.{key}", text)

    def _entity(self) -> Entity | None:
        name = self.part.entity or (self.stored.entity if self.stored else "")
        if not name:
            self.problem("entity", f"missing; choose among {', '.join(ENTITIES)}")
            return None
        self.wanted["entity"] = name
        return catalog.entity(name)

    @property
    def over(self) -> str:
        """The name of the mapping whose items these subitems stand under; "" for items."""
        kept = self.stored.parent.name if self.stored and self.stored.parent else ""
        return self.part.subitems_of or kept

    def _subitems(self, entity: Entity) -> None:
        lines = catalog.LINES_OF.get(entity.name)
        if lines is None and self.over:
            self.problem("subitems_of", f"{entity.plural} are no lines, so they are no subitems")
        elif lines is not None and not self.over:
            documents = lines.document.plural.lower()
            self.problem("subitems_of", f"missing; name the mapping of {documents} they belong to")

    def _connections(self) -> None:
        stored = self.stored
        visma = pick(self.around.visma, self.part.visma, stored.visma.name if stored else None)
        monday = pick(self.around.monday, self.part.monday, stored.monday.name if stored else None)
        if isinstance(visma, str):
            self.problem("visma", visma)
        else:
            self.made.visma = visma
        if isinstance(monday, str):
            self.problem("monday", monday)
        else:
            self.made.monday = monday

    def _board(self) -> None:
        board_id = self.part.board_id or (self.stored.board_id if self.stored else "")
        if not board_id:
            self.problem("board_id", "missing; it is the number in the board's address in monday")
            return
        self.wanted["board_id"] = board_id
        if self.around.outside is None:
            self.made.board = _last_read(self.stored, board_id)
        elif self.made.monday is not None and self.made.monday.usable:
            self.made.board = self._read_board(self.around.outside, self.made.monday, board_id)

    def _read_board(
        self, outside: Outside, monday: ConnectionPlan[MondayConnection], board_id: str
    ) -> KnownBoard | None:
        try:
            board = outside.board(monday.row, board_id)
            probes.refuse_only_view(board, monday.facts.get("user_name", monday.row.user_name))
        except ConnectorError as error:
            self.problem("board_id", f"{error.why.happened} {error.why.remedy}")
            return None
        return KnownBoard(board.id, board.name, columns_of(board.columns), board.groups)

    def _group(self) -> None:
        wanted = self.part.group_id
        if wanted is None:
            return
        self.wanted["group_id"] = wanted
        wrong = self.made.board.group(wanted) if wanted and self.made.board else ""
        if wrong:
            self.problem("group_id", wrong)

    def _item_name(self, entity: Entity) -> None:
        if self.stored is None or "item_name" in self.wanted:
            template = self.wanted["item_name"] = self.wanted.get("item_name") or entity.item_name
            for hole in compile_rules(Rules(entity.name, template, ()), {}).parked:
                hint = like(hole.field, entity.by_path)
                unknown = f"{entity.plural} have no field “{hole.field}”{hint}"
                self.problem("item_name", unknown if hole.field else hole.message)

    def _filter(self, entity: Entity) -> None:
        for name, value in self.wanted.get("filter", {}).items():
            for text in filters.problems(entity, {name: value}):
                self.problem(f"filter.{name}", text)
        self._mark()

    def _mark(self) -> None:
        rule = self.wanted.get("filter", self.made.row.filter)
        asked = rule.get(filters.MARK_COLUMN)
        if self.wanted.get("on_leave", self.made.row.on_leave) == OnLeave.MARK and not asked:
            self.problem("on_leave", "“mark” needs a column: name it in filter.mark_column")
        if not isinstance(asked, str) or self.made.board is None:
            return
        found = self.made.board.column(asked)
        if isinstance(found, str):
            self.problem(f"filter.{filters.MARK_COLUMN}", found)
        elif found.type not in filters.MARKABLE:
            text = f"“{found.title}” is a {found.type} column; a mark needs a text or labels"
            self.problem(f"filter.{filters.MARK_COLUMN}", text)
        elif "filter" in self.wanted:
            self.wanted["filter"] = {**rule, filters.MARK_COLUMN: found.id}

    def _receive(self, entity: Entity) -> None:
        if self.part.receive is None:
            return
        self.wanted["receive"] = read_receive(
            self.part.receive, entity, self.made.board, self.around.problems
        )

    def _key_column(self) -> None:
        asked, board = self.part.key_column, self.made.board
        if asked is None and self.stored is not None:
            return
        if asked == CREATE:
            self._created_key(board)
        elif asked is None:
            found = board.key_column() if board else None
            self.wanted["key_column"] = found.id if found else ""
        else:
            self.wanted["key_column"] = self._named_key(asked, board)
        if not self.wanted["key_column"]:
            self.note("key_column", NO_KEY)

    def _created_key(self, board: KnownBoard | None) -> None:
        found = board.key_column() if board else None
        self.made.create_key = board is not None and found is None
        self.wanted["key_column"] = found.id if found else CREATE if board else ""

    def _named_key(self, asked: str, board: KnownBoard | None) -> str:
        if board is None or not asked:
            return asked[:ID_LIMIT]
        found = board.column(asked)
        if isinstance(found, str):
            self.problem("key_column", found)
        elif found.type != KEY_TYPE:
            text = f"“{found.title}” is a {found.type} column; the key needs a text column"
            self.problem("key_column", text)
        return "" if isinstance(found, str) else found.id

    def _pairs(self, entity: Entity | None) -> None:
        if self.part.pairs is None and self.stored is not None:
            return
        pairs = Pairs(
            entity, self.made.board, problems=self.around.problems, notes=self.around.notes
        )
        row = self.made.row
        self.made.pairings = pairs.read(
            self.part.pairs or [],
            key_column=self.wanted.get("key_column", row.key_column),
            create_labels=self.wanted.get("create_labels", row.create_labels),
        )
        self.made.links = pairs.links
        if not self.part.pairs:
            self.note("pairs", "there are none: items get a name and nothing else")

    def _compare(self) -> None:
        made = self.made
        made.changes = [*differences(made.row, self.wanted), *self._other_changes()]
        if self.stored is not None and RecordLink.objects.filter(mapping=self.stored).exists():
            for change in made.changes:
                if change.field in PLACE:
                    self.problem(change.field, _fixed(change, self.stored.name))
        for name, value in self.wanted.items():
            setattr(made.row, name, value)

    def _other_changes(self) -> Iterator[Change]:
        for key in ("visma", "monday"):
            plan = getattr(self.made, key)
            before = getattr(self.stored, key).name if self.stored else None
            if plan is not None and plan.name != before:
                yield Change(key, before, plan.name)
        kept = self.stored.parent.name if self.stored and self.stored.parent else None
        if self.over and self.over != kept:
            yield Change("subitems_of", kept, self.over)
        if self.made.pairings is not None:
            rows = self.stored.pairings.select_related("link") if self.stored else ()
            before = [_in_words(p, p.link.name if p.link else "") for p in rows]
            names = {pairing.column_id: part.link for part, _, pairing in self.made.links}
            after = [_in_words(p, names.get(p.column_id) or "") for p in self.made.pairings]
            if before != after or self.stored is None:
                yield Change("pairs", before if self.stored else None, after)

    def _active(self) -> bool:
        """A mapping that never saw its board counts as new: it starts with the first import."""
        stored = self.stored if self.stored and self.stored.board_columns else None
        asked = self.part.active
        wanted = asked if asked is not None else stored.active if stored else True
        if wanted and self.around.outside is None and self.made.board is None:
            self.note("active", "stays inactive until it is imported without --offline")
            return False
        return wanted


def _last_read(stored: BoardMapping | None, board_id: str) -> KnownBoard | None:
    if stored is None or stored.board_id != board_id or not stored.board_columns:
        return None
    return KnownBoard(board_id, stored.board_name, columns_of(stored.board_columns), None)


def _fixed(change: Change, name: str) -> str:
    return (
        f"“{name}” has items on its board, so its {PLACE[change.field]} cannot change from "
        f"“{change.before}” to “{change.after}”; give this mapping a new name"
    )


def _in_words(pairing: FieldPairing, link: str) -> str:
    through = f" | {pairing.transform}" if pairing.transform else ""
    to = f", item on {link}" if link else ", labels kept in step" if pairing.labels else ""
    return f"{pairing.field}{through} → {pairing.column_id}{to}"
