"""A mapping's pairs and its filter in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from connector.console.lineage import in_words
from mappings import catalog
from mappings.drift import HOLDING
from mappings.filters import RULES
from mappings.models import BoardMapping

FILTER_WORDS = {
    "status": "Status is one of",
    "document_type": "Type is one of",
    "branch": "Branch is one of",
    "party": "Party number is one of",
    "date_from": "Date from",
    "date_to": "Date to",
    "amount_from": "Amount from",
    "amount_to": "Amount up to",
}


@dataclass(frozen=True)
class PairLine:
    """One field and its column; ``waits``: people deleted the column or changed its type.

    ``labels``: they are kept in step with Visma; ``problem``: why that does not work at present.
    """

    label: str
    path: str
    transform: str
    title: str
    type: str
    waits: bool
    labels: bool
    problem: str


def pairs_of(mapping: BoardMapping) -> list[PairLine]:
    entity = catalog.known(mapping.entity)
    columns = {column["id"]: column for column in mapping.board_columns}
    lost = {each["column_id"] for each in mapping.drift if each["kind"] in HOLDING}
    problems = dict(mapping.label_columns.values_list("column_id", "problem"))
    lines = []
    for pair in mapping.pairings.all():
        field = entity.field(pair.field) if entity else None
        column = columns.get(pair.column_id, {})
        lines.append(
            PairLine(
                label=field.label if field else pair.field,
                path=pair.field,
                transform=in_words(pair.transform),
                title=column.get("title") or pair.column_title or pair.column_id,
                type=(column.get("type") or pair.column_type).replace("_", " "),
                waits=pair.column_id in lost,
                labels=pair.labels,
                problem=problems.get(pair.column_id, "") if pair.labels else "",
            )
        )
    return lines


def filter_in_words(mapping: BoardMapping) -> list[tuple[str, str]]:
    """Empty: every record of the entity is wanted."""
    return [
        (FILTER_WORDS.get(name, name), _listed(wanted))
        for name, wanted in mapping.filter.items()
        if name in RULES and wanted not in (None, "", [])
    ]


def _listed(wanted: object) -> str:
    if isinstance(wanted, Iterable) and not isinstance(wanted, str):
        return ", ".join(map(str, wanted))
    return str(wanted)
