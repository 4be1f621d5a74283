"""Follow: look where Visma's hints point, and let intake decide what that means."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from connector.clients import visma_client
from connector.errors import AskAPerson, ConnectorError, GiveUp, TryAgain
from connector.models import Found, Hint, SourceRecord, Trigger, Watermark
from connector.models.clock import database_now
from connector.sync import gap, hints, intake, settling, streams
from connector.sync.budget import Ledger
from connector.sync.poll import BACK_OFF, StreamBusy, poll
from connector.sync.runs import RunBook
from connector.visma.client import Row, VismaClient
from connector.visma.records import decode
from connector.visma.resources import RESOURCES
from mappings.models import BoardMapping
from tenants import services as tenants
from tenants.models import Health, VismaConnection

log = logging.getLogger(__name__)

# One worker looks after hints for so long, then others have their turn.
SLICE = 20.0
# Records fetched before they are stored together: few, so that the first does not wait for long.
TOGETHER = 10
# Calls that name no record let a stream be read this often at most, however many come.
POLL_GAP = timedelta(seconds=10)
# Of so many records at once, reading the stream costs Visma's budget less than one by one.
MANY = 50
BUSY = timedelta(seconds=3)


@dataclass
class Errand:
    """The hints of one stream that a worker looks after now."""

    connection: VismaConnection
    entity: str
    client: VismaClient
    by_key: dict[str, list[Hint]]


def follow(visma_id: int, *, seconds: float = SLICE) -> bool:
    """Look after the hints of one connection. True if there may be more to do right now.

    A stream that a storm tells of is left to settle.
    """
    connection = VismaConnection.objects.get(pk=visma_id)
    hints.look(connection)
    if connection.health == Health.NEEDS_PERSON:
        return False
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        restless = settling.restless(connection)
        claimed = hints.claim(connection, but=restless)
        if not claimed and restless:
            settling.come_back(connection)
        if not claimed:
            return False
        for errand in _errands(connection, claimed):
            _run(errand, until)
    return True


def _errands(connection: VismaConnection, claimed: list[Hint]) -> Iterator[Errand]:
    """One per stream; what names no stream goes to every one that is mapped."""
    active = BoardMapping.objects.filter(visma=connection, active=True, parent=None)
    mapped = list(dict.fromkeys(active.order_by("pk").values_list("entity", flat=True)))
    vague = [hint for hint in claimed if not hint.entity]
    unwanted = [hint for hint in claimed if hint.entity and hint.entity not in mapped]
    hints.done(unwanted + ([] if mapped else vague), Found.UNWANTED)
    client = visma_client(connection, Ledger.of_visma(connection))
    for entity in mapped:
        by_key: dict[str, list[Hint]] = {"": vague} if vague else {}
        named: dict[str, list[Hint]] = {}
        for hint in claimed:
            if hint.entity == entity:
                named.setdefault(hint.key, []).append(hint)
        for key, group in named.items():
            by_key.setdefault(_key_of(connection, entity, key), []).extend(group)
        if by_key:
            yield Errand(connection, entity, client, by_key)


def _key_of(connection: VismaConnection, entity: str, key: str) -> str:
    """The record's key. A call may name only a number, with the type that we guessed for it."""
    if not RESOURCES[entity].single_path:
        return ""  # one record alone cannot be asked for
    if ":" not in key:
        return key
    number = key.partition(":")[2]
    known = SourceRecord.objects.filter(
        connection=connection, entity=entity, number=number
    ).values_list("key", flat=True)[:2]
    return known[0] if len(known) == 1 else key


def _run(errand: Errand, until: float) -> None:
    if len(errand.by_key) > MANY:
        errand.by_key = {"": [hint for group in errand.by_key.values() for hint in group]}
    keys = iter([key for key in errand.by_key if key])
    try:
        while some := list(islice(keys, TOGETHER)):
            if time.monotonic() >= until:
                _leave(errand, some)
                continue
            _fetch_and_store(errand, some)
    except ConnectorError as error:
        _react(errand, error)
        return
    if errand.by_key.get(""):
        _read_stream(errand)


def _leave(errand: Errand, keys: list[str]) -> None:
    hints.later([hint for key in keys for hint in errand.by_key.pop(key)])


def _fetch_and_store(errand: Errand, keys: list[str]) -> None:
    asked_at = database_now()
    rows: list[Row] = []
    for key in keys:
        try:
            row = errand.client.fetch(RESOURCES[errand.entity], key)
        except GiveUp as error:
            log.info("A record could not be read: %s", error.why.happened)
            hints.done(errand.by_key.pop(key), Found.REFUSED)
            continue
        if row is None:
            # Deleted, or not what the call seemed to name: the stream will show.
            errand.by_key.setdefault("", []).extend(errand.by_key.pop(key))
        else:
            rows.append(_as_listed(errand, row))
    with transaction.atomic():
        # As polls do while they store a page: two writers never compare with the same old.
        streams.hold(errand.connection.pk, errand.entity)
        pointing = [hint for key in keys for hint in errand.by_key.get(key, [])]
        book = RunBook(streams.served(errand.connection.pk, errand.entity), _trigger(pointing))
        taken = intake.take_in(errand.connection, errand.entity, rows, book, asked_at=asked_at)
        book.close()
        _account(errand, keys, taken, asked_at)


def _as_listed(errand: Errand, row: Row) -> Row:
    """Only the fields that a list shows: alone, a record brings more, and would seem changed."""
    stored = SourceRecord.objects.filter(connection=errand.connection, entity=errand.entity)
    like = stored.filter(key=row.key).first() or stored.order_by("-pk").first()
    if like is None:
        return row
    shown = decode(like.payload.encode())
    return replace(row, payload={k: v for k, v in row.payload.items() if k in shown})


def _account(errand: Errand, keys: list[str], taken: intake.Taken, asked_at: datetime) -> None:
    changed = {record.key for record in taken.new + taken.changed}
    told = 0
    looked_after: dict[str, list[Hint]] = {Found.CHANGE: [], Found.KNOWN: []}
    for key in keys:
        pointing = errand.by_key.pop(key, [])
        told += key in changed and _trigger(pointing) == Trigger.WEBHOOK
        if key in taken.overtaken:
            hints.later(pointing)  # read again: nobody knows which of two readings is newer
        else:
            looked_after[Found.CHANGE if key in changed else Found.KNOWN] += pointing
    for found, group in looked_after.items():
        hints.done(group, found, read_at=asked_at)
    gap.count(
        errand.connection,
        errand.entity,
        told,
        trigger=Trigger.WEBHOOK,
        now=database_now(),
    )


def _trigger(pointing: list[Hint]) -> Trigger:
    """What we noted for ourselves is no webhook: nobody outside told of a change."""
    told = any(hint.event not in hints.OURS for hint in pointing)
    return Trigger.WEBHOOK if told else Trigger.SCHEDULE


def _read_stream(errand: Errand) -> None:
    """Calls that name no record: the stream is read once for all of them."""
    vague = errand.by_key.pop("")
    mark = Watermark.objects.filter(connection=errand.connection, entity=errand.entity).first()
    now = database_now()
    rested = mark.last_started_at + POLL_GAP if mark and mark.last_started_at else now
    if mark and mark.not_before:
        rested = max(rested, mark.not_before)
    if rested > now:
        hints.later(vague, rested - now)
        return
    came_before = hints.waiting(errand.connection, errand.entity)
    try:
        account = poll(errand.connection, errand.entity, trigger=_trigger(vague), seconds=SLICE)
    except StreamBusy:
        hints.later(vague, BUSY)
    except ConnectorError as error:
        hints.later(vague, _wait(error))
    else:
        if not account.complete:
            hints.later(vague, POLL_GAP)
            return
        found = Found.CHANGE if account.new + account.changed else Found.KNOWN
        hints.done(vague, found)
        hints.done_until(came_before, errand.connection, errand.entity, found)


def _react(errand: Errand, error: ConnectorError) -> None:
    """Nothing is lost: the hints wait, or a person is asked and they wait for that."""
    log.info("Looking after hints of %s stopped: %s", errand.connection, error.why.happened)
    hints.later([hint for group in errand.by_key.values() for hint in group], _wait(error))
    if isinstance(error, AskAPerson):
        tenants.connection_needs_person(
            errand.connection, happened=error.why.happened, remedy=error.why.remedy
        )


def _wait(error: ConnectorError) -> timedelta:
    return (error.after if isinstance(error, TryAgain) else None) or BACK_OFF
