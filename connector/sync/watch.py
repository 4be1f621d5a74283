"""Watch: find the labels that people set on boards, and ask for what they mean.

Webhooks only say sooner what this finds anyway: the items changed since the last look.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from connector.clients import monday_client
from connector.errors import AskAPerson, ConnectorError, TryAgain
from connector.models import (
    Action,
    BoardReading,
    BoardWatch,
    GoodsReceipt,
    Outcome,
    ReceiptState,
    RecordLink,
)
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.monday.boards import Item
from connector.monday.client import MondayClient
from connector.sync import audit
from connector.sync.board_readings import going_on
from connector.sync.boards import ledger_of
from connector.sync.receipt_rule import RECEIVABLE, Rule, rule_of
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import Health

EVERY = timedelta(minutes=1)
BACK_OFF = timedelta(minutes=2)
CLAIM = timedelta(minutes=5)  # longer than a task may last
# Read again what the last look may have missed: monday's search shows a change a little later.
OVERLAP = timedelta(minutes=5)
PEOPLE = "somebody on the board"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"  # as monday writes one
NEWEST = "newest"  # among what a reading has seen: no item's id is a word
OPEN = (ReceiptState.WAITING, ReceiptState.SENT, ReceiptState.MADE)


def due_boards(now: datetime) -> list[int]:
    """Mappings with a rule whose board was not looked at lately."""
    return [mapping.pk for mapping in DUE(now=now, before=now - EVERY) if rule_of(mapping)]


def _due() -> QuerySet[BoardMapping]:
    before, now = Given("before"), Given("now")
    rested = Q(watch=None) | Q(watch__looked_at=None) | Q(watch__looked_at__lt=before)
    awake = Q(watch=None) | Q(watch__not_before=None) | Q(watch__not_before__lte=now)
    return (
        BoardMapping.objects.filter(rested, awake, active=True, entity__in=RECEIVABLE)
        .exclude(monday__health=Health.NEEDS_PERSON)
        .exclude(receive={})
    )


DUE = Prepared(_due)


def claim(mapping: BoardMapping) -> bool:
    """Whether it is due; it is nobody else's then until a worker's time is over."""
    if rule_of(mapping) is None:
        return False
    now = database_now()
    BoardWatch.objects.get_or_create(mapping=mapping)
    rested = Q(looked_at=None) | Q(looked_at__lt=now - EVERY)
    awake = Q(not_before=None) | Q(not_before__lte=now)
    mine = BoardWatch.objects.filter(rested, awake, mapping=mapping)
    return bool(mine.update(not_before=now + CLAIM))


def look(mapping: BoardMapping) -> list[GoodsReceipt]:
    """What people asked for since the last look. Errors of monday leave it for the next one."""
    rule = rule_of(mapping)
    if rule is None:
        return []
    watch, _ = BoardWatch.objects.get_or_create(mapping=mapping)
    client = monday_client(mapping.monday, ledger_of(mapping))
    try:
        if (watch.column_id, watch.label) == (rule.column, rule.label):
            return _look(watch, mapping, rule, client)
        _begin(watch, mapping, rule, client)
    except ConnectorError as error:
        _react(watch, mapping, error)
    return []


def look_at(mapping: BoardMapping, item_ids: list[str]) -> list[GoodsReceipt]:
    """The same for certain items, as webhooks name them. Raises ConnectorError."""
    rule = rule_of(mapping)
    if rule is None:
        return []
    if not BoardWatch.objects.filter(mapping=mapping, **_of(rule)).exists():
        return []  # what is labelled already has first to be told from what comes under this rule
    client = monday_client(mapping.monday, ledger_of(mapping))
    items = client.items_by_id(item_ids, [rule.column])
    return consider(mapping, rule, [item for item in items if item.state == "active"])


def follow_rule(mapping: BoardMapping) -> None:
    """While the rule is off, labels ask for nothing, also once it is on again: it starts anew."""
    if rule_of(mapping) is None:
        BoardWatch.objects.filter(mapping=mapping).update(column_id="", label="")


def _of(rule: Rule) -> dict[str, str]:
    """The marks in a watch of the rule that it is for."""
    return {"column_id": rule.column, "label": rule.label}


def _begin(watch: BoardWatch, mapping: BoardMapping, rule: Rule, client: MondayClient) -> None:
    """The rule is new: what is labelled already was dealt with by hand, so it asks for nothing.

    What was read before another version is not gone on with: the rule may have been off since.
    """
    board, columns = mapping.board_id, [rule.column]
    with going_on(mapping, f"rule {mapping.version} {rule.column} {rule.label}") as look:
        for items, cursor in client.pages(board, columns, cursor=look.cursor):
            labelled = [item.id for item in items if rule.meant_by(item.text(rule.column))]
            look.seen |= dict.fromkeys(labelled, "") | _newest(look, items)
            look.cursor = cursor
    position = look.seen.pop(NEWEST, "")
    with transaction.atomic():
        # What an earlier rule knew of is no label of this one: the next “Received” asks anew.
        GoodsReceipt.objects.filter(mapping=mapping).update(label_left=True)
        _ask(mapping, list(look.seen), ReceiptState.BEFORE)
        watch.column_id, watch.label = rule.column, rule.label
        _seen(watch, look, position)


def _look(
    watch: BoardWatch, mapping: BoardMapping, rule: Rule, client: MondayClient
) -> list[GoodsReceipt]:
    """Each page is answered at once: what it shows may be otherwise when the last one is read."""
    since = _before(watch.position)
    asked: list[GoodsReceipt] = []
    board, columns = mapping.board_id, [rule.column]
    with going_on(mapping, f"changes {mapping.version} {rule.column} {since}") as look:
        for page, cursor in client.changed_pages(board, columns, cursor=look.cursor):
            fresh = [item for item in page if item.updated_at >= since]
            with transaction.atomic():
                asked += consider(mapping, rule, fresh)
            look.seen |= _newest(look, fresh)
            look.cursor = cursor
            if len(fresh) < len(page):
                break
    _seen(watch, look, look.seen.get(NEWEST, ""))
    return asked


def _newest(look: BoardReading, items: Iterable[Item]) -> dict[str, str]:
    """The time of the newest change that was seen."""
    return {NEWEST: max([look.seen.get(NEWEST, ""), *(item.updated_at for item in items)])}


def _seen(watch: BoardWatch, look: BoardReading, position: str) -> None:
    """What changed while the board was read is left to the next look: its page may be over."""
    position = min(position, look.began_at.astimezone(UTC).strftime(MOMENT))
    watch.position = max(watch.position, position)
    watch.looked_at, watch.not_before = database_now(), None
    watch.save()


def _before(position: str) -> str:
    """The moment to read from, in monday's way of writing it; "" reads everything."""
    if not position:
        return ""
    at = datetime.fromisoformat(position) - OVERLAP
    return at.strftime(MOMENT)


def consider(mapping: BoardMapping, rule: Rule, items: list[Item]) -> list[GoodsReceipt]:
    """Ask where the label is set, withdraw where it is not set any more. Repeating is harmless."""
    ids = [item.id for item in items]
    rows = GoodsReceipt.objects.filter(mapping=mapping, item_id__in=ids, label_left=False)
    rows = rows.select_related("mapping", "link__record")
    known = {row.item_id: row for row in rows}
    labelled = [item for item in items if rule.meant_by(item.text(rule.column))]
    for item in items:
        if item.id in known and item not in labelled:
            _label_left(known[item.id])
    _answer(mapping, [item.id for item in items if not rule.is_problem(item.text(rule.column))])
    new = [item.id for item in labelled if item.id not in known]
    return _ask(mapping, new, ReceiptState.WAITING)


def _ask(mapping: BoardMapping, items: list[str], state: ReceiptState) -> list[GoodsReceipt]:
    """Rows for items of ours; what we wrote into the column ourselves asks for nothing."""
    rule = rule_of(mapping)
    links = RecordLink.objects.filter(mapping=mapping, item_id__in=items)
    links = links.select_related("record")
    now = database_now()
    made = []
    for link in links:
        if rule is None or rule.column in link.delivered.get("cells", {}):
            continue
        row, new = GoodsReceipt.objects.get_or_create(
            mapping=mapping,
            item_id=link.item_id or "",
            label_left=False,
            defaults={
                "link": link,
                "state": state,
                "asked_at": now,
                "told": state == ReceiptState.BEFORE,
            },
        )
        if new:
            mark(row)
            made.append(row)
        if new and state == ReceiptState.WAITING:
            _tell(row, f"“{rule.label}” was set on the item.")
    return made


def mark(row: GoodsReceipt) -> None:
    """The mark that its receipt bears in Visma; no other try has the same."""
    row.marker = f"MON-{row.item_id}-{row.pk}"
    row.save(update_fields=["marker"])


def _answer(mapping: BoardMapping, ids: list[str]) -> None:
    """Refusals told to the board whose label for problems people took away, or set anew."""
    told = GoodsReceipt.objects.filter(mapping=mapping, item_id__in=ids, told=True)
    told.filter(state=ReceiptState.REFUSED, answered=False, label_left=True).update(answered=True)


def _label_left(row: GoodsReceipt) -> None:
    """A receipt that is under way goes on; one that was not begun is not begun."""
    mine = GoodsReceipt.objects.filter(pk=row.pk)
    mine.update(label_left=True)
    withdrawn = mine.filter(state=ReceiptState.WAITING, claimed_until=None).update(
        state=ReceiptState.WITHDRAWN, told=True, finished_at=database_now()
    )
    words = "The label was taken off the item"
    if withdrawn:
        _tell(row, f"{words} before anything was sent: nothing is received.")
    elif row.state in OPEN:
        _tell(row, f"{words}; the receipt was under way and goes on.")


def _tell(row: GoodsReceipt, message: str) -> None:
    """What people did on the board stands in the story of the record, beside what we did."""
    row.link.mapping = row.mapping
    facts = audit.facts(
        row.link, action=Action.RECEIVE, outcome=Outcome.DONE, actor=PEOPLE, message=message
    )
    audit.write([facts], database_now())


def _react(watch: BoardWatch, mapping: BoardMapping, error: ConnectorError) -> None:
    wait = (error.after if isinstance(error, TryAgain) else None) or BACK_OFF
    BoardWatch.objects.filter(pk=watch.pk).update(not_before=database_now() + wait)
    if isinstance(error, AskAPerson) and error.reach == "connection":
        tenants.connection_needs_person(
            mapping.monday, happened=error.why.happened, remedy=error.why.remedy
        )
