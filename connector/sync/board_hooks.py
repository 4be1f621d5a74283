"""Board hooks: webhooks on boards and their columns, made, looked after, taken away again."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from connector.clients import monday_client
from connector.errors import AskAPerson, ConnectorError, GiveUp
from connector.models import BoardWebhook
from connector.models.clock import database_now
from connector.models.prepared import Prepared
from connector.monday import webhooks
from connector.monday.client import MondayClient
from connector.sync.budget import Ledger
from connector.sync.receipt_rule import rule_of
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection

log = logging.getLogger(__name__)

# A person may delete a webhook on the board: it is looked for, and tried again, this often. The
# watch of the board finds every label without it.
EVERY = timedelta(hours=1)


Place = tuple[str, str]  # event and column


def wanted(mapping: BoardMapping) -> list[Place]:
    """The webhooks that a mapping needs on its board."""
    if not mapping.webhooks or mapping.parent_id is not None:
        return []  # monday allows no webhooks on a board of subitems
    rule = rule_of(mapping)
    labels = [(webhooks.EVENT, rule.column)] if rule else []
    return [*labels, *((event, "") for event in webhooks.CHANGES)]


def is_reachable() -> bool:
    """Whether monday may be expected to reach this server: it calls from the internet."""
    return bool(settings.PUBLIC_URL.startswith("https://"))


def tend(mapping: BoardMapping) -> None:
    """See that a mapping's webhooks are there. Errors are noted, and never in the way."""
    connection, now = mapping.monday, database_now()
    due = []
    for event, column in wanted(mapping):
        row, _ = BoardWebhook.objects.get_or_create(
            monday=connection, board_id=mapping.board_id, event=event, column_id=column
        )
        # Before the calls: two workers do not make two.
        if _is_due(row, connection, now) and _turn(row):
            due.append(row)
    client = monday_client(connection, Ledger.of_monday(connection, mapping.board_id))
    problem = ""
    try:
        there = (
            webhooks.ids_on(client, mapping.board_id) if any(r.webhook_id for r in due) else set()
        )
        for row in due:
            _see_to(row, connection, client, there)
    except ConnectorError as error:
        log.info("No webhook on board %s: %s", mapping.board_id, error.why.happened)
        # What stops one stops the others.
        problem = f"{error.why.happened} {error.why.remedy}".strip()
    for row in due:
        row.problem = "" if row.webhook_id else problem
        row.save(update_fields=["webhook_id", "webhook_path", "signed", "problem"])


def _is_due(row: BoardWebhook, connection: MondayConnection, now: datetime) -> bool:
    if row.checked_at is None or now - row.checked_at >= EVERY:
        return True
    return bool(row.webhook_id) and row.webhook_path != connection.webhook_path


def _turn(row: BoardWebhook) -> bool:
    rows = BoardWebhook.objects.filter(pk=row.pk, checked_at=row.checked_at)
    return bool(rows.update(checked_at=database_now()))


def _see_to(
    row: BoardWebhook, connection: MondayConnection, client: MondayClient, there: set[str]
) -> None:
    if row.webhook_id and row.webhook_id in there:
        if row.webhook_path == connection.webhook_path:
            return
        _let_go(row, client)
    row.webhook_id, row.webhook_path, row.signed = "", connection.webhook_path, False
    row.webhook_id = webhooks.create(
        client, row.board_id, row.column_id, connection.webhook_url, event=row.event
    )


def _let_go(row: BoardWebhook, client: MondayClient) -> None:
    """It calls an address that is no more. If another token's cannot be deleted, it may stay."""
    try:
        webhooks.delete(client, row.webhook_id)
    except (GiveUp, AskAPerson) as error:
        log.info("%s was not deleted: %s", row, error.why.happened)


def unwanted() -> list[int]:
    """Webhooks that no mapping needs any more."""
    needed = {
        (mapping.monday_id, mapping.board_id, *place)
        for mapping in WITH_HOOKS()
        for place in wanted(mapping)
    }
    return [pk for pk, *place in MADE() if tuple(place) not in needed]


WITH_HOOKS = Prepared(lambda: BoardMapping.objects.filter(active=True, webhooks=True))
MADE = Prepared(
    lambda: BoardWebhook.objects.exclude(monday__health=Health.NEEDS_PERSON).values_list(
        "pk", "monday_id", "board_id", "event", "column_id"
    )
)


def take_away(webhook_pk: int) -> None:
    """Delete a webhook on its board, then its row; one that is gone already is no problem."""
    row = BoardWebhook.objects.select_related("monday").filter(pk=webhook_pk).first()
    if row is None:
        return
    client = monday_client(row.monday, Ledger.of_monday(row.monday, row.board_id))
    try:
        if row.webhook_id:
            webhooks.delete(client, row.webhook_id)
    except GiveUp:
        log.info("%s was gone already", row)
    except ConnectorError as error:
        log.info("%s stays for now: %s", row, error.why.happened)
        return
    row.delete()
