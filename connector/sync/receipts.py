"""Receipts: carry each “Received” to Visma, as far as it comes each time.

What a receipt needs next is decided in ``receipt_plan``, done in ``receipt_steps``.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q

from connector.clients import visma_writer
from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    GiveUp,
    Throttled,
)
from connector.models import GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import receipt_quantities, receipt_release, telling
from connector.sync.budget import Ledger
from connector.sync.receipt_actions import LOOK
from connector.sync.receipt_case import CLAIM, OPEN, Case, ClaimLost, Pause, end, refuse, save
from connector.sync.receipt_find import LOOK_AGAIN
from connector.sync.receipt_rule import rule_of
from connector.sync.receipt_steps import step
from connector.sync.receipt_waits import REFERENCE, hinder, relieve
from connector.sync.settlement import back_off
from tenants import services as tenants
from tenants.models import Health, MondayConnection, VismaConnection

log = logging.getLogger(__name__)
C = TypeVar("C", VismaConnection, MondayConnection)

FOR_A_PERSON = timedelta(minutes=10)
RULE_OFF = timedelta(minutes=10)  # what was begun under a rule goes on once there is one again
MOST_STEPS = 15


# What is done but for its release in Visma, or a word about it.
FOLLOWED = Q(state=ReceiptState.DONE) & ~Q(on_hold=OnHold.NONE)


def due(now: datetime) -> list[int]:
    """Receipts with something to do, at Visma or on the board."""
    return DUE(now=now)


DUE = Prepared(
    lambda: (
        GoodsReceipt.objects.filter(
            Q(not_before=None) | Q(not_before__lte=Given("now")),
            Q(claimed_until=None) | Q(claimed_until__lte=Given("now")),
            Q(state__in=OPEN) | Q(told=False) | FOLLOWED,
            mapping__active=True,
        )
        .exclude(mapping__visma__health=Health.NEEDS_PERSON)
        .exclude(mapping__monday__health=Health.NEEDS_PERSON)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
)


def work(receipt_id: int) -> None:
    """Bring one receipt as far as it comes now, and say on the item what became of it."""
    row = _claim(receipt_id)
    if row is None:
        return
    wait: timedelta | None = RULE_OFF
    try:
        rule = rule_of(row.mapping)
        if rule is not None:
            client = visma_writer(row.mapping.visma, Ledger.of_visma(row.mapping.visma))
            wait = _carry(Case(row, rule, client))
    except ClaimLost:
        log.info("%s is carried by another worker", row)
    finally:
        until = database_now() + wait if wait else None
        mine = GoodsReceipt.objects.filter(pk=row.pk, claimed_until=row.claimed_until)
        mine.update(claimed_until=None, not_before=until)


def _carry(case: Case) -> timedelta | None:
    """How long to rest afterwards; None when there is no need to."""
    row = case.row
    if row.state not in OPEN and row.told:
        wait = _try(case, receipt_release.follow, row.mapping.visma)
        return wait or _try(case, receipt_release.tell, row.mapping.monday)
    wait = _try(case, _read_quantities, row.mapping.monday)
    wait = wait or _try(case, _walk, row.mapping.visma)
    if row.state not in OPEN and not row.told:
        wait = _try(case, lambda ended: telling.tell(ended.row, ended.rule), row.mapping.monday)
        if row.told:
            relieve(row)
    return wait or (receipt_release.LOOK if row.on_hold else None)


def _try(case: Case, act: Callable[[Case], None], connection: C) -> timedelta | None:
    """``connection``: whose trouble it is where the act finds that a person is needed."""
    try:
        act(case)
    except Pause as pause:
        return pause.wait
    except ConnectorError as error:
        return _react(case, error, connection)
    return None


def _read_quantities(case: Case) -> None:
    """What people typed at the lines, read once everything before it was booked and wiped out."""
    row = case.row
    is_due = case.rule.by_lines and row.lines is None and row.state == ReceiptState.WAITING
    if not is_due or case.mapping.entity != "purchase_order":
        return
    before = GoodsReceipt.objects.filter(mapping=case.mapping, item_id=row.item_id, pk__lt=row.pk)
    if before.filter(Q(state__in=OPEN) | Q(told=False)).exists():
        raise Pause(LOOK)
    save(row, lines=receipt_quantities.typed(row, case.rule))


def _claim(receipt_id: int) -> GoodsReceipt | None:
    now = database_now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    if not GoodsReceipt.objects.filter(free, pk=receipt_id).update(claimed_until=now + CLAIM):
        return None
    related = ("mapping__visma", "mapping__monday", "mapping__tenant", "link__record")
    # Only under the claim just made: whoever stalls here does not take another's for its own.
    mine = GoodsReceipt.objects.filter(pk=receipt_id, claimed_until=now + CLAIM)
    return mine.select_related(*related).first()


def _walk(case: Case) -> None:
    for _ in range(MOST_STEPS):
        if case.row.state not in OPEN:
            return
        save(case.row, claimed_until=database_now() + CLAIM)
        step(case)
        relieve(case.row)
    raise Pause(LOOK_AGAIN)


def _react(case: Case, error: ConnectorError, connection: C) -> timedelta | None:
    """How long the receipt rests. Only what is refused for certain ends it."""
    row = case.row
    visma = isinstance(connection, VismaConnection)
    log.info("%s rests: %s", row, error.why.happened)
    after: timedelta | None = getattr(error, "after", None)
    if isinstance(error, Throttled):
        return after or LOOK_AGAIN
    if isinstance(error, GiveUp) and row.state in OPEN:
        _give_up(case, _in_words(row, error.why) if visma else error.why)
        return None
    hinder(row, error, "Visma" if visma else "monday.com")
    if not isinstance(error, AskAPerson):
        return after or back_off(row.attempts)
    if error.reach == "connection" and (row.state in OPEN or row.on_hold):
        tenants.connection_needs_person(
            connection, happened=error.why.happened, remedy=error.why.remedy
        )
    return FOR_A_PERSON


def _give_up(case: Case, why: Explanation) -> None:
    """What is released counts in stock, whatever Visma refuses afterwards."""
    row = case.row
    if row.status != "Released":
        refuse(case, why)
        return
    message = (
        f"Receipt {row.number} is made and released. What comes after it could not be done: "
        f"{why.detail or why.happened} Look up in Visma whether its supplier invoice is linked."
    )
    end(case, ReceiptState.DONE, message=message, tell=True)


def _in_words(row: GoodsReceipt, why: Explanation) -> Explanation:
    """A refusal for who set the label: with Visma's own words, without their reference numbers."""
    if not why.detail or why.code in ("receipt_refused", "receipt_gone"):
        return why
    said = REFERENCE.sub("", why.detail).strip()
    about = f"receipt {row.number}" if row.number else f"the receipt of order {row.order_number}"
    return replace(
        why,
        happened=f"Visma refused {about}: {said}",
        remedy="Put it right in Visma, then set the label again"
        + (": this receipt is taken up again." if row.number else "."),
    )
