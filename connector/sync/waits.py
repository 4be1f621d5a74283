"""Waits: links that have something to wait for, because their record was read, new or changed."""

from datetime import datetime

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from connector.models import LinkState, RecordLink, SyncRun, Watermark, many
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import gone
from connector.sync.by_record import links_of
from connector.sync.runs import OPEN, hand_over
from mappings import catalog
from mappings.models import BoardMapping, MappingVersion
from tenants.models import VismaConnection

# A link in these states belongs to an unsettled batch: settle looks at the record's version again.
IN_FLIGHT = (LinkState.SENDING, LinkState.UNCERTAIN)
# Whether there is an item, only a person can find out: `connector.sync.recover`.
NEEDS_DECISION = "needs_decision"
# Nothing is sent to an item that is known to be gone, whatever Visma changes.
STILL_GONE = Case(When(failure_code=gone.ITEM_GONE, then=Value(gone.ITEM_GONE)), default=Value(""))


def wait(mapping_id: int, record_ids: list[int], run: SyncRun) -> None:
    """Ten edits in a row are one write: a link that already waits just goes on waiting."""
    links = links_of(mapping_id, record_ids)
    # Not asked by state: SQLite would then go through all that wait on the board, for each page.
    rows = list(links.select_for_update().order_by("pk").values_list("pk", "run_id", "state"))
    still_open = [(pk, run_id) for pk, run_id, state in rows if state in OPEN]
    links.exclude(state__in=IN_FLIGHT).update(
        state=LinkState.WAITING,
        run=run,
        waiting_since=database_now(),
        attempts=0,
        not_before=None,
        failure_code=STILL_GONE,
    )
    if in_flight := [pk for pk, _, state in rows if state in IN_FLIGHT]:
        RecordLink.objects.filter(pk__among=in_flight).update(run=run)
    add_links(mapping_id, record_ids, run)
    hand_over(still_open)


def doubtful_since(connection: VismaConnection, entity: str) -> datetime | None:
    """Since the database was restored what is read may be on a board already, or differently."""
    if entity in catalog.LINES_OF:  # lines come in their documents
        entity = catalog.LINES_OF[entity].document.name
    return DOUBTFUL.one(connection=connection.pk, entity=entity)


DOUBTFUL = Prepared(
    lambda: Watermark.objects.filter(
        connection=Given("connection"), entity=Given("entity")
    ).values_list("doubtful_since", flat=True)
)


def trust_again(connection_id: int, entity: str) -> None:
    """What was active while a stream was read, or caught up since, has been looked at."""
    names = [name for name, of in catalog.LINES_OF.items() if of.document.name == entity]
    BoardMapping.objects.filter(
        visma=connection_id, entity__in=[entity, *names], active=True
    ).update(doubtful_since=None)


def doubt(mapping_id: int, record_ids: list[int], since: datetime) -> None:
    """Look up before anything is created; what has an item is written in full."""
    links = links_of(mapping_id, record_ids).filter(state=LinkState.WAITING)
    look_first(links.filter(item_id=None), since)
    links.exclude(item_id=None).update(delivered={})


def look_first(links: QuerySet[RecordLink], at: datetime) -> None:
    """An item that no link knows may have been made by what the mapping said then.

    An older doubt stays as old as it is.
    """
    versions = MappingVersion.objects.filter(mapping=OuterRef("mapping"), made_at__lte=at)
    number = Subquery(versions.order_by("-number").values("number")[:1])
    links.filter(look_up_first=False).update(
        look_up_first=True, delivered_mapping=Coalesce(number, 0)
    )


def add_links(mapping_id: int, record_ids: list[int], run: SyncRun) -> None:
    now = database_now()
    columns = ("mapping_id", "record_id", "run_id", "waiting_since")
    rows = [(mapping_id, record_id, run.pk, now) for record_id in record_ids]
    many.insert(RecordLink, columns, rows, ignore=True)
