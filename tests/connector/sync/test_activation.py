"""A mapping that goes live or goes on: whatever was read while it did not write, it catches up."""

from typing import Any

import pytest
from django.db import transaction

from connector.models import LinkState, RecordLink, SourceRecord, SyncRun, Trigger
from connector.sandbox.server import SandboxServer
from connector.sync import foreground, intake
from connector.sync.activate import activate, deactivate
from connector.sync.line_boards import hide_lines, show_lines
from connector.sync.poll import poll
from connector.sync.runs import RunBook
from connector.visma.client import Row
from mappings.models import BoardMapping
from tests.connector.shown import cells_by_key
from tests.connector.sync.conftest import Eyes, Work, payload
from tests.connector.sync.test_races import side_by_side
from tests.connector.test_every_entity import ready_mapping
from tests.faults.mortal import Death
from tests.interrupts import at_statement, before_request
from tests.world import Connections

ENTITY = "supplier_invoice"
BY = "kari@nordlys.example"
KEY = "4021:supplier_invoice_line:"


@pytest.fixture
def other(connections: Connections, sandbox: SandboxServer) -> BoardMapping:
    """The same invoices on a ready-made board of their own."""
    return ready_mapping(connections, ENTITY)


def invoices(sandbox: SandboxServer) -> dict[str, dict[str, Any]]:
    rows = sandbox.visma.company.tables[ENTITY].rows()
    return {f"{row['documentType']}:{row['referenceNumber']}": row for row in rows}


def keep(sandbox: SandboxServer, number: int) -> None:
    """The company has so many invoices only."""
    for key in sorted(invoices(sandbox))[number:]:
        sandbox.visma.company.tables[ENTITY].drop(key)


def read_all(mapping: BoardMapping) -> None:
    poll(mapping.visma, ENTITY, trigger=Trigger.PERSON, full=True)


def edit(sandbox: SandboxServer, key: str, **changes: str) -> None:
    kind, _, number = key.partition(":")
    sandbox.visma.edit_invoice(number, kind=kind, **changes)


def die() -> None:
    raise Death


def linked(mapping: BoardMapping) -> int:
    return RecordLink.objects.filter(mapping=mapping).count()


def test_what_another_mapping_had_read_meanwhile_is_caught_up_with(
    mapping: BoardMapping, other: BoardMapping, sandbox: SandboxServer, work: Work, board: Eyes
) -> None:
    keep(sandbox, 12)
    foreground.sync(mapping.tenant)
    deactivate(mapping)
    changed, deleted = sorted(invoices(sandbox).values(), key=lambda row: row["referenceNumber"])[
        :2
    ]
    sandbox.visma.edit_invoice(
        changed["referenceNumber"], kind=changed["documentType"], description="Meanwhile"
    )
    sandbox.visma.delete_invoice(deleted["referenceNumber"], kind=deleted["documentType"])
    read_all(other)
    work()

    activate(mapping, by=BY)
    work()

    assert "Meanwhile" in board.cells("Description")
    assert len(board.items) == 11
    run = SyncRun.objects.filter(mapping=mapping).latest("pk")
    assert (run.trigger, run.read, run.updated, run.archived) == (Trigger.PERSON, 2, 1, 1)
    assert run.finished_at is not None


def test_what_was_read_for_labels_only_is_caught_up_with(
    mapping: BoardMapping, sandbox: SandboxServer, work: Work, board: Eyes
) -> None:
    keep(sandbox, 3)
    foreground.sync(mapping.tenant)
    deactivate(mapping)
    edit(sandbox, next(iter(invoices(sandbox))), description="New")
    sandbox.visma.add_invoice(amount="12.50", description="Added")
    poll(mapping.visma, ENTITY)  # as a pair does whose labels are kept in step with the records

    activate(mapping, by=BY)
    work()

    assert {"New", "Added"} <= set(board.cells("Description"))
    assert len(board.items) == 4


def test_what_stood_still_meanwhile_is_left_alone(
    mapping: BoardMapping, sandbox: SandboxServer, work: Work, board: Eyes
) -> None:
    keep(sandbox, 12)
    mapping.filter = {"status": ["Open"]}
    mapping.save(update_fields=["filter"])
    foreground.sync(mapping.tenant)
    writes, runs = len(board.mutations()), SyncRun.objects.count()
    deactivate(mapping)
    read_all(mapping)

    activate(mapping, by=BY)
    work()

    assert (len(board.mutations()), SyncRun.objects.count()) == (writes, runs)


def test_a_refused_record_that_changed_meanwhile_is_tried_again(
    mapping: BoardMapping, sandbox: SandboxServer, work: Work, board: Eyes
) -> None:
    keep(sandbox, 1)
    (key,) = invoices(sandbox)
    board.switch_label("Status", "Closed", on=False)
    edit(sandbox, key, status="Closed")
    foreground.sync(mapping.tenant)
    refused = RecordLink.objects.get().state
    deactivate(mapping)
    edit(sandbox, key, status="Open")
    poll(mapping.visma, ENTITY)

    activate(mapping, by=BY)
    work()

    assert (refused, RecordLink.objects.get().state) == (LinkState.FAILED, LinkState.DELIVERED)


@pytest.mark.parametrize("was_live", [False, True])
def test_a_mapping_that_goes_live_while_its_stream_is_read_misses_no_page(
    mapping: BoardMapping, other: BoardMapping, sandbox: SandboxServer, was_live: bool
) -> None:
    sandbox.visma.quirks.page_caps[ENTITY] = 50
    if was_live:
        read_all(mapping)
        RecordLink.objects.filter(mapping=mapping).update(state=LinkState.DELIVERED)
        for key in invoices(sandbox):
            edit(sandbox, key, description="Meanwhile")
    BoardMapping.objects.filter(pk=mapping.pk).update(active=False)
    mapping.refresh_from_db()

    with before_request("supplierInvoice", lambda: activate(mapping, by=BY), nth=3):
        poll(other.visma, ENTITY, trigger=Trigger.PERSON)

    waiting = RecordLink.objects.filter(mapping=mapping, state=LinkState.WAITING).count()
    assert waiting == SourceRecord.objects.filter(entity=ENTITY).count() == 200


@pytest.mark.django_db(transaction=True)
def test_a_page_stored_in_the_moment_of_going_live_is_seen_by_one_of_both(
    mapping: BoardMapping, other: BoardMapping
) -> None:
    BoardMapping.objects.filter(pk=mapping.pk).update(active=False)
    mapping.refresh_from_db()

    side_by_side(
        lambda: read_all(other),
        'INSERT INTO "?connector_sourcerecord',
        lambda: activate(mapping, by=BY),
    )

    assert linked(mapping) == linked(other) == 200


def test_a_mapping_paused_while_its_stream_is_read_opens_no_more_runs(
    mapping: BoardMapping, other: BoardMapping, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.page_caps[ENTITY] = 50

    with before_request("supplierInvoice", lambda: deactivate(mapping), nth=3):
        poll(other.visma, ENTITY)

    assert (linked(mapping), linked(other)) == (100, 200)
    assert not SyncRun.objects.filter(read_until=None).exists()


@pytest.fixture
def both_lines(
    other: BoardMapping, connections: Connections, sandbox: SandboxServer
) -> tuple[BoardMapping, BoardMapping]:
    """Two mappings of the same invoices, both with their lines as subitems; on the boards."""
    keep(sandbox, 4)
    again = ready_mapping(connections, ENTITY, attempt="second")
    pair = show_lines(other, by=BY), show_lines(again, by=BY)
    foreground.sync(other.tenant)
    return pair


def edit_line(sandbox: SandboxServer, invoice: str = "") -> str:
    """Another description on the first line of an invoice; returns the line's key."""
    company = sandbox.visma.company
    key = invoice or next(iter(invoices(sandbox)))
    payload = company.draft(ENTITY, key)
    line = payload["invoiceLines"][0]
    line["transactionDescription"] = "Meanwhile"
    company.change(ENTITY, payload, "invoice_edited")
    return f"{KEY}{key}:{line['lineNumber']}"


def test_lines_that_changed_while_they_were_not_shown_are_caught_up_with(
    both_lines: tuple[BoardMapping, BoardMapping], sandbox: SandboxServer, work: Work
) -> None:
    lines, _ = both_lines
    assert lines.parent is not None
    hide_lines(lines.parent)
    key = edit_line(sandbox)
    poll(lines.visma, ENTITY)
    work()

    show_lines(lines.parent, by=BY)
    work()

    assert cells_by_key(sandbox, lines)[key]["Description"] == "Meanwhile"


def test_lines_that_nobody_has_read_meanwhile_are_caught_up_with(
    both_lines: tuple[BoardMapping, BoardMapping], sandbox: SandboxServer, work: Work
) -> None:
    for lines in both_lines:
        assert lines.parent is not None
        hide_lines(lines.parent)
    key = edit_line(sandbox)
    poll(lines.visma, ENTITY)

    for lines in both_lines:
        assert lines.parent is not None
        show_lines(lines.parent, by=BY)
    work()

    shown = [cells_by_key(sandbox, lines)[key]["Description"] for lines in both_lines]
    assert shown == ["Meanwhile", "Meanwhile"]


def test_lines_that_are_shown_while_their_documents_are_read_miss_no_page(
    both_lines: tuple[BoardMapping, BoardMapping], sandbox: SandboxServer
) -> None:
    lines, others = both_lines
    assert lines.parent is not None
    RecordLink.objects.filter(mapping=lines).delete()
    deactivate(lines)
    sandbox.visma.quirks.page_caps[ENTITY] = 2
    for _ in range(4):
        sandbox.visma.add_invoice(amount="12.50", description="Added")
    for key in invoices(sandbox):
        edit_line(sandbox, key)

    with before_request("supplierInvoice", lambda: activate(lines, by=BY), nth=2):
        read_all(others)

    assert linked(lines) == linked(others) > 8


def test_who_dies_over_an_activation_leaves_it_to_be_done_again(
    mapping: BoardMapping, other: BoardMapping
) -> None:
    BoardMapping.objects.filter(pk=mapping.pk).update(active=False)
    mapping.refresh_from_db()
    read_all(other)

    with at_statement('UPDATE "connector_syncrun" SET "read"', die), pytest.raises(Death):
        activate(mapping, by=BY)
    left = BoardMapping.objects.get(pk=mapping.pk)
    assert not left.active
    activate(left, by=BY)

    assert linked(left) == 200


def test_a_record_that_changes_twice_within_one_pass_is_accounted_for_twice(
    mapping: BoardMapping, work: Work
) -> None:
    book = RunBook([mapping], Trigger.PERSON)
    for description in ("first", "second"):
        row = Row("Invoice:200001", "2026-07-14T09:00:00", "", payload(1, description=description))
        with transaction.atomic():
            intake.take_in(mapping.visma, mapping.entity, [row], book)
    book.close()

    work()

    run = SyncRun.objects.get()
    assert (run.read, run.superseded, run.created) == (2, 1, 1)
    assert run.finished_at is not None
