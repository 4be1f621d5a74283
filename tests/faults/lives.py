"""Lives: work for real workers, who are killed at each step of it, and what must hold then."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connector.models import Batch, Watermark
from connector.models.clock import database_now
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.checker import violations
from tests.faults.clocks import one_clock
from tests.faults.nursery import Life, Nursery
from tests.faults.processes import environment
from tests.faults.stage import ENTITY, Stage

OPERATIONS = {
    "create": "create_item*",
    "update": "change*",
    "archive": "archive_item*",
    "bulk": "ingest*",
}
ON_THE_WIRE = ("received", "executed", "half")
FEW = 3  # records a case is about; enough for a batch with neighbours
LOAD = 6  # of them make a bulk load here
MOST_LIVES = 60  # of one case; one that is not through after so many will never be
LEFT_OUT = "Hold"
# The stream is due after a minute. A load whose fate was unknown also keeps loads off for an hour.
DUE_AFTER = {"bulk": 3601}
# Between two lives: at once, after a lease, or after monday has surely forgotten the key.
PAUSES = (1.0, 61.0, 61.0, 1600.0)


class Lives:
    """One company, one board, and case after case of workers who are killed over it."""

    def __init__(self, stage: Stage, nursery: Nursery, operation: str) -> None:
        self.stage = stage
        self.nursery = nursery
        self.operation = operation
        self.kills: Counter[str] = Counter()
        self.found: list[str] = []

    def steps(self) -> int:
        """How many steps the work takes a worker that nobody kills."""
        self._prepare()
        life = self._live(0)
        self._see_through("unharmed", iter(()))
        return life.steps

    def killed_at(self, step: int) -> None:
        """A worker dies at this step; those after it may die at any."""
        self._prepare()
        self._see_through(f"killed at step {step}", self._fates(step))

    def killed_on_the_wire(self, when: str) -> None:
        """A worker dies while monday has its request, has carried it out, or is answering."""
        self._prepare()
        match = {"system": "monday", "operation": OPERATIONS[self.operation], "count": 1}
        rule = {"match": match, "do": [{"action": "kill", "pid": "peer", "when": when}]}
        self.stage.sandbox.faults.add(rule)
        self._see_through(f"killed when {when}", self._fates(0), when)
        self.stage.sandbox.faults.clear()

    def _fates(self, first: int) -> Iterator[int]:
        yield first
        while self.stage.chance.random() < 0.4:
            yield self.stage.chance.randint(1, 150)

    def _see_through(self, case: str, fates: Iterator[int], when: str = "") -> None:
        """Worker after worker, until everything is on the board; then everything must hold."""
        begun = database_now()
        for _ in range(MOST_LIVES):
            life = self._live(next(fates, 0))
            if life.was_killed:
                self.kills[life.at or when] += 1
            elif life.code:
                self.found.append(f"{case}: a worker ended with {life.code}")
            elif self._is_done(begun):
                self.found += [f"{case}: {words}" for words in self._violations()]
                return
            self.stage.clocks.advance(self.stage.chance.choice(PAUSES))
        self.found.append(f"{case}: not done after {MOST_LIVES} lives")

    def _live(self, step: int) -> Life:
        life = self.nursery.live(step=step, bulk=LOAD if self.operation == "bulk" else 500)
        self.stage.clocks.follow()
        self.stage.sandbox.monday.bulk.wait()
        return life

    def _is_done(self, begun: object) -> bool:
        read = Watermark.objects.filter(entity=ENTITY, last_complete_at__gt=begun).exists()
        unsettled = Batch.objects.exclude(state=Batch.State.SETTLED).exists()
        return read and not unsettled and not self.stage.open_links()

    def _violations(self) -> list[str]:
        return violations(self.stage.sandbox, self.stage.mapping)

    # --- what there is to do ------------------------------------------------------------------
    def _prepare(self) -> None:
        self.stage.clocks.advance(DUE_AFTER.get(self.operation, 61))
        acts: dict[str, Callable[[], None]] = {
            "create": lambda: self._add(FEW),
            "bulk": lambda: self._add(LOAD),
            "update": self._change,
            "archive": self._leave_out,
        }
        acts[self.operation]()

    def _add(self, number: int) -> None:
        for _ in range(number):
            self.stage.add_invoice(status="Open")

    def _change(self) -> None:
        for key in self.stage.chance.sample(self.stage.invoices(), FEW):
            self._edit(key, "Open")

    def _leave_out(self) -> None:
        """Some items leave the board; where too few are left, all come back first."""
        shown = self._shown()
        if len(shown) < FEW:
            for key in self.stage.invoices():
                self._edit(key, "Open")
            self._see_through("all back", iter(()))
            self.stage.clocks.advance(61)
            shown = self._shown()
        for key in self.stage.chance.sample(shown, FEW):
            self._edit(key, LEFT_OUT)

    def _shown(self) -> list[str]:
        rows = self.stage.sandbox.visma.company.tables[ENTITY].rows()
        left = {row["referenceNumber"] for row in rows if row["status"] == LEFT_OUT}
        return [key for key in self.stage.invoices() if key.rpartition(":")[2] not in left]

    def _edit(self, key: str, status: str) -> None:
        kind, _, number = key.partition(":")
        said = self.stage.next_description()
        self.stage.sandbox.visma.edit_invoice(number, kind=kind, status=status, description=said)


@contextmanager
def lives(
    sandbox: SandboxServer, mapping: BoardMapping, operation: str, seed: int
) -> Iterator[Lives]:
    """A settled board with as many invoices as the operation needs, and workers at hand."""
    chance = random.Random(f"{operation} {seed}")  # noqa: S311 - repeatable, no secret
    nursery = Nursery(environment(sandbox), f"{sandbox.url}/_control")
    try:
        with one_clock(sandbox) as clocks:
            stage = Stage(sandbox, mapping, clocks, chance)
            stage.keep_invoices(30 if operation in ("update", "archive") else FEW)
            BoardMapping.objects.filter(pk=mapping.pk).update(
                filter={"status": ["Open", "Balanced", "Closed", "Prebooked"]},
                on_leave="archive",
            )
            made = Lives(stage, nursery, operation)
            made._see_through("first", iter(()))
            yield made
    finally:
        nursery.close()
