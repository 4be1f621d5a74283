"""What the labels that stand on a board now would ask Visma for; decided as in the real run.

The board is read, Visma is not: orders are taken as they were last read from there.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from connector.models import BoardWatch, RecordLink, SourceRecord
from connector.sync import receipt_plan
from connector.sync.boards import monday_of
from connector.sync.receipt_plan import Create, Finish, Refuse, Wish
from connector.sync.receipt_rule import Rule, rule_of
from connector.visma.records import decode
from mappings import services as mappings
from mappings.content import Content
from mappings.models import BoardMapping

AT_MOST = 2_000  # items looked at: four calls
RECEIVED = {
    True: "Visma would get a receipt of the quantities at their lines",
    False: "Visma would get a receipt of everything that is still to come",
}
NOTHING_LEFT = "nothing is left to receive: no receipt would be made"
NO_ORDER = "the invoice names no purchase order: would be refused"
MANY_ORDERS = "the invoice names several orders: would be refused"
UNREAD = "the order was not read here yet: Visma is asked when the label is set"
REFUSED = {
    "order_closed": "the order takes no goods in its state: would be refused",
    "order_drop_ship": "the order goes straight to the customer: would be refused",
}


@dataclass(frozen=True)
class Fate:
    """Items that would all become the same, and the number of one of them."""

    words: str
    items: int
    example: str


@dataclass(frozen=True)
class Forecast:
    """``standing``: items that show the label now. ``is_new``: they were labelled before the rule,
    so that they ask for nothing until somebody sets the label again."""

    label: str
    dry: bool
    standing: int
    is_new: bool
    fates: tuple[Fate, ...] = ()

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def forecast(mapping: BoardMapping, content: Content) -> Forecast | None:
    """None where the rule is off. Raises ConnectorError where the board cannot be read."""
    rule = rule_of(mappings.mapping_as(mapping, content))
    if rule is None:
        return None
    items = islice(monday_of(mapping).items(mapping.board_id, [rule.column]), AT_MOST)
    labelled = [item.id for item in items if rule.meant_by(item.text(rule.column))]
    links = RecordLink.objects.filter(mapping=mapping, item_id__in=labelled)
    records = [link.record for link in links.select_related("record").order_by("pk")]
    return Forecast(
        label=rule.label,
        dry=rule.dry,
        standing=len(records),
        is_new=not _is_watched(mapping, rule),
        fates=tuple(_fates(records, rule)),
    )


def _is_watched(mapping: BoardMapping, rule: Rule) -> bool:
    watch = BoardWatch.objects.filter(mapping=mapping).first()
    return watch is not None and (watch.column_id, watch.label) == (rule.column, rule.label)


def _fates(records: list[SourceRecord], rule: Rule) -> Iterable[Fate]:
    orders = _orders(records)
    found: dict[str, Fate] = {}
    for record in records:
        words = _words(record, orders, rule)
        fate = found.get(words) or Fate(words, 0, record.number or record.key)
        found[words] = replace(fate, items=fate.items + 1)
    return sorted(found.values(), key=lambda fate: -fate.items)


def _orders(records: list[SourceRecord]) -> dict[str, Any]:
    """The orders that these records are or name, by number, as they were last read."""
    named = {number for record in records for number in _named(record)}
    if not named:
        return {}
    rows = SourceRecord.objects.filter(
        connection=records[0].connection_id, entity="purchase_order", number__in=named
    )
    return {row.number: decode(row.payload.encode()) for row in rows}


def _named(record: SourceRecord) -> list[str]:
    if record.entity == "purchase_order":
        return [record.key.rpartition(":")[2]]
    return receipt_plan.orders_of(decode(record.payload.encode()))


def _words(record: SourceRecord, orders: dict[str, Any], rule: Rule) -> str:
    named = _named(record)
    if len(named) != 1:
        return MANY_ORDERS if named else NO_ORDER
    order = orders.get(named[0])
    if order is None:
        return UNREAD
    step = receipt_plan.decide(order, None, Wish(named[0], rule.release))
    if isinstance(step, Create):
        return RECEIVED[rule.by_lines]
    if isinstance(step, Finish):
        return NOTHING_LEFT
    assert isinstance(step, Refuse)  # noqa: S101  without a receipt there is no other step
    return REFUSED.get(step.why.code, f"would be refused: {step.why.happened}")
