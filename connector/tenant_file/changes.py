"""What an import changes, for the report and for the audit; a secret is only said to differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenants.fields import DecryptionError

HIDDEN = "(secret)"


@dataclass(frozen=True)
class Change:
    field: str
    before: Any
    after: Any

    def as_audit(self) -> dict[str, Any]:
        shown = {"before": self.before, "after": self.after}
        return {"field": self.field, "column": "", "title": self.field, **shown}


def differences(row: Any, wanted: Mapping[str, Any], secrets: Iterable[str] = ()) -> list[Change]:
    """What would change if ``wanted`` were set on the row. A new row has nothing before."""
    hidden, is_new = set(secrets), row.pk is None
    found = []
    for name, after in wanted.items():
        before = None if is_new else stored(row, name)
        if before == after:
            continue
        if name in hidden:
            found.append(Change(name, HIDDEN if before else None, HIDDEN))
        else:
            found.append(Change(name, before, after))
    return found


def stored(row: Any, name: str) -> Any:
    """A secret that no key opens counts as none, so that a file can replace it."""
    try:
        return getattr(row, name)
    except DecryptionError:
        return ""
