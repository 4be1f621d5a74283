"""What stops a whole board, a connection or a field: told once, not for each record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import prefetch_related_objects

from connector.console import meanings
from connector.console.causes import Waiting, waiting_money
from connector.console.late_receipts import Late, late_of
from connector.console.own import mappings_of
from connector.models import BoardLane, LinkState, RecordLink, SourceRecord
from connector.wording import Trouble
from mappings import receiving
from mappings.models import BoardMapping
from mappings.problems import Problem
from mappings.services import receiving_ground
from tenants.models import Health, MondayConnection, Tenant, VismaConnection

LOOKED_AT = "We tell it once instead of failing each record, and look again by ourselves."
COMPLETE = "Nothing is missing on the board."
NOT_CALLED = "We stopped calling with these credentials. Nothing is lost: changes wait."


@dataclass
class Blockade:
    """``kind``: board, connection, drift, rule or receipts. ``waiting``: what is held back."""

    kind: str
    title: str
    trouble: Trouble
    # Where it can be mended: the kind of drift and its column, as `mend.drift_id` names them.
    drift: str = ""
    since: datetime | None = None
    mapping: BoardMapping | None = None
    connection: VismaConnection | MondayConnection | None = None
    waiting: Waiting = field(default_factory=Waiting)
    # What it is about, where that is a few records.
    records: list[SourceRecord] = field(default_factory=list)

    @property
    def system(self) -> str:
        return "visma" if isinstance(self.connection, VismaConnection) else "monday"


def blockades_of(tenant: Tenant) -> list[Blockade]:
    """In a constant number of queries, plus one or two for each thing changed on a board."""
    mappings = list(mappings_of(tenant).filter(active=True))
    prefetch_related_objects(mappings, "pairings", "children__pairings")
    lanes = _paused_lanes(mappings)
    ill = _ill_connections(tenant)
    waiting = waiting_money([m.pk for m in mappings]) if lanes or ill else {}
    return [
        *(_of_connection(connection, mappings, waiting) for connection in ill),
        *(_of_board(mapping, lane, waiting) for mapping, lane in lanes),
        *(_of_drift(m, entry) for m in mappings for entry in m.drift if not entry["over"]),
        *(_of_rule(m, problem) for m in mappings for problem in _rule_problems(m)[:1]),
        *(_of_late(late) for late in late_of(mappings)),
    ]


def _paused_lanes(mappings: list[BoardMapping]) -> list[tuple[BoardMapping, BoardLane]]:
    rows = BoardLane.objects.filter(board_id__in=[m.board_id for m in mappings])
    paused = {(lane.account, lane.board_id): lane for lane in rows.exclude(paused_code="")}
    return [
        (mapping, paused[key])
        for mapping in mappings
        if (key := (mapping.monday.account_key, mapping.board_id)) in paused
        and mapping.monday.health != Health.NEEDS_PERSON  # told at the connection
    ]


def _ill_connections(tenant: Tenant) -> list[VismaConnection | MondayConnection]:
    return [
        *VismaConnection.objects.of(tenant).without_secrets().filter(health=Health.NEEDS_PERSON),
        *MondayConnection.objects.of(tenant).without_secrets().filter(health=Health.NEEDS_PERSON),
    ]


def _of_connection(
    connection: VismaConnection | MondayConnection,
    mappings: list[BoardMapping],
    waiting: dict[int, Waiting],
) -> Blockade:
    visma = isinstance(connection, VismaConnection)
    behind = [m for m in mappings if connection in (m.visma, m.monday)]
    names = ", ".join(m.name for m in behind) or "no mapping yet"
    return Blockade(
        kind="connection",
        title=f"{'Visma' if visma else 'monday'} connection “{connection.name}” is not usable",
        trouble=Trouble(
            happened=connection.health_reason,
            meaning=(
                f"Nothing new is read for {names}: boards show the past."
                if visma
                else f"Nothing is written for {names}: boards show the past."
            ),
            done=NOT_CALLED,
            remedy=connection.health_remedy,
        ),
        since=connection.health_since,
        connection=connection,
        waiting=_sum(waiting.get(m.pk) for m in behind),
    )


def _kept_back(mapping: BoardMapping, count: int) -> str:
    wait = "waits with its latest values" if count == 1 else "wait with their latest values"
    return f"{meanings.nouns(mapping, count)} {wait}."


def _of_board(mapping: BoardMapping, lane: BoardLane, waiting: dict[int, Waiting]) -> Blockade:
    held = waiting.get(mapping.pk, Waiting())
    return Blockade(
        kind="board",
        title=f"Board “{mapping.board_name or mapping.board_id}” cannot be written to",
        trouble=Trouble(
            happened=lane.paused_reason,
            meaning=_kept_back(mapping, held.count),
            done=LOOKED_AT,
            remedy=lane.paused_remedy,
        ),
        since=lane.paused_at,
        mapping=mapping,
        waiting=held,
    )


def _of_drift(mapping: BoardMapping, entry: dict[str, Any]) -> Blockade:
    held, meaning = _held(mapping, entry["kind"])
    return Blockade(
        kind="drift",
        title=entry["happened"],
        trouble=Trouble(
            happened=entry["happened"],
            meaning=meaning,
            done=entry["goes_on"],
            remedy=entry["remedy"],
            tone="bad" if entry["kind"] == "key_column_gone" and held.count else "warn",
        ),
        drift=drift_id(mapping, entry),
        since=datetime.fromisoformat(entry["since"]),
        mapping=mapping,
        waiting=held,
    )


def _rule_problems(mapping: BoardMapping) -> list[Problem]:
    """What people changed on a board that was read, so that no label can ask any more."""
    if not mapping.board_columns or not receiving.is_on(mapping.receive):
        return []
    return receiving.problems(mapping.receive, receiving_ground(mapping))


def _of_rule(mapping: BoardMapping, problem: Problem) -> Blockade:
    label = mapping.receive["label"]
    return Blockade(
        kind="rule",
        title=f"“{label}” on {mapping.board_name or mapping.name} cannot ask for receipts",
        trouble=Trouble(
            happened=problem.message,
            meaning="Goods that people mark as received do not come into Visma's stock.",
            done="Receipts that were begun go on. We look at the board again every 10 minutes.",
            remedy=f"{problem.remedy} Or change the rule in the mapping.",
            tone="warn",
        ),
        mapping=mapping,
    )


def _of_late(late: Late) -> Blockade:
    return Blockade(
        kind="receipts",
        title=late.title,
        trouble=late.trouble,
        since=late.since,
        mapping=late.mapping,
        records=late.records,
    )


def drift_id(mapping: BoardMapping, entry: dict[str, Any]) -> str:
    """The same change on a board has the same address today and tomorrow."""
    told = "|".join((str(mapping.pk), entry["kind"], entry["column_id"]))
    return sha256(told.encode()).hexdigest()[:16]


def _held(mapping: BoardMapping, kind: str) -> tuple[Waiting, str]:
    """What waits for this, and what that means for the books."""
    links = RecordLink.objects.filter(mapping=mapping)
    if kind == "key_column_gone":
        new = links.filter(state=LinkState.WAITING, failure_code="key_column_missing").count()
        if not new:
            return Waiting(), COMPLETE
        told = meanings.nouns(mapping, new)
        return Waiting(count=new), f"{told} {'is' if new == 1 else 'are'} not on the board yet."
    if kind in ("column_deleted", "column_retyped"):
        lack = links.exclude(item_id=None).count()
        if not lack:
            return Waiting(), COMPLETE
        told = meanings.nouns(mapping, lack)
        verb = "lacks" if lack == 1 else "lack"
        return Waiting(count=lack), (
            f"{told} {verb} this one value on the board; all other fields are written."
        )
    return Waiting(), COMPLETE


def _sum(parts: Iterable[Waiting | None]) -> Waiting:
    total = Waiting()
    for part in filter(None, parts):
        total.count += part.count
        for currency, amount in part.money.items():
            total.money.add(currency, amount)
        total.oldest = min(filter(None, (total.oldest, part.oldest)), default=None)
    return total
