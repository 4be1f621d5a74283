"""Refused receipts asked for again because a person said so, and the audit says who.

The new try takes up what the refused one left in Visma, so asking again never makes two receipts.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from connector.models import Action, AuditEntry, GoodsReceipt, Outcome, ReceiptState
from connector.models.clock import database_now
from connector.sync import audit
from connector.sync.watch import mark
from tenants.models import Tenant


def standing(tenant: Tenant) -> QuerySet[GoodsReceipt]:
    """Refusals that nobody has answered yet, of mappings that are live with a rule."""
    refused = GoodsReceipt.objects.of(tenant).filter(state=ReceiptState.REFUSED, answered=False)
    return refused.filter(mapping__active=True).exclude(mapping__receive={})


def ask_again(
    rows: QuerySet[GoodsReceipt],
    *,
    actor: str,
    answers: Mapping[int | None, AuditEntry] | None = None,
) -> list[GoodsReceipt]:
    """New tries for refusals that still stand; the others are left alone.

    ``answers``: by link, the failed entry that a new try answers.
    """
    with transaction.atomic():
        chosen = list(
            rows.filter(state=ReceiptState.REFUSED, answered=False)
            .select_for_update(of=("self",))
            .select_related("mapping", "link__record")
            .order_by("pk")
        )
        GoodsReceipt.objects.filter(pk__in=[row.pk for row in chosen]).update(answered=True)
        found = _failures(chosen) | dict(answers or {})
        return [_again(row, actor, found.get(row.link_id)) for row in chosen]


def _again(row: GoodsReceipt, actor: str, answers: AuditEntry | None) -> GoodsReceipt:
    now = database_now()
    row.link.mapping = row.mapping
    entry = audit.entry(
        row.link,
        action=Action.REPLAY,
        outcome=Outcome.DONE,
        actor=actor,
        replay_of=answers,
        message=f"{actor} replayed “{row.mapping.receive.get('label', '')}” on the item.",
    )
    entry.at = now
    entry.save()
    # The item shows the label for problems: the watch shall not take that for a withdrawal.
    again = GoodsReceipt.objects.create(
        mapping=row.mapping,
        link=row.link,
        item_id=row.item_id,
        asked_at=now,
        label_left=True,
        replayed=True,
    )
    mark(again)
    return again


def _failures(rows: list[GoodsReceipt]) -> dict[int | None, AuditEntry]:
    """By link, the entry that tells of the refusal."""
    links = [row.link_id for row in rows]
    entries = AuditEntry.objects.filter(
        link__in=links, action=Action.RECEIVE, outcome=Outcome.FAILED
    )
    return {entry.link_id: entry for entry in entries.order_by("pk")}
