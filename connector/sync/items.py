"""Items: what people did to them, found by comparing a board's items with the links.

An item that is written to says by itself that it is gone; this finds the others, the copies, and
those that are back. A board is read as a whole once a day, a large one less often.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from connector.clients import monday_client
from connector.errors import ConnectorError, TryAgain
from connector.models import Action, BoardReading, LinkState, Outcome, RecordLink, SyncRun, Trigger
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.monday.boards import Item
from connector.monday.queries import PAGE
from connector.sync import audit, copies, gone, references
from connector.sync.board_readings import begin_anew, going_on
from connector.sync.boards import ledger_of, monday_of
from connector.sync.costs import allowance
from connector.sync.link_rows import save_links
from mappings.models import BoardMapping
from tenants.models import Health

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
SHARE = 50  # one part in fifty of the calls of a day may go into reading a board's items
AFTER_ERROR = timedelta(minutes=30)
CLAIM = timedelta(minutes=5)  # longer than a task may last
AT_ONCE = 100  # ids that one call may ask about
ITEMS = "items"  # what the board is read for
# What is under way tells by itself, once it is written.
AT_REST = (LinkState.DELIVERED, LinkState.FAILED)
CHANGED = [
    *("item_id", "state", "run_id", "delivered", "parked", "look_up_first", "waiting_since"),
    *("attempts", "not_before", "failed_at"),
    *("failure_code", "failure_happened", "failure_remedy", "failure_fixer"),
]


def due() -> list[int]:
    """Mappings whose items were not compared lately."""
    return DUE(now=database_now())


def claim(mapping_id: int) -> bool:
    """Whether it is due; it is nobody else's then until a worker's time is over."""
    now = database_now()
    if mapping_id not in DUE(now=now):
        return False
    # By the row alone: of two at once the second sees what the first has written.
    mine = BoardMapping.objects.filter(_rested(now), pk=mapping_id)
    return bool(mine.update(items_due_at=now + CLAIM))


def _rested(now: datetime | Given) -> Q:
    return Q(items_due_at=None) | Q(items_due_at__lte=now)


DUE = Prepared(
    lambda: (
        BoardMapping.objects.filter(_rested(Given("now")), active=True)
        .exclude(board_columns=[])
        .exclude(monday__health=Health.NEEDS_PERSON)
        .values_list("pk", flat=True)
    )
)


def compare(mapping: BoardMapping) -> None:
    """Read all items of the board and answer what people did. Errors leave it for later."""
    key, due_at = _key_column(mapping), _due_at(mapping)
    try:
        with going_on(mapping, f"{ITEMS} {key}") as look:
            keys = _read(mapping, key, look)
            _answer_missing(mapping, look)
    except ConnectorError as error:
        log.info("Items of %s were not read: %s", mapping, error.why.happened)
        wait = error.after if isinstance(error, TryAgain) and error.after else AFTER_ERROR
        if not _next(mapping, database_now() + wait, due_at):
            begin_anew(mapping, ITEMS)
        return
    _have_written(_missing(mapping, (LinkState.WAITING,), set(keys)))
    # What has gone since the reading began may stand on its first pages.
    _bring_back(mapping, [pk for pk, item in _gone(mapping, look.began_at) if item in keys])
    copies.tell(mapping, keys)
    a_day, _ = allowance(mapping)
    pages = -(-len(keys) // PAGE)
    days = -(-pages // max(a_day // SHARE, 1))
    _next(mapping, database_now() + max(days, 1) * EVERY, due_at)


def is_small(mapping: BoardMapping) -> bool:
    """Whether a person can wait for its items to be read: four calls at most."""
    return not RecordLink.objects.filter(mapping=mapping)[4 * PAGE :].exists()


def soon(mapping: BoardMapping) -> None:
    """Compare within the minute: somebody has just put something in order."""
    begin_anew(mapping, ITEMS)
    BoardMapping.objects.filter(pk=mapping.pk).update(items_due_at=database_now())


def look_for_gone(mapping: BoardMapping) -> int:
    """Whether items that were gone are back: one call, and none where nothing is gone."""
    some = _gone(mapping)[:AT_ONCE]
    if not some:
        return 0
    items = monday_of(mapping).items_by_id([item for _, item in some], [])
    there = {item.id for item in items if _fate(mapping, item) == "here"}
    return _bring_back(mapping, [pk for pk, item in some if item in there])


def look_at(mapping: BoardMapping, item_ids: Sequence[str]) -> int:
    """The same for certain items, as webhooks name them; how many were lost or are back.

    Raises ConnectorError.
    """
    rows = RecordLink.objects.filter(mapping=mapping, item_id__in=item_ids)
    known = [(pk, item) for pk, item in rows.values_list("pk", "item_id") if item is not None]
    if not known:
        return 0
    fates = _fates(mapping, [item for _, item in known])
    lost = [(pk, item) for pk, item in known if item in fates]
    _lose(mapping, {pk: fates[item] for pk, item in lost})
    _have_written(lost)
    back = _bring_back(mapping, [pk for pk, item in known if item not in fates])
    return len(fates) + back


# --- reading ----------------------------------------------------------------------------------
def _key_column(mapping: BoardMapping) -> str:
    """ "" where the board has none."""
    there = {column["id"] for column in mapping.board_columns}
    return mapping.key_column if mapping.key_column in there else ""


def _read(mapping: BoardMapping, key: str, look: BoardReading) -> dict[str, str]:
    """Item id → key, of every active item."""
    ledger = ledger_of(mapping)
    ledger.backlog = True
    client = monday_client(mapping.monday, ledger)
    columns = [key] if key and key != "name" else []
    if not look.complete:
        for page, cursor in client.pages(mapping.board_id, columns, cursor=look.cursor):
            look.seen |= {item.id: item.text(key) if key else "" for item in page}
            look.cursor = cursor
    look.complete = True
    keys: dict[str, str] = look.seen
    return keys


def _missing(
    mapping: BoardMapping, states: Sequence[str], there: set[str]
) -> list[tuple[int, str]]:
    """Links in these states, each with its item that the board does not show."""
    rows = RecordLink.objects.filter(mapping=mapping, state__in=states, item_id__isnull=False)
    known = rows.exclude(failure_code=gone.ITEM_GONE).values_list("pk", "item_id")
    links = known.iterator(chunk_size=5000)
    return [(pk, item) for pk, item in links if item is not None and item not in there]


def _gone(mapping: BoardMapping, before: datetime | None = None) -> list[tuple[int, str]]:
    """Links with their items that are gone; ``before``: those that were at that moment."""
    rows = RecordLink.objects.filter(mapping=mapping, state=LinkState.GONE, item_id__isnull=False)
    rows = rows.exclude(failed_at__gte=before) if before else rows
    links = rows.order_by("-pk").values_list("pk", "item_id")
    return [(pk, item) for pk, item in links if item is not None]


def _fates(mapping: BoardMapping, item_ids: Sequence[str]) -> dict[str, str]:
    """What became of items that the board does not show; those that it shows are left out."""
    fates = dict.fromkeys(item_ids, "deleted")  # what is purged answers nothing
    for item in monday_of(mapping).items_by_id(item_ids, []):
        fates[item.id] = _fate(mapping, item)
    return {item: fate for item, fate in fates.items() if fate != "here"}


def _fate(mapping: BoardMapping, item: Item) -> str:
    if item.state != "active":
        return "archived" if item.state == "archived" else "deleted"
    return "here" if item.board_id in ("", mapping.board_id) else "moved"


# --- answering --------------------------------------------------------------------------------
def _answer_missing(mapping: BoardMapping, look: BoardReading) -> None:
    """A hundred at a time: where a limit cuts this off, none is asked about again."""
    missing = _missing(mapping, AT_REST, set(look.seen))
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        fates = _fates(mapping, [item for _, item in some])
        _lose(mapping, {pk: fates[item] for pk, item in some if item in fates})
        look.seen |= {item: "" for _, item in some if item not in fates}


def _lose(mapping: BoardMapping, fates: dict[int, str]) -> None:
    anew = gone.is_made_anew(mapping)
    with transaction.atomic():
        links = _locked(mapping, fates, AT_REST)
        run = _run(mapping, len(links)) if anew and links else None
        now, entries = database_now(), []
        for link in links:
            why = gone.why(mapping, fates[link.pk])
            entries.append(audit.facts(link, action=Action.CHECK, outcome=Outcome.FAILED, why=why))
            if run is not None:
                gone.begin_anew(link)
                _wait(link, run, now)
                continue
            link.state, link.failed_at = LinkState.GONE, now
            link.failure_code, link.failure_happened = why.code, why.happened
            link.failure_remedy, link.failure_fixer = why.remedy, why.fixer
        save_links(links, CHANGED)
        audit.write(entries, now)
        references.moved(mapping, [link.record for link in links])


def _have_written(missing: Sequence[tuple[int, str]]) -> None:
    """What waits is written in full, even where nothing is new: monday then tells that the item is
    gone, where a plan without a change would have asked nobody."""
    for start in range(0, len(missing), AT_ONCE):
        some = [pk for pk, _ in missing[start : start + AT_ONCE]]
        RecordLink.objects.filter(pk__in=some, state=LinkState.WAITING).update(delivered={})


def _bring_back(mapping: BoardMapping, pks: Sequence[int]) -> int:
    """People have restored the items: what changed meanwhile is written now."""
    with transaction.atomic():
        links = _locked(mapping, pks, (LinkState.GONE,))
        if not links:
            return 0
        run, now, entries = _run(mapping, len(links)), database_now(), []
        for link in links:
            link.failure_code = link.failure_happened = link.failure_remedy = ""
            link.failure_fixer, link.failed_at = "", None
            _wait(link, run, now)
            back = "The item is back on the board."
            entries.append(
                audit.facts(link, action=Action.FIND, outcome=Outcome.DONE, message=back)
            )
        save_links(links, CHANGED)
        audit.write(entries, now)
        references.moved(mapping, [link.record for link in links])
    return len(links)


def _locked(mapping: BoardMapping, pks: Iterable[int], states: Sequence[str]) -> list[RecordLink]:
    """Those of the links that are still as they were read."""
    rows = RecordLink.objects.filter(pk__in=list(pks), state__in=states)
    links = list(rows.select_for_update(of=("self",)).select_related("record").order_by("pk"))
    for link in links:
        link.mapping = mapping
    return links


def _run(mapping: BoardMapping, number: int) -> SyncRun:
    now = database_now()
    return SyncRun.objects.create(
        mapping=mapping, trigger=Trigger.SCHEDULE, started_at=now, read_until=now, read=number
    )


def _wait(link: RecordLink, run: SyncRun, now: datetime) -> None:
    link.state, link.run = LinkState.WAITING, run
    link.waiting_since, link.attempts, link.not_before = now, 0, None


def _due_at(mapping: BoardMapping) -> datetime | None:
    return BoardMapping.objects.values_list("items_due_at", flat=True).get(pk=mapping.pk)


def _next(mapping: BoardMapping, at: datetime, due_at: datetime | None) -> bool:
    """False where somebody meanwhile wants the board compared as it is then."""
    mine = BoardMapping.objects.filter(pk=mapping.pk, items_due_at=due_at)
    return bool(mine.update(items_due_at=at))
