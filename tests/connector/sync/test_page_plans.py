"""What one page of a reading asks the database for does not grow with its mapping."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.models import RecordLink, SourceRecord, SyncRun, Trigger, many
from connector.models.clock import database_now
from mappings.models import BoardMapping
from tests.connector.sync.conftest import TakeIn

# Of these a statement reads all that the mapping has, or all there is.
WHOLE = (
    "link_newest_of_mapping",
    "link_by_state",
    "link_waiting",
    "SCAN connector_recordlink",
    "Seq Scan on connector_recordlink",
)


def fill(mapping: BoardMapping, number: int) -> None:
    """A mapping to another board, with many links, all delivered."""
    mapping.pk, mapping.name, mapping.board_id = None, "Other", "77"
    mapping.save()
    now = database_now()
    stored = SourceRecord.objects.bulk_create(
        SourceRecord(
            connection=mapping.visma, entity="customer", key=str(n), payload="{}", changed_at=now
        )
        for n in range(number)
    )
    run = SyncRun.objects.create(mapping=mapping, trigger=Trigger.SCHEDULE, started_at=now)
    rows = [(mapping.pk, record.pk, run.pk, "delivered") for record in stored]
    many.insert(RecordLink, ("mapping_id", "record_id", "run_id", "state"), rows)


def analyze_as_deployed() -> None:
    """PostgreSQL does so by itself, but not for each new mapping; SQLite never does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def plans() -> Iterator[list[str]]:
    """How the statements about links were carried out."""
    found: list[str] = []
    with CaptureQueriesContext(
        connection,
    ) as asked:
        yield found
    explain = connection.ops.explain_query_prefix()
    for statement in [query["sql"] for query in asked.captured_queries]:
        if "connector_recordlink" in statement and statement.startswith(("SELECT", "UPDATE")):
            with connection.cursor() as cursor:
                cursor.execute(f"{explain} {statement.replace('%', '%%')}")
                found.append("\n".join(str(row) for row in cursor.fetchall()))


def whole(read: list[str]) -> list[str]:
    return [plan for plan in read if any(words in plan for words in WHOLE)]


def test_changes_of_a_new_mapping_go_through_none_of_its_other_links(
    take_in: TakeIn, mapping: BoardMapping
) -> None:
    fill(BoardMapping.objects.get(pk=mapping.pk), 2000)
    analyze_as_deployed()
    take_in(*range(50))
    RecordLink.objects.filter(mapping=mapping, record__number="200007").update(state="sending")
    with plans() as read:
        take_in(*range(20), description="New")

    assert len(read) >= 3
    assert whole(read) == []


def test_what_is_unchanged_in_a_new_mapping_goes_through_none_of_its_other_links(
    take_in: TakeIn, mapping: BoardMapping
) -> None:
    fill(BoardMapping.objects.get(pk=mapping.pk), 2000)
    analyze_as_deployed()
    take_in(*range(50))
    with plans() as read:
        take_in(*range(20))

    assert len(read) >= 3
    assert whole(read) == []
