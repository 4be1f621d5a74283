"""Nudges for the workers: they carry ids, and losing every one of them loses nothing.

``tick`` is the only schedule. It finds due work by query, so deleted tasks are found again.
"""

import logging
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django_q.models import OrmQ
from django_q.tasks import async_task

from connector.errors import ConnectorError
from connector.models import GoodsReceipt, Source, Trigger
from connector.models.clock import database_now
from connector.sync import (
    ageing,
    board_hints,
    board_hooks,
    drift,
    follow,
    forgetting,
    health,
    hints,
    items,
    receipts,
    slices,
    watch,
)
from connector.sync.lanes import due_lanes, held_lanes
from connector.sync.poll import StreamBusy, due_streams, poll
from mappings.models import BoardMapping
from tenants.models import VismaConnection

log = logging.getLogger(__name__)

# A schedule fires once a minute at best and up to 30 s late (django-q2 1.11), which is coarse for
# back-offs of seconds: one tick looks for due work four times.
BEATS = 4
BEAT = 15.0
# A worker reads one stream for so long; what is left then goes to the back of the queue.
READING = 20.0


def tick(beats: int = BEATS, beat: float = BEAT) -> None:
    """Enqueue whatever is due now, and again at each beat of the minute."""
    for number in range(beats):
        if number:
            time.sleep(beat)
        for nudge in (nudge_streams, nudge_hints, nudge_watch, nudge_receipts, nudge_lanes):
            _give(nudge)
    for nudge in (nudge_ageing, nudge_looks, nudge_health, forget):
        _give(nudge)


def _give(nudge: Callable[[], None]) -> None:
    """An error of our own in looking for one kind of work keeps the others from nothing."""
    try:
        nudge()
    except Exception:
        log.exception("Looking for due work failed (%s); it is looked for again", nudge.__name__)


def nudge_looks() -> None:
    """Boards that nothing was written to lately may have changed all the same."""
    for mapping_id in drift.due():
        async_task("connector.tasks.look_at_board", mapping_id)
    for mapping_id in items.due():
        async_task("connector.tasks.compare_items", mapping_id)


def look_at_board(mapping_id: int) -> None:
    if mapping_id in drift.due():  # the same nudge may have been given twice
        mappings = BoardMapping.objects.select_related("monday", "visma", "tenant")
        mapping = mappings.get(pk=mapping_id)
        drift.look(mapping)
        board_hooks.tend(mapping)
        nudge_lanes()


def compare_items(mapping_id: int) -> None:
    if items.claim(mapping_id):
        mappings = BoardMapping.objects.select_related("monday", "visma", "tenant")
        items.compare(mappings.get(pk=mapping_id))
        nudge_lanes()


def nudge_health() -> None:
    """Connections that need a person may work again without one."""
    for system, pk in health.due():
        async_task("connector.tasks.try_connection", system, pk)


def try_connection(system: health.System, pk: int) -> None:
    if health.try_again(system, pk):
        nudge_streams()
        nudge_lanes()


def nudge_ageing() -> None:
    """Once a minute is often enough for what changes at midnight."""
    for mapping in ageing.due(ageing.ACTIVE()):
        async_task("connector.tasks.age_mapping", mapping.pk)


def forget() -> None:
    """Done here: it takes less than a task would."""
    forgetting.forget_hints()
    forgetting.forget_calls()


def nudge_streams() -> None:
    for visma_id, entity in due_streams(now=database_now()):
        async_task("connector.tasks.poll_stream", visma_id, entity)


def nudge_hints() -> None:
    for source, connection_id in hints.due_connections():
        async_task("connector.tasks.follow_hints", source, connection_id)


def nudge_watch() -> None:
    """Boards where a label may have been set, and webhooks that nobody needs."""
    for mapping_id in watch.due_boards(database_now()):
        async_task("connector.tasks.watch_board", mapping_id)
    for webhook_pk in board_hooks.unwanted():
        async_task("connector.tasks.take_hook_away", webhook_pk)


def nudge_receipts() -> None:
    """Receipts with a step to take."""
    for receipt_id in receipts.due(database_now()):
        async_task("connector.tasks.work_receipt", receipt_id)


def nudge_lanes() -> None:
    """Lanes that a worker holds are left to it."""
    due = set(due_lanes())
    for lane_id in due.difference(held_lanes()) if due else ():
        async_task("connector.tasks.work_lane", lane_id)


def poll_stream(visma_id: int, entity: str, trigger: str = Trigger.SCHEDULE) -> None:
    # The same nudge may have been given twice while no worker was free.
    stream = (visma_id, entity)
    if trigger == Trigger.SCHEDULE and stream not in due_streams(now=database_now()):
        return
    connection = VismaConnection.objects.get(pk=visma_id)
    try:
        account = poll(connection, entity, trigger=trigger, seconds=READING)
    except StreamBusy:
        return
    except ConnectorError as error:
        log.info("Reading %s stopped: %s", entity, error.why.happened)
    else:
        if not account.complete:
            async_task("connector.tasks.poll_stream", visma_id, entity)
    nudge_lanes()


def age_mapping(mapping_id: int) -> None:
    for mapping in ageing.due(ageing.active().filter(pk=mapping_id)):
        ageing.age(mapping)
    nudge_lanes()


def work_lane(lane_id: int) -> None:
    """A worker's turn at the boards. Which ones it serves is decided now, not when it was queued:
    the queue has no order."""
    if slices.take_turn(lane_id, wanted_elsewhere=_others_wait):
        async_task("connector.tasks.work_lane", lane_id)


def _others_wait() -> bool:
    """Whether there are more tasks than workers; those under way are still in the table."""
    return bool(OrmQ.objects.count() > settings.WORKERS)


def follow_hints(source: str, connection_id: int) -> None:
    """One slice of looking where webhooks pointed; losing it is made good by the tick."""
    if source == Source.MONDAY:
        nudge_asked(board_hints.follow(connection_id))
        nudge_lanes()
        return
    if follow.follow(connection_id):
        hints.nudge_for([(connection_id, None)])
    nudge_lanes()


def watch_board(mapping_id: int) -> None:
    mapping = BoardMapping.objects.select_related("monday").get(pk=mapping_id)
    board_hooks.tend(mapping)
    if watch.claim(mapping):
        nudge_asked(watch.look(mapping))


def nudge_asked(asked: Iterable[GoodsReceipt]) -> None:
    for receipt in asked:
        async_task("connector.tasks.work_receipt", receipt.pk)


def tend_hooks(mapping_id: int) -> None:
    """As soon as they are wanted; afterwards whoever looks at the board sees to them."""
    rows = BoardMapping.objects.select_related("monday").filter(pk=mapping_id, active=True)
    for mapping in rows:  # none while it is paused
        board_hooks.tend(mapping)


def take_hook_away(webhook_pk: int) -> None:
    board_hooks.take_away(webhook_pk)


def work_receipt(receipt_id: int) -> None:
    """As far as it comes now; a queued action of Visma is looked after within the minute."""
    receipts.work(receipt_id)
