"""Reading Visma: complete, from a watermark that never runs ahead of what is stored."""

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import AskAPerson, ConnectorError, TryAgain
from connector.models import ApiCall, RecordLink, SourceRecord, SyncRun, Watermark
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync.poll import StreamBusy, due_streams, poll
from mappings.models import BoardMapping
from tenants.models import Health, VismaConnection
from tests.interrupts import after_answer

ENTITY = "supplier_invoice"


@pytest.fixture
def visma(mapping: BoardMapping) -> VismaConnection:
    return mapping.visma


def number_of(sandbox: SandboxServer) -> str:
    """Some ordinary invoice of the seeded company."""
    return SourceRecord.objects.filter(key__startswith="Invoice:").earliest("pk").number


def queries_of(sandbox: SandboxServer) -> list[str]:
    return [e.path for e in sandbox.log.entries() if "supplierInvoice" in e.path]


def test_the_first_pass_takes_in_every_record(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    account = poll(visma, ENTITY)

    assert (account.read, account.new) == (200, 200)
    assert SourceRecord.objects.count() == RecordLink.objects.count() == 200


def test_payloads_keep_every_digit_of_visma(visma: VismaConnection, sandbox: SandboxServer) -> None:
    poll(visma, ENTITY)

    four_decimals = SourceRecord.objects.filter(payload__regex=r'"amount":-?\d+\.\d{4}[,}]')
    assert four_decimals.exists()


def test_the_next_pass_asks_only_for_what_changed_since(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    sandbox.log.clear()
    poll(visma, ENTITY)

    (query,) = queries_of(sandbox)
    assert "lastModifiedDateTime=" in query
    assert "lastModifiedDateTimeCondition=>=" in query.replace("%3E%3D", ">=")


def test_a_pass_without_a_change_writes_no_record_link_or_run(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    before = (list(SourceRecord.objects.values()), list(RecordLink.objects.values()))
    runs, monday_calls = SyncRun.objects.count(), ApiCall.objects.filter(mutation=True).count()
    poll(visma, ENTITY)

    assert (list(SourceRecord.objects.values()), list(RecordLink.objects.values())) == before
    assert SyncRun.objects.count() == runs
    assert ApiCall.objects.filter(mutation=True).count() == monday_calls == 0


def test_a_changed_a_new_and_a_voided_invoice_are_found(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    number = number_of(sandbox)
    sandbox.visma.edit_invoice(number, description="Endret")
    sandbox.visma.add_invoice()
    account = poll(visma, ENTITY)

    assert (account.new, account.changed) == (1, 1)


def test_the_watermark_is_visma_s_own_newest_timestamp(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)

    newest = max(SourceRecord.objects.values_list("modified_at", flat=True))
    assert Watermark.objects.get().position == newest


def test_the_watermark_stays_where_it_was_when_a_pass_is_cut_short(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.page_caps["supplier_invoice"] = 50
    sandbox.faults.add(
        {
            "match": {"system": "visma", "path": "*supplierInvoice*", "nth": 3},
            "do": [{"action": "html_502"}],
        }
    )
    with pytest.raises(ConnectorError):
        poll(visma, ENTITY)

    assert SourceRecord.objects.count() == 100
    assert Watermark.objects.get().position == ""


def test_after_a_cut_pass_the_next_one_misses_nothing(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.page_caps["supplier_invoice"] = 50
    sandbox.faults.add(
        {
            "match": {"system": "visma", "path": "*supplierInvoice*", "nth": 3},
            "do": [{"action": "html_502"}],
        }
    )
    with pytest.raises(ConnectorError):
        poll(visma, ENTITY)
    poll(visma, ENTITY)

    assert SourceRecord.objects.count() == 200
    assert SyncRun.objects.filter(read_until=None).count() == 0


def test_a_smaller_page_cap_than_asked_for_cuts_nothing_off(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.page_caps["supplier_invoice"] = 7

    assert poll(visma, ENTITY).read == 200


def test_a_stream_is_read_by_one_worker_at_a_time(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    later = database_now() + timedelta(minutes=1)
    Watermark.objects.create(connection=visma, entity=ENTITY, lease_until=later)

    with pytest.raises(StreamBusy):
        poll(visma, ENTITY)


def test_an_expired_token_is_renewed_once_and_the_pass_goes_on(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    sandbox.visma.tokens.revoke()
    sandbox.log.clear()
    poll(visma, ENTITY)

    tokens = [e for e in sandbox.log.entries() if e.path.endswith("/connect/token")]
    assert len(tokens) == 1


def test_one_token_serves_many_passes(visma: VismaConnection, sandbox: SandboxServer) -> None:
    for _ in range(3):
        poll(visma, ENTITY)

    assert len([e for e in sandbox.log.entries() if e.path.endswith("/connect/token")]) == 1


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("client_secret", "wrong", "Client secret"),
        ("visma_tenant_id", world.VISMA_CUSTOMER_TENANT_ID, "tenant"),
        ("company_id", "9999", "Company id"),
    ],
)
def test_wrong_credentials_stop_the_connection_with_words_that_name_the_field(
    visma: VismaConnection, sandbox: SandboxServer, field: str, value: str, named: str
) -> None:
    setattr(visma, field, value)
    visma.save()
    with pytest.raises(AskAPerson):
        poll(visma, ENTITY)

    visma.refresh_from_db()
    assert visma.health == Health.NEEDS_PERSON
    assert named.casefold() in f"{visma.health_reason} {visma.health_remedy}".casefold()
    assert due_streams(now=database_now() + timedelta(hours=1)) == []


def test_a_limit_of_visma_is_waited_for(visma: VismaConnection, sandbox: SandboxServer) -> None:
    sandbox.visma.quirks.calls_per_hour = 0
    with pytest.raises(TryAgain):
        poll(visma, ENTITY)

    mark = Watermark.objects.get()
    assert mark.not_before is not None
    assert due_streams(now=mark.not_before - timedelta(seconds=1)) == []


def test_a_stream_is_due_again_after_its_minutes(
    visma: VismaConnection, sandbox: SandboxServer, mapping: BoardMapping
) -> None:
    poll(visma, ENTITY)
    now: Any = Watermark.objects.get().last_started_at

    minutes = timedelta(minutes=mapping.poll_minutes)
    assert due_streams(now=now + minutes / 2) == []
    assert due_streams(now=now + minutes) == [(visma.pk, ENTITY)]


def test_a_record_that_visma_commits_late_is_read_all_the_same(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    poll(visma, ENTITY)
    before_the_watermark = sandbox.visma.company.stamps.now() - timedelta(minutes=90)
    late = sandbox.visma.company.draft(ENTITY, "Invoice:205501")
    late |= {"referenceNumber": "999001"}
    poll_once_more_at(sandbox, visma)
    sandbox.visma.company.plant(ENTITY, late, before_the_watermark)
    poll(visma, ENTITY)

    assert SourceRecord.objects.filter(number="999001").exists()


def poll_once_more_at(sandbox: SandboxServer, visma: VismaConnection) -> None:
    """Bring the watermark to this moment."""
    sandbox.visma.add_invoice()
    poll(visma, ENTITY)


def test_the_watermark_never_moves_back_though_its_record_was_deleted(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    newest = sandbox.visma.add_invoice()
    poll(visma, ENTITY)
    position = Watermark.objects.get().position
    sandbox.visma.delete_invoice(newest.partition(":")[2])
    poll(visma, ENTITY, full=True)

    assert Watermark.objects.get().position == position


def test_a_pass_in_which_rows_moved_between_pages_is_read_again(
    visma: VismaConnection, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.page_caps[ENTITY] = 50
    with after_answer("pageNumber=1", lambda: sandbox.visma.delete_invoice("205501")):
        poll(visma, ENTITY)

    rows = sandbox.visma.company.tables[ENTITY].rows()
    in_visma = {f"{row['documentType']}:{row['referenceNumber']}" for row in rows}
    assert in_visma <= set(SourceRecord.objects.values_list("key", flat=True))
