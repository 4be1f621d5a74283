"""Audit entries, built in one place and written in the transaction of what they tell about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connector.errors import Explanation
from connector.models import AuditEntry, Outcome, RecordLink, many
from connector.models.clock import database_now
from connector.sync.boards import Desk
from mappings.models import BoardMapping

SYSTEM = "ml-connector"
NAME = "name"


def entry(link: RecordLink, **told: Any) -> AuditEntry:
    """An entry about one record on one board, as `facts` takes it."""
    return AuditEntry(**facts(link, **told))


def tell_of_mapping(
    mapping: BoardMapping,
    *,
    actor: str,
    action: str,
    message: str,
    changes: list[dict[str, Any]] | None = None,
) -> None:
    """An entry about what a person did to a mapping as a whole."""
    AuditEntry.objects.create(
        tenant_id=mapping.tenant_id,
        at=database_now(),
        actor=actor,
        action=action,
        outcome=Outcome.DONE,
        mapping_name=mapping.name,
        mapping_version=mapping.version,
        entity=mapping.entity,
        board_id=mapping.board_id,
        message=message,
        changes=changes or [],
    )


def facts(
    link: RecordLink,
    *,
    action: str,
    outcome: str,
    actor: str = SYSTEM,
    changes: list[dict[str, Any]] | None = None,
    why: Explanation | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The columns of an entry; the link brings its record and mapping."""
    record, mapping = link.record, link.mapping
    if why is not None:
        more.setdefault("message", why.happened)
        more.setdefault("request_id", why.request_id[:100])
        more |= {
            "remedy": why.remedy,
            "error_code": why.code[:40],
            "error_detail": why.detail[:500],
        }
    return {
        "tenant_id": mapping.tenant_id,
        "actor": actor,
        "action": action,
        "outcome": outcome,
        "mapping_name": mapping.name,
        "mapping_version": mapping.version,
        "entity": record.entity,
        "record_key": record.key,
        "number": record.number,
        "party": record.party,
        "board_id": mapping.board_id,
        "item_id": link.item_id or "",
        "link_id": link.pk,
        "run_id": link.run_id,
        "changes": changes or [],
        **more,
    }


def write(entries: list[dict[str, Any]], at: datetime) -> None:
    """Add entries made of `facts`, many in one statement."""
    rows = [{**EMPTY, **entry, "at": at} for entry in entries]
    many.insert(AuditEntry, COLUMNS, [[row[name] for name in COLUMNS] for row in rows])


EMPTY: dict[str, Any] = {
    "batch_id": None,
    "message": "",
    "remedy": "",
    "error_code": "",
    "error_detail": "",
    "request_id": "",
}
COLUMNS = (
    "tenant_id",
    "actor",
    "action",
    "outcome",
    "mapping_name",
    "mapping_version",
    "entity",
    "record_key",
    "number",
    "party",
    "board_id",
    "item_id",
    "link_id",
    "run_id",
    "changes",
    "at",
    *EMPTY,
)


def changes(
    desk: Desk, before: Mapping[str, Any], name: str | None, cells: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Before → after per field; ``before`` is what the board was last made to show."""
    told = []
    if name is not None:
        told.append(_change("", NAME, "Item name", before.get("name") or None, name))
    shown, fields, title_of = before.get("cells", {}), desk.fields, desk.title_of
    return told + [
        _change(fields.get(column, "visma_key"), column, title_of(column), shown.get(column), cell)
        for column, cell in cells.items()
    ]


def _change(field: str, column: str, title: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "column": column, "title": title, "before": before, "after": after}
