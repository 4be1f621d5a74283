"""What may be done to mappings: made, drafted, paired, applied; every change goes through here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from mappings.columns import Column
from mappings.content import Change, Content, Pairing, compare
from mappings.models import BoardMapping, FieldPairing, MappingDraft, MappingVersion
from mappings.problems import Refusal
from mappings.receiving import Ground
from mappings.transforms import parse
from tenants.models import MondayConnection, Tenant, VismaConnection

CONTENT = (
    *("item_name", "group_id", "key_column", "find_column", "create_labels"),
    *("filter", "on_leave", "on_gone", "receive"),
)


# --- mappings ---------------------------------------------------------------------------------
def mapping_create(
    *,
    tenant: Tenant,
    visma: VismaConnection,
    monday: MondayConnection,
    entity: str,
    board_id: str,
    board_name: str,
    by: str,
    content: Content | None = None,
) -> BoardMapping:
    """A draft on a board: nothing is read or written for it until it goes live.

    Raises ValidationError where this company's entity already goes to this board.
    """
    _require_free(visma=visma, monday=monday, entity=entity, board_id=board_id)
    with transaction.atomic():
        mapping = BoardMapping.objects.create(
            tenant=tenant,
            visma=visma,
            monday=monday,
            entity=entity,
            board_id=board_id,
            board_name=board_name[:255],
            name=_free_name(tenant, board_name),
            item_name=content.item_name if content else "",
        )
        MappingDraft.objects.create(
            mapping=mapping, content=(content or Content()).dump(), changed_by=by
        )
    return mapping


def mapping_remove(mapping: BoardMapping) -> None:
    """Throw a draft away; a mapping that has been live is kept for what was written under it."""
    if not mapping.is_draft:
        raise ValidationError("This mapping has been live. Pause it instead.")
    mapping.delete()


def _require_free(
    *, visma: VismaConnection, monday: MondayConnection, entity: str, board_id: str
) -> None:
    rows = BoardMapping.objects.filter(visma=visma, monday=monday)
    taken = rows.filter(entity=entity, board_id=board_id).first()
    if taken is not None:
        raise ValidationError(
            f"“{taken.name}” already brings these records to this board. Change that mapping, "
            "or choose another board."
        )


def _free_name(tenant: Tenant, wanted: str) -> str:
    """The board's name, with a number behind it where the tenant already uses it."""
    base = wanted.strip()[:90] or "Board"
    taken = set(BoardMapping.objects.of(tenant).values_list("name", flat=True))
    names = (base if number == 1 else f"{base} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def mapping_content(mapping: BoardMapping) -> Content:
    """What the mapping's own rows say: what the workers write by."""
    titles = {column["id"]: column["title"] for column in mapping.board_columns}
    pairs = tuple(
        Pairing(
            *(p.field, p.column_id, p.column_title, p.column_type),
            *(p.transform, p.link_id, p.labels),
        )
        for p in mapping.pairings.all()
    )
    values: dict[str, Any] = {name: getattr(mapping, name) for name in CONTENT}
    return Content(
        **values,
        key_title=titles.get(mapping.key_column, ""),
        find_title=titles.get(mapping.find_column, ""),
        pairs=pairs,
    )


def mapping_as(mapping: BoardMapping, content: Content) -> BoardMapping:
    """A copy that says what ``content`` says, for trying it out; it must never be saved."""
    trial = copy(mapping)
    for name in CONTENT:
        setattr(trial, name, getattr(content, name))
    return trial


# --- drafts -----------------------------------------------------------------------------------
def draft_open(mapping: BoardMapping, *, by: str) -> MappingDraft:
    """The mapping's draft; a new one starts from what the mapping says now."""
    draft, _ = MappingDraft.objects.get_or_create(
        mapping=mapping,
        defaults={
            "content": mapping_content(mapping).dump(),
            "based_on": mapping.version if mapping.went_live_at or mapping.active else 0,
            "changed_by": by,
        },
    )
    return draft


def draft_change(draft: MappingDraft, *, by: str, change: Callable[[Content], Content]) -> Content:
    """Change the draft as it is stored now: two devices may work on it at the same time."""
    with transaction.atomic():
        row = MappingDraft.objects.select_for_update().get(pk=draft.pk)
        content = change(Content.load(row.content))
        row.content, row.changed_by = content.dump(), by
        row.save(update_fields=["content", "changed_by", "changed_at"])
    draft.content = row.content
    return content


def draft_pair(draft: MappingDraft, *, pairing: Pairing, by: str) -> Content:
    """Set one column's pair; an empty field leaves the column unpaired.

    Raises ValidationError for a transform that is none.
    """
    try:
        parse(pairing.transform)
    except Refusal as refusal:
        raise ValidationError(f"{refusal.message} {refusal.remedy}") from None
    if not pairing.field:
        return draft_change(draft, by=by, change=lambda c: c.without_pair(pairing.column_id))
    return draft_change(draft, by=by, change=lambda content: content.with_pair(pairing))


def draft_discard(draft: MappingDraft) -> None:
    """Forget the changes; what is live stays as it is."""
    draft.delete()


def draft_apply(mapping: BoardMapping) -> Content:
    """Make the draft what the mapping says; call it inside a transaction, then raise its version.

    The draft is gone afterwards, and the records kept for showing with it.
    """
    draft = MappingDraft.objects.select_for_update().get(mapping=mapping)
    content = Content.load(draft.content)
    content_apply(mapping, content)
    draft.delete()
    return content


def content_apply(mapping: BoardMapping, content: Content) -> None:
    """Make it what the mapping says; call it inside a transaction, then raise its version."""
    for name in CONTENT:
        setattr(mapping, name, getattr(content, name))
    mapping.save(update_fields=list(CONTENT))
    _replace_pairings(mapping, content)


def draft_follow(mapping: BoardMapping, *, change: Callable[[Content], Content]) -> None:
    """What was changed on the live mapping changes in its open draft too."""
    draft = MappingDraft.objects.select_for_update().filter(mapping=mapping).first()
    if draft is not None:
        draft.content = change(Content.load(draft.content)).dump()
        draft.based_on = mapping.version
        draft.save(update_fields=["content", "based_on", "changed_at"])


def _replace_pairings(mapping: BoardMapping, content: Content) -> None:
    FieldPairing.objects.filter(mapping=mapping).delete()
    FieldPairing.objects.bulk_create(
        FieldPairing(
            mapping=mapping,
            position=position,
            field=pair.field,
            column_id=pair.column_id,
            column_title=pair.column_title[:255],
            column_type=pair.column_type,
            transform=pair.transform,
            link_id=pair.link,
            labels=pair.labels,
        )
        for position, pair in enumerate(content.pairs)
    )
    # What was loaded before is no longer so.
    getattr(mapping, "_prefetched_objects_cache", {}).pop("pairings", None)


# --- versions ---------------------------------------------------------------------------------
def version_keep(mapping: BoardMapping, *, by: str = "") -> MappingVersion:
    """Remember what the mapping says under its present number; that of a number never changes."""
    version, _ = MappingVersion.objects.get_or_create(
        mapping=mapping,
        number=mapping.version,
        defaults={
            "content": mapping_content(mapping).dump(),
            "made_by": by,
            "made_at": timezone.now(),
        },
    )
    return version


def version_content(mapping: BoardMapping, number: int) -> Content | None:
    row = MappingVersion.objects.filter(mapping=mapping, number=number).first()
    return Content.load(row.content) if row else None


def version_diff(mapping: BoardMapping, *, old: Content, new: Content) -> list[Change]:
    """What changed between two, with key column and group named as the board calls them."""
    return compare(_named(mapping, old), _named(mapping, new), mapping.entity)


def _named(mapping: BoardMapping, content: Content) -> Content:
    titles = {column["id"]: column["title"] for column in mapping.board_columns}
    title = content.key_title or titles.get(content.key_column, "")
    return replace(content, key_title=title, receive_titles=receiving_titles(mapping))


def receiving_titles(mapping: BoardMapping) -> dict[str, str]:
    """By id, the titles of the columns that a receive rule may name: the board's, its subitems'."""
    boards = [*mapping.children.all(), mapping]
    return {c["id"]: c["title"] for board in boards for c in board.board_columns}


def receiving_ground(mapping: BoardMapping, *, paired: Collection[str] | None = None) -> Ground:
    """What a receive rule of this mapping stands on; ``paired``: columns, if not those of its rows.

    Subitems count as long as they are shown, or are to be once the mapping goes live.
    """
    own = {pair.column_id for pair in mapping.pairings.all()} if paired is None else paired
    columns = {raw["id"]: Column(**raw) for raw in mapping.board_columns}
    for lines in mapping.children.all():
        if lines.active or lines.is_draft or not mapping.active:
            filled = {pair.column_id for pair in lines.pairings.all()} | {lines.key_column}
            below = {raw["id"]: Column(**raw) for raw in lines.board_columns}
            return Ground(columns, own, below, filled)
    return Ground(columns, own)
