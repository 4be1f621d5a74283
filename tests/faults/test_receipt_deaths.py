"""A worker dies at each step of a receipt's way: exactly one receipt, whole and linked.

``SEEDS=50 STRIDE=1`` tries every step under fifty circumstances; usually every so manieth step.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from connector.models import AccountLimits, GoodsReceipt, ReceiptState, RecordLink
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from connector.sync import receipts, watch
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Work, work  # noqa: F401 - a fixture
from tests.connector.sync.test_line_receipts import Dock, brought, dock_of
from tests.connector.sync.test_receipts import (  # noqa: F401 - fixtures
    Set,
    invoices,
    label,
    made,
    orders,
)
from tests.faults.mortal import Fate, Worker
from tests.faults.size import seeds, stride

pytestmark = pytest.mark.django_db
ROUNDS = 12  # enough for two deaths, a wait after each, and the way itself


@dataclass
class Circumstances:
    """What is different from seed to seed: all of it must end the same."""

    number: str  # of the order
    bill: str  # of the invoice that waits for its goods
    on_invoice: bool
    part_came: bool
    queued: bool
    figures: bool
    again_after: int  # a second death so many steps into a later life; 0: none


def circumstances(sandbox: SandboxServer, seed: int) -> Circumstances:
    chance = random.Random(seed)  # noqa: S311 - not for secrecy
    bill = chance.choice(sorted(waiting_bills(sandbox)))
    payload = sandbox.visma.company.get("supplier_invoice", f"Invoice:{bill}")
    return Circumstances(
        number=payload["invoiceLines"][0]["poNumber"],
        bill=bill,
        on_invoice=chance.random() < 0.4,
        part_came=chance.random() < 0.3,
        queued=chance.random() < 0.3,
        figures=chance.random() < 0.3,
        again_after=chance.choice((0, 0, 3, 9, 27)),
    )


def waiting_bills(sandbox: SandboxServer) -> Iterator[str]:
    """Invoices open for change whose lines all name one open order without receipts."""
    table = sandbox.visma.company.tables
    for bill in table["supplier_invoice"].rows():
        names = {line["poNumber"] for line in bill["invoiceLines"]}
        linked = any(line["poReceiptNbr"] for line in bill["invoiceLines"])
        if bill["status"] not in ("Hold", "Balanced") or len(names) != 1 or linked:
            continue
        found = table["purchase_order"].get(names.pop() or "")
        if found and found["status"] == "Open" and not found["purchaseReceipts"]:
            yield str(bill["referenceNumber"])


@contextmanager
def as_it_was(sandbox: SandboxServer) -> Iterator[None]:
    """Whatever happens inside is undone afterwards, in the database and outside."""
    before = sandbox.house.dump()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    sandbox.house.load(before)
    sandbox.monday.limits.reset()  # our ledger has forgotten what was spent; so must theirs
    sandbox.visma.quirks.action_seconds = 0.0
    sandbox.visma.quirks.receipts_validate_totals = False


def set_the_label(sandbox: SandboxServer, given: Circumstances) -> None:
    sandbox.visma.quirks.action_seconds = 0.05 if given.queued else 0.0
    sandbox.visma.quirks.receipts_validate_totals = given.figures
    number = given.bill if given.on_invoice else given.number
    links = RecordLink.objects.select_related("mapping").filter(mapping__parent=None)
    link = links.get(record__number=number)
    sandbox.monday.act(
        act="status_set",
        board=link.mapping.board_name,
        item=str(link.item_id),
        column="Received?",
        label="Received",
    )


def turn() -> None:
    """What the tick and the workers do once."""
    for board in BoardMapping.objects.order_by("pk"):
        watch.look(board)
    for receipt_id in receipts.due(database_now() + timedelta(seconds=1)):
        receipts.work(receipt_id)


def nobody() -> Worker:
    return Worker(Fate(), before=lambda request: None, after=lambda: None)


def live_and_die(first: int, second: int) -> int:
    """Turns until all is done, and one more, which must find nothing left to do.

    The first worker dies at a step, and so may the next.
    """
    fates = [Fate(first), Fate(second)]
    steps = 0
    for number in range(ROUNDS):
        was_done = is_done()
        worker = nobody()
        worker.fate = fates[number] if number < len(fates) else Fate()
        worker.run(turn)
        steps = steps or worker.steps
        if was_done and not worker.is_dead:
            break
        later()
    return steps


def is_done() -> bool:
    rows = GoodsReceipt.objects.all()
    return rows.exists() and not rows.exclude(state=ReceiptState.DONE).exists()


def later() -> None:
    """Past every claim, every wait, and the minutes that a lost answer is given."""
    gone = timedelta(minutes=6)
    for row in GoodsReceipt.objects.all():
        names = ("sent_at", "action_at")
        moved = {n: at - gone for n in names if (at := getattr(row, n)) is not None}
        GoodsReceipt.objects.filter(pk=row.pk).update(claimed_until=None, not_before=None, **moved)
    AccountLimits.objects.update(blocked_until=None)


def outcome(sandbox: SandboxServer, given: Circumstances) -> dict[str, Any]:
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    ours = made(sandbox)
    return {
        "receipts": [(each["status"], each["totalQty"], each["createBill"]) for each in ours],
        "linked": {line["poReceiptNbr"] for line in bill["invoiceLines"]}
        - {each["receiptNbr"] for each in ours},
        "rows": [row.state for row in GoodsReceipt.objects.all()],
    }


def open_quantity(sandbox: SandboxServer, number: str) -> Decimal:
    lines = sandbox.visma.company.get("purchase_order", number)["lines"]
    goods = [line for line in lines if line["lineType"] != "Description"]
    return sum((line["orderQty"] - line["qtyOnReceipts"] for line in goods), Decimal(0))


@pytest.mark.parametrize("seed", seeds(1, apart=1000))
def test_a_death_at_any_step_leaves_exactly_one_whole_and_linked_receipt(
    seed: int,
    orders: BoardMapping,  # noqa: F811 - the fixture
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
) -> None:
    given = circumstances(sandbox, seed)
    if given.part_came:
        order = sandbox.visma.company.get("purchase_order", given.number)
        line = next(line for line in order["lines"] if line["lineType"] != "Description")
        sandbox.visma.receive(given.number, {line["lineNbr"]: 1})
    wanted = {
        "receipts": [("Released", open_quantity(sandbox, given.number), False)],
        "linked": set(),
        "rows": [ReceiptState.DONE],
    }
    with as_it_was(sandbox):
        set_the_label(sandbox, given)
        steps = live_and_die(0, 0)
        found = {0: outcome(sandbox, given)}
    apart = stride(25)
    for step in range(1 + seed % apart, steps + 1, apart):
        with as_it_was(sandbox):
            set_the_label(sandbox, given)
            live_and_die(step, given.again_after)
            found[step] = outcome(sandbox, given)

    assert steps > 50
    assert {step: each for step, each in found.items() if each != wanted} == {}


@pytest.fixture
def docks(
    order_mapping: BoardMapping,
    invoices: BoardMapping,  # noqa: F811 - the fixture
    sandbox: SandboxServer,
    work: Work,  # noqa: F811 - the fixture
    label: Set,  # noqa: F811 - the fixture
) -> Callable[[str], Dock]:
    """The board with the lines of one order and those of its day."""

    def of(number: str) -> Dock:
        day = sandbox.visma.company.get("purchase_order", number)["date"][:10]
        return dock_of(order_mapping, sandbox, work, label, {"date_from": day, "date_to": day})

    return of


def billed(sandbox: SandboxServer, given: Circumstances, few: bool) -> dict[int, Decimal]:
    """By line of the order, what its invoice bills: all of it, or the first line only."""
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    lines = {line["poLineNr"]: line["quantity"] for line in bill["invoiceLines"]}
    return dict(list(lines.items())[:1]) if few else lines


def lines_outcome(sandbox: SandboxServer, given: Circumstances, dock: Dock) -> dict[str, Any]:
    bill = sandbox.visma.company.get("supplier_invoice", f"Invoice:{given.bill}")
    ours = {each["receiptNbr"]: each for each in made(sandbox)}
    lines = [line for line in bill["invoiceLines"] if line["poReceiptNbr"] in ours]
    places = {line["poLineNr"] for line in bill["invoiceLines"]}
    return {
        "receipts": [(each["status"], brought(each)) for each in ours.values()],
        "linked": {line["poLineNr"] for line in lines},
        "typed": {dock.typed(given.number, place) for place in places},
        "rows": [row.state for row in GoodsReceipt.objects.all()],
    }


@pytest.mark.parametrize("seed", seeds(1, apart=1000))
def test_a_death_at_any_step_leaves_exactly_one_receipt_of_the_typed_lines(
    seed: int, docks: Callable[[str], Dock], sandbox: SandboxServer
) -> None:
    given = replace(circumstances(sandbox, seed), on_invoice=False)
    typed = billed(sandbox, given, few=bool(seed % 2))
    dock = docks(given.number)
    dock.type(given.number, {line: str(quantity) for line, quantity in typed.items()})
    wanted = {
        "receipts": [("Released", typed)],
        "linked": set(typed),
        "typed": {""},
        "rows": [ReceiptState.DONE],
    }
    apart = stride(41)
    with as_it_was(sandbox):
        set_the_label(sandbox, given)
        steps = live_and_die(0, 0)
        found = {0: lines_outcome(sandbox, given, dock)}
    for step in range(1 + seed % apart, steps + 1, apart):
        with as_it_was(sandbox):
            set_the_label(sandbox, given)
            live_and_die(step, given.again_after)
            found[step] = lines_outcome(sandbox, given, dock)

    assert steps > 50
    assert {step: each for step, each in found.items() if each != wanted} == {}
