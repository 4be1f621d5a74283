"""Records on demand, workers on demand, and eyes on the sandbox's board."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from connector.models import AccountLimits, AuditEntry, Batch, BoardLane, RecordLink, Trigger
from connector.sandbox.monday import board_acts, item_acts, label_acts
from connector.sandbox.server import SandboxServer
from connector.sandbox.world import INGRID
from connector.sync import intake, slices
from connector.sync.lanes import due_lanes
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping

TakeIn = Callable[..., None]
Work = Callable[[], None]
# So many new items are a load in a test.
FEW = 12


def payload(number: int, **changes: Any) -> dict[str, Any]:
    """A supplier invoice as Visma gives it, with what the mapping shows."""
    return {
        "documentType": "Invoice",
        "referenceNumber": f"2{number:05}",
        "supplier": {"number": "50010", "name": "Ødegård Frukt & Grønt AS"},
        "date": "2026-07-14T00:00:00",
        "dueDate": "2026-08-13T00:00:00",
        "status": "Open",
        "currencyId": "NOK",
        "amount": Decimal("1234.5600"),
        "balance": Decimal("1234.56"),
        "balanceInCurrency": Decimal("1234.5600"),
        "description": "Bananer",
        **changes,
    }


@pytest.fixture
def take_in(mapping: BoardMapping) -> TakeIn:
    """Let Visma have these invoices, as one page of a poll would bring them."""

    def take(*numbers: int, **changes: Any) -> None:
        rows = [
            Row(f"Invoice:2{n:05}", "2026-07-14T08:11:02.31", "", payload(n, **changes))
            for n in numbers
        ]
        book = RunBook([mapping], Trigger.PERSON)
        with transaction.atomic():
            intake.take_in(mapping.visma, mapping.entity, rows, book)
        book.close()

    return take


@pytest.fixture
def small(sandbox: SandboxServer) -> None:
    """A company of 60 invoices, for tests of what comes after its first sync."""
    invoices = sandbox.visma.company.tables["supplier_invoice"]
    for row in list(invoices.rows())[60:]:
        invoices.drop(invoices.key_of(row))


@pytest.fixture
def work() -> Work:
    """What the workers do until nothing is due at this moment."""

    def until_nothing_is_due() -> None:
        while lanes := due_lanes():
            for lane in lanes:
                slices.work(lane)

    return until_nothing_is_due


def pass_time(**time: float) -> None:
    """Let time pass for everything that waits for the database's clock."""
    gone = timedelta(**time)
    _shift(BoardLane, gone, "not_before", "quiet_until", "lease_until")
    _shift(Batch, gone, "not_before", "first_sent_at", "last_sent_at", "uploaded_at")
    _shift(RecordLink, gone, "not_before", "waiting_since")
    _shift(BoardMapping, gone, "board_read_at", "bulk_not_before")
    _shift(AccountLimits, gone, "blocked_until")


def _shift(model: Any, gone: timedelta, *columns: str) -> None:
    for row in model.objects.all():
        moved = {c: getattr(row, c) - gone for c in columns if getattr(row, c) is not None}
        if moved:
            model.objects.filter(pk=row.pk).update(**moved)


@dataclass
class Eyes:
    """A board of the sandbox as a person sees and touches it; columns by title."""

    sandbox: SandboxServer
    board: Any

    @property
    def account(self) -> Any:
        return self.sandbox.monday.account

    @property
    def items(self) -> list[Any]:
        return [item for item in self.board.items.values() if item.state == "active"]

    def column(self, title: str) -> Any:
        return next(c for c in self.board.columns.values() if c.title == title)

    def cells(self, title: str) -> list[Any]:
        return [item.cells.get(self.column(title).id) for item in self.items]

    def mutations(self) -> list[Any]:
        return [e for e in self.sandbox.log.entries() if e.system == "monday" and e.mutation]

    def switch_label(self, title: str, label: str, *, on: bool) -> None:
        column = self.column(title)
        label_id = label_acts.label_id_of(column, label)
        label_acts.label_switch(self.account, self.board, column, label_id, on)

    def delete_column(self, title: str) -> None:
        board_acts.column_delete(self.account, self.board, self.column(title))

    def set_board(self, state: str) -> None:
        board_acts.board_set_state(self.account, self.board, state)

    def set_item(self, item: Any, state: str) -> None:
        item_acts.item_set_state(self.account, self.board, item, state, by=INGRID.id)

    def copy_item(self, item: Any) -> None:
        item_acts.item_copy(self.account, self.board, item, by=INGRID.id)


@pytest.fixture
def board(sandbox: SandboxServer, mapping: BoardMapping) -> Eyes:
    found = sandbox.monday.account.boards[int(mapping.board_id)]
    return Eyes(sandbox, found)


@pytest.fixture
def bulk(settings: Any) -> None:
    """A threshold that a test can reach in no time."""
    settings.BULK_THRESHOLD = FEW


@pytest.fixture
def until_done(work: Work, board: Eyes, bulk: None) -> Work:
    """Workers, and monday working on what it was given, until nothing is left to wait for."""

    def go_on() -> None:
        for _ in range(12):
            work()
            board.sandbox.monday.bulk.wait()
            if not set(states()) & {"waiting", "sending", "uncertain"}:
                return
            pass_time(seconds=31)
            board.sandbox.clock.advance(31)

    return go_on


def states() -> dict[str, int]:
    counted: dict[str, int] = {}
    for state in RecordLink.objects.values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    return counted


def entries(**facts: Any) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(**facts).order_by("pk"))
