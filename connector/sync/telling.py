"""Telling: what became of a “Received” is said on the item, in words for who set it."""

import uuid
from datetime import UTC

from django.db import transaction

from connector.clients import monday_client
from connector.errors import GiveUp
from connector.models import GoodsReceipt, ReceiptState
from connector.monday import talk
from connector.monday.client import MondayClient
from connector.sync import receipt_quantities
from connector.sync.boards import ledger_of
from connector.sync.receipt_case import save
from connector.sync.receipt_rule import Rule

# Names our comments, so that a repeated one is known to monday.
COMMENTS = uuid.UUID("5f7c8a52-3a4e-4a57-9d4e-8a2f4a1f6d10")


def tell(row: GoodsReceipt, rule: Rule) -> None:
    """Bring the label in step with what became of it, and comment. Raises ConnectorError."""
    client = monday_client(row.mapping.monday, ledger_of(row.mapping))
    try:
        if row.state == ReceiptState.DONE and row.lines:
            receipt_quantities.wipe(row, rule)
        left = _label(client, row, rule)
        # Named by its moment: a second refusal is told like the first.
        key = uuid.uuid5(COMMENTS, f"{row.pk}:{row.state}:{moment(row)}")
        talk.comment(client, row.item_id, words(row), idempotency_key=str(key))
    except GiveUp as refusal:
        # The item or the label is gone: the row and the audit keep the words.
        remedy = f"{row.remedy} The board could not be told: {refusal.why.happened}".strip()
        save(row, remedy=remedy)
        left = False
    # People may have taken the label away meanwhile: that it left is never taken back here.
    save(row, told=True, **({"label_left": True} if left else {}))


def words(row: GoodsReceipt) -> str:
    return f"{row.happened}\n{row.remedy}".strip()


def _label(client: MondayClient, row: GoodsReceipt, rule: Rule) -> bool:
    """What the item shall show from now on; true where the label has left it by that."""
    text = _shown(client, row, rule)
    if row.state == ReceiptState.REFUSED and rule.problem_label:
        if rule.meant_by(text):
            _write(client, row, rule, rule.problem_label)
        return True
    if row.state == ReceiptState.DONE and row.lines and row.more_to_come:
        # Ready for the next delivery: who receives it sets the label again.
        if rule.meant_by(text) or rule.is_problem(text):
            _write(client, row, rule, "")
        return True
    if row.state == ReceiptState.DONE and row.replayed and rule.is_problem(text):
        _stand_again(row)
        _write(client, row, rule, rule.label)
    return False


def _stand_again(row: GoodsReceipt) -> None:
    """Before the label is there again: it asks for nothing, for it was answered."""
    others = GoodsReceipt.objects.filter(
        mapping=row.mapping_id, item_id=row.item_id, label_left=False
    )
    with transaction.atomic():
        others.exclude(pk=row.pk).update(label_left=True)
        save(row, label_left=False)


def _write(client: MondayClient, row: GoodsReceipt, rule: Rule, label: str) -> None:
    talk.set_label(client, row.mapping.board_id, row.item_id, column=rule.column, label=label)


def _shown(client: MondayClient, row: GoodsReceipt, rule: Rule) -> str:
    items = client.items_by_id([row.item_id], [rule.column])
    return next((item.text(rule.column) for item in items), "")


def moment(row: GoodsReceipt) -> str:
    return row.finished_at.astimezone(UTC).isoformat() if row.finished_at else ""
