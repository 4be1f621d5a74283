"""Replay: a failed delivery waits again because a person said so, and the audit says who.

Replaying any number of times is the same as replaying once: the link is planned anew, and what
the board already shows is not written again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from connector.models import (
    Action,
    AuditEntry,
    GoodsReceipt,
    LinkState,
    Outcome,
    ReceiptState,
    RecordLink,
    SyncRun,
    Trigger,
)
from connector.models.clock import database_now
from connector.sync import audit, receipt_replay
from connector.sync.boards import forget_board
from connector.sync.deliver import BATCH_SIZE
from connector.sync.lanes import lanes_of, wake
from connector.sync.link_rows import save_links
from connector.sync.waits import NEEDS_DECISION
from mappings import catalog
from mappings.models import BoardMapping
from tenants.models import Tenant

REPLAYABLE = (LinkState.FAILED, LinkState.GONE)


def failed_links(tenant: Tenant) -> QuerySet[RecordLink]:
    return RecordLink.objects.of(tenant).filter(state__in=REPLAYABLE)


def replayable_entries(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Failed entries whose link is still failed, or whose receipt is still refused."""
    still_failed = RecordLink.objects.filter(pk=OuterRef("link"), state__in=REPLAYABLE)
    refused = GoodsReceipt.objects.filter(
        link=OuterRef("link"), state=ReceiptState.REFUSED, answered=False
    )
    of_receipt = Q(action=Action.RECEIVE)
    return entries.filter(
        (~of_receipt & Exists(still_failed)) | (of_receipt & Exists(refused)),
        outcome=Outcome.FAILED,
    )


def replay_entries(entries: Iterable[AuditEntry], *, actor: str) -> int:
    """Replay what these failed entries are about; returns how many deliveries wait again."""
    in_order = sorted(entries, key=lambda e: e.pk)
    receipts = {e.link_id: e for e in in_order if e.action == Action.RECEIVE}
    answers = {e.link_id: e for e in in_order if e.action != Action.RECEIVE}
    links = RecordLink.objects.filter(pk__in=[pk for pk in answers if pk is not None])
    refused = GoodsReceipt.objects.filter(link__in=[pk for pk in receipts if pk is not None])
    again = receipt_replay.ask_again(refused, actor=actor, answers=receipts)
    return replay_links(links, actor=actor, answers=answers) + len(again)


def replay_links(
    links: QuerySet[RecordLink],
    *,
    actor: str,
    answers: dict[int | None, AuditEntry] | None = None,
) -> int:
    """Set failed links waiting; those in any other state are left alone."""
    with transaction.atomic():
        chosen = list(
            links.filter(state__in=REPLAYABLE)
            .select_for_update(of=("self",))
            .select_related("mapping", "record")
            .order_by("pk")
        )
        answers = _last_failures(chosen) | (answers or {})
        for mapping in {link.mapping for link in chosen}:
            _replay_mapping(
                mapping,
                [link for link in chosen if link.mapping_id == mapping.pk],
                actor=actor,
                answers=answers,
            )
    return len(chosen)


def _replay_mapping(
    mapping: BoardMapping,
    links: list[RecordLink],
    *,
    actor: str,
    answers: dict[int | None, AuditEntry],
) -> None:
    now = database_now()
    run = SyncRun.objects.create(
        mapping=mapping, trigger=Trigger.REPLAY, started_at=now, read_until=now, read=len(links)
    )
    entries = []
    for link in links:
        _wait_again(link, run)
        entry = audit.entry(
            link,
            action=Action.REPLAY,
            outcome=Outcome.DONE,
            actor=actor,
            replay_of=answers.get(link.pk),
            message=f"{actor} replayed {_named(link)}.",
        )
        entry.at = now
        entries.append(entry)
    save_links(links, RESET)
    AuditEntry.objects.bulk_create(entries)
    # What a person has just mended on the board must be seen.
    forget_board(mapping)
    wake(lanes_of(mapping))


RESET = [
    "state",
    "run_id",
    "item_id",
    "delivered",
    "waiting_since",
    "attempts",
    "not_before",
    "look_up_first",
]


def _wait_again(link: RecordLink, run: SyncRun) -> None:
    if link.state == LinkState.GONE or link.failure_code in ("duplicate", "item_gone"):
        # The item may have been restored, or one of two archived: look before creating.
        link.item_id, link.delivered = None, {}
        link.look_up_first = bool(link.mapping.key_column or link.mapping.find_column)
    elif link.failure_code == NEEDS_DECISION:
        link.look_up_first = False  # a person has looked
    link.state = LinkState.WAITING
    link.run = run
    link.waiting_since = run.started_at
    link.attempts, link.not_before = 0, None


def _named(link: RecordLink) -> str:
    entity = catalog.entity(link.record.entity)
    return f"{entity.label.lower()} {link.record.number or link.record.key}"


def _last_failures(links: list[RecordLink]) -> dict[int | None, AuditEntry]:
    entries = AuditEntry.objects.filter(
        link__in=[link.pk for link in links], outcome=Outcome.FAILED
    ).exclude(action=Action.RECEIVE)
    return {entry.link_id: entry for entry in entries.order_by("pk")}


@dataclass(frozen=True)
class Preview:
    """What a replay would do, as far as the rows tell without asking monday."""

    create: int
    update: int
    calls: int
    receive: int = 0

    @property
    def total(self) -> int:
        return self.create + self.update + self.receive

    def __str__(self) -> str:
        asks = f"asks Visma for {self.receive} receipts, " if self.receive else ""
        return (
            f"Replay {self.total}: {asks}creates {self.create}, updates {self.update}, "
            f"about {self.calls} call{'' if self.calls == 1 else 's'}"
        )


def preview_entries(entries: QuerySet[AuditEntry]) -> Preview:
    """What replaying these entries would do; each link and each receipt counts once."""
    of_links = entries.exclude(action=Action.RECEIVE)
    refused = GoodsReceipt.objects.filter(
        link__in=entries.filter(action=Action.RECEIVE).values("link"),
        state=ReceiptState.REFUSED,
        answered=False,
    )
    links = preview(RecordLink.objects.filter(pk__in=of_links.values("link")))
    return replace(links, receive=refused.count())


def preview(links: QuerySet[RecordLink]) -> Preview:
    rows = (
        links.filter(state__in=REPLAYABLE)
        .order_by()
        .values("mapping")
        .annotate(create=Count("pk", filter=Q(item_id=None)), update=Count("item_id"))
    )
    return Preview(
        create=sum(row["create"] for row in rows),
        update=sum(row["update"] for row in rows),
        calls=sum(
            ceil(row["create"] / BATCH_SIZE) + ceil(row["update"] / BATCH_SIZE) for row in rows
        ),
    )
