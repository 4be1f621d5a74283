"""A tenant in this process: its company, its board, its workers, and what people do to them."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import connection
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from requests import PreparedRequest

from connector import tasks
from connector.models import Batch, BoardLane, LinkState, RecordLink, Watermark
from connector.models.prepared import Prepared
from connector.sandbox import world
from connector.sandbox.monday import board_acts, item_acts, label_acts
from connector.sandbox.server import SandboxServer
from connector.sandbox.visma.stamps import written
from connector.sync import activate, replay
from connector.sync.waits import doubtful_since
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection, VismaConnection
from tests.faults.clocks import Clocks
from tests.faults.mortal import Fate, Worker

ENTITY = "supplier_invoice"
PERSON = "kari@nordlys.example"
GONE = "no-such-host:1:gone"  # a holder nobody can ask whether it lives
STATUSES = ("Open", "Balanced", "Closed", "Hold", "Prebooked")


class Stage:
    """``chance`` decides everything that is not said; the same seed gives the same play."""

    def __init__(
        self, sandbox: SandboxServer, mapping: BoardMapping, clocks: Clocks, chance: random.Random
    ) -> None:
        self.sandbox = sandbox
        self.mapping = mapping
        self.clocks = clocks
        self.chance = chance
        self.board = sandbox.monday.account.boards[int(mapping.board_id)]
        self.depth = len(connection.savepoint_ids)  # the test's own transaction, if it has one
        self.revision = 0
        self.broken: list[str] = []  # invariants violated on the way
        self.left: Counter[str] = Counter()  # requests that left, by key
        self.deaths = 0
        self.stalls = 0
        self.watermark = ""
        self.forgotten: set[int] = set()  # numbers of calls that the database was set back behind

    # --- the company --------------------------------------------------------------------------
    def keep_invoices(self, number: int) -> None:
        """The company starts with so many invoices; the rest of the seed was never there."""
        company = self.sandbox.visma.company
        keys = sorted(_key(row) for row in company.tables[ENTITY].rows())
        for key in keys[number:]:
            company.tables[ENTITY].drop(key)
        for key in keys[:number]:
            self.touch(key)

    def edit(self) -> None:
        """One change of one invoice, which shows in its description which change it was."""
        keys = self.invoices()
        if keys:
            self.touch(self.chance.choice(keys))

    def touch(self, key: str) -> None:
        kind, _, number = key.partition(":")
        changes: dict[str, Any] = {"description": self.next_description()}
        if self.chance.random() < 0.5:
            changes["status"] = self.chance.choice(STATUSES)
        if self.chance.random() < 0.3:
            changes["amount"] = f"{self.chance.randint(1, 10**7) / 100:.2f}"
        self.sandbox.visma.edit_invoice(number, kind=kind, **changes)

    def add_invoice(self, status: str = "") -> None:
        self.sandbox.visma.add_invoice(
            amount=f"{self.chance.randint(1, 10**8) / 100:.2f}",
            status=status or self.chance.choice(STATUSES),
            description=self.next_description(),
        )

    def commit_late(self) -> None:
        """A change that Visma stamps with a time it was begun at, up to 100 minutes ago."""
        keys = self.invoices()
        if not keys:
            return
        company = self.sandbox.visma.company
        payload = company.draft(ENTITY, self.chance.choice(keys))
        begun = company.stamps.now() - timedelta(minutes=self.chance.uniform(1, 100))
        if payload["lastModifiedDateTime"] < written(begun):
            payload["description"] = self.next_description()
            company.plant(ENTITY, payload, begun)

    def delete_invoice(self) -> None:
        """Not before a restored database has read everything again: what it forgot and Visma has
        deleted since leaves an item that nothing tells of (docs/reliability.md)."""
        keys = self.invoices()
        if len(keys) > 1 and not doubtful_since(self.mapping.visma, ENTITY):
            kind, _, number = self.chance.choice(keys).partition(":")
            self.sandbox.visma.delete_invoice(number, kind=kind)

    def invoices(self) -> list[str]:
        return sorted(_key(row) for row in self.sandbox.visma.company.tables[ENTITY].rows())

    def next_description(self) -> str:
        self.revision += 1
        return f"rev {self.revision}"

    # --- the workers --------------------------------------------------------------------------
    def tick(self) -> None:
        self.perform(lambda: tasks.tick(beats=1))

    def run_task(self, fate: Fate | None = None) -> bool:
        """One task of the queue, in no order, and now and then not for the last time.

        False if there was none.
        """
        rows = QUEUE()
        if not rows:
            return False
        pk, payload = self.chance.choice(rows)
        package = SignedPackage.loads(payload)
        if self.chance.random() < 0.9:
            OrmQ.objects.filter(pk=pk).delete()
        task: Callable[..., None] = getattr(tasks, package["func"].rpartition(".")[2])
        self.perform(lambda: task(*package["args"], **package["kwargs"]), fate)
        return True

    def perform(self, task: Callable[[], None], fate: Fate | None = None) -> None:
        # What monday does in the background is done before the worker reads its answer.
        quiet = self.sandbox.monday.bulk.wait
        worker = Worker(fate or Fate(), before=self._watch, after=quiet)
        worker.run(task)
        self.stalls += worker.has_stalled
        if worker.is_dead:
            self.deaths += 1
            self._bury()
        self._watch_watermark()

    def _bury(self) -> None:
        """Nobody can ask the dead holder of a lease: this process, which it was, lives on."""
        for model in (BoardLane, Watermark):
            model._default_manager.exclude(lease_owner="").update(lease_owner=GONE)

    def empty_queue(self) -> None:
        OrmQ.objects.all().delete()

    # --- people -------------------------------------------------------------------------------
    def label(self, text: str, *, on: bool) -> None:
        column = self.board.column_titled("Status")
        with suppress(Exception):  # monday refuses what is so already
            label_id = label_acts.label_id_of(column, text)
            label_acts.label_switch(self.account, self.board, column, label_id, on)

    def item(self, state: str) -> None:
        items = [
            i for i in self.board.items.values() if (i.state == "active") != (state == "active")
        ]
        if items:
            self.set_item(self.chance.choice(sorted(items, key=lambda i: i.id)), state)

    def set_item(self, item: Any, state: str) -> None:
        item_acts.item_set_state(self.account, self.board, item, state, by=world.PEOPLE[1].id)

    def delete_column(self, title: str) -> None:
        with suppress(StopIteration):  # it was deleted before
            column = self.board.column_titled(title)
            board_acts.column_delete(self.account, self.board, column)

    def rename_column(self, title: str) -> None:
        with suppress(StopIteration):
            column = self.board.column_titled(title)
            board_acts.column_rename(self.account, self.board, column, f"{title}!")

    def set_board(self, state: str) -> None:
        board_acts.board_set_state(self.account, self.board, state)

    def change_mapping(self) -> None:
        """The description is shown in capitals from now on, or no longer."""
        pairing = self.mapping.pairings.get(field="description")
        pairing.transform = "" if pairing.transform else "upper"
        pairing.save()
        self.replan()

    def replan(self) -> None:
        activate.replan(BoardMapping.objects.get(pk=self.mapping.pk), by=PERSON)

    def pause_mapping(self) -> None:
        activate.deactivate(BoardMapping.objects.get(pk=self.mapping.pk))

    def resume_mapping(self) -> None:
        mapping = BoardMapping.objects.get(pk=self.mapping.pk)
        if not mapping.active:
            activate.activate(mapping, by=PERSON)

    def reconnect(self) -> None:
        """People entered new secrets, and the check was passed."""
        self.sandbox.monday.access.allow(world.MONDAY_TOKEN)
        for model in (MondayConnection, VismaConnection):
            model._default_manager.update(health=Health.OK)

    def replay(self) -> int:
        return replay.replay_links(RecordLink.objects.all(), actor=PERSON)

    @property
    def account(self) -> Any:
        return self.sandbox.monday.account

    # --- what must hold at every moment -------------------------------------------------------
    def _watch(self, request: PreparedRequest) -> None:
        """I5: whatever has an effect is committed, byte for byte, before it leaves."""
        if connection.savepoint_ids[self.depth :]:
            self.broken.append(f"a transaction was open during {request.url}")
        key = request.headers.get("Idempotency-Key")
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        if key is None:
            if '"query": "mutation' in body:
                self.broken.append(f"a change left without a key: {body[:80]}")
            return
        # Each sending is noted by itself. Others may have sent it too, and settled it, while this
        # worker was stopped at the wire: its own last look there comes after this one, and whatever
        # leaves all the same is in the log, with its key's age.
        self.left[key] += 1
        batch = Batch.objects.filter(idempotency_key=key).first()
        if batch is None or batch.state == Batch.State.FROZEN or batch.sends < self.left[key]:
            self.broken.append(f"a change left that was not written down as sent: {key}")

    def _watch_watermark(self) -> None:
        """I7: it never moves back."""
        position = POSITION.one() or ""
        if position < self.watermark:
            self.broken.append(f"the watermark moved from {self.watermark} back to {position}")
        self.watermark = position

    def forget(self, known: int) -> None:
        """The database was set back to when the sandbox had met so many calls."""
        self.left.clear()
        self.forgotten |= {entry.number for entry in self.sandbox.log.entries(known)}
        self.watermark = POSITION.one() or ""

    def open_links(self) -> int:
        under_way = (LinkState.WAITING, LinkState.SENDING, LinkState.UNCERTAIN)
        return RecordLink.objects.filter(state__in=under_way).count()


# Asked before and after every act of every worker.
QUEUE = Prepared(lambda: OrmQ.objects.order_by("pk").values_list("pk", "payload"))
POSITION = Prepared(
    lambda: (
        Watermark.objects.filter(entity=ENTITY).order_by("pk").values_list("position", flat=True)
    )
)


def _key(row: dict[str, Any]) -> str:
    return f"{row['documentType']}:{row['referenceNumber']}"
