"""What keeps records waiting after a foreground sync has done what it could, in words."""

from collections.abc import Iterable

from django.db.models import Count

from connector.errors import Explanation
from connector.models import BoardLane, RecordLink
from connector.models.clock import database_now
from connector.sync.runs import OPEN
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection


def waits(mappings: Iterable[BoardMapping]) -> list[Explanation]:
    """One explanation for each mapping of which records still wait, whichever pass brought them."""
    open_links = RecordLink.objects.filter(mapping__in=mappings, state__in=OPEN)
    counts = dict(open_links.order_by().values_list("mapping").annotate(Count("pk")))
    found = []
    for mapping in mappings:
        if number := counts.get(mapping.pk):
            why = _needs_person(mapping) or _rests(mapping)
            told = f"“{mapping.name}”: {number} waiting. {why.happened}"
            found.append(Explanation(why.code, told, why.remedy, why.fixer))
    return found


def _needs_person(mapping: BoardMapping) -> Explanation | None:
    connection = MondayConnection.objects.get(pk=mapping.monday_id)
    if connection.health != Health.NEEDS_PERSON:
        return None
    return Explanation(
        "connection_needs_person", connection.health_reason, connection.health_remedy
    )


def _rests(mapping: BoardMapping) -> Explanation:
    lane = BoardLane.objects.filter(
        account=mapping.monday.account_key, board_id=mapping.board_id
    ).first()
    if lane is not None and lane.paused_code:
        return Explanation(lane.paused_code, lane.paused_reason, lane.paused_remedy)
    until = lane.not_before if lane is not None else None
    when = f" at {until:%Y-%m-%d %H:%M} UTC" if until and until > database_now() else ""
    return Explanation(
        "goes_on_later",
        f"The board can be written to again{when or ' soon'}.",
        "Nothing to do where workers run; otherwise run this command again then.",
        "nobody",
    )
