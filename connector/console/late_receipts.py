"""Receipts that have waited long for Visma or monday.com: they go on by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connector.models import GoodsReceipt, OnHold, SourceRecord
from connector.sync.receipt_case import OPEN
from connector.sync.receipt_waits import late
from connector.wording import Trouble
from mappings.models import BoardMapping

MOST = 1_000  # looked at; more at once have a common reason
NO_WORDS = "Nobody knows yet whether Visma has made the receipt."
GOES_ON = "It is tried again by itself, as long as it takes, and never makes a second receipt."
NOTHING = "Nothing to do, unless it lasts: then see whether {system} works for you."
IN_WORDS = (
    "Put right in Visma what its words name, if they do. If it says so for half an hour, the item "
    "gets the label for problems, and you may set the label again."
)
UNFINISHED = "Receipts are not finished: their goods may not be in Visma's stock yet."
RELEASED = "The goods are in Visma's stock; supplier invoices may not be linked to them yet."
IN_WORDS_ON_HOLD = (
    "Put right in Visma what its words name, if they do; or link the receipt's invoice there."
)
ON_HOLD = {
    OnHold.WAITS: "The receipt is on hold in Visma, or was released there; its supplier invoices "
    "may not be linked yet.",
    OnHold.COMMENT: "The receipt was released in Visma. Which supplier invoice could not be linked "
    "is not told on the item yet; the record's timeline says it.",
}
UNTOLD = "What became of it is not told on the item yet."


@dataclass
class Late:
    """Receipts of one mapping that wait for the same."""

    mapping: BoardMapping
    system: str
    words: str
    meaning: str
    rows: list[GoodsReceipt] = field(default_factory=list)

    @property
    def title(self) -> str:
        label = self.mapping.receive.get("label") or "Received"
        if len(self.rows) > 1:
            return f"“{label}” on {len(self.rows)} items waits for {self.system}"
        record = self.rows[0].link.record
        return f"“{label}” on {record.number or record.key} waits for {self.system}"

    @property
    def since(self) -> datetime | None:
        found = (row.waits_since or row.sent_at for row in self.rows)
        return min(filter(None, found), default=None)

    @property
    def records(self) -> list[SourceRecord]:
        """What the labels stand on, each once."""
        records = {row.link.record_id: row.link.record for row in self.rows}
        return list(records.values())

    @property
    def trouble(self) -> Trouble:
        in_words = any(row.said for row in self.rows)
        by_words = IN_WORDS_ON_HOLD if self.meaning in ON_HOLD.values() else IN_WORDS
        return Trouble(
            happened=f"{self.system} says: {self.words}" if in_words else self.words,
            meaning=self.meaning,
            done=GOES_ON,
            remedy=by_words if in_words else NOTHING.format(system=self.system),
            fixer="visma_admin" if in_words else "nobody",
            tone="warn",
        )


def late_of(mappings: Iterable[BoardMapping]) -> list[Late]:
    """In one query, and none where no mapping has a rule."""
    ruled = {mapping.pk: mapping for mapping in mappings if mapping.receive}
    found: dict[tuple[int, str, str, str], Late] = {}
    for row in late(ruled.values())[:MOST] if ruled else ():
        system, words = row.waits_for or "Visma", row.waits_words or NO_WORDS
        key = (row.mapping_id, system, words, _meaning(row))
        mapping = ruled[row.mapping_id]
        found.setdefault(key, Late(mapping, *key[1:])).rows.append(row)
    return list(found.values())


def _meaning(row: GoodsReceipt) -> str:
    if row.state not in OPEN:
        return UNTOLD if not row.told else ON_HOLD[OnHold(row.on_hold)]
    return RELEASED if row.status == "Released" else UNFINISHED
