"""The journal, whose pages end in the middle of batches: stored whole, whatever interrupts."""

from typing import Any

import pytest

from connector.models import SourceRecord, Watermark
from connector.sandbox.server import SandboxServer
from connector.sandbox.visma.company import Company
from connector.sync.poll import poll
from connector.visma.records import decode
from mappings.models import BoardMapping
from tests.connector.test_every_entity import ready_mapping
from tests.world import Connections

LINES = "journalTransactionLines"


@pytest.fixture
def company(sandbox: SandboxServer) -> Company:
    sandbox.visma.company.quirks.page_caps["journal"] = 37
    return sandbox.visma.company


@pytest.fixture
def journal(connections: Connections, company: Company) -> BoardMapping:
    return ready_mapping(connections, "journal_transaction")


def stored() -> dict[str, Any]:
    rows = SourceRecord.objects.filter(entity="journal_transaction", vanished_at=None)
    return {row.key: decode(row.payload.encode())[LINES] for row in rows}


def kept(company: Company) -> dict[str, Any]:
    rows = company.tables["journal"].rows()
    return {f"{row['module']}:{row['batchNumber']}": row[LINES] for row in rows}


def test_a_pass_that_stops_after_every_page_stores_every_batch_whole(
    journal: BoardMapping, company: Company
) -> None:
    stops = 0
    while not poll(journal.visma, "journal_transaction", seconds=0).complete:
        stops += 1

    assert stops > 10
    assert stored() == kept(company)
    assert Watermark.objects.get(entity="journal_transaction").position


def test_a_second_reading_changes_nothing(journal: BoardMapping, company: Company) -> None:
    poll(journal.visma, "journal_transaction")

    again = poll(journal.visma, "journal_transaction", full=True)

    assert (again.new, again.changed) == (0, 0)
    assert again.counted
    assert again.read == len(kept(company))


def test_a_released_invoice_brings_its_batch_alone(
    journal: BoardMapping, sandbox: SandboxServer
) -> None:
    poll(journal.visma, "journal_transaction")
    rows = sandbox.visma.company.tables["supplier_invoice"].rows()
    number = next(row["referenceNumber"] for row in rows if row["status"] == "Balanced")
    sandbox.visma.change_status(number, "Open")

    account = poll(journal.visma, "journal_transaction")

    assert account.new == 1
    assert stored() == kept(sandbox.visma.company)


def test_a_batch_deleted_in_visma_vanishes_after_two_full_readings(
    journal: BoardMapping, company: Company
) -> None:
    poll(journal.visma, "journal_transaction")
    held = next(row for row in company.tables["journal"].rows() if row["status"] == "Hold")
    company.drop("journal", f"{held['module']}:{held['batchNumber']}", "batch_deleted")

    poll(journal.visma, "journal_transaction", full=True)

    assert stored() == kept(company)
