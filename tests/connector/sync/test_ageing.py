"""The ageing pass: the calendar moves, and exactly the documents it touches are written."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from connector import tasks
from connector.models import Batch, BoardLane, LinkState, RecordLink, SyncRun, clock
from connector.sandbox.server import SandboxServer
from connector.sync import ageing, foreground
from connector.sync.boards import today
from mappings.models import BoardMapping
from tests.connector.shown import cells_by_key
from tests.connector.sync.conftest import Work
from tests.connector.test_every_entity import ready_mapping
from tests.world import Connections

OSLO = ZoneInfo("Europe/Oslo")
Move = Callable[[int], date]


LATER = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '{seconds:+d} seconds')",
    "postgresql": "SELECT clock_timestamp() + interval '{seconds} seconds'",
}


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Puts the database's clock so many days ahead, about noon, and tells the day in Oslo."""
    now = datetime.now(UTC)
    to_noon = int((now.replace(hour=11, minute=0) - now).total_seconds())

    def to(days: int) -> date:
        later = LATER[connection.vendor].format(seconds=to_noon + days * 86_400)
        monkeypatch.setitem(clock.SQL, connection.vendor, later)
        return clock.database_now().astimezone(OSLO).date()

    return to


@pytest.fixture
def documents(connections: Connections, sandbox: SandboxServer, move: Move) -> BoardMapping:
    """Customer documents on their ready-made board, delivered today."""
    move(0)
    mapping = ready_mapping(connections, "customer_document")
    foreground.sync(connections.visma.tenant)
    return mapping


def overdue(sandbox: SandboxServer, day: date) -> dict[str, int]:
    """Open documents with their days past due, counted by hand."""
    found = {}
    for row in sandbox.visma.company.tables["customer_document"].rows():
        if row["status"] == "Open" and row["balanceInCurrency"] and row["documentDueDate"]:
            key = f"4021:customer_document:{row['documentType']}:{row['referenceNumber']}"
            found[key] = max((day - date.fromisoformat(row["documentDueDate"][:10])).days, 0)
    return found


def label(days: int) -> str:
    limits = ((0, "Not due"), (30, "1–30 days"), (60, "31–60 days"), (90, "61–90 days"))
    return next((name for last, name in limits if days <= last), "Over 90 days")


def changed_items(sandbox: SandboxServer) -> int:
    return sum(effect.kind == "item_changed" for effect in sandbox.log.effects())


def ages_shown(sandbox: SandboxServer, mapping: BoardMapping) -> dict[str, tuple[Any, Any]]:
    cells = cells_by_key(sandbox, mapping)
    aged = {k: (c.get("Ageing"), c.get("Days overdue")) for k, c in cells.items()}
    return {key: pair for key, pair in aged.items() if pair != (None, None)}


@pytest.mark.parametrize("days", [1, 30, 95])
def test_a_later_day_changes_exactly_the_documents_it_makes_older(
    documents: BoardMapping, sandbox: SandboxServer, move: Move, days: int
) -> None:
    before = overdue(sandbox, move(0))
    sandbox.log.clear()

    after = overdue(sandbox, move(days))
    account = foreground.sync(documents.tenant)

    moved = [key for key, past in after.items() if past != before[key]]
    assert 0 < len(moved) < len(after) or days == 95
    assert changed_items(sandbox) == len(moved)
    assert account.monday_calls <= len(moved) / 25 + 2
    wanted = {key: (label(past), Decimal(past)) for key, past in after.items()}
    assert ages_shown(sandbox, documents) == wanted


def test_the_same_day_is_looked_through_once_and_writes_nothing(
    documents: BoardMapping, sandbox: SandboxServer, move: Move
) -> None:
    foreground.sync(documents.tenant)
    sandbox.log.clear()

    account = foreground.sync(documents.tenant)

    assert account.monday_calls == 0
    assert ageing.due(ageing.active()) == []


def test_where_only_the_bucket_is_shown_a_day_more_is_no_change(
    documents: BoardMapping, sandbox: SandboxServer, move: Move
) -> None:
    documents.pairings.filter(field="days_overdue").delete()
    before = overdue(sandbox, move(0))
    sandbox.log.clear()

    after = overdue(sandbox, move(1))
    foreground.sync(documents.tenant)

    moved = [key for key, past in after.items() if label(past) != label(before[key])]
    assert moved
    assert changed_items(sandbox) == len(moved)


def test_a_paid_document_leaves_the_ageing(
    documents: BoardMapping, sandbox: SandboxServer, move: Move
) -> None:
    key = next(k for k in overdue(sandbox, move(0)) if ":Invoice:" in k)

    sandbox.visma.collect_payment(key.rpartition(":")[2])
    foreground.sync(documents.tenant)

    assert key not in ages_shown(sandbox, documents)
    assert key in cells_by_key(sandbox, documents)


def test_a_mapping_counts_by_its_own_limits(
    documents: BoardMapping, sandbox: SandboxServer, move: Move
) -> None:
    day = move(1)
    BoardMapping.objects.update(filter={"ageing_limits": [7, 14]}, aged_on=None)

    foreground.sync(documents.tenant)

    shown = {key: pair[0] for key, pair in ages_shown(sandbox, documents).items()}
    limits = ((0, "Not due"), (7, "1–7 days"), (14, "8–14 days"))
    assert shown == {
        key: next((name for last, name in limits if past <= last), "Over 14 days")
        for key, past in overdue(sandbox, day).items()
    }


def test_the_tick_finds_what_midnight_has_changed(
    documents: BoardMapping, sandbox: SandboxServer, move: Move
) -> None:
    move(1)

    tasks.age_mapping(documents.pk)

    documents.refresh_from_db()
    assert documents.aged_on == move(1)
    assert documents.links.filter(state="waiting").exists()


@pytest.fixture
def lost(documents: BoardMapping, sandbox: SandboxServer, work: Work, move: Move) -> RecordLink:
    """An open document whose change has gone out; whether it arrived is not known yet."""
    key = next(key for key in overdue(sandbox, move(0)) if ":Invoice:" in key)
    link = documents.links.get(record__key=key.split(":", 2)[2])
    link.delivered["name"] = "not what it shall be"
    link.state = LinkState.WAITING
    link.save()
    match = {"operation": "change*", "count": 1}
    sandbox.faults.add({"match": match, "do": [{"action": "execute_then_reset"}]})
    work()
    link.refresh_from_db()
    assert link.state == LinkState.UNCERTAIN
    return link


def test_what_is_in_flight_over_midnight_does_not_have_all_documents_looked_at_for_long(
    documents: BoardMapping, lost: RecordLink, move: Move
) -> None:
    day = move(1)

    ageing.age(documents)

    documents.refresh_from_db()
    assert documents.aged_on == day
    assert ageing.due(ageing.active()) == []


def test_what_is_in_flight_over_midnight_shows_the_new_day_once_it_is_settled(
    documents: BoardMapping, lost: RecordLink, sandbox: SandboxServer, work: Work, move: Move
) -> None:
    wanted = {key: (label(past), past) for key, past in overdue(sandbox, move(1)).items()}
    tasks.age_mapping(documents.pk)
    # Its answer was lost just before midnight: the same bytes go out again.
    now = clock.database_now()
    Batch.objects.exclude(state=Batch.State.SETTLED).update(first_sent_at=now, not_before=None)
    BoardLane.objects.update(not_before=None)

    work()

    assert lost.batch is not None
    lost.batch.refresh_from_db()
    assert lost.batch.sends == 2
    assert ages_shown(sandbox, documents) == wanted
    assert not SyncRun.objects.filter(finished_at=None).exists()


def test_the_day_is_the_tenant_s(
    documents: BoardMapping, monkeypatch: pytest.MonkeyPatch, move: Move
) -> None:
    day = move(0)
    documents.tenant.timezone = "Pacific/Kiritimati"  # fourteen hours ahead

    assert today(documents) == day + timedelta(days=1)
