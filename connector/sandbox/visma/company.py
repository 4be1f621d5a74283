"""Nordlys Grossist AS: its records, its numbers, and who hears of a change."""

import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.visma.quirks import Quirks
from connector.sandbox.visma.stamps import Stamps, written
from connector.sandbox.visma.tables import Payload, Table

# Entity -> the fields whose values, joined by ":", are its key here.
KEYS: dict[str, tuple[str, ...]] = {
    "supplier": ("number",),
    "supplier_invoice": ("documentType", "referenceNumber"),
    "purchase_order": ("orderNbr",),
    "purchase_receipt": ("receiptNbr",),
    "organization": ("organizationCd",),
    "branch": ("number",),
    "customer": ("number",),
    "customer_document": ("documentType", "referenceNumber"),
    "account": ("accountCD",),
    "subaccount": ("subaccountNumber",),
    "dimension": ("id",),
    "employee": ("employeeNumber",),
    "journal": ("module", "batchNumber"),
}
# The first number each series gives out.
FIRST_NUMBERS = {
    "supplier": 50_001,
    "supplier_invoice": 205_501,
    "purchase_order": 500_201,
    "purchase_receipt": 101,
    "customer": 10_001,
    "customer_invoice": 129_401,
    "customer_note": 710_001,
    "customer_payment": 300_001,
    "employee": 1,
    "batch_GL": 1,
    "batch_AP": 1,
    "batch_AR": 1,
}
QUIET = ("lastModifiedDateTime", "timeStamp")  # change with every write, so they say nothing

Watcher = Callable[[str, Payload, Payload | None], None]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class Company:
    """``lock`` is held by every call and every act of a person, so each is one step."""

    def __init__(self, clock: Clock, log: Log) -> None:
        self.log = log
        self.lock = threading.RLock()
        self.quirks = Quirks()
        self.stamps = Stamps(clock, self.quirks)
        self.watchers: list[Watcher] = []
        self.tables: dict[str, Table] = {}
        self.numbers: dict[str, int] = {}
        self.version = 0  # of the whole; a state written once is not written again
        self._dumped: tuple[int, dict[str, Any]] = (-1, {})
        self._waiting: list[tuple[float, Callable[[], None]]] = []
        self.empty()

    def empty(self) -> None:
        self.tables = {entity: Table(_key_of(fields)) for entity, fields in KEYS.items()}
        self.numbers = dict(FIRST_NUMBERS)
        self._waiting.clear()
        self.version += 1

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do it when the sandbox's clock has gone on; ``catch_up`` looks."""
        self._waiting.append((self.stamps.clock.time() + seconds, act))

    def catch_up(self, *, all_of_it: bool = False) -> None:
        """Do what is due, in the order it was asked for."""
        now = self.stamps.clock.time()
        due = [pair for pair in self._waiting if all_of_it or pair[0] <= now]
        self._waiting = [pair for pair in self._waiting if pair not in due]
        for _, act in due:
            act()

    def snapshot(self) -> Callable[[], None]:
        """What puts everything back as it is now; cheap, since payloads are never changed."""
        version, numbers = self.stamps.version, dict(self.numbers)
        rows = {entity: table.dump() for entity, table in self.tables.items()}

        def restore() -> None:
            vars(self.quirks).update(vars(Quirks()))
            self.empty()
            self.stamps.version = version
            self.numbers.update(numbers)
            for entity, (kept, hidden) in rows.items():
                self.tables[entity].load(kept, hidden)

        return restore

    def next_number(self, series: str, width: int = 6) -> str:
        number = self.numbers[series]
        self.numbers[series] = number + 1
        return f"{number:0{width}d}"

    def get(self, entity: str, key: str) -> Payload:
        """KeyError in words when there is no such record."""
        found = self.tables[entity].get(key)
        if found is None:
            raise KeyError(f"there is no {entity.replace('_', ' ')} {key}")
        return found

    def draft(self, entity: str, key: str) -> Payload:
        """A copy to change and to give to ``change``."""
        return deepcopy(self.get(entity, key))

    def plant(self, entity: str, payload: Payload, at: datetime) -> Payload:
        """Put a record as if it was last modified then; nobody hears of it."""
        payload["lastModifiedDateTime"] = written(at)
        payload["timeStamp"] = self.stamps.next_version()
        self.tables[entity].put(payload)
        self.version += 1
        return payload

    def change(self, entity: str, payload: Payload, kind: str) -> Payload:
        """Store a new or changed record; ``kind`` is the past tense the log keeps."""
        table = self.tables[entity]
        before = table.get(table.key_of(payload))
        self.plant(entity, payload, self.stamps.now())
        self._log(kind, entity, table.key_of(payload), before, payload)
        for watcher in self.watchers:
            watcher(entity, payload, before)
        return payload

    def keep_stamps(self, entity: str, payload: Payload, kind: str) -> Payload:
        """Store a change that does not count as one: the stamps stay, nobody hears of it."""
        table = self.tables[entity]
        before = table.get(table.key_of(payload))
        table.put(payload)
        self.version += 1
        self._log(kind, entity, table.key_of(payload), before, payload)
        return payload

    def drop(self, entity: str, key: str, kind: str) -> None:
        """KeyError when there is no such record."""
        before = self.get(entity, key)
        self.tables[entity].drop(key)
        self.version += 1
        self._log(kind, entity, self.tables[entity].key_of(before), before, {})

    def dump(self) -> dict[str, Any]:
        """Records are one JSON text per entity: amounts keep their digits there."""
        if self._dumped[0] == self.version:
            return self._dumped[1]
        self._dumped = self.version, self._written_down()
        return self._dumped[1]

    def _written_down(self) -> dict[str, Any]:
        rows = {entity: table.dump() for entity, table in self.tables.items()}
        return {
            "version": self.stamps.version,
            "numbers": dict(self.numbers),
            "rows": {entity: _ENCODER.encode(kept).decode() for entity, (kept, _) in rows.items()},
            "hidden": {entity: hidden for entity, (_, hidden) in rows.items()},
        }

    def load(self, state: dict[str, Any]) -> None:
        self.empty()
        self.stamps.version = state["version"]
        self.numbers.update(state["numbers"])
        for entity, text in state["rows"].items():
            self.tables[entity].load(_DECODER.decode(text), state["hidden"][entity])

    def _log(
        self, kind: str, entity: str, key: str, before: Payload | None, after: Payload
    ) -> None:
        old = before or {}
        changed = sorted(
            name for name in old.keys() | after.keys() if old.get(name) != after.get(name)
        )
        named = [name for name in changed if name not in QUIET]
        self.log.effect(
            kind,
            target={"entity": entity, "key": key},
            before={name: old.get(name) for name in named},
            after={name: after.get(name) for name in named},
        )


def _key_of(fields: tuple[str, ...]) -> Callable[[Payload], str]:
    if len(fields) == 1:
        return lambda payload: str(payload[fields[0]])
    return lambda payload: ":".join(str(payload[field]) for field in fields)
