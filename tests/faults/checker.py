"""What must hold once everything is quiet, evaluated from the sandbox's own log and the database.

The names are those of docs/reliability.md. Each check yields the violations it found, in words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from typing import Any

from connector.models import (
    ApiCall,
    AuditEntry,
    Batch,
    LinkState,
    RecordLink,
    SourceRecord,
    SyncRun,
)
from connector.sandbox.log import Effect, Entry
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.oracle import differences, is_wanted

EFFECTS = ("item_created", "item_changed", "item_archived")
KEY_LIFE = timedelta(minutes=25)
_REVISION = re.compile(r"rev (\d+)", re.IGNORECASE)


def violations(
    sandbox: SandboxServer, mapping: BoardMapping, forgotten: Set[int] = frozenset()
) -> list[str]:
    """``forgotten``: numbers of calls made by a database that was set back behind them."""
    mapping.refresh_from_db()
    return [
        *board_violations(sandbox, mapping),
        *_keys(sandbox),
        *_accounts(),
        *_unheard(sandbox, forgotten),
        *_budgets(sandbox, forgotten),
        *_bugs(sandbox),
    ]


def board_violations(sandbox: SandboxServer, mapping: BoardMapping) -> list[str]:
    """What is wrong with one mapping's board alone."""
    mapping = BoardMapping.objects.prefetch_related("pairings").get(pk=mapping.pk)
    return [
        *_board(sandbox, mapping),
        *_phantoms(sandbox, mapping),
        *_behind(sandbox, mapping),
        *_order(sandbox, mapping),
        *_open(mapping),
        *_untold(sandbox, mapping),
    ]


def _prefix(mapping: BoardMapping) -> str:
    return f"{mapping.visma.company_id}:{mapping.entity}:"


def _board_of(sandbox: SandboxServer, mapping: BoardMapping) -> Any:
    return sandbox.monday.account.boards[int(mapping.board_id)]


def _items(sandbox: SandboxServer, mapping: BoardMapping) -> dict[str, list[Any]]:
    """The active items by what stands in their key column."""
    items: dict[str, list[Any]] = {}
    for item in _board_of(sandbox, mapping).active_items():
        items.setdefault(item.cells.get(mapping.key_column, ""), []).append(item)
    return items


def _board(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[str]:
    """I1, I2: each record is on its board once with today's values, or a failed link says why."""
    board, items = _board_of(sandbox, mapping), _items(sandbox, mapping)
    failed = set(
        RecordLink.objects.filter(
            mapping=mapping, state__in=(LinkState.FAILED, LinkState.GONE)
        ).values_list("record__key", flat=True)
    )
    for row in sandbox.visma.company.tables[mapping.entity].rows():
        key = f"{row['documentType']}:{row['referenceNumber']}"
        found = items.get(_prefix(mapping) + key, [])
        if len(found) > 1:
            yield f"doubled: {key} is there {len(found)} times"
        elif not is_wanted(row, mapping):
            if found and mapping.on_leave == "archive":
                yield f"left over: {key} is left out by the filter"
        elif not found and key not in failed:
            yield f"lost: {key}"
        elif found and key not in failed:
            yield from (f"wrong: {key}: {d}" for d in differences(row, found[0], board, mapping))


def _phantoms(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[str]:
    """I3: every item with a key of ours has its record."""
    known = SourceRecord.objects.filter(entity=mapping.entity).values_list("key", flat=True)
    ours = {_prefix(mapping) + key for key in known}
    rows = sandbox.visma.company.tables[mapping.entity].rows()
    there = {f"{_prefix(mapping)}{row['documentType']}:{row['referenceNumber']}" for row in rows}
    for key in _items(sandbox, mapping):
        if key and key not in ours:
            yield f"phantom: {key}"
        elif key and key not in there:
            yield f"left behind: {key} was deleted in Visma"


def _behind(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[str]:
    """I4: what a link says was delivered last is the last version, and its item is there."""
    board = _board_of(sandbox, mapping)
    links = RecordLink.objects.filter(mapping=mapping, state=LinkState.DELIVERED)
    for link in links.select_related("record"):
        item = board.items.get(int(link.item_id or 0))
        if item is None or item.name != link.delivered["name"]:
            yield f"not as delivered: {link.record.key}"
        if link.delivered_version != link.record.version:
            yield f"behind: {link.record.key}"


def _effects(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[tuple[Entry, Effect]]:
    """Everything that calls of ours did to items of the board, in the order it happened."""
    for entry in sandbox.log.entries():
        for effect in entry.effects if entry.system == "monday" else ():
            if effect.kind in EFFECTS and effect.target["board"] == int(mapping.board_id):
                yield entry, effect


def _order(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[str]:
    """I4: a board never shows an older version after a newer one, not even for a moment."""
    pairing = mapping.pairings.filter(field="description").first()
    column = pairing.column_id if pairing else ""
    keys: dict[int, str] = {}
    newest: dict[str, int] = {}
    for _, effect in _effects(sandbox, mapping):
        item = effect.target["item"]
        if effect.kind == "item_created":
            keys[item] = effect.after.get(mapping.key_column, "")
        told = _REVISION.search(str(effect.after.get(column, "")))
        if told:
            key, revision = keys.get(item, ""), int(told[1])
            if revision < newest.get(key, 0):
                yield f"backwards: {key} from rev {newest[key]} to rev {revision}"
            newest[key] = max(revision, newest.get(key, 0))


def _keys(sandbox: SandboxServer) -> Iterator[str]:
    """I6: one key, one body, and never longer than monday surely remembers it."""
    yield from (f"key: {words}" for words in sandbox.log.violations())
    first: dict[str, datetime] = {}
    for entry in sandbox.log.entries():
        if entry.idempotency_key:
            at = datetime.fromisoformat(entry.at)
            age = at - first.setdefault(entry.idempotency_key, at)
            if age > KEY_LIFE:
                yield f"key: sent again after {age}"


def _open(mapping: BoardMapping) -> Iterator[str]:
    """I22: quiet means that nothing is under way any more."""
    under_way = (LinkState.WAITING, LinkState.SENDING, LinkState.UNCERTAIN)
    left = RecordLink.objects.filter(mapping=mapping, state__in=under_way).count()
    if left:
        yield f"not quiet: {left} links are still under way"
    if Batch.objects.exclude(state=Batch.State.SETTLED).exists():
        yield "not quiet: a batch is not settled"


def _accounts() -> Iterator[str]:
    """Each run is finished, and every record it read is in exactly one of its columns."""
    for run in SyncRun.objects.all():
        parts = ("created", "updated", "archived", "unchanged", "excluded", "failed", "superseded")
        told = {part: getattr(run, part) for part in parts}
        if run.finished_at is None:
            yield f"run {run.pk} is not finished"
        elif run.read != sum(told.values()):
            yield f"run {run.pk} ({run.trigger}) read {run.read}, but: {told}"


def _untold(sandbox: SandboxServer, mapping: BoardMapping) -> Iterator[str]:
    """I16: each item on the board is told about, and none as created twice."""
    told = Counter(
        AuditEntry.objects.filter(
            board_id=mapping.board_id, action__in=("create", "find"), outcome="done"
        ).values_list("item_id", "action")
    )
    for item in _board_of(sandbox, mapping).items.values():
        created, found = told[str(item.id), "create"], told[str(item.id), "find"]
        if created > 1:
            yield f"told {created} times: item {item.id} was created"
        if item.state == "active" and not created + found:
            yield f"untold: item {item.id}"


def _unheard(sandbox: SandboxServer, forgotten: Set[int]) -> Iterator[str]:
    """I5, I16: every effect belongs to a batch that tells of it, and every tale to an effect."""
    batches = {str(batch.idempotency_key): batch for batch in Batch.objects.all()}
    told = Counter(
        AuditEntry.objects.filter(outcome__in=("done", "uncertain")).values_list("batch", "link")
    )
    happened: set[tuple[int, int]] = set()
    for entry in sandbox.log.entries():
        effects = [e for e in entry.effects if e.kind in EFFECTS and e.alias]
        if entry.system != "monday" or not effects or entry.number in forgotten:
            continue
        batch = batches.get(entry.idempotency_key)
        if batch is None:
            yield f"unheard of: {entry.operation} with key {entry.idempotency_key or 'none'}"
            continue
        links = {member["alias"]: member["link"] for member in batch.members}
        for effect in effects:
            happened.add((batch.pk, links[effect.alias]))
            if not told[batch.pk, links[effect.alias]]:
                yield f"untold: {effect.kind} of {effect.target} in batch {batch.pk}"
    yield from _tales(happened)


def _tales(happened: set[tuple[int, int]]) -> Iterator[str]:
    said = AuditEntry.objects.filter(
        outcome="done", action__in=("create", "update", "archive"), batch__isnull=False
    ).exclude(batch__in=Batch.objects.filter(operation="bulk"))
    for entry in said:
        # An item that somebody had archived before us counts as archived.
        pair = (entry.batch_id or 0, entry.link_id or 0)
        if pair not in happened and entry.action != "archive":
            yield f"a tale: {entry} never happened"


def _budgets(sandbox: SandboxServer, forgotten: Set[int]) -> Iterator[str]:
    """I14: no limit of the other side was met by our own doing, and no call left uncounted."""
    calls: Counter[str] = Counter()
    for entry in sandbox.log.entries():
        if entry.refused_by and not entry.faults:
            yield f"over the limit: {entry.operation} met {entry.refused_by} at {entry.at}"
        if entry.number in forgotten:
            continue
        if entry.path.startswith("/visma/v1/"):
            calls["visma"] += 1
        elif entry.path.startswith("/monday/v2"):
            calls["monday"] += 1
    for system, number in calls.items():
        counted = ApiCall.objects.filter(account__startswith=f"{system}:").count()
        if number > counted:
            yield f"uncounted: {number} calls met {system}, {counted} are in the ledger"


def _bugs(sandbox: SandboxServer) -> Iterator[str]:
    if sandbox.log.counters["bugs"]:
        yield "the sandbox itself has failed"
