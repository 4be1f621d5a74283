"""Labels in step with records: which of a column's labels to add, rename or switch off.

Only labels that we made are ever changed. What people added, renamed or switched off is theirs: it
is used where it says the right thing, and never touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mappings.columns.cleaning import LABEL_LIMIT, clean, shorten
from mappings.columns.labels import STATUS_LABELS

Raw = dict[str, Any]
# monday names no limit for dropdowns; more would be no help to anybody choosing.
DROPDOWN_LABELS = 1_000


@dataclass(frozen=True)
class Wanted:
    """A record as a label: what it is called, and whether it may still be chosen."""

    text: str
    active: bool


@dataclass(frozen=True)
class Kept:
    """A label that stands for a record. ``ours``: made by us and not changed by people since."""

    id: int
    text: str
    active: bool
    ours: bool

    def dump(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Upkeep:
    """``labels`` is the whole list for monday; a new one has no ``id`` yet.

    ``left``: records for which there is no room.
    """

    labels: tuple[Raw, ...]
    kept: Mapping[str, Kept]
    left: tuple[str, ...]
    changed: bool


def label_text(number: str, name: str) -> str:
    """As long as a label may be, with the number whole in front."""
    return shorten(clean(f"{number} {name}".strip()), LABEL_LIMIT)


def recognize(
    wanted: Mapping[str, Wanted],
    kept: Mapping[str, Kept],
    labels: Sequence[Raw],
    before: frozenset[int] | None = None,
) -> dict[str, Kept]:
    """What stands for each record on the column as it is now.

    ``before``: ids that were there when a change was sent; a label with a wanted text and another
    id was made by that change. None: nothing was sent, so what is there is people's.
    """
    by_id = {int(label["id"]): label for label in labels}
    by_text = {str(label["label"]).casefold(): label for label in reversed(list(labels))}
    found: dict[str, Kept] = {}
    for value, known in kept.items():
        label = by_id.get(known.id)
        if label is not None:
            found[value] = _as_it_is(known, label, wanted.get(value), sent=before is not None)
    for value, want in wanted.items():
        label = by_text.get(want.text.casefold())
        if value not in found and label is not None:
            made = before is not None and int(label["id"]) not in before
            found[value] = Kept(int(label["id"]), str(label["label"]), _is_on(label), made)
    return found


def _as_it_is(known: Kept, label: Raw, want: Wanted | None, *, sent: bool) -> Kept:
    """A label we know; it is ours as long as it says what we wrote, or have just asked for."""
    text, on = str(label["label"]), _is_on(label)
    active = bool(want and want.active)
    asked = {known.text, want.text if sent and want else known.text}
    switched = {known.active, active if sent else known.active}
    return Kept(known.id, text, on, known.ours and text in asked and on in switched)


def upkeep(
    wanted: Mapping[str, Wanted], kept: Mapping[str, Kept], labels: Sequence[Raw], column_type: str
) -> Upkeep:
    """What the column's labels have to be. ``kept`` as `recognize` gives it."""
    changed = {known.id: _wanted_label(known, wanted.get(v)) for v, known in kept.items()}
    list_ = [_changed(label, changed.get(int(label["id"]))) for label in labels]
    most = STATUS_LABELS if column_type == "status" else DROPDOWN_LABELS
    new = sorted(value for value, want in wanted.items() if want.active and value not in kept)
    room = max(most - len(list_), 0)
    added = [{"label": wanted[value].text} for value in new[:room]]
    return Upkeep(
        labels=(*list_, *added),
        kept=kept,
        left=tuple(new[room:]),
        changed=bool(added) or list_ != list(labels),
    )


def _wanted_label(known: Kept, want: Wanted | None) -> Kept | None:
    """None where the label stays as it is; a record that is gone has its label switched off."""
    if not known.ours:
        return None
    if want is None:
        return replace(known, active=False)
    return replace(known, text=want.text, active=want.active)


def _changed(label: Raw, wanted: Kept | None) -> Raw:
    if wanted is None or (label["label"], _is_on(label)) == (wanted.text, wanted.active):
        return label
    return {**label, "label": wanted.text, "is_deactivated": not wanted.active}


def _is_on(label: Raw) -> bool:
    return not label.get("is_deactivated")
