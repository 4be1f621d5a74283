"""Visma's calls to the outside: which changes tell, what the call carries, how it is signed."""

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received

from connector.sandbox import world
from tests.sandbox.visma_caller import VismaCaller

KEY = "sandbox-webhook-key"
Calls = Callable[[], list[Received]]


@pytest.fixture
def calls(visma: VismaCaller, httpserver: HTTPServer) -> Calls:
    """Everything that was called after all letters were carried."""
    httpserver.expect_request("/hook").respond_with_data("", status=200)
    visma.sandbox.add_subscription(httpserver.url_for("/hook"), KEY)

    def received() -> list[Received]:
        assert visma.sandbox.postman.wait()
        return [request for request, _ in httpserver.log]

    return received


def events(calls: Calls) -> list[str]:
    return [request.headers["x-vwd-event-id"] for request in calls()]


def test_a_call_carries_the_documented_headers(visma: VismaCaller, calls: Calls) -> None:
    visma.sandbox.edit_supplier("50001", city="Molde")

    headers = calls()[0].headers
    assert headers["x-vwd-tenant-id"] == world.VISMA_COMPANY_TENANT_ID
    assert headers["x-vwd-application-id"] == world.VISMA_CLIENT_ID
    assert headers["x-vwd-event-id"] == "supplier_updated"
    assert len(headers["x-vwd-notification-id"]) == 36
    assert headers["x-vwd-notification-timestamp"].isdecimal()
    assert headers["x-vwd-subscription-id"] in visma.sandbox.portal.subscriptions


def test_the_signature_is_over_the_raw_body(visma: VismaCaller, calls: Calls) -> None:
    visma.sandbox.edit_supplier("50001", city="Molde")

    request = calls()[0]
    digest = hmac.new(KEY.encode(), request.data, hashlib.sha256).digest()
    assert request.headers["x-vwd-signature-v1"] == base64.b64encode(digest).decode()
    assert request.data == b'{"id":"50001"}'


def test_a_supplier_invoice_tells_of_its_status_only(visma: VismaCaller, calls: Calls) -> None:
    visma.sandbox.edit_invoice("205501", description="Ingen får vite det")
    quiet = events(calls)

    visma.sandbox.void_invoice(visma.invoice_with("Open")["referenceNumber"])

    assert (quiet, events(calls)) == ([], ["apinvoice_statuschanged"])


def test_goods_received_tell_of_the_order_and_never_of_the_receipt(
    visma: VismaCaller, calls: Calls
) -> None:
    visma.sandbox.receive(visma.order_with("Open", received=False)["orderNbr"])

    assert events(calls) == ["purchaseorder_changed", "purchaseorder_statuschanged"]


def test_a_customers_payment_is_no_event_but_its_invoice_is(
    visma: VismaCaller, calls: Calls
) -> None:
    number = visma.rows("/v1/customerinvoice", status="Open")[0]["referenceNumber"]

    visma.sandbox.collect_payment(number)

    assert events(calls) == ["arinvoice_changed", "arinvoice_statuschanged"]


def test_a_subscription_may_name_its_events(visma: VismaCaller, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    visma.sandbox.add_subscription(httpserver.url_for("/hook"), KEY, events=["account_created"])

    visma.sandbox.edit_account("6900", description="x")
    visma.sandbox.add_account("6902", "Ny")

    assert visma.sandbox.postman.wait()
    assert [r.headers["x-vwd-event-id"] for r, _ in httpserver.log] == ["account_created"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [("id", b'{"id":"50001"}'), ("empty", b"{}"), ("none", b"")],
)
def test_the_body_may_be_anything(visma: VismaCaller, calls: Calls, kind: str, body: bytes) -> None:
    visma.sandbox.quirks.webhook_body = kind

    visma.sandbox.edit_supplier("50001", city="Molde")

    assert calls()[0].data == body


def test_a_refused_call_is_repeated_with_the_same_notification(
    visma: VismaCaller, httpserver: HTTPServer
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=200)
    visma.sandbox.add_subscription(httpserver.url_for("/hook"), KEY)
    visma.sandbox.edit_supplier("50001", city="Molde")
    assert visma.sandbox.postman.wait()

    visma.sandbox.clock.advance(61)

    assert visma.sandbox.postman.wait()
    ids = [request.headers["x-vwd-notification-id"] for request, _ in httpserver.log]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_calls_can_be_lost_and_doubled(visma: VismaCaller, calls: Calls) -> None:
    visma.sandbox.postman.trouble.lose = 1.0
    visma.sandbox.edit_supplier("50001", city="Molde")
    visma.sandbox.postman.trouble.lose, visma.sandbox.postman.trouble.double = 0.0, 1.0

    visma.sandbox.edit_supplier("50002", city="Molde")

    received = calls()
    assert [request.data for request in received] == [b'{"id":"50002"}'] * 2
    assert len({request.headers["x-vwd-notification-id"] for request in received}) == 1


def test_a_removed_subscription_is_called_no_more(visma: VismaCaller, calls: Calls) -> None:
    for each in list(visma.sandbox.portal.subscriptions):
        visma.sandbox.remove_subscription(each)

    visma.sandbox.edit_supplier("50001", city="Molde")

    assert calls() == []


def test_a_subscription_needs_an_address(visma: VismaCaller) -> None:
    with pytest.raises(ValueError, match="no web address"):
        visma.sandbox.add_subscription("ftp://example.org/x")
