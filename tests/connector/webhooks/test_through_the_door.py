"""Webhooks over real sockets: the sandbox calls, the board and the company follow."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from connector import tasks
from connector.console.credentials import replace_credentials
from connector.models import BoardWebhook, GoodsReceipt, Hint, RecordLink
from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.sync import board_hints, board_hooks, drift, receipts, slices, watch
from connector.sync.lanes import due_lanes
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tenants.models import MondayConnection, VismaConnection

KEY = "portal-key-1"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door(live_server: LiveServer, settings: Any) -> str:
    """The web server that both systems can call."""
    settings.PUBLIC_URL = live_server.url
    settings.MONDAY_SIGNING_SECRET = world.MONDAY_SIGNING_SECRET
    return str(live_server.url)


HOOKS = 5  # on the rule's column, and for what people do to the board and its items


def made_here() -> set[str]:
    return set(BoardWebhook.objects.values_list("webhook_id", flat=True))


def work() -> None:
    while lanes := due_lanes():
        for lane in lanes:
            slices.work(lane)


def ready(mapping: BoardMapping, sandbox: SandboxServer, *, token: str) -> BoardMapping:
    """On the board, with the rule and webhooks on."""
    MondayConnection.objects.update(token=token)
    board = sandbox.monday.account.boards[int(mapping.board_id)]
    column = next(c.id for c in board.columns.values() if c.title == "Received?")
    rule = {"column": column, "label": "Received", "problem_label": "Problem", "release": True}
    BoardMapping.objects.update(receive=rule, webhooks=True)
    poll(mapping.visma, mapping.entity)
    work()
    found = BoardMapping.objects.select_related("monday", "visma").get(pk=mapping.pk)
    board_hooks.tend(found)
    watch.look(found)
    return found


def set_label(sandbox: SandboxServer, mapping: BoardMapping, text: str) -> str:
    """On the item of an open order; returns the order's number."""
    rows = sandbox.visma.company.tables["purchase_order"].rows()
    order = next(r for r in rows if r["status"] == "Open" and not r["purchaseReceipts"])
    item = RecordLink.objects.get(mapping=mapping, record__number=order["orderNbr"]).item_id
    act = {"act": "status_set", "item": str(item), "column": "Received?", "label": text}
    sandbox.monday.act(board=mapping.board_name, **act)
    sandbox.monday.postman.wait()
    return str(order["orderNbr"])


def test_a_changed_status_in_visma_is_heard_and_on_the_board(
    door: str, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    VismaConnection.objects.update(webhook_key=KEY)
    mapping.visma.refresh_from_db()
    poll(mapping.visma, mapping.entity)
    work()
    sandbox.visma.add_subscription(mapping.visma.webhook_url, KEY)
    number = sandbox.visma.add_invoice(status="Balanced").partition(":")[2]
    sandbox.visma.postman.wait()
    tasks.follow_hints("visma", mapping.visma_id)
    work()

    assert Hint.objects.get().verified is True
    assert RecordLink.objects.get(record__number=number).state == "delivered"


@pytest.mark.parametrize("body", ["id", "nested", "empty", "none"])
def test_whatever_visma_puts_in_the_body_the_change_arrives(
    body: str, door: str, mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    sandbox.visma.quirks.webhook_body = body
    poll(mapping.visma, mapping.entity)
    mapping.visma.watermarks.update(last_started_at=None)
    sandbox.visma.add_subscription(mapping.visma.webhook_url)
    number = sandbox.visma.add_invoice(status="Balanced").partition(":")[2]
    sandbox.visma.postman.wait()
    tasks.follow_hints("visma", mapping.visma_id)

    assert RecordLink.objects.filter(record__number=number).count() == 1


@pytest.mark.parametrize("token", [world.MONDAY_TOKEN, world.MONDAY_APP_TOKEN])
def test_a_label_set_on_the_board_is_heard_and_becomes_a_receipt(
    token: str, door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=token)
    set_label(sandbox, orders, "Received")
    tasks.follow_hints("monday", orders.monday_id)
    receipts.work(GoodsReceipt.objects.get().pk)

    hint = Hint.objects.get(source="monday")
    assert hint.verified is (token == world.MONDAY_APP_TOKEN)
    assert GoodsReceipt.objects.get().state == "done"


def test_what_we_write_ourselves_is_heard_and_asks_for_nothing(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    rows = sandbox.visma.company.tables["purchase_order"].rows()
    order = next(r for r in rows if r["status"] == "Open" and not r["purchaseReceipts"])
    sandbox.visma.edit_order(order["orderNbr"], status="Hold")
    set_label_of(sandbox, orders, order["orderNbr"])
    tasks.follow_hints("monday", orders.monday_id)
    receipts.work(GoodsReceipt.objects.get().pk)  # refused: we set the problem label
    sandbox.monday.postman.wait()
    tasks.follow_hints("monday", orders.monday_id)

    assert Hint.objects.filter(source="monday").count() == 2
    assert GoodsReceipt.objects.get().state == "refused"


def set_label_of(sandbox: SandboxServer, mapping: BoardMapping, number: str) -> None:
    item = RecordLink.objects.get(mapping=mapping, record__number=number).item_id
    act = {"act": "status_set", "item": str(item), "column": "Received?", "label": "Received"}
    sandbox.monday.act(board=mapping.board_name, **act)
    sandbox.monday.postman.wait()


def test_a_webhook_that_somebody_deleted_is_made_again(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    first = made_here()
    sandbox.monday.account.webhooks.clear()
    BoardWebhook.objects.update(checked_at=None)
    board_hooks.tend(orders)
    second = made_here()

    assert len(second) == HOOKS
    assert not first & second
    assert {str(number) for number in sandbox.monday.account.webhooks} == second


def test_webhooks_that_were_switched_on_are_made_at_once(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    BoardMapping.objects.update(webhooks=True)
    tasks.tend_hooks(order_mapping.pk)

    assert {str(number) for number in sandbox.monday.account.webhooks} == made_here()
    assert len(made_here()) == HOOKS - 1  # no rule, no webhook on its column


def test_a_paused_mapping_gets_no_webhooks(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    BoardMapping.objects.update(webhooks=True, active=False)
    tasks.tend_hooks(order_mapping.pk)

    assert not sandbox.monday.account.webhooks


def test_webhooks_of_a_personal_token_are_heard_after_those_of_an_app(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_APP_TOKEN)
    set_label(sandbox, orders, "Received")
    before = made_here()
    replace_credentials(orders.monday, {"token": world.MONDAY_TOKEN}, by="olga@example.test")
    board_hooks.tend(BoardMapping.objects.select_related("monday").get(pk=orders.pk))
    set_label(sandbox, orders, "Problem")

    heard = Hint.objects.filter(source="monday").order_by("pk")
    assert list(heard.values_list("verified", flat=True)) == [True, False]
    assert {str(number) for number in sandbox.monday.account.webhooks} == made_here()
    assert not made_here() & before


def test_an_apps_address_takes_nothing_unsigned_and_ends_with_its_token(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer, client: Client
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_APP_TOKEN)
    set_label(sandbox, orders, "Received")
    of_app = f"/hooks/monday/{orders.monday.webhook_path}/"
    before = client.post(of_app, b"{}", content_type="application/json").status_code
    replace_credentials(orders.monday, {"token": world.MONDAY_TOKEN}, by="olga@example.test")
    after = client.post(of_app, b"{}", content_type="application/json").status_code

    assert (before, after) == (401, 404)


def test_a_webhook_that_is_there_is_left_alone(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    for _ in range(3):
        BoardWebhook.objects.update(checked_at=None)
        board_hooks.tend(orders)

    assert len(sandbox.monday.account.webhooks) == HOOKS


def test_without_its_rule_a_webhook_is_taken_away(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    BoardMapping.objects.update(receive={})
    for pk in board_hooks.unwanted():
        board_hooks.take_away(pk)
    without_rule = BoardWebhook.objects.count()
    BoardMapping.objects.update(webhooks=False)
    for pk in board_hooks.unwanted():
        board_hooks.take_away(pk)

    assert without_rule == HOOKS - 1
    assert (len(sandbox.monday.account.webhooks), BoardWebhook.objects.count()) == (0, 0)


@pytest.mark.parametrize("token", [world.MONDAY_TOKEN, world.MONDAY_APP_TOKEN])
def test_an_item_that_people_archive_and_restore_is_heard_of_at_once(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer, token: str
) -> None:
    orders = ready(order_mapping, sandbox, token=token)
    link = RecordLink.objects.filter(mapping=orders, state="delivered").earliest("pk")
    sandbox.monday.act(board=orders.board_name, act="item_archive", item=str(link.item_id))
    sandbox.monday.postman.wait()
    board_hints.follow(orders.monday_id)
    link.refresh_from_db()
    gone = link.state
    sandbox.monday.act(board=orders.board_name, act="item_restore", item=str(link.item_id))
    sandbox.monday.postman.wait()
    board_hints.follow(orders.monday_id)
    work()

    link.refresh_from_db()
    assert (gone, link.state) == ("gone", "delivered")


def test_a_new_column_makes_us_look_at_the_board(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer
) -> None:
    orders = ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    before = drift.due()
    sandbox.monday.act(board=orders.board_name, act="column_add", title="New", type="text")
    sandbox.monday.postman.wait()
    board_hints.follow(orders.monday_id)

    assert (before, drift.due()) == ([], [orders.pk])


def test_where_monday_cannot_reach_us_the_board_is_still_watched(
    door: str, order_mapping: BoardMapping, sandbox: SandboxServer, settings: Any
) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    orders = ready(order_mapping, sandbox, token=world.MONDAY_TOKEN)
    set_label(sandbox, orders, "Received")
    watch.look(orders)

    assert all(row.problem for row in BoardWebhook.objects.all())
    assert GoodsReceipt.objects.count() == 1
