"""The ledger of calls: nobody spends more than an account allows, however many workers there are.

A reservation is a row written before the call, in a transaction of its own that locks the account;
the sums over the last 60 seconds are exact, so no limit is ever met by our own doing.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from connector.errors import Throttled
from connector.http import CallReport
from connector.models import AccountLimits, statements
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync import allowances, gates, rooms
from connector.sync.allowances import OTHER_PLAN, PLANS, Plan
from connector.sync.corrections import answered, correct
from connector.sync.gates import REQUEST_COST, Wish
from connector.sync.pages import Page
from connector.sync.sums import costs_of_minute
from connector.sync.windows import WINDOW, next_room
from tenants.models import MondayConnection, VismaConnection

__all__ = ["OTHER_PLAN", "PLANS", "REQUEST_COST", "WINDOW", "Ledger", "Plan"]

# A call that never reported back frees its concurrency slot after this; monday cuts at 60 s.
SLOT_LIFE = timedelta(seconds=90)
# A batch smaller than this is not worth a call of the day: the minute can wait for it.
SMALLEST = 20
SERVER_ERROR = 500
# Somebody with little to send comes back so long after the limit allows it, at the latest.
TURN = timedelta(seconds=3)
# The limits that are sums of the last minute, and the one of calls at a time.
MINUTE = ("rate_minute", "rate_mutations", "rate_complexity", "rate_concurrency")


LOCKED = Prepared(
    lambda: AccountLimits.objects.select_for_update().filter(account=Given("account"))
)
COUNT = """
    UPDATE connector_accountlimits SET
        day = %s, day_calls = %s, backlog_due_at = %s, turn_kept_until = %s, window_left = %s,
        page_room_until = %s
    WHERE id = %s
"""
RESERVE = """
    INSERT INTO connector_apicall (
        account, tenant_id, board_id, address, operation, mutation, cost, items, started_at,
        expires_at, throttle, request_id
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '') RETURNING id
"""
REPORT = """
    UPDATE connector_apicall SET
        finished_at = %s, status = %s, duration_ms = %s, request_id = %s, throttle = %s,
        cost = COALESCE(%s, cost)
    WHERE id = %s
"""


class Ledger:
    """The meter that both clients report to: reserve before a call, correct after it.

    ``backlog``: this is one of many calls; those who have little to send go first.
    """

    def __init__(
        self, account: str, plan: Plan, *, tenant_id: int, board_id: str = "", address: str = ""
    ) -> None:
        """``address``: where the calls leave, if the other side counts by that too."""
        self.account = account
        self.plan = plan
        self.tenant_id = tenant_id
        self.board_id = board_id
        self.address = address
        self.backlog = False
        # Points that the last reservation left of the minute; None while that is not known.
        self.left: int | None = None
        # The last reservation tries whether an account that was refused is served again.
        self.tries = False
        # Pages that are being read, by slot: their operation, size, and what such cost so far.
        self._pages: dict[int, Page] = {}

    @classmethod
    def of_monday(cls, connection: MondayConnection, board_id: str = "") -> "Ledger":
        plan = replace(
            PLANS.get(connection.plan_tier, OTHER_PLAN),
            mutations=connection.mutations_per_minute,
        )
        return cls(
            connection.account_key,
            plan,
            tenant_id=connection.tenant_id,
            board_id=board_id,
            address=settings.EGRESS_ADDRESS,
        )

    @classmethod
    def of_visma(cls, connection: VismaConnection) -> "Ledger":
        """Visma counts each pair of company and client by itself, and says what is left."""
        account = f"visma:{connection.client_id}:{connection.company_id}"
        return cls(account, Plan(), tenant_id=connection.tenant_id)

    def reserve(self, operation: str, *, mutation: bool, cost: int, items: int = 0) -> int:
        """A slot for one call about so many ``items``.

        Raises Throttled, with the time to wait, where a limit leaves no room.
        """
        try:
            with transaction.atomic():
                limits, now = self._lock(), database_now()
                page = Page.of(limits, operation, 0 if mutation else items)
                may = allowances.allowance(self.plan, limits, now)
                cost = gates.page_cost(page.cost or cost, may, limits) if page.size else cost
                what = (operation, mutation, cost)
                wish = Wish(self.account, *what, self.backlog, self.address, self.tenant_id)
                self.left = gates.check(wish, self.plan, limits, now)
                self.tries = limits.throttles > 0
                self._count(limits, now, wish)
                slot = self._noted(wish, items, now)
        except Throttled as refusal:
            self._note_refusal(wish, refusal, limits)
            raise
        if page.size:
            self._pages[slot] = page
        return slot

    def record(self, slot: int, report: CallReport) -> None:
        """Correct the ledger by what the answer said."""
        now = database_now()
        request_id, throttle = report.request_id[:100], report.throttle[:40]
        told = (now, report.status, report.duration_ms, request_id, throttle, report.cost)
        statements.change(REPORT, *told, slot)
        correct(self.account, self.plan, report, now)
        if page := self._pages.pop(slot, None):
            page.learn(self.account, report)
        if self.tries and not report.throttle and 0 < report.status < SERVER_ERROR:
            answered(self.account)

    def fitting(self, items: int, item_cost: int) -> int:
        """How many of ``items`` go into the minute next, now or once the first calls leave it.

        A last, smaller batch fills the minute: 25 items of 10,000 points and a little overhead
        fit 19 times into 5,000,000, and 24 more items on top. A minute later, 24 fit again where
        25 would have to wait for the place of the next.
        """
        if self.left is not None and self.left > 2 * items * item_cost:
            return items
        limits = AccountLimits.objects.filter(account=self.account).first() or AccountLimits()
        now = database_now()
        may = allowances.allowance(self.plan, limits, now)
        quota = gates.points(limits, may, backlog=self.backlog)
        if quota is None:
            return items
        quota -= rooms.kept(limits, now) if self.backlog else 0
        enough = REQUEST_COST + min(items, SMALLEST) * item_cost
        spent = [cost for _, cost in costs_of_minute(self.account, limits, now)]
        room = (next_room(quota, enough, spent) - REQUEST_COST) // item_cost
        return min(room, items) if room > 0 else items

    def load_room(self) -> int:
        """Rows that a bulk load may bring now; 0 where the loads or rows of the hour are spent."""
        return gates.load_room(self.account, database_now())

    def item_cost(self) -> int:
        """Complexity points that one item of a mutation costs on this account, as learned."""
        limits, _ = AccountLimits.objects.get_or_create(account=self.account)
        return limits.item_cost

    def learn_item_cost(self, cost: int, items: int, *, known: int) -> int:
        learned = max(-(-(cost - REQUEST_COST) // items), 1)
        if learned == known:
            return known
        AccountLimits.objects.filter(account=self.account).exclude(item_cost=learned).update(
            item_cost=learned
        )
        return learned

    def _lock(self) -> AccountLimits:
        limits = LOCKED.one(account=self.account)
        if limits is None:
            AccountLimits.objects.get_or_create(account=self.account)
            limits = AccountLimits.objects.select_for_update().get(account=self.account)
        return limits

    def _count(self, limits: AccountLimits, now: datetime, wish: Wish) -> None:
        """What is not changed is written as it was read: the row is locked."""
        today = now.date()
        may = allowances.allowance(self.plan, limits, now)
        finds_room = not wish.mutation and rooms.is_for(wish.cost, limits.page_room or 0)
        statements.change(
            COUNT,
            today,
            limits.day_calls + 1 if limits.day == today else 1,
            gates.backlog_due_at(wish, limits, may, now) or limits.backlog_due_at,
            limits.turn_kept_until if self.backlog else None,
            limits.window_left - 1 if limits.window_left else limits.window_left,
            None if finds_room else limits.page_room_until,
            limits.pk,
        )

    def _noted(self, wish: Wish, items: int, now: datetime) -> int:
        who = (self.account, self.tenant_id, self.board_id, self.address)
        what = (wish.operation, wish.mutation, wish.cost, items)
        ((slot,),) = statements.rows(RESERVE, *who, *what, now, now + SLOT_LIFE)
        return int(slot)

    def _note_refusal(self, wish: Wish, refusal: Throttled, limits: AccountLimits) -> None:
        """Whoever has little to send is next once the minute allows it.

        A backlog that came too early spreads its calls anew from there on: what it may send in a
        row after a pause is for those who were late. Calls that left in a row leave the minute in a
        row, and who comes in between would wait for most of a minute. A reading has
        room kept for it instead: it comes back later than a turn lasts.
        """
        if not refusal.after or refusal.why.code not in MINUTE:
            return
        now = database_now()
        at = now + refusal.after
        news: dict[str, Any] = {}
        if not wish.backlog:
            news["turn_kept_until"] = at + TURN
        elif wish.mutation:
            news["backlog_due_at"] = at
        if not wish.mutation and refusal.why.code == "rate_complexity":
            news["page_room"] = rooms.wanted(limits, wish.cost, now)
            news["page_room_until"] = at + rooms.KEPT
        if news:
            AccountLimits.objects.filter(account=self.account).update(**news)
