"""Values as companies have them: exact to the last digit, and nothing that breaks a run."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.models import LinkState, RecordLink, SourceRecord, Watermark
from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.poll import poll
from connector.visma.records import decode
from mappings.models import BoardMapping
from tests.connector.shown import Cells, cells_by_key
from tests.connector.test_every_entity import ready_mapping
from tests.world import Connections

FAMILY = "👩‍👩‍👧‍👦"


@pytest.fixture
def invoices(sandbox: SandboxServer, connections: Connections) -> BoardMapping:
    """Few of them: those dated in the last days."""
    return ready_mapping(connections, "supplier_invoice", filter={"date_from": "2026-11-10"})


def with_values(sandbox: SandboxServer, **changes: Any) -> str:
    """A new invoice with these fields; its key."""
    key = sandbox.visma.add_invoice()
    payload = sandbox.visma.company.draft("supplier_invoice", key)
    payload |= {"date": "2026-11-20T00:00:00", **changes}
    sandbox.visma.company.change("supplier_invoice", payload, "invoice_edited")
    return key


def shown(sandbox: SandboxServer, mapping: BoardMapping, key: str) -> Cells:
    return cells_by_key(sandbox, mapping)[f"4021:supplier_invoice:{key}"]


@pytest.mark.parametrize(
    "amount",
    ["-0.00", "1000000000000000000", "0.1234567890123456789012345678", "99999999.99995", "1E+3"],
)
def test_an_amount_keeps_every_digit(
    invoices: BoardMapping, sandbox: SandboxServer, amount: str
) -> None:
    key = with_values(sandbox, balanceInCurrency=Decimal(amount), currencyId="SEK")

    foreground.sync(invoices.tenant)

    cells = shown(sandbox, invoices, key)
    assert cells["Balance"] == Decimal(amount)
    assert cells["Currency"] == "SEK"


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity", "1,5", "1\x00"])
def test_what_is_no_number_keeps_its_own_record_back_and_no_other(
    invoices: BoardMapping, sandbox: SandboxServer, wrong: Any
) -> None:
    bad, good = with_values(sandbox, balanceInCurrency=wrong), with_values(sandbox)

    foreground.sync(invoices.tenant)

    link = RecordLink.objects.get(record__key=bad)
    assert link.state == LinkState.FAILED
    assert link.failure_happened
    assert link.failure_remedy
    assert shown(sandbox, invoices, good)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Familie {FAMILY} AS", f"Familie {FAMILY} AS"),
        ("\u202eabc\u202c SA", "\u202eabc\u202c SA"),
        ("Cafe\u0301 Ma\u0308lar", "Café Mälar"),
        ("Null\x00tegn", "Nulltegn"),
        ("Halv \ud83d emoji", "Halv  emoji"),
        ("Slutt \ude00", "Slutt"),
    ],
)
def test_odd_characters_arrive_or_are_left_out_and_break_nothing(
    invoices: BoardMapping, sandbox: SandboxServer, text: str, expected: str
) -> None:
    key = with_values(sandbox, description=text, supplier={"number": "50001", "name": text})

    account = foreground.sync(invoices.tenant)

    assert account.is_clean, account.problems or account.errors
    assert shown(sandbox, invoices, key)["Description"] == expected
    assert SourceRecord.objects.get(key=key).party == expected


def test_a_name_of_400_characters_is_cut_alike_each_time_and_kept_whole_beside(
    invoices: BoardMapping, sandbox: SandboxServer
) -> None:
    long = "Å" * 399 + "!"
    key = with_values(sandbox, supplier={"number": "50001", "name": long})
    foreground.sync(invoices.tenant)
    name = shown(sandbox, invoices, key)["name"]

    again = foreground.sync(invoices.tenant, full=True)

    assert len(name) == 255
    assert name.endswith("…")
    assert again.monday_calls == 0
    assert shown(sandbox, invoices, key)["Supplier"] == long


def test_unknown_choices_new_fields_and_missing_ones_break_no_run(
    invoices: BoardMapping, sandbox: SandboxServer
) -> None:
    sandbox.visma.company.quirks.new_fields = True
    key = with_values(sandbox, status="PendingSomething", colour={"deep": [1, {"er": None}]})
    payload = sandbox.visma.company.draft("supplier_invoice", key)
    for name in ("description", "approvalStatus", "invoiceLines", "dueDate"):
        del payload[name]
    sandbox.visma.company.change("supplier_invoice", payload, "invoice_edited")

    account = foreground.sync(invoices.tenant)

    assert account.is_clean, account.problems or account.errors
    cells = shown(sandbox, invoices, key)
    assert cells["Status"] == "Pending something"
    assert not cells.get("Due date")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Clocks go back: 02:30 comes twice, and the second writes a lower time than the first.
        ("2026-10-25T02:59:00", "2026-10-25T02:01:00"),
        # Clocks go forward: from 01:59 to 03:00.
        ("2027-03-28T01:59:00", "2027-03-28T03:00:00"),
    ],
)
def test_what_is_written_while_clocks_change_is_read(
    invoices: BoardMapping, sandbox: SandboxServer, before: str, after: str
) -> None:
    company = sandbox.visma.company
    second = with_values(sandbox)
    poll(invoices.visma, "supplier_invoice")
    Watermark.objects.update(position=before)
    plant(company, second, after, description="Etterpå")

    poll(invoices.visma, "supplier_invoice")

    stored = SourceRecord.objects.get(key=second).payload
    assert decode(stored.encode())["description"] == "Etterpå"


def plant(company: Any, key: str, stamp: str, **changes: Any) -> None:
    payload = company.draft("supplier_invoice", key)
    at = datetime.fromisoformat(stamp).replace(tzinfo=UTC)  # written as it stands, without a zone
    company.plant("supplier_invoice", {**payload, **changes}, at)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns"])
def test_a_day_in_visma_is_the_same_day_on_the_board_in_every_time_zone(
    invoices: BoardMapping, sandbox: SandboxServer, zone: str
) -> None:
    invoices.tenant.timezone = zone
    invoices.tenant.save()
    midnight = with_values(sandbox, dueDate="2026-12-31T00:00:00")
    late = with_values(sandbox, dueDate="2027-01-01T23:59:59.99")

    foreground.sync(invoices.tenant)

    assert shown(sandbox, invoices, midnight)["Due date"] == "2026-12-31"
    assert shown(sandbox, invoices, late)["Due date"] == "2027-01-01"
