"""Hard deletes: believed after two complete readings, archived, and never deleted in monday."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from connector.errors import TryAgain
from connector.models import ApiCall, RecordLink, SourceRecord, Watermark
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sandbox.visma.tables import Table
from connector.sync import foreground
from connector.sync.poll import NIGHT_MINUTES, is_nightly, poll
from mappings.models import BoardMapping
from tests.connector.shown import cells_by_key
from tests.connector.test_every_entity import ready_mapping
from tests.world import Connections

ENTITY = "supplier_invoice"


@pytest.fixture
def delivered(mapping: BoardMapping) -> BoardMapping:
    foreground.sync(mapping.tenant)
    return mapping


def an_invoice(sandbox: SandboxServer) -> str:
    rows = sandbox.visma.company.tables[ENTITY].rows()
    return next(str(row["referenceNumber"]) for row in rows if row["documentType"] == "Invoice")


def vanished() -> set[str]:
    gone = SourceRecord.objects.exclude(vanished_at=None)
    return set(gone.values_list("key", flat=True))


def item_effects(sandbox: SandboxServer) -> list[str]:
    return [each.kind for each in sandbox.log.effects() if each.kind.startswith("item_")]


def remember(mapping: BoardMapping, count: int) -> None:
    """Records read before, by the numbers a company grown by as many invoices has."""
    now = database_now()
    SourceRecord.objects.bulk_create(
        SourceRecord(
            connection=mapping.visma, entity=ENTITY, key=f"Invoice:{1_000_001 + n}", payload="{}",
            content_hash="x", modified_at="2026-07-14T08:11:02.31", changed_at=now,
        )
        for n in range(count)
    )  # fmt: skip


def test_a_deleted_record_is_archived_after_two_complete_readings(
    delivered: BoardMapping, sandbox: SandboxServer
) -> None:
    number = an_invoice(sandbox)
    sandbox.visma.delete_invoice(number)
    sandbox.log.clear()

    foreground.sync(delivered.tenant, full=True)

    assert ApiCall.objects.filter(operation=ENTITY).count() == 3  # the first sync's, and two
    assert vanished() == {f"Invoice:{number}"}
    assert item_effects(sandbox) == ["item_archived"]


def test_a_pass_of_changes_only_misses_nobody(
    delivered: BoardMapping, sandbox: SandboxServer
) -> None:
    sandbox.visma.delete_invoice(an_invoice(sandbox))

    foreground.sync(delivered.tenant)

    assert vanished() == set()


def test_a_mapping_may_leave_the_item(delivered: BoardMapping, sandbox: SandboxServer) -> None:
    BoardMapping.objects.update(filter={"when_deleted": "leave"})
    sandbox.visma.delete_invoice(an_invoice(sandbox))
    sandbox.log.clear()

    account = foreground.sync(delivered.tenant, full=True)

    assert len(vanished()) == 1
    assert item_effects(sandbox) == []
    assert account.counts["excluded"] == 1


def test_a_number_used_again_is_a_new_item(delivered: BoardMapping, sandbox: SandboxServer) -> None:
    key = f"Invoice:{an_invoice(sandbox)}"
    before = sandbox.visma.company.draft(ENTITY, key)
    old = RecordLink.objects.get(record__key=key).item_id
    sandbox.visma.delete_invoice(key.partition(":")[2])
    foreground.sync(delivered.tenant, full=True)

    sandbox.visma.company.change(ENTITY, before, "invoice_added")
    foreground.sync(delivered.tenant)

    assert vanished() == set()
    assert RecordLink.objects.get(record__key=key).item_id not in (None, old)
    assert f"4021:{ENTITY}:{key}" in cells_by_key(sandbox, delivered)


@pytest.mark.parametrize("rule", ["archive", "leave"])
def test_a_number_used_again_before_anybody_missed_it_is_a_new_item_too(
    delivered: BoardMapping, sandbox: SandboxServer, rule: str
) -> None:
    BoardMapping.objects.update(filter={"when_deleted": rule})
    key = f"Invoice:{an_invoice(sandbox)}"
    payload = sandbox.visma.company.draft(ENTITY, key)
    old = RecordLink.objects.get(record__key=key)
    sandbox.visma.delete_invoice(key.partition(":")[2])
    payload["createdDateTime"] = "2026-11-27T09:00:00"
    sandbox.visma.company.change(ENTITY, payload, "invoice_added")
    sandbox.log.clear()

    foreground.sync(delivered.tenant)
    foreground.sync(delivered.tenant, full=True)

    new = RecordLink.objects.get(record__key=key)
    assert new.item_id not in (None, old.item_id)
    assert RecordLink.objects.get(pk=old.pk).state == "excluded"
    archived = ["item_archived"] if rule == "archive" else []
    assert sorted(item_effects(sandbox)) == [*archived, "item_created"]


def test_10000_records_missing_from_a_reading_cut_short_archive_nothing(
    delivered: BoardMapping, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(delivered, 10_000)
    monkeypatch.setitem(sandbox.visma.quirks.page_caps, ENTITY, 50)
    sandbox.faults.add(
        {
            "match": {"path": "*supplierInvoice*", "nth": 3},
            "do": [{"action": "status", "status": 503}],
        }
    )

    with pytest.raises(TryAgain):
        poll(delivered.visma, ENTITY, full=True)

    assert vanished() == set()


@pytest.mark.parametrize("shown", [0, 10])
def test_10000_records_missing_from_one_reading_that_lies_archive_nothing(
    delivered: BoardMapping, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    """Visma claims once that there is hardly anything, in good order, and then is itself again."""
    sandbox.visma.grow(invoices=10_000)
    remember(delivered, 10_000)
    kept: Any = Table.page
    asked: list[int] = []

    def page(self: Table, *given: Any, **more: Any) -> Any:
        rows, total = kept(self, *given, **more)
        asked.append(total)
        return (rows[:shown], shown) if len(asked) == 1 else (rows, total)

    monkeypatch.setattr(Table, "page", page)
    poll(delivered.visma, ENTITY, full=True)

    assert vanished() == set()
    assert len(asked) == (1 if shown == 0 else 1 + 11)


def test_what_only_the_second_reading_misses_is_not_believed_yet(
    delivered: BoardMapping, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Any = Table.page
    asked: list[int] = []

    def page(self: Table, *given: Any, **more: Any) -> Any:
        rows, total = kept(self, *given, **more)
        asked.append(total)
        hidden = len(asked) - 1  # each reading hides another row
        return [*rows[:hidden], *rows[hidden + 1 :]], total - 1

    monkeypatch.setattr(Table, "page", page)
    poll(delivered.visma, ENTITY, full=True)

    assert len(asked) == 2
    assert vanished() == set()


def test_a_deleted_value_of_a_dimension_is_missed_by_any_reading(
    connections: Connections, sandbox: SandboxServer
) -> None:
    mapping = ready_mapping(connections, "dimension_value")
    foreground.sync(mapping.tenant)
    company = sandbox.visma.company
    payload = company.draft("dimension", "PROJECT")
    lost = payload["segments"][0]["segmentValues"].pop()
    company.change("dimension", payload, "dimension_changed")

    foreground.sync(mapping.tenant)

    assert vanished() == {f"PROJECT:1:{lost['valueId']}"}
    assert f"4021:dimension_value:PROJECT:1:{lost['valueId']}" not in cells_by_key(sandbox, mapping)


def pass_nights(count: int) -> None:
    """As if the stream had last been read so many nights ago."""
    before = database_now() - timedelta(days=count)
    Watermark.objects.update(counted_at=before, last_started_at=before)


def test_a_record_deleted_by_day_is_archived_by_the_polls_of_the_night(
    delivered: BoardMapping, sandbox: SandboxServer
) -> None:
    number = an_invoice(sandbox)
    sandbox.visma.delete_invoice(number)
    poll(delivered.visma, ENTITY)
    by_day = vanished()
    pass_nights(1)

    poll(delivered.visma, ENTITY)

    assert by_day == set()
    assert vanished() == {f"Invoice:{number}"}


def test_a_stream_is_read_as_a_whole_once_in_a_night(
    delivered: BoardMapping, sandbox: SandboxServer
) -> None:
    pass_nights(1)
    whole = poll(delivered.visma, ENTITY).read
    changed = poll(delivered.visma, ENTITY).read

    assert whole > changed


@pytest.mark.parametrize(
    ("last", "now", "wanted"),
    [
        ("2026-10-24T23:00", "2026-10-25T01:00", False),  # read in the evening
        ("2026-10-24T01:30", "2026-10-24T23:30", False),  # 01:30 in Oslo: before the night
        ("2026-10-23T12:00", "2026-10-24T03:30", True),
        ("2026-03-28T03:00", "2026-03-29T03:30", True),  # the night that lacks an hour
        ("2026-10-24T03:30", "2026-10-25T03:00", True),  # the night that has one twice
    ],
)
def test_the_night_is_the_tenants(
    delivered: BoardMapping, last: str, now: str, wanted: bool
) -> None:
    mark = Watermark.objects.get()
    mark.counted_at = datetime.fromisoformat(f"{last}+00:00")
    mark.pk = NIGHT_MINUTES  # the start of the night

    assert is_nightly(mark, datetime.fromisoformat(f"{now}+00:00")) is wanted
