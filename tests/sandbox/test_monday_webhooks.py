"""Webhooks: the challenge, which events come, their bodies, signatures and repetitions."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller
from tests.sandbox.receiver import Receiver

CREATE = (
    "mutation($b:ID!,$u:String!,$e:WebhookEventType!,$c:JSON)"
    "{create_webhook(board_id:$b,url:$u,event:$e,config:$c){id board_id event config}}"
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.http.shutdown()
    found.http.server_close()


def hook(monday: Caller, receiver: Receiver, event: str, config: Any = None) -> Any:
    given = {"b": monday.board().id, "u": receiver.url, "e": event}
    return monday.ask(CREATE, given | {"c": json.dumps(config) if config else None})


def test_a_webhook_is_made_when_the_challenge_comes_back(
    monday: Caller, receiver: Receiver
) -> None:
    made = hook(monday, receiver, "create_item").data["create_webhook"]

    listed = monday.ask("query($b:ID!){webhooks(board_id:$b){id event}}", {"b": monday.board().id})
    assert listed.data["webhooks"] == [{"id": made["id"], "event": "create_item"}]


@pytest.mark.parametrize("broken", ["echo", "status"])
def test_a_receiver_that_fails_the_challenge_gets_no_webhook(
    monday: Caller, receiver: Receiver, broken: str
) -> None:
    receiver.echo = broken != "echo"
    receiver.status = 500 if broken == "status" else 200

    answer = hook(monday, receiver, "create_item")

    assert answer.error == "InvalidArgumentException"
    assert monday.server.monday.account.webhooks == {}


def test_a_board_that_is_missing_has_an_error_of_its_own(
    monday: Caller, receiver: Receiver
) -> None:
    answer = monday.ask(CREATE, {"b": 1, "u": receiver.url, "e": "create_item"})

    assert (answer.error, answer.errors[0]["message"]) == (
        "InvalidArgumentException",
        "Board not found",
    )


def test_a_chosen_column_is_told_and_others_are_not(monday: Caller, receiver: Receiver) -> None:
    item_id = monday.made()
    column = monday.column("Received?")
    hook(monday, receiver, "change_specific_column_value", {"columnId": column})

    monday.server.monday.act(
        act="status_set", board="AP invoices", item=item_id, column="Received?", label="Received"
    )
    monday.change(item_id, Supplier="Ørland")
    monday.server.monday.postman.wait()

    (_, event), *rest = receiver.calls
    assert rest == []
    assert event["type"] == "update_column_value"
    assert event["pulseId"] == int(item_id)
    assert event["columnId"] == column
    assert event["columnType"] == "color"
    assert event["value"]["label"]["text"] == "Received"
    assert event["previousValue"] is None


def test_a_status_webhook_waits_for_its_label(monday: Caller, receiver: Receiver) -> None:
    item_id = monday.made()
    config = {"columnId": monday.column("Received?"), "columnValue": {"index": 1}}
    hook(monday, receiver, "change_status_column_value", config)

    monday.change(item_id, "AP invoices", **{"Received?": {"label": "Not received"}})
    monday.change(item_id, "AP invoices", **{"Received?": {"label": "Received"}})
    monday.server.monday.postman.wait()

    assert [event["value"]["label"]["text"] for _, event in receiver.calls] == ["Received"]


@pytest.mark.parametrize(
    ("event", "act", "type_"),
    [
        ("item_archived", "item_archive", "archive_pulse"),
        ("item_deleted", "item_delete", "delete_pulse"),
    ],
)
def test_putting_an_item_away_is_told(
    monday: Caller, receiver: Receiver, event: str, act: str, type_: str
) -> None:
    item_id = monday.made()
    hook(monday, receiver, event)

    monday.server.monday.act(act=act, board="AP invoices", item=item_id)
    monday.server.monday.postman.wait()

    assert receiver.types == [type_]


def test_an_app_signs_its_calls_and_a_personal_token_does_not(
    server: SandboxServer, monday: Caller, receiver: Receiver
) -> None:
    hook(monday, receiver, "create_item")
    hook(Caller(server, world.MONDAY_APP_TOKEN), receiver, "create_item")

    monday.made()
    server.monday.postman.wait()

    tokens = [headers.get("Authorization") for headers, _ in receiver.calls]
    assert tokens[0] is None
    assert tokens[1]
    head, claims, signature = tokens[1].split(".")
    secret = world.MONDAY_SIGNING_SECRET.encode()
    wanted = hmac.new(secret, f"{head}.{claims}".encode(), hashlib.sha256).digest()
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert base64.urlsafe_b64decode(signature + "==") == wanted
    assert (read["aud"], read["userId"]) == (receiver.url, world.INGRID.id)


def test_a_failed_delivery_is_repeated_each_minute_for_half_an_hour(
    server: SandboxServer, monday: Caller, receiver: Receiver
) -> None:
    hook(monday, receiver, "create_item")
    receiver.status = 503
    monday.made()
    for _ in range(40):
        server.monday.postman.wait()
        server.clock.advance(60)

    server.monday.postman.wait()

    assert len(receiver.calls) == 30


def test_deliveries_are_lost_and_doubled_on_demand(
    server: SandboxServer, monday: Caller, receiver: Receiver
) -> None:
    hook(monday, receiver, "create_item")
    server.monday.postman.trouble.double = 1.0
    monday.made("Doubled")
    server.monday.postman.wait()
    server.monday.postman.trouble.lose = 1.0
    monday.made("Lost")
    server.monday.postman.wait()

    assert [event["pulseName"] for _, event in receiver.calls] == ["Doubled", "Doubled"]


def test_a_deleted_webhook_is_silent(monday: Caller, receiver: Receiver) -> None:
    made = hook(monday, receiver, "create_item").data["create_webhook"]
    monday.ask(f"mutation{{delete_webhook(id:{made['id']}){{id}}}}")

    monday.made()
    monday.server.monday.postman.wait()

    assert receiver.calls == []
