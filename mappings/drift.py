"""What people changed on a board since it was paired, and what that means for the mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mappings.columns import WRITABLE, Column, Label, labels_of
from mappings.render import KEY_TYPES, Pair

DriftKind = Literal[
    "key_column_gone",
    "column_deleted",
    "column_retyped",
    "label_gone",
    "label_renamed",
    "column_renamed",
    "group_gone",
    "column_required",
    "key_twice",
]
# While one of these is open, values wait for a column.
HOLDING = ("key_column_gone", "column_deleted", "column_retyped")


@dataclass(frozen=True)
class Drift:
    """``happened``: what people did; ``goes_on``: what still works; ``remedy``: what to do.

    ``harmless``: nothing waits and nobody has to act. ``label`` is the label it is about.
    """

    kind: DriftKind
    column_id: str
    title: str
    field: str
    happened: str
    goes_on: str
    remedy: str
    harmless: bool = False
    label: str = ""


def compare(
    pairs: Sequence[Pair],
    old: Mapping[str, Column],
    new: Mapping[str, Column],
    key_column: str = "",
) -> list[Drift]:
    """Only what concerns the mapping: its pairs and its key column, worst first.

    ``old`` and ``new`` are columns by id, as the board was paired and as it is now.
    """
    found = [*_key(key_column, old, new)]
    for pair in pairs:
        if pair.column_id != key_column:
            found += _pair(pair, old.get(pair.column_id), new.get(pair.column_id))
    return sorted(found, key=lambda drift: (drift.harmless, drift.kind != "key_column_gone"))


def _key(column_id: str, old: Mapping[str, Column], new: Mapping[str, Column]) -> list[Drift]:
    before, after = old.get(column_id), new.get(column_id)
    if not column_id or (after is not None and after.type in KEY_TYPES):
        return _renamed("", before, after)
    title = _title(before, column_id)
    happened = (
        f"The key column “{title}” was deleted."
        if after is None
        else f"The key column “{title}” is now a {after.type} column."
    )
    return [
        Drift(
            "key_column_gone",
            column_id,
            title,
            "",
            happened,
            "Items that are already there are still updated. New items wait, because without a "
            "key a repeated attempt could make a second item.",
            "Restore the column in monday from the board's recycle bin, or choose or create "
            "another key column under Pair fields.",
        )
    ]


def _pair(pair: Pair, before: Column | None, after: Column | None) -> list[Drift]:
    if after is None:
        return [_deleted(pair, before)]
    if before is None:
        return []
    if before.type and before.type != after.type:
        return [_retyped(pair, before, after)]
    # Where labels follow Visma, most changes of them are ours, and no record waits for one.
    labels = [] if pair.labels else _labels(pair, before, after)
    return [*labels, *_renamed(pair.field, before, after)]


def _deleted(pair: Pair, before: Column | None) -> Drift:
    title = _title(before, pair.column_id)
    return Drift(
        "column_deleted",
        pair.column_id,
        title,
        pair.field,
        f"Column “{title}” was deleted from the board.",
        "All other columns are still filled. The values of this one are kept and delivered once "
        "it has a column again.",
        "Restore the column in monday from the board's recycle bin, choose another column under "
        "Pair fields, or remove the pair.",
    )


def _retyped(pair: Pair, before: Column, after: Column) -> Drift:
    writable = after.type in WRITABLE
    return Drift(
        "column_retyped",
        pair.column_id,
        after.title,
        pair.field,
        f"Column “{after.title}” was a {before.type} column and is now a {after.type} column.",
        "All other columns are still filled. The values of this one are kept until the pair is "
        "confirmed.",
        "Under Pair fields, confirm the pair or choose another column."
        if writable
        else "Nothing can be written to such a column: choose another one under Pair fields.",
    )


def _renamed(field: str, before: Column | None, after: Column | None) -> list[Drift]:
    if before is None or after is None or before.title == after.title:
        return []
    return [
        Drift(
            "column_renamed",
            after.id,
            after.title,
            field,
            f"Column “{before.title}” is now called “{after.title}”.",
            "Everything: columns are known by their id, not by their title.",
            "Nothing to do.",
            harmless=True,
        )
    ]


def _labels(pair: Pair, before: Column, after: Column) -> list[Drift]:
    now = {label.id: label for label in labels_of(after) if not label.deactivated}
    texts = {label.text.casefold() for label in now.values()}
    gone = [
        label
        for label in labels_of(before)
        if label.text and not label.deactivated and label.text.casefold() not in texts
    ]
    return [_label(pair, after, label, now.get(label.id)) for label in gone]


def _label(pair: Pair, column: Column, label: Label, now: Label | None) -> Drift:
    renamed = now is not None and bool(now.text)
    happened = (
        f"The label “{label.text}” of column “{column.title}” is now called “{now.text}”."
        if now is not None and renamed
        else f"The label “{label.text}” of column “{column.title}” was removed or deactivated."
    )
    return Drift(
        "label_renamed" if renamed else "label_gone",
        column.id,
        column.title,
        pair.field,
        happened,
        f"Records with other labels are still delivered. Those that need “{label.text}” wait.",
        f"Under Pair fields, add the transform map:{label.text}={now.text}."
        if now is not None and renamed
        else f"Restore the label in monday (click a cell of “{column.title}”, then Edit labels), "
        "let missing labels be created, or use a “map” transform under Pair fields.",
        label=label.text,
    )


def group_gone(title: str) -> Drift:
    named = f"“{title}” " if title else ""
    return Drift(
        "group_gone",
        "",
        title,
        "",
        f"The group {named}for new items was deleted from the board.",
        "Everything: new items go to the board's first group.",
        "Choose the group for new items, or leave it at the first one.",
    )


def column_required(column: Column) -> Drift:
    return Drift(
        "column_required",
        column.id,
        column.title,
        "",
        f"The board now asks people to fill in the column “{column.title}”.",
        "Everything: monday asks people only, so items from Visma arrive with this column empty.",
        "Pair a field with it, or say that it may stay empty.",
    )


def key_twice(column: Column, items: Sequence[Sequence[str]], more: int = 0) -> Drift:
    """``items``: ids that carry the same key; ``more``: further such keys that are not named."""
    named = "; ".join(" and ".join(ids) for ids in items)
    rest = f"; and {more} more" if more else ""
    return Drift(
        "key_twice",
        column.id,
        column.title,
        "",
        f"Items on the board carry the same key in “{column.title}”: {named}{rest}.",
        "The first of them, the one that was made from Visma, is kept up to date. The others are "
        "never changed and never deleted.",
        "Open them in monday. Archive the copies, or empty their key.",
    )


def _title(column: Column | None, column_id: str) -> str:
    return column.title if column is not None else column_id
