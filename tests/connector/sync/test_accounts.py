"""The account of a sync in the foreground adds up, whichever of its runs counted a record."""

from datetime import timedelta
from typing import Any

import pytest

from connector.models import RecordLink, SourceRecord, SyncRun, Trigger
from connector.sandbox.server import SandboxServer
from connector.sync import foreground, reading
from connector.sync.poll import poll
from connector.sync.reading import PassAccount
from mappings.models import BoardMapping


@pytest.fixture
def changing(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pages of the reading somebody changes what the first page brought."""

    def poll_then_change(*given: Any, **wanted: Any) -> PassAccount:
        account = poll(*given, **wanted)
        first = SourceRecord.objects.filter(key__startswith="Invoice:").earliest("pk")
        sandbox.visma.edit_invoice(first.number, description="Changed meanwhile")
        return account

    sandbox.visma.quirks.page_caps["supplier_invoice"] = 50
    monkeypatch.setattr(foreground, "poll", poll_then_change)
    monkeypatch.setattr(foreground, "READ_SLICE", 0.0)
    monkeypatch.setattr(reading, "LATEST_EVERY", timedelta(0))


def test_what_a_run_beside_a_long_reading_took_over_is_counted_once(
    mapping: BoardMapping, changing: None
) -> None:
    account = foreground.sync(mapping.tenant, entity="supplier_invoice")

    parts = ("created", "updated", "unchanged", "excluded", "failed", "uncertain", "waiting")
    main = SyncRun.objects.exclude(trigger=Trigger.SCHEDULE)
    assert main.filter(superseded__gt=0).exists(), "nothing was taken over"
    assert account.counts["created"] == RecordLink.objects.count() == 200
    assert account.counts["read"] == sum(account.counts[part] for part in parts)
