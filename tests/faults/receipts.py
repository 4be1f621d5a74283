"""The way of a receipt, lived again and again: each time a worker dies at another of its steps.

The same company and the same boards wait at the start of each life; a seed chooses them.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

from django.db import transaction

from connector.models import AccountLimits, GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.monday import queries
from connector.sandbox.server import SandboxServer
from connector.sync import receipts, watch
from mappings.models import BoardMapping
from tests.connector.sync.test_receipts import set_label
from tests.faults.mortal import Fate, Worker

ROUNDS = 12  # enough for two deaths, a wait after each, and the way itself

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """What is different from seed to seed: all of it must end the same."""

    number: str  # of the order
    bill: str  # of the invoice that waits for its goods
    on_invoice: bool
    part_came: bool
    queued: bool
    figures: bool
    again_after: int  # a second death so many steps into a later life; 0: none
    both: bool  # the rule is on both boards, not only where the label is set
    looks_on: bool  # boards are looked at before each turn, also where no label can be new
    pages: bool  # what has changed on a board takes more than one page


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
        both=chance.random() < 0.5,
        looks_on=chance.random() < 0.5,
        pages=chance.random() < 0.2,
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


def day_of(sandbox: SandboxServer, entity: str, key: str) -> dict[str, str]:
    """A filter for the records of one's day: a board with few items is read in no time."""
    day = sandbox.visma.company.get(entity, key)["date"][:10]
    return {"date_from": day, "date_to": day}


def each_death(
    sandbox: SandboxServer, given: Circumstances, outcome: Callable[[], Outcome], steps: range
) -> dict[int, Outcome]:
    """What comes of a death at these steps of a life, as far as it has so many; 0 is none."""
    return _each(_each_from_the_start(sandbox, given, outcome), given.again_after, steps, least=50)


def each_death_on_hold(
    sandbox: SandboxServer, given: Circumstances, outcome: Callable[[], Outcome], steps: range
) -> dict[int, Outcome]:
    """The same for the rest of a life whose receipt was left on hold and is released now."""
    company = sandbox.visma.company.snapshot()

    def live(first: int, second: int) -> tuple[int, Outcome]:
        with _as_it_was(sandbox, company):
            sandbox.monday.idempotency.forget()  # another life has used the same keys
            return _follow_and_die(sandbox, given, first, second), outcome()

    return _each(live, given.again_after, steps, least=20)


Live = Callable[[int, int], tuple[int, Outcome]]


def _each(live: Live, again_after: int, steps: range, *, least: int) -> dict[int, Outcome]:
    found = {}
    length, found[0] = live(0, 0)
    assert length > least
    for step in range(steps.start, length + 1, steps.step):
        _, found[step] = live(step, again_after)
    return found


def _each_from_the_start(
    sandbox: SandboxServer, given: Circumstances, outcome: Callable[[], Outcome]
) -> Live:
    company = sandbox.visma.company.snapshot()
    recent = 1 if given.pages else queries.RECENT

    def live(first: int, second: int) -> tuple[int, Outcome]:
        with _as_it_was(sandbox, company), mock.patch.object(queries, "RECENT", recent):
            _set_the_label(sandbox, given)
            return _live_and_die(sandbox, given, first, second), outcome()

    return live


@contextmanager
def _as_it_was(sandbox: SandboxServer, company: Callable[[], None]) -> Iterator[None]:
    """Whatever happens inside is undone afterwards, in the database and outside."""
    account, offset = sandbox.monday.dump(), sandbox.clock.offset
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    sandbox.clock.offset = offset
    company()
    sandbox.monday.load(account)
    sandbox.monday.limits.reset()  # our ledger has forgotten what was spent; so must theirs
    sandbox.visma.window.forget()
    sandbox.log.clear()


def _set_the_label(sandbox: SandboxServer, given: Circumstances) -> None:
    sandbox.visma.quirks.action_seconds = 0.5 if given.queued else 0.0
    sandbox.visma.quirks.receipts_validate_totals = given.figures
    set_label(sandbox, given.bill if given.on_invoice else given.number, "Received")


def _turn(*, looking: bool) -> None:
    """What the tick and the workers do once."""
    if looking:
        for board in BoardMapping.objects.order_by("pk"):
            watch.look(board)
    for receipt_id in receipts.due(database_now() + timedelta(seconds=1)):
        receipts.work(receipt_id)


def _live_and_die(sandbox: SandboxServer, given: Circumstances, first: int, second: int) -> int:
    """Turns until all is done, and one more, which must find nothing left to do.

    The first worker dies at a step, and so may the next. Returns the steps of the first.
    """
    fates = [Fate(first), Fate(second)]
    steps = 0
    for number in range(ROUNDS):
        was_asked, was_done = _progress()
        fate = fates[number] if number < len(fates) else Fate()
        worker = Worker(fate, before=lambda request: None, after=lambda: None)
        looking = given.looks_on or fate.step > 0 or was_done or not was_asked
        worker.run(partial(_turn, looking=looking))
        steps = steps or worker.steps
        if was_done and not worker.is_dead:
            break
        _later(sandbox)
    return steps


def until_on_hold(sandbox: SandboxServer, given: Circumstances) -> None:
    """Set the label, and let the workers come as far as they can without a person."""
    _set_the_label(sandbox, given)
    for _ in range(ROUNDS):
        if GoodsReceipt.objects.filter(on_hold=OnHold.WAITS).exists():
            break
        _turn(looking=True)
        _later(sandbox)


def _follow_and_die(sandbox: SandboxServer, given: Circumstances, first: int, second: int) -> int:
    """Turns until nothing is followed, and one more. Returns the steps of the first."""
    fates = [Fate(first), Fate(second)]
    steps = 0
    for number in range(ROUNDS):
        was_done = not GoodsReceipt.objects.exclude(on_hold=OnHold.NONE).exists()
        fate = fates[number] if number < len(fates) else Fate()
        worker = Worker(fate, before=lambda request: None, after=lambda: None)
        worker.run(partial(_turn, looking=given.looks_on))
        steps = steps or worker.steps
        if was_done and not worker.is_dead:
            break
        _later(sandbox)
    return steps


def _progress() -> tuple[bool, bool]:
    """Whether there is a receipt that was asked for, and whether all of them are done."""
    states = set(GoodsReceipt.objects.values_list("state", flat=True))
    return bool(states), states == {ReceiptState.DONE}


def _later(sandbox: SandboxServer) -> None:
    """Past every claim and wait, what Visma has queued, and the minutes of a lost answer."""
    sandbox.clock.advance(1)
    gone = timedelta(minutes=6)
    for row in GoodsReceipt.objects.all():
        names = ("sent_at", "action_at")
        moved = {n: at - gone for n in names if (at := getattr(row, n)) is not None}
        GoodsReceipt.objects.filter(pk=row.pk).update(claimed_until=None, not_before=None, **moved)
    AccountLimits.objects.update(blocked_until=None)
