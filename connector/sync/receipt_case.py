"""One receipt being worked on: its row, its rule, and how each turn of it is written down."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from connector.errors import Explanation
from connector.models import AuditEntry, GoodsReceipt, Outcome, ReceiptState
from connector.models.audit import Action
from connector.models.clock import database_now
from connector.sync import audit
from connector.sync.receipt_rule import Rule
from connector.visma.writing import VismaWriter
from mappings.models import BoardMapping

OPEN = (ReceiptState.WAITING, ReceiptState.SENT, ReceiptState.MADE)
ON_TRIAL = "The rule is on trial: nothing was done."
# Longer than the longest request; renewed before each step and each thing that is asked of Visma.
CLAIM = timedelta(minutes=4)

# Of a row that nothing is in the way of.
QUIET: dict[str, Any] = {
    "attempts": 0,
    "waits_since": None,
    "waits_for": "",
    "waits_words": "",
    "said": 0,
}


class ClaimLost(Exception):
    """This worker was away for so long that another has the receipt now: it does nothing more."""


class Pause(Exception):
    """Nothing can be done right now; look again after ``wait``."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


@dataclass
class Case:
    """One receipt being worked on."""

    row: GoodsReceipt
    rule: Rule
    client: VismaWriter

    @property
    def mapping(self) -> BoardMapping:
        return self.row.mapping


def refuse(case: Case, why: Explanation) -> None:
    """For good: the label says so, and a comment in words. On trial the board hears nothing."""
    row = case.row
    if case.rule.dry:
        end(case, ReceiptState.DRY, message=f"Would be refused: {why.happened} {why.remedy}")
        return
    with transaction.atomic():
        save(
            row,
            state=ReceiptState.REFUSED,
            finished_at=database_now(),
            code=why.code[:40],
            happened=why.happened,
            remedy=why.remedy,
            **QUIET,
        )
        note(case, Outcome.FAILED, "", why=why)


def end(case: Case, state: ReceiptState, *, message: str, tell: bool = False) -> None:
    if state == ReceiptState.DRY:
        message = f"{message} {ON_TRIAL}"
    with transaction.atomic():
        ended = {"state": state, "finished_at": database_now(), "happened": message}
        save(case.row, told=not tell, **ended, **QUIET)
        note(case, Outcome.DONE, message)


def note(case: Case, outcome: Outcome, message: str, why: Explanation | None = None) -> None:
    row = case.row
    facts: dict[str, Any] = {} if why else {"message": message}
    entry: AuditEntry = audit.entry(
        row.link, action=Action.RECEIVE, outcome=outcome, why=why, **facts
    )
    entry.at = database_now()
    entry.save()


def save(row: GoodsReceipt, **changes: Any) -> None:
    """Only under the claim of this worker; raises ClaimLost where another one has it."""
    mine = GoodsReceipt.objects.filter(pk=row.pk, claimed_until=row.claimed_until)
    if not mine.update(**changes):
        raise ClaimLost(str(row))
    for name, value in changes.items():
        setattr(row, name, value)


def save_asking(row: GoodsReceipt, **changes: Any) -> None:
    """Right before Visma is asked for something: nobody else asks while the request may leave."""
    save(row, claimed_until=database_now() + CLAIM, **changes)


def why(code: str, happened: str, remedy: str) -> Explanation:
    return Explanation(code=code, happened=happened, remedy=remedy, fixer="visma_admin")
