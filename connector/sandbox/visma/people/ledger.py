"""The controller, who keeps accounts and dimensions."""

from copy import deepcopy
from typing import Any

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.people.values import Fields, text, write
from connector.sandbox.visma.records.ledger import account, dimension_value
from connector.sandbox.visma.stamps import written
from connector.sandbox.visma.tables import Payload

ACCOUNT_FIELDS: Fields = {"description": ("description", text), "active": ("active", bool)}
VALUE_FIELDS: Fields = ACCOUNT_FIELDS


class LedgerDesk:
    company: Company

    def add_account(self, number: str, description: str, *, kind: str = "Expense") -> None:
        with self.company.lock:
            if self.company.tables["account"].get(number):
                raise ValueError(f"account {number} is there already")
            payload = account(number, kind, description)
            self.company.change("account", payload, "account_added")

    def edit_account(self, number: str, **changes: Any) -> Payload:
        """``description`` and ``active``; a closed account stays in the list."""
        with self.company.lock:
            payload = self.company.draft("account", number)
            write(payload, ACCOUNT_FIELDS, changes)
            return self.company.change("account", payload, "account_edited")

    def add_dimension_value(
        self, dimension: str, segment: int, value: str, description: str
    ) -> None:
        with self.company.lock:
            payload = self.company.draft("dimension", dimension)
            part = _segment(payload, segment)
            if any(each["valueId"] == value for each in part["segmentValues"]):
                raise ValueError(f"{value} is there already")
            fresh = dimension_value(payload["id"], segment, value, description)
            part["segmentValues"].append(fresh)
            self._stamp(payload, part, fresh, "dimension_value_added")

    def edit_dimension_value(
        self, dimension: str, segment: int, value: str, **changes: Any
    ) -> None:
        """``description`` and ``active``."""
        with self.company.lock:
            payload = self.company.draft("dimension", dimension)
            part = _segment(payload, segment)
            for each in part["segmentValues"]:
                if each["valueId"] == value:
                    write(each, VALUE_FIELDS, changes)
                    self._stamp(payload, part, each, "dimension_value_edited")
                    return
            raise KeyError(f"there is no value {value} in segment {segment} of {dimension}")

    def _stamp(self, payload: Payload, part: Payload, value: Payload, kind: str) -> None:
        """Dimensions carry ``lastModified``, not the usual field, on segment and value."""
        stamps = {
            "lastModified": written(self.company.stamps.now()),
            "timeStamp": self.company.stamps.next_version(),
        }
        value |= stamps
        part |= deepcopy(stamps)
        self.company.change("dimension", payload, kind)


def _segment(payload: Payload, place: int) -> Payload:
    for part in payload["segments"]:
        if part["segmentId"] == place:
            found: Payload = part
            return found
    raise KeyError(f"there is no segment {place} in {payload['id']}")
