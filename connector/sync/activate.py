"""Activation: a mapping starts, stops, or is changed, and its links follow."""

from django.db import transaction
from django.db.models import F

from connector.models import LinkState, RecordLink, SyncRun, Trigger
from connector.models.clock import database_now
from connector.sync import board_state, gone, streams, watch
from connector.sync.boards import forget_board
from connector.sync.catching_up import CatchingUp
from connector.sync.lanes import lane_of
from connector.sync.runs import OPEN
from connector.sync.waits import doubtful_since
from mappings import services as mappings
from mappings.content import Content
from mappings.models import BoardMapping


def activate(mapping: BoardMapping, *, by: str = "") -> SyncRun | None:
    """Start a mapping, or let it go on: it catches up with what was read, the polls bring the rest.

    It is active only once it has missed nothing. Most of that is prepared in small writes before;
    what was stored meanwhile is added in the one that makes it active, which holds the stream.
    """
    lane_of(mapping)
    mapping.refresh_from_db(fields=["doubtful_since"])
    for child in mapping.children.filter(went_live_at=None):
        activate(child, by=by)
    missed = CatchingUp(mapping)
    missed.go_on()
    with transaction.atomic():
        streams.hold(*mapping.stream)
        mapping.active = True
        mapping.went_live_at = mapping.went_live_at or database_now()
        mapping.save(update_fields=["active", "went_live_at"])
        mappings.version_keep(mapping, by=by)
        missed.go_on()
        if doubtful_since(mapping.visma, mapping.entity) is None:
            mapping.doubtful_since = None
            mapping.save(update_fields=["doubtful_since"])
    return missed.run


def deactivate(mapping: BoardMapping) -> None:
    """Stop writing and reading for a mapping; what changes meanwhile is caught up with later."""
    if mapping.active:
        mapping.went_live_at = mapping.went_live_at or database_now()
    mapping.active = False
    mapping.save(update_fields=["active", "went_live_at"])


def replan(mapping: BoardMapping, *, by: str = "") -> int:
    """The mapping has changed: every link is planned anew under its new version.

    What is being sent at this moment is planned anew when it is settled.
    """
    with transaction.atomic():
        before = mappings.version_content(mapping, mapping.version)
        BoardMapping.objects.filter(pk=mapping.pk).update(version=F("version") + 1)
        mapping.refresh_from_db(fields=["version"])
        emptied = [*board_state.forget_mended(mapping), *_found_anew(mapping, before)]
        mapping.emptied = {**mapping.emptied, **dict.fromkeys(emptied, mapping.version)}
        mapping.save(update_fields=["drift", "emptied"])
        mappings.version_keep(mapping, by=by)
        watch.follow_rule(mapping)
        forget_board(mapping)
        return _plan_anew(mapping)


def _found_anew(mapping: BoardMapping, before: Content | None) -> list[str]:
    """The column that items are found by, where what is there does not show in it yet."""
    now = mappings.mapping_content(mapping)
    column = now.key_column or now.find_column
    if before is None or not column or _shows(before, column) == _shows(now, column):
        return []
    return [column]


def _shows(content: Content, column: str) -> tuple[str, ...]:
    """What stands in a column under this content."""
    pair = content.pair_of(column)
    if column == content.key_column:
        return ("key",)
    if column == "name":
        return ("name", content.item_name)
    return ("pair", pair.field, pair.transform) if pair else ()


def _plan_anew(mapping: BoardMapping) -> int:
    """In a run of its own: the runs that brought the records have counted them already."""
    # What waited for a person to mend the mapping need not wait any longer.
    RecordLink.objects.filter(mapping=mapping, state=LinkState.WAITING).update(not_before=None)
    if gone.is_made_anew(mapping):
        gone.begin_all_anew(mapping)
    settled = RecordLink.objects.filter(mapping=mapping).exclude(state__in=OPEN)
    now = database_now()
    run = SyncRun.objects.create(
        mapping=mapping, trigger=Trigger.PERSON, started_at=now, read_until=now
    )
    run.read = settled.update(
        state=LinkState.WAITING, run=run, waiting_since=now, attempts=0, not_before=None
    )
    if run.read:
        run.save(update_fields=["read"])
    else:
        run.delete()
    return run.read


def apply_draft(mapping: BoardMapping, *, by: str = "") -> int:
    """Make the mapping's draft what it says; returns how many records are planned anew.

    A mapping that was never live keeps its version number: nothing was written under it.
    """
    with transaction.atomic():
        if not mapping.is_draft:
            mappings.version_keep(mapping)
        mappings.draft_apply(mapping)
        return 0 if mapping.is_draft else replan(mapping, by=by)
