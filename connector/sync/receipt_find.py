"""Our own receipt in Visma: by its number, its mark, or as an earlier try left it behind."""

from datetime import timedelta

from django.db import transaction

from connector.errors import GiveUp
from connector.models import GoodsReceipt, Outcome, ReceiptState
from connector.models.clock import database_now
from connector.sync.receipt_case import QUIET, Case, Pause, note, save, why
from connector.visma.client import Row
from connector.visma.resources import RESOURCES

# The call has left after a minute at most (``visma.writing.MAKING``), and Visma ends it after about
# four: only then is a receipt that cannot be found certainly not going to appear any more.
SETTLED = timedelta(minutes=5)
LOOK_AGAIN = timedelta(seconds=20)
# Visma's clock is in a zone nobody tells, up to fourteen hours from ours.
ZONES = timedelta(hours=26)
# What asked Visma for nothing leaves nothing behind.
IDLE = (ReceiptState.WITHDRAWN, ReceiptState.BEFORE, ReceiptState.DRY)
UNFINISHED = ("Hold", "Balanced")


def known(case: Case) -> Row | None:
    """The receipt whose number is written down already; None where none is."""
    row = case.row
    if not row.number or row.state != ReceiptState.MADE:
        return None
    found = case.client.fetch(RESOURCES["purchase_receipt"], f"PoReceipt:{row.number}")
    if found is None:
        happened = f"Receipt {row.number} does not exist in Visma any more."
        raise GiveUp(why("receipt_gone", happened, "Set the label again for a new one."))
    save(row, status=str(found.payload.get("status") or ""))
    return found


def search(case: Case, order: Row | None) -> Row | None:
    """One that was left behind, or made; a lost answer makes us wait for its end first."""
    row = case.row
    if row.state == ReceiptState.WAITING and (left := _left_behind(case)) is not None:
        return _taken_up(case, left)
    found = _marked(case, order)
    if found is not None:
        made(case, str(found.payload["receiptNbr"]), found=True)
        return case.client.fetch(RESOURCES["purchase_receipt"], found.key)
    if row.sent_at and database_now() < row.sent_at + SETTLED:
        raise Pause(LOOK_AGAIN)
    return None


def made(case: Case, number: str, *, found: bool = False) -> None:
    """Write down the number of a receipt that is in Visma now."""
    verb = "was found by its mark" if found else "was made"
    _keep(case, number, f"Receipt {number} {verb} in Visma.")


def _marked(case: Case, order: Row | None) -> Row | None:
    row = case.row
    supplier = str(((order.payload if order else {}).get("supplier") or {}).get("number") or "")
    if not supplier:
        return None
    since = (row.asked_at - ZONES).replace(tzinfo=None).isoformat(timespec="milliseconds")
    same = (r for r in case.client.receipts_of(supplier, since=since) if _is_ours(row, r))
    return next(same, None)


def _is_ours(row: GoodsReceipt, receipt: Row) -> bool:
    return bool(receipt.payload.get("supplierRef") == row.marker)


def _left_behind(case: Case) -> Row | None:
    """The unfinished receipt of the try before this one, which was refused half-way."""
    row = case.row
    tries = GoodsReceipt.objects.filter(mapping=row.mapping_id, item_id=row.item_id, pk__lt=row.pk)
    last = tries.exclude(state__in=IDLE).order_by("-pk").first()
    if last is None or last.state != ReceiptState.REFUSED or not last.number:
        return None
    if last.order_number != row.order_number or (last.lines is None) != (row.lines is None):
        return None
    found = case.client.fetch(RESOURCES["purchase_receipt"], f"PoReceipt:{last.number}")
    status = found.payload.get("status") if found else None
    # Released by hand meanwhile: the same quantities are not received a second time.
    is_it = status == "Released" and row.lines is not None and row.lines == last.lines
    return found if status in UNFINISHED or is_it else None


def _taken_up(case: Case, receipt: Row) -> Row:
    if case.rule.dry:
        return receipt
    number = str(receipt.payload["receiptNbr"])
    _keep(case, number, f"Receipt {number}, which was left unfinished, is taken up again.")
    return receipt


def _keep(case: Case, number: str, message: str) -> None:
    with transaction.atomic():
        save(case.row, state=ReceiptState.MADE, number=number, **QUIET)
        note(case, Outcome.DONE, message)
