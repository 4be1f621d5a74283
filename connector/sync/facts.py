"""Facts: what people find and sum records by, without opening their payloads."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from connector.visma.records import moment
from mappings import catalog
from mappings.columns import clean

# What Visma calls the time at which a record was made, where it tells.
BORN = "createdDateTime"


@lru_cache(maxsize=64)
def facts_of(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What people find and sum records by; what is delivered is rendered later."""
    entity = catalog.entity(name)
    texts = {
        column: (_reader(entity, path), limit)
        for column, path, limit in (
            ("number", entity.number, 100),
            ("party", entity.party, 255),
            ("currency", entity.currency, 8),
        )
    }
    amount = _reader(entity, entity.amount)

    def tell(payload: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {
            # A NUL, which Visma may send, is nothing that PostgreSQL could store.
            column: clean(str(read(payload) or ""))[:limit]
            for column, (read, limit) in texts.items()
        }
        born = moment(str(payload.get(BORN) or ""))
        return told | {"amount": _amount(amount(payload)), "born": born}

    return tell


def _reader(entity: catalog.Entity, path: str) -> Callable[[dict[str, Any]], catalog.Value]:
    field = entity.field(path)
    read = catalog.reader(field) if field else None

    def value(payload: dict[str, Any]) -> catalog.Value:
        try:
            return read(payload) if read else None
        except catalog.ValueProblem:
            return None

    return value


def _amount(value: catalog.Value) -> Decimal | None:
    """Only what fits the column of 28 digits; larger sums are nobody's invoice."""
    fits = isinstance(value, Decimal | int) and abs(Decimal(value)) < Decimal(10) ** 20
    return Decimal(value) if fits and isinstance(value, Decimal | int) else None
