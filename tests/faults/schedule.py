"""A schedule: from one seed, what happens to a tenant in which order, and what must hold then."""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.test import override_settings

from connector.errors import ConnectorError
from connector.models import RecordLink, Trigger, Watermark
from connector.models.clock import database_now
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync.poll import StreamBusy, poll
from mappings.models import BoardMapping
from tests.faults import misfortunes, second
from tests.faults.checker import board_violations, violations
from tests.faults.clocks import one_clock, told_without_asking
from tests.faults.mortal import Fate
from tests.faults.restores import forgotten, recover
from tests.faults.stage import ENTITY, STATUSES, Stage

# A stalled worker that is about to send may be away this long: the key must still be young when
# its request arrives (docs/reliability.md, "What is not proved").
LONGEST_STALL = 20 * 60.0
LONGEST_LIFE = 200  # steps; many tasks take fewer, so that some outlive their fate
ROUNDS = 60  # of "everything due is done, half an hour passes" until a tenant has come to rest
A_NIGHT = 25 * 3600.0  # in it every stream is read as a whole, and every board is looked at
LOOKS = 10  # at a board in half an hour: three of two calls, at all, some and the gone items
SHOWN = 8  # violations; a first one often brings many
FREELY_DELETED = ("Currency", "Due date", "Supplier reference")


@dataclass(frozen=True)
class Played:
    seed: int
    found: list[str]
    told: list[str]
    figures: dict[str, int]

    def __str__(self) -> str:
        some = [*self.found[:SHOWN], *([f"and {left} more"] if (left := self.left) else [])]
        story = f"what happened: {' '.join(self.told)}; {self.figures}"
        return "\n".join([f"seed {self.seed}:", *some, story])

    @property
    def left(self) -> int:
        return max(len(self.found) - SHOWN, 0)


def play(seed: int, sandbox: SandboxServer, mapping: BoardMapping) -> Played:
    """Everything that was violated, on the way or in the end, and how much has happened."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    bulk = override_settings(BULK_THRESHOLD=chance.choice((500, 500, 6)))
    with (
        bulk,
        one_clock(sandbox) as clocks,
        told_without_asking(clocks),
        own_errors() as errors,
    ):
        stage = Stage(sandbox, mapping, clocks, chance)
        _set_up(stage)
        told = [_happen(stage) for _ in range(chance.randint(12, 45))]
        rest = _come_to_rest(stage)
        found = [*errors, *stage.broken, *rest, *violations(sandbox, mapping, stage.forgotten)]
        for other in BoardMapping.objects.filter(name=second.NAME):
            found += [f"{words} (second board)" for words in board_violations(sandbox, other)]
    log = sandbox.log
    figures = {
        "deaths": stage.deaths,
        "stalls": stage.stalls,
        "events": len(told),
        "calls": log.counters["monday.calls"] + log.counters["visma.calls"],
        "faults": sum(bool(entry.faults) for entry in log.entries()),
        "items": log.counters["effects.item_created"],
        "changes": log.counters["effects.item_changed"],
    }
    return Played(seed, found, told, figures)


@contextmanager
def own_errors() -> Iterator[list[str]]:
    """Exceptions that the product caught and logged: a board goes on, but nobody planned them."""
    found: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(f"an error of our own: {self.format(record)[-600:]}")

    handler = Handler(level=logging.ERROR)
    logging.getLogger("connector").addHandler(handler)
    try:
        yield found
    finally:
        logging.getLogger("connector").removeHandler(handler)


def _set_up(stage: Stage) -> None:
    chance, sandbox = stage.chance, stage.sandbox
    stage.keep_invoices(chance.choice((1, 3, 10, 30, 60)))
    sandbox.visma.quirks.page_caps[ENTITY] = chance.choice((2, 7, 25, 1000))
    if chance.random() < 0.3:
        sandbox.monday.account.index_lag = 90.0
    if chance.random() < 0.3:
        sandbox.monday.limits.set(minute=chance.choice((4, 15, 40)))
    if chance.random() < 0.3:
        quota = chance.choice((2_000_000, 3_000_000))
        sandbox.monday.limits.set(personal_complexity=quota, query_complexity=quota)
    if chance.random() < 0.4:
        shown = [*STATUSES, "Open"][chance.randint(0, 2) :]
        on_leave = chance.choice(("archive", "leave"))
        BoardMapping.objects.update(filter={"status": shown}, on_leave=on_leave)
        stage.mapping.refresh_from_db()
    if chance.random() < 0.4:
        second.draw(stage)


def _happen(stage: Stage) -> str:
    """One thing out of all that can happen; returns its name."""
    names = list(EVENTS)
    weights = [weight for weight, _ in EVENTS.values()]
    name = stage.chance.choices(names, weights)[0]
    EVENTS[name][1](stage)
    return name


def _work(stage: Stage) -> None:
    stage.tick()
    for _ in range(stage.chance.randint(1, 5)):
        stage.run_task()


def _read_everything(stage: Stage) -> None:
    """As a person asks for with ``sync --full``; twice it finds what was deleted in Visma."""

    stage.perform(lambda: _read(stage, full=True))


def _read(stage: Stage, *, full: bool = False) -> None:
    with suppress(StreamBusy, ConnectorError):
        poll(stage.mapping.visma, ENTITY, trigger=Trigger.PERSON, full=full)


def _die(stage: Stage) -> None:
    """Workers die over a change one after the other; what they held is soon free again."""
    stage.edit()
    for _ in range(stage.chance.randint(1, 5)):
        stage.clocks.advance(stage.chance.choice((1.0, 61.0, 301.0)))
        stage.tick()
        stage.run_task(Fate(stage.chance.randint(1, stage.chance.choice((20, 60, LONGEST_LIFE)))))


def _stall(stage: Stage) -> None:
    """A worker stalls; its lease runs out or not, others go on, and then it wakes up."""

    def meanwhile() -> None:
        for _ in range(stage.chance.randint(0, 3)):
            _small(stage)
        if stage.chance.random() < 0.2:
            second.switch(stage)
        stage.clocks.advance(stage.chance.choice((1.0, 61.0, 200.0, LONGEST_STALL - 60)))
        for _ in range(stage.chance.randint(0, 4)):
            stage.tick()
            stage.run_task()

    stage.tick()
    step = stage.chance.randint(1, stage.chance.choice((20, 60, LONGEST_LIFE)))
    stage.run_task(Fate(step, meanwhile))


def _restore(stage: Stage) -> None:
    """The database loses what it has just learnt, and the operator says so."""
    with forgotten(stage):
        for _ in range(stage.chance.randint(1, 4)):
            stage.chance.choice((_edit, _work, Stage.add_invoice, _work))(stage)
    stage.clocks.advance(stage.chance.uniform(60, 4000))
    recover(stage)


def _small(stage: Stage) -> None:
    stage.chance.choice((stage.edit, stage.add_invoice, stage.edit))()


def _edit(stage: Stage) -> None:
    for _ in range(stage.chance.choice((1, 1, 3, 12))):
        stage.edit()


def _misfortune(stage: Stage) -> None:
    stage.sandbox.faults.add(misfortunes.draw(stage.chance))


def _time(*seconds: float) -> Callable[[Stage], None]:
    def passes(stage: Stage) -> None:
        stage.clocks.advance(stage.chance.uniform(*seconds))

    return passes


def _label(stage: Stage) -> None:
    stage.label(stage.chance.choice(STATUSES), on=stage.chance.random() < 0.4)


def _outage(stage: Stage) -> None:
    """monday loses answers, is gone for longer than it keeps keys, and comes back."""
    lost = stage.chance.choice(("execute_then_reset", "reset_before"))
    match = {"system": "monday", "operation": stage.chance.choice(misfortunes.OPERATIONS)}
    stage.sandbox.faults.add({"match": match, "do": [{"action": lost}]})
    _edit(stage)
    _work(stage)
    stage.clocks.advance(stage.chance.uniform(60, 4000))
    _work(stage)
    stage.sandbox.faults.clear()


def _overtaken(stage: Stage) -> None:
    """A record changes, and changes again before it is known whether the first change arrived."""
    lost = {"action": stage.chance.choice(("execute_then_reset", "reset_before"))}
    match = {"system": "monday", "operation": "c*"}  # create… and change…
    record = stage.chance.choice(stage.invoices())
    stage.touch(record)
    stage.clocks.advance(61)
    stage.sandbox.faults.add({"match": match, "do": [lost]})
    _work_it_off(stage)
    stage.touch(record)
    stage.clocks.advance(stage.chance.choice((1.0, 61.0, 301.0)))
    stage.perform(lambda: _read(stage))
    stage.sandbox.faults.clear()
    _work(stage)


def _person(stage: Stage) -> None:
    acts: tuple[Callable[[], Any], ...] = (
        lambda: stage.item("archived"),
        lambda: stage.item("deleted"),
        lambda: stage.rename_column(stage.chance.choice(("Due date", "Supplier"))),
        lambda: stage.set_board("archived"),
        lambda: stage.set_board("active"),
        lambda: stage.delete_column(stage.chance.choice(FREELY_DELETED)),
        stage.change_mapping,
        stage.pause_mapping,
        stage.resume_mapping,
        stage.replay,
        stage.reconnect,
    )
    stage.chance.choice(acts)()


def _second(stage: Stage) -> None:
    """Now and then the process dies over it, and the person presses again later."""
    dies = stage.chance.random() < 0.3
    stage.perform(lambda: second.switch(stage), Fate(stage.chance.randint(1, 40)) if dies else None)


def _token(stage: Stage) -> None:
    if stage.chance.random() < 0.5:
        stage.sandbox.visma.tokens.revoke()
    else:
        stage.sandbox.monday.revoke(world.MONDAY_TOKEN)


EVENTS: dict[str, tuple[int, Callable[[Stage], None]]] = {
    "work": (20, _work),
    "die": (12, _die),
    "stall": (8, _stall),
    "edit": (14, _edit),
    "add": (4, Stage.add_invoice),
    "late": (3, Stage.commit_late),
    "delete": (1, Stage.delete_invoice),
    "full": (2, _read_everything),
    "misfortune": (14, _misfortune),
    "seconds": (8, _time(1, 70)),
    "minutes": (5, _time(60, 1500)),
    "hours": (2, _time(1500, 100_000)),
    "outage": (5, _outage),
    "overtaken": (6, _overtaken),
    "restore": (3, _restore),
    "label": (3, _label),
    "person": (6, _person),
    "second": (4, _second),
    "token": (2, _token),
    "queue": (2, Stage.empty_queue),
}


def _come_to_rest(stage: Stage) -> list[str]:
    """What only people can mend is mended; then the tenant must find its peace by itself.

    No record is touched: a change that got lost on the way would come with the next one.
    """
    _mend(stage)
    mended_at = database_now()
    stage.clocks.advance(A_NIGHT)
    for _ in range(ROUNDS):
        stage.clocks.advance(601)
        stage.reconnect()
        _work_it_off(stage)
        read = Watermark.objects.filter(entity=ENTITY, counted_at__gt=mended_at).exists()
        if read and not stage.replay() and not stage.open_links():
            return _stays_at_rest(stage)
    states = RecordLink.objects.values_list("state", "failure_happened", "not_before")
    return [f"does not come to rest: {[state for state in states if state[0] != 'delivered'][:3]}"]


def _work_it_off(stage: Stage) -> None:
    stage.tick()
    while stage.run_task():
        pass


def _mend(stage: Stage) -> None:
    stage.sandbox.faults.clear()
    stage.account.index_lag = 0.0
    for status in STATUSES:
        stage.label(status, on=True)
    stage.set_board("active")
    stage.resume_mapping()
    second.let_go_on(stage)
    stage.reconnect()
    _let_pairings_of_lost_columns_go(stage)


def _let_pairings_of_lost_columns_go(stage: Stage) -> None:
    lost = stage.mapping.pairings.exclude(column_id__in=stage.board.columns)
    if lost.exists():
        lost.delete()
        stage.replan()


def _stays_at_rest(stage: Stage) -> list[str]:
    """I22: without a change in Visma nothing is written, and the board is looked at by the clock
    only."""
    log = stage.sandbox.log
    known = len(log.entries())
    for _ in range(2):
        stage.clocks.advance(901)
        _work_it_off(stage)
    calls = [entry for entry in log.entries(known) if entry.system == "monday"]
    writes = [call.operation for call in calls if call.mutation]
    if writes or len(calls) > LOOKS * BoardMapping.objects.count():
        asked = Counter(call.operation for call in calls)
        return [f"not at rest: {len(writes)} writes, and in all {dict(asked)}"]
    return []
