"""What rows of the pairing page offer to choose from."""

from typing import Any

from django import template

from connector.wizard import offers
from connector.wizard.rows import Row
from mappings.catalog import Entity
from mappings.transforms import TRANSFORMS

register = template.Library()


@register.simple_tag
def choices(entity: Entity, row: Row) -> dict[str, Any]:
    """The row's inputs: fields that fit its column, transforms that work, what is chosen."""
    entered = row.entered
    stored = row.pairing.transform if row.pairing else ""
    name, argument = offers.taken_apart(stored)
    name, argument = entered.get("transform", name), entered.get("argument", argument)
    known = TRANSFORMS.get(name)
    kind = row.field.kind if row.field else None
    return {
        "groups": _groups(entity, row),
        "field": row.choice,
        "transforms": offers.transforms_for(kind, row.column.type) if kind else (),
        "transform": name,
        "argument": argument,
        "takes_argument": name == offers.OWN or bool(known and known.argument),
        "example": known.argument if known else "trim|upper",
        "own": offers.OWN,
    }


def _groups(entity: Entity, row: Row) -> tuple[offers.Group, ...]:
    """A connect-boards column takes items of other boards and nothing else."""
    if row.column.type != "board_relation":
        return offers.fields_for(entity.name, row.column.type)
    links = tuple((link.value, link.label) for link in row.links)
    return (("Links to items", links),) if links else ()


@register.filter
def is_listed(choices: dict[str, Any]) -> bool:
    """Whether the field in use is among those on offer; a weak choice of a person's may not be."""
    listed = {path for _, fields in choices["groups"] for path, _ in fields}
    return choices["field"] in listed
