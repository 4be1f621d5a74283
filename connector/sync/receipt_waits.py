"""What a receipt waits for: trouble that ends by itself ends no receipt, however long it lasts."""

import re
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from connector.errors import AskAPerson, ConnectorError, Explanation, GiveUp
from connector.models import GoodsReceipt, OnHold, ReceiptState
from connector.models.clock import database_now
from connector.sync.receipt_case import OPEN, QUIET, save
from connector.visma.writing import REFUSED_OR_BROKEN
from mappings.models import BoardMapping
from tenants.models import Health

# Visma tells some refusals like troubles of its own. What it has said so often, and what has not
# gone for so long, is a refusal; an outage is shorter, or answers in other ways.
SAID_ENOUGH = 3
LASTED = timedelta(minutes=30)
# Stands before Visma's words; of no use to people.
REFERENCE = re.compile(r"VismaId: [0-9a-f-]{36}\.\s*")
# People read of what has not moved on for so long.
LATE = timedelta(minutes=10)


def hinder(row: GoodsReceipt, error: ConnectorError, system: str) -> None:
    """Write down whom the receipt waits for, since when, and the words of the last answer."""
    in_words = error.why.code == REFUSED_OR_BROKEN
    save(
        row,
        attempts=row.attempts + 1,
        waits_since=row.waits_since or database_now(),
        waits_for=system,
        waits_words=_words(error),
        said=row.said + 1 if in_words else 0,
    )


def _words(error: ConnectorError) -> str:
    why = error.why
    if why.code == REFUSED_OR_BROKEN:
        return REFERENCE.sub("", why.detail).strip()
    return f"{why.happened} {why.remedy}" if isinstance(error, AskAPerson) else why.happened


def relieve(row: GoodsReceipt) -> None:
    """It has moved on: nothing is in its way any more."""
    if row.waits_since is not None:
        save(row, **QUIET)


def is_refused(row: GoodsReceipt) -> bool:
    """Whether Visma's errors in words have to be taken for a refusal."""
    if row.said < SAID_ENOUGH or row.waits_since is None:
        return False
    return row.waits_since <= database_now() - LASTED


def stop_if_refused(row: GoodsReceipt) -> None:
    """Before Visma is asked once more for what is not there. Raises GiveUp, in Visma's words."""
    if is_refused(row):
        raise GiveUp(
            Explanation(
                code="refused",
                happened="Visma refused the request.",
                remedy="Put it right in Visma, then set the label again.",
                fixer="visma_admin",
                detail=row.waits_words,
            )
        )


def late(mappings: Iterable[BoardMapping]) -> QuerySet[GoodsReceipt]:
    """Receipts of these mappings that have waited for long; ill connections are told themselves."""
    before = database_now() - LATE
    unfinished = Q(state__in=OPEN) | Q(told=False) | ~Q(on_hold=OnHold.NONE)
    stuck = Q(waits_since__lt=before) | Q(state=ReceiptState.SENT, sent_at__lt=before)
    rows = GoodsReceipt.objects.filter(unfinished, stuck, mapping__in=mappings)
    rows = rows.exclude(mapping__visma__health=Health.NEEDS_PERSON)
    rows = rows.exclude(mapping__monday__health=Health.NEEDS_PERSON).exclude(mapping__receive={})
    return rows.select_related("link__record").defer("link__record__payload").order_by("pk")
