"""Visma's door: what is taken in, what is refused, and that nothing is given away."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django_q.models import OrmQ

from connector.models import Hint
from connector.sync import hints
from connector.webhooks.door import CAP
from tenants.fields import Sealed
from tenants.models import Tenant, VismaConnection
from tests.connector.test_tasks import queued
from tests.connector.webhooks.conftest import KEY, Call, signature, visma_headers
from tests.world import Connections

FOREIGN = "00000000-0000-4000-8000-000000000000"

# What is sent → how it is answered, and how many hints are kept of it.
CASES: dict[str, tuple[dict[str, Any], int, int]] = {
    "a signed call": ({}, 204, 1),
    "a body that is no JSON, signed": ({"body": b"<xml/>"}, 204, 1),
    "a body without an end, signed": ({"body": b'{"id": "20'}, 204, 1),
    "an empty body, signed": ({"body": b" "}, 204, 1),
    "a list instead of an object, signed": ({"body": [1, 2]}, 204, 1),
    "a number with a path in it, signed": ({"body": {"id": "../../secret"}}, 204, 1),
    "nested a thousand deep, signed": ({"body": b"[" * 1000}, 204, 1),
    "bytes that are no text, signed": ({"body": b"\xff\xfe\x00"}, 204, 1),
    "an event nobody knows": ({"x_vwd_event_id": "moon_rose"}, 204, 1),
    "no event at all": ({"x_vwd_event_id": None}, 204, 1),
    "no notification id": ({"x_vwd_notification_id": None}, 204, 1),
    "no tenant named": ({"x_vwd_tenant_id": None}, 204, 1),
    "another tenant's company": ({"x_vwd_tenant_id": FOREIGN}, 204, 0),
    "no signature": ({"x_vwd_signature_v1": None}, 401, 0),
    "an empty signature": ({"x_vwd_signature_v1": ""}, 401, 0),
    "signed with another key": ({"key": "portal-key-2"}, 401, 0),
    "signed with no key": ({"key": ""}, 401, 0),
    "a signature of other bytes": ({"x_vwd_signature_v1": signature(b"{}", KEY)}, 401, 0),
    "a signature that is no base64": ({"x_vwd_signature_v1": "§§§"}, 401, 0),
    "too large, signed": ({"body": b"x" * (CAP + 1)}, 413, 0),
    "as large as may be, signed": ({"body": b"x" * CAP}, 204, 1),
    "an address nobody has": ({"path": "x" * 43}, 404, 0),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_call_is_kept_or_refused_without_a_word(case: str, call: Call) -> None:
    sent, status, kept = CASES[case]

    assert (call(**sent), Hint.objects.count()) == (status, kept)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head", "options"])
def test_only_post_is_answered(method: str, client: Client, visma: VismaConnection) -> None:
    answer = getattr(client, method)(f"/hooks/visma/{visma.webhook_path}/")

    assert (answer.status_code, answer.content) == (405, b"")


def test_a_hint_says_where_to_look_and_keeps_nothing_else(
    call: Call, visma: VismaConnection
) -> None:
    call({"id": "205501", "iban": "NO9386011117947"})
    hint = Hint.objects.get()

    assert (hint.source, hint.tenant, hint.visma) == ("visma", visma.tenant, visma)
    assert (hint.entity, hint.key, hint.verified) == ("supplier_invoice", "Invoice:205501", True)
    assert "NO938601" not in repr(vars(hint))


def test_a_repeated_call_is_answered_alike_and_kept_once(call: Call) -> None:
    answers = [call(x_vwd_notification_id="n-1") for _ in range(3)]

    assert (answers, Hint.objects.count()) == ([204, 204, 204], 1)


def test_another_connection_may_use_the_same_notification_id(
    client: Client, call: Call, connections: Connections, foreign_tenant: Tenant
) -> None:
    other = VismaConnection.objects.create(
        tenant=foreign_tenant, client_id="x", company_id="1", visma_tenant_id=FOREIGN
    )
    call(x_vwd_notification_id="n-1")
    headers = visma_headers(other, b"{}") | {"x-vwd-notification-id": "n-1"}
    client.post(
        f"/hooks/visma/{other.webhook_path}/", b"{}", content_type="text/plain", headers=headers
    )

    assert set(Hint.objects.values_list("tenant__slug", flat=True)) == {"nordlys", "sydvest"}


def test_while_a_key_is_replaced_both_are_good(call: Call, visma: VismaConnection) -> None:
    VismaConnection.objects.filter(pk=visma.pk).update(webhook_key=f"{KEY}, portal-key-2")

    assert [call(key=KEY), call(key="portal-key-2"), call(key="portal-key-3")] == [204, 204, 401]


def test_without_a_key_the_address_is_the_proof_and_the_hint_says_so(
    call: Call, visma: VismaConnection
) -> None:
    VismaConnection.objects.filter(pk=visma.pk).update(webhook_key="")
    status = call(x_vwd_signature_v1=None)

    assert (status, Hint.objects.get().verified) == (204, False)


def test_what_cannot_be_stored_is_not_taken(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("disk full: /var/lib/secret")

    monkeypatch.setattr(hints, "store", fails)

    assert call() == 503


def test_no_log_tells_the_address_whatever_goes_wrong(
    client: Client,
    call: Call,
    visma: VismaConnection,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    refused = [call(key="wrong"), call({"x": "y" * 300_000})]
    refused.append(client.get(f"/hooks/visma/{visma.webhook_path}/").status_code)
    monkeypatch.setattr(hints, "store", fails)
    refused.append(call())

    assert refused == [401, 413, 405, 503]
    assert "answered with 401" in caplog.text
    assert visma.webhook_path not in caplog.text


def test_a_call_about_a_secret_that_no_key_opens_is_asked_for_again(
    call: Call, visma: VismaConnection
) -> None:
    VismaConnection.objects.update(webhook_key=Sealed("no key opens this"))

    assert call() == 503


def test_a_storm_wakes_one_worker_until_it_has_looked(call: Call, visma: VismaConnection) -> None:
    for _ in range(20):
        call()
    woken = queued()

    assert woken == [("connector.tasks.follow_hints", ("visma", visma.pk))]
    assert Hint.objects.count() == 20


def test_a_lost_nudge_only_delays(call: Call, visma: VismaConnection) -> None:
    from connector import tasks

    call()
    OrmQ.objects.all().delete()
    tasks.nudge_hints()

    assert queued() == [("connector.tasks.follow_hints", ("visma", visma.pk))]


def test_every_connection_has_an_address_of_its_own_that_nobody_guesses(
    connections: Connections, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://connector.example.com"
    urls = {connections.visma.webhook_url, connections.monday.webhook_url}

    assert len(urls) == 2
    assert all(url.startswith("https://connector.example.com/hooks/") for url in urls)
    assert all(len(url.split("/")[-2]) >= 43 for url in urls)
