"""Mending: the ways out of a drift, each with what it would do, and doing one of them at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from connector.errors import ConnectorError
from connector.models import Action, LinkState, RecordLink
from connector.monday import layout
from connector.monday.layout import NewColumn
from connector.sync import activate, audit, drift
from connector.sync.boards import monday_of, read_board
from connector.sync.deliver import BATCH_SIZE
from connector.sync.ready_boards import KEY_HELP
from mappings import services as mappings
from mappings.catalog import Kind, entity
from mappings.columns import WRITABLE, Column, fits
from mappings.content import Content, Pairing
from mappings.models import BoardMapping
from mappings.readymade import KEY_TITLE
from mappings.suggest.pairing import candidates
from mappings.transforms import TransformProblem, parse

LABELLED = ("status", "dropdown")
OFFERED = 20  # a weaker fit needs luck or a table of ids; it is not offered

Entry = dict[str, Any]
Change = Callable[[Content], Content]


@dataclass(frozen=True)
class Way:
    """One way out. ``columns``: those to choose from, the suggested one first."""

    name: str
    title: str
    effect: str
    button: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Effect:
    """How much would be written: ``items`` in about so many ``calls``; ``waiting`` are created."""

    items: int
    waiting: int

    @property
    def calls(self) -> int:
        return -(-self.items // BATCH_SIZE) + -(-self.waiting // BATCH_SIZE)


def effect_of(mapping: BoardMapping) -> Effect:
    links = RecordLink.objects.filter(mapping=mapping)
    held = links.filter(state=LinkState.WAITING, failure_code="key_column_missing")
    return Effect(links.exclude(item_id=None).count(), held.count())


# --- which ways there are ---------------------------------------------------------------------
def ways(mapping: BoardMapping, entry: Entry) -> list[Way]:
    """What can be done about one thing that people changed; the most likely first."""
    kind = entry["kind"]
    if kind == "key_column_gone":
        return _ways_of_key(mapping)
    if kind in ("column_deleted", "column_retyped"):
        return _ways_of_column(mapping, entry)
    if kind == "group_gone":
        groups = tuple((each["id"], each["title"]) for each in mapping.board_groups)
        return [
            Way("group", "Choose a group", "New items go there.", "Use this group", groups),
            Way("first", "Leave it at the first", "New items go to the first group.", "Leave it"),
        ]
    if kind == "column_required":
        text = "Items from Visma go on arriving with this column empty."
        return [Way("accept", "It may stay empty", text, "It may stay empty")]
    return []


def _ways_of_key(mapping: BoardMapping) -> list[Way]:
    made = Way(
        "create",
        "Create the key column again",
        f"A text column “{KEY_TITLE}” is made on the board, and each item gets its key.",
        f"Create “{KEY_TITLE}”",
    )
    texts = [c for c in _free(mapping) if c.type == "text"]
    used = Way(
        "use",
        "Use a text column that is there",
        "What stands in it now is replaced by the keys.",
        "Use this column",
        tuple((each.id, each.title) for each in texts),
    )
    return [made, used] if texts else [made]


def _ways_of_column(mapping: BoardMapping, entry: Entry) -> list[Way]:
    pairing = _pairing(mapping, entry)
    found = [*_confirmed(mapping, pairing, entry)]
    if others := replacements(mapping, pairing):
        found.append(
            Way(
                "use",
                "Use another column",
                "It is filled with today's values of every record.",
                "Use this column",
                tuple((each.id, f"{each.title} ({each.type})") for each in others),
            )
        )
    found.append(
        Way(
            "create",
            "Create the column again",
            f"A new column “{entry['title']}” is made on the board and filled for every record.",
            f"Create “{entry['title']}”",
        )
    )
    remove = "The field is shown no longer; everything else stays as it is."
    found.append(Way("remove", "Stop filling it", remove, "Remove the pair"))
    return found


def _confirmed(mapping: BoardMapping, pairing: Pairing, entry: Entry) -> list[Way]:
    column = _columns(mapping).get(pairing.column_id)
    if entry["kind"] != "column_retyped" or column is None or _fit(mapping, pairing, column) == 0:
        return []
    text = f"The column is filled as a {column.type} column, with today's values of every record."
    title = f"Go on with it as a {column.type} column"
    return [Way("confirm", title, text, "Go on with it")]


def replacements(mapping: BoardMapping, pairing: Pairing) -> list[Column]:
    """Free columns that can show the field: of the same type and of a name like it first."""
    of = entity(mapping.entity)

    def likeness(column: Column) -> tuple[bool, int]:
        named = (c.strength for c in candidates(of, column) if c.field == pairing.field)
        return column.type != pairing.column_type, -next(named, 0)

    fitting = [c for c in _free(mapping) if _fit(mapping, pairing, c) >= OFFERED]
    return sorted(fitting, key=likeness)


def _free(mapping: BoardMapping) -> list[Column]:
    taken = {pair.column_id for pair in mapping.pairings.all()} | {mapping.key_column, "name"}
    columns = _columns(mapping).values()
    return [each for each in columns if each.id not in taken and each.type in WRITABLE]


def _fit(mapping: BoardMapping, pairing: Pairing, column: Column) -> int:
    field = entity(mapping.entity).field(pairing.field)
    if field is None:
        return 0
    try:
        kind = parse(pairing.transform).kind_after(field.kind)
    except TransformProblem:
        return 0
    fit = fits(kind, column)
    return fit.strength if fit.ok else 0


# --- taking one -------------------------------------------------------------------------------
def mend(mapping: BoardMapping, entry: Entry, way: str, choice: str, *, by: str) -> int:
    """Take one of the ways that were offered; returns how many records are planned anew.

    Raises ConnectorError where the board does not let us, LookupError for a way not on offer.
    """
    offered = next((each for each in ways(mapping, entry) if each.name == way), None)
    if offered is None or (offered.choices and choice not in dict(offered.choices)):
        raise LookupError(way)
    if way == "accept":
        return _accept(mapping, entry, by)
    return amend(mapping, by=by, change=_change(mapping, entry, way, choice))


def _change(mapping: BoardMapping, entry: Entry, way: str, choice: str) -> Change:
    old = entry["column_id"]
    if way in ("group", "first"):
        title = {each["id"]: each["title"] for each in mapping.board_groups}.get(choice, "")
        return lambda content: replace(content, group_id=choice, group_title=title)
    if way == "remove":
        return lambda content: content.without_pair(old)
    if way == "create":
        column = _create(mapping, entry)
    else:
        column = _columns(mapping)[old if way == "confirm" else choice]
    if entry["kind"] == "key_column_gone":
        return lambda content: replace(content, key_column=column.id, key_title=column.title)
    pairing = replace(
        _pairing(mapping, entry),
        column_id=column.id,
        column_title=column.title,
        column_type=column.type,
    )
    return lambda content: content.moved(old, pairing)


def amend(mapping: BoardMapping, *, by: str, change: Change) -> int:
    """Change what a live mapping says, under a new version; an open draft follows.

    Returns how many records are planned anew.
    """
    with transaction.atomic():
        BoardMapping.objects.select_for_update(no_key=True).get(pk=mapping.pk)
        mappings.version_keep(mapping)
        before = mappings.mapping_content(mapping)
        after = change(before)
        mappings.content_apply(mapping, after)
        planned = activate.replan(mapping, by=by)
        mappings.draft_follow(mapping, change=change)
        _tell(mapping, by, before, after)
    drift.wake(mapping)
    return planned


def _accept(mapping: BoardMapping, entry: Entry, by: str) -> int:
    known = [*mapping.board_required.get("known", ()), entry["column_id"]]
    mapping.board_required = {**mapping.board_required, "known": known}
    mapping.drift = [each for each in mapping.drift if each != entry]
    mapping.save(update_fields=["board_required", "drift"])
    content = mappings.mapping_content(mapping)
    _tell(mapping, by, content, content, f"“{entry['title']}” may stay empty.")
    return 0


def _create(mapping: BoardMapping, entry: Entry) -> Column:
    new = NewColumn(KEY_TITLE, "text", description=KEY_HELP)
    if entry["kind"] != "key_column_gone":
        pairing = _pairing(mapping, entry)
        field = entity(mapping.entity).field(pairing.field)
        choices = field.choices if field and field.kind is Kind.CHOICE else ()
        type_ = pairing.column_type or "text"
        new = NewColumn(entry["title"], type_, choices if type_ in LABELLED else ())
    client = monday_of(mapping)
    key = str(uuid.uuid4())
    [made] = layout.create_columns(client, mapping.board_id, [new], idempotency_key=key)
    if isinstance(made, ConnectorError):
        raise made
    read_board(mapping)
    return Column(**made)


def _tell(mapping: BoardMapping, by: str, before: Content, after: Content, words: str = "") -> None:
    told = [
        {"field": c.what, "column": "", "title": c.what, "before": c.before, "after": c.after}
        for c in mappings.version_diff(mapping, old=before, new=after)
    ]
    audit.tell_of_mapping(
        mapping,
        actor=by,
        action=Action.CONFIGURE,
        message=f"{mapping.name}: {words}" if words else f"{mapping.name} was mended.",
        changes=told,
    )


def _columns(mapping: BoardMapping) -> dict[str, Column]:
    return {raw["id"]: Column(**raw) for raw in mapping.board_columns}


def _pairing(mapping: BoardMapping, entry: Entry) -> Pairing:
    content = mappings.mapping_content(mapping)
    found = content.pair_of(entry["column_id"])
    if found is None:
        raise LookupError(entry["column_id"])
    return found
