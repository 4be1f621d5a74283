"""“Received” as the pages tell it: a mapping's rule and its latest receipts, refusals by cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_q.tasks import async_task

from connector.console.causes import Money
from connector.models import BoardWatch, GoodsReceipt, ReceiptState, RecordLink
from connector.sync.receipt_replay import ask_again, standing
from connector.wording import Trouble
from mappings import receiving
from mappings.models import BoardMapping
from mappings.services import receiving_titles
from tenants.access import TenantRequest, role_required
from tenants.models import Role, Tenant

LATEST = 5  # receipts shown on a page
MOST = 1_000  # refusals looked at; more at once have a common reason above them
SHOWN = 10  # refused items named in a cause
VISMA, YOU = "visma_admin", "you"
# By code, what the refusals of a cause have in common, and who can mend it.
TITLES = {
    "order_closed": ("goods cannot be received on orders in this state", VISMA),
    "order_missing": ("Visma has no such purchase order", VISMA),
    "order_none": ("the invoice names no purchase order", VISMA),
    "orders_many": ("the invoice names several purchase orders", YOU),
    "order_drop_ship": ("the goods go straight to the customer", VISMA),
    "lines_none": ("no quantity was typed at the lines", YOU),
    "over_receipt": ("more came than was ordered", YOU),
    "line_closed": ("a line is completed or cancelled in Visma", VISMA),
    "line_gone": ("the order has no such line any more", YOU),
    "quantity_negative": ("a quantity is less than nothing", YOU),
    "quantities_unreadable": ("the quantities cannot be read", YOU),
    "receipt_refused": ("Visma refused the receipt", VISMA),
    "receipt_cancelled": ("the receipt was cancelled in Visma", YOU),
    "receipt_gone": ("the receipt is gone from Visma", YOU),
    "rule_lines": ("the rule asks for lines where there are none", YOU),
}
MEANING = (
    "The goods are on the shelf, but not in Visma's stock; {orders} still {wait} for them, and "
    "supplier invoices find nothing to match."
)
DONE = (
    "Each refusal was told on its item. What was begun in Visma is kept: asking again goes on with "
    "it and never makes a second receipt."
)


@dataclass
class ReceiptCause:
    """Refused receipts of one mapping that the same thing mends."""

    mapping: BoardMapping
    code: str
    remedy: str
    rows: list[GoodsReceipt] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The same cause has the same address today and tomorrow."""
        told = "|".join((str(self.mapping.pk), self.code, self.remedy))
        return sha256(told.encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        label = self.mapping.receive.get("label") or "Received"
        words, _ = TITLES.get(self.code, ("Visma refused it", VISMA))
        return f"“{label}” made no receipt: {words}"

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def shown(self) -> list[GoodsReceipt]:
        return self.rows[:SHOWN]

    @property
    def hidden(self) -> int:
        return len(self.rows[SHOWN:])

    @property
    def begun(self) -> int:
        """How many have a receipt in Visma that the next try goes on with."""
        return sum(bool(row.number) for row in self.rows)

    @property
    def stakes(self) -> list[tuple[str, Any]]:
        money = Money()
        for record in {row.link.record_id: row.link.record for row in self.rows}.values():
            money.add(record.currency, record.amount)
        return money.stakes

    @property
    def first(self) -> datetime | None:
        return min((row.finished_at for row in self.rows if row.finished_at), default=None)

    @property
    def last(self) -> datetime | None:
        return max((row.finished_at for row in self.rows if row.finished_at), default=None)

    @property
    def trouble(self) -> Trouble:
        one = self.count == 1
        orders = "the order" if one else f"{self.count} orders"
        return Trouble(
            happened=self.rows[0].happened if one else self.title,
            meaning=MEANING.format(orders=orders, wait="waits" if one else "wait"),
            done=DONE,
            remedy=self.remedy,
            fixer=TITLES.get(self.code, ("", VISMA))[1],
        )

    def receipts(self) -> QuerySet[GoodsReceipt]:
        return GoodsReceipt.objects.filter(pk__in=[row.pk for row in self.rows])


def receipt_causes_of(tenant: Tenant) -> list[ReceiptCause]:
    """In one query; the most refusals first."""
    rows = standing(tenant).select_related("mapping", "link__record")
    found: dict[tuple[int, str, str], ReceiptCause] = {}
    for row in rows.defer("link__record__payload").order_by("-pk")[:MOST]:
        cause = ReceiptCause(row.mapping, row.code, row.remedy)
        found.setdefault((row.mapping_id, row.code, row.remedy), cause).rows.append(row)
    return sorted(found.values(), key=lambda cause: (-cause.count, cause.id))


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def replay(request: TenantRequest, cause_id: str) -> HttpResponse:
    """First what asking again would do, counted; then the new tries."""
    causes = receipt_causes_of(request.tenant)
    cause = next((each for each in causes if each.id == cause_id), None)
    if cause is None:
        raise Http404("Nothing waits for this cause any more.")
    if request.method != "POST":
        return render(request, "console/replay_receipts.html", {"cause": cause})
    again = ask_again(cause.receipts(), actor=request.user.get_username())
    for row in again:
        async_task("connector.tasks.work_receipt", row.pk)
    many = f"{len(again)} receipt{' is' if len(again) == 1 else 's are'}"
    messages.success(request, f"{many} asked for again. What becomes of them stands below.")
    return redirect("console:mapping", request.tenant.slug, cause.mapping.pk)


@dataclass(frozen=True)
class Receiving:
    """A mapping's rule in words, how far its board was looked at, and its latest receipts."""

    is_on: bool
    is_dry: bool
    words: dict[str, str]
    looked_at: datetime | None
    latest: list[GoodsReceipt]


def receiving_of(mapping: BoardMapping) -> Receiving | None:
    """None where an entity's records cannot be received."""
    if mapping.entity not in receiving.RECEIPTS:
        return None
    watch = BoardWatch.objects.filter(mapping=mapping).first()
    rows = GoodsReceipt.objects.filter(mapping=mapping).exclude(state=ReceiptState.BEFORE)
    return Receiving(
        is_on=receiving.is_on(mapping.receive),
        is_dry=bool(mapping.receive.get("dry")),
        words=receiving.in_words(mapping.receive, receiving_titles(mapping)),
        looked_at=watch.looked_at if watch else None,
        latest=latest(rows),
    )


def receipts_of(links: Iterable[RecordLink]) -> list[GoodsReceipt]:
    """What the labels on these items asked for, the last first."""
    some = [link for link in links if link.mapping.entity in receiving.RECEIPTS]
    return latest(GoodsReceipt.objects.filter(link__in=some)) if some else []


def latest(rows: QuerySet[GoodsReceipt]) -> list[GoodsReceipt]:
    found = rows.select_related("link__record").defer("link__record__payload")
    return list(found.order_by("-pk")[:LATEST])
