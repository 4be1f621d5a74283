"""Waits: links that have something to wait for, because their record was read, new or changed."""

from django.db.models import Case, Value, When

from connector.models import LinkState, RecordLink, SyncRun, Watermark, many
from connector.models.clock import database_now
from connector.sync import gone
from connector.sync.runs import OPEN, hand_over
from mappings import catalog
from tenants.models import VismaConnection

# A link in these states belongs to an unsettled batch: settle looks at the record's version again.
IN_FLIGHT = (LinkState.SENDING, LinkState.UNCERTAIN)
# Nothing is sent to an item that is known to be gone, whatever Visma changes.
STILL_GONE = Case(When(failure_code=gone.ITEM_GONE, then=Value(gone.ITEM_GONE)), default=Value(""))


def wait(mapping_id: int, record_ids: list[int], run: SyncRun) -> None:
    """Ten edits in a row are one write: a link that already waits just goes on waiting."""
    links = RecordLink.objects.filter(mapping_id=mapping_id, record_id__in=record_ids)
    still_open = list(links.filter(state__in=OPEN).select_for_update().values_list("pk", "run_id"))
    links.exclude(state__in=IN_FLIGHT).update(
        state=LinkState.WAITING,
        run=run,
        waiting_since=database_now(),
        attempts=0,
        not_before=None,
        failure_code=STILL_GONE,
    )
    links.filter(state__in=IN_FLIGHT).update(run=run)
    add_links(mapping_id, record_ids, run)
    hand_over(still_open, run)


def is_doubtful(connection: VismaConnection, entity: str) -> bool:
    """The database was restored: what is read may be on a board already, or differently."""
    if entity in catalog.LINES_OF:  # lines come in their documents
        entity = catalog.LINES_OF[entity].document.name
    marks = Watermark.objects.filter(connection=connection, entity=entity)
    return marks.filter(doubtful_since__isnull=False).exists()


def doubt(mapping_id: int, record_ids: list[int]) -> None:
    """Look up before anything is created; what has an item is written in full."""
    links = RecordLink.objects.filter(
        mapping_id=mapping_id, record_id__in=record_ids, state=LinkState.WAITING
    )
    links.filter(item_id=None).update(look_up_first=True)
    links.exclude(item_id=None).update(delivered={})


def add_links(mapping_id: int, record_ids: list[int], run: SyncRun) -> None:
    now = database_now()
    columns = ("mapping_id", "record_id", "run_id", "waiting_since")
    rows = [(mapping_id, record_id, run.pk, now) for record_id in record_ids]
    many.insert(RecordLink, columns, rows, ignore=True)
