"""Finds what a mapping names on its board: columns by id or title, groups, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.tenant_file.problems import like
from mappings.columns import Column

KEY_TITLE = "Visma key"
KEY_TYPE = "text"  # the type monday can look items up by, for any text


@dataclass(frozen=True)
class KnownBoard:
    """A board as it was read, now or, offline, the last time."""

    id: str
    name: str
    columns: tuple[Column, ...]
    groups: tuple[Mapping[str, str], ...] | None  # None: not known

    def column(self, wanted: str) -> Column | str:
        """The column with this id, else with this title; or what is wrong, in words."""
        by_id = [each for each in self.columns if each.id == wanted]
        exact = [each for each in self.columns if each.title.strip() == wanted]
        loose = [each for each in self.columns if _folded(each.title) == _folded(wanted)]
        found = by_id or exact or loose
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(each.id for each in found)
            return f"{len(found)} columns are called “{wanted}”; name one by its id: {ids}"
        titles = [each.title for each in self.columns]
        return f"the board “{self.name}” has no column “{wanted}”{like(wanted, titles)}"

    def group(self, wanted: str) -> str:
        """ "" when the group is there; otherwise what is wrong."""
        if self.groups is None or any(each["id"] == wanted for each in self.groups):
            return ""
        by_title = [each["id"] for each in self.groups if each["title"] == wanted]
        if by_title:
            return f"must be the group's id; the id of “{wanted}” is “{by_title[0]}”"
        ids = [each["id"] for each in self.groups]
        return f"the board “{self.name}” has no group “{wanted}”{like(wanted, ids)}"

    def key_column(self) -> Column | None:
        """The one we would have created."""
        return next((c for c in self.columns if c.title == KEY_TITLE and c.type == KEY_TYPE), None)

    def as_stored(self) -> list[dict[str, Any]]:
        return [
            {"id": c.id, "title": c.title, "type": c.type, "settings": c.settings}
            for c in self.columns
        ]


def columns_of(raw: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(each["id"], each["title"], each["type"], each["settings"]) for each in raw)


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
