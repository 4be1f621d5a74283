"""What the pairing page offers to choose from: fields that fit a column, transforms that work."""

from __future__ import annotations

from functools import lru_cache

from connector.wizard.sheets import OFFERED
from mappings.catalog import VISMA_KEY, Field, Kind
from mappings.catalog import entity as entity_of
from mappings.columns import Column, fits
from mappings.problems import Refusal
from mappings.transforms import TRANSFORMS, Transform, parse
from mappings.transforms.steps import split

OWN = "own"  # the choice that shows the whole chain as text
GOOD = 70  # a fit from here on is offered first

Group = tuple[str, tuple[tuple[str, str], ...]]
# What a new column for a field of this kind is.
NEW_TYPE = {
    Kind.LONG_TEXT: "long_text",
    Kind.AMOUNT: "numbers",
    Kind.QUANTITY: "numbers",
    Kind.RATE: "numbers",
    Kind.INTEGER: "numbers",
    Kind.DATE: "date",
    Kind.DATETIME: "date",
    Kind.BOOLEAN: "checkbox",
    Kind.CHOICE: "status",
    Kind.EMAIL: "email",
    Kind.URL: "link",
    Kind.COUNTRY: "country",
}


@lru_cache(maxsize=256)
def fields_for(entity: str, column_type: str) -> tuple[Group, ...]:
    """The entity's fields that a column of this type can show, the best fits first."""
    column = Column("", "", column_type)
    good: list[tuple[str, str]] = []
    possible: list[tuple[str, str]] = []
    for field in entity_of(entity).fields:
        strength = fits(field.kind, column).strength
        if field.path != VISMA_KEY and strength >= OFFERED:
            (good if strength >= GOOD else possible).append((field.path, field.label))
    groups: list[Group] = [("Fits well", tuple(good)), ("Also possible", tuple(possible))]
    return tuple(group for group in groups if group[1])


@lru_cache(maxsize=512)
def transforms_for(kind: Kind, column_type: str) -> tuple[Transform, ...]:
    """Transforms that take this kind of value and give one the column can hold."""
    column = Column("", "", column_type)
    return tuple(
        each
        for each in TRANSFORMS.values()
        if kind in each.accepts and fits(each.gives or kind, column).ok
    )


def taken_apart(transform: str) -> tuple[str, str]:
    """A stored transform as the page's two inputs: a name with its argument, or the whole text."""
    if not transform:
        return "", ""
    if len(split(transform, "|")) > 1:
        return OWN, transform
    name, _, argument = transform.partition(":")
    return (name.strip(), argument) if name.strip() in TRANSFORMS else (OWN, transform)


def put_together(name: str, argument: str) -> str:
    """The inputs as a transform. One that needs an argument starts with its example."""
    if name == OWN:
        return argument.strip()
    known = TRANSFORMS.get(name)
    if known is None:
        return ""
    if not known.argument:
        return known.name
    given = argument if argument.strip() else "" if known.optional else known.argument
    return f"{known.name}:{given}" if given else known.name


def fitting(transform: str, field: Field | None, column: Column) -> str:
    """The transform if it works for this field and column; else none."""
    if field is None or not transform:
        return ""

    try:
        kind = parse(transform).kind_after(field.kind)
    except Refusal:
        return ""
    return transform if fits(kind, column).ok else ""


def new_column_type(field: Field) -> str:
    return NEW_TYPE.get(field.kind, "text")
