"""Getting a token, and words that say which field of a connection is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer

from connector.errors import AskAPerson, ConnectorError, Throttled, TryAgain
from connector.http import make_session
from connector.visma.auth import AccessToken, request_token
from tests.connector.wire import Answering, RawServer, reset

SECRET = "visma-canary-secret"
CLIENT_ID = "isv_test"
TENANT = "0b6a1d0e-1111-4222-8333-944455556666"


def _request(url: str) -> AccessToken:
    return request_token(
        make_session("ml-connector-test"),
        url=url,
        client_id=CLIENT_ID,
        client_secret=SECRET,
        tenant_id=TENANT,
    )


def _answer(httpserver: HTTPServer, body: Any, status: int = 200, **headers: str) -> str:
    expected = httpserver.expect_request("/connect/token", method="POST")
    if isinstance(body, bytes):
        expected.respond_with_data(body, status, headers)
    else:
        expected.respond_with_json(body, status, headers)
    return httpserver.url_for("/connect/token")


def test_a_token_is_asked_for_with_client_credentials(httpserver: HTTPServer) -> None:
    url = _answer(httpserver, {"access_token": "abc", "expires_in": 3600, "token_type": "Bearer"})

    token = _request(url)

    assert (token.value, token.expires_in) == ("abc", 3600)
    sent = httpserver.log[0][0]
    assert parse_qs(sent.get_data(as_text=True)) == {
        "grant_type": ["client_credentials"],
        "client_id": [CLIENT_ID],
        "client_secret": [SECRET],
        "tenant_id": [TENANT],
        "scope": [
            "vismanet_erp_service_api:read vismanet_erp_service_api:create "
            "vismanet_erp_service_api:update"
        ],
    }
    assert SECRET not in sent.url


def test_a_token_does_not_show_itself() -> None:
    assert "abc" not in repr(AccessToken("abc", 3600))


REFUSALS: dict[str, tuple[int, Any, str, str]] = {
    "wrong secret": (400, {"error": "invalid_client"}, "client_refused", "Client secret"),
    "wrong secret as 401": (401, {"error": "invalid_client"}, "client_refused", "Client secret"),
    "wrong tenant": (400, {"error": "invalid_tenant"}, "tenant_refused", "Tenant id"),
    "not approved": (400, {"error": "unauthorized_client"}, "not_approved", "Tenant id"),
    "scopes": (400, {"error": "invalid_scope"}, "scope_refused", "read, create, update"),
    "another code": (400, {"error": "invalid_grant"}, "client_refused", "sign-in"),
    "no code": (401, b"", "client_refused", "sign-in"),
    "a page": (403, b"<html>Forbidden</html>", "client_refused", "sign-in"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_names_the_field(httpserver: HTTPServer, name: str) -> None:
    status, body, code, words = REFUSALS[name]
    url = _answer(httpserver, body, status)

    with pytest.raises(AskAPerson) as caught:
        _request(url)

    assert (caught.value.why.code, caught.value.reach) == (code, "connection")
    assert words in caught.value.why.happened


def test_the_remedy_says_where_the_secret_and_the_tenant_are_found(
    httpserver: HTTPServer,
) -> None:
    url = _answer(httpserver, {"error": "invalid_tenant", "error_description": "unknown"}, 400)

    with pytest.raises(AskAPerson) as caught:
        _request(url)

    assert "Visma Admin → Company → Edit → Configuration → Tenant id" in caught.value.why.remedy
    assert caught.value.why.detail == "invalid_tenant unknown"


UNAVAILABLE: dict[str, tuple[int, Any, type[ConnectorError], str]] = {
    "500": (500, b"", TryAgain, "server_error"),
    "502 page": (502, b"<html>Bad</html>", TryAgain, "server_error"),
    "503 with a code": (503, {"error": "temporarily_unavailable"}, TryAgain, "server_error"),
    "429": (429, {"error": "too_many"}, Throttled, "rate_window"),
    "404": (404, b"", TryAgain, "server_error"),
    "302": (302, b"", TryAgain, "server_error"),
    "200 page": (200, b"<html>Sign in</html>", TryAgain, "unreadable_answer"),
    "200 without a token": (200, {"token_type": "Bearer"}, TryAgain, "unreadable_answer"),
    "200 with an empty token": (200, {"access_token": ""}, TryAgain, "unreadable_answer"),
    "200 with a list": (200, [], TryAgain, "unreadable_answer"),
    "token of two lines": (200, {"access_token": "a\nb"}, TryAgain, "unreadable_answer"),
    "odd lifetime": (200, {"access_token": "a", "expires_in": "x"}, TryAgain, "unreadable_answer"),
}


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_trouble_of_visma_connect_is_not_the_users_fault(httpserver: HTTPServer, name: str) -> None:
    status, body, verdict, code = UNAVAILABLE[name]
    url = _answer(httpserver, body, status, **{"Retry-After": "30"})

    with pytest.raises(ConnectorError) as caught:
        _request(url)

    assert (type(caught.value), caught.value.why.code) == (verdict, code)
    if isinstance(caught.value, Throttled):
        assert caught.value.after == timedelta(seconds=30)


def test_visma_connect_out_of_reach_is_tried_again(
    raw_server: Callable[[Answering], RawServer],
) -> None:
    with pytest.raises(TryAgain) as caught:
        _request(raw_server(reset).url)

    assert caught.value.why.code == "no_answer"
    assert SECRET not in repr(caught.value.why)


def test_an_echo_of_the_secret_is_struck_out(httpserver: HTTPServer) -> None:
    body = {"error": "invalid_client", "error_description": f"bad secret {SECRET}"}
    url = _answer(httpserver, body, 400)

    with pytest.raises(AskAPerson) as caught:
        _request(url)

    assert SECRET not in repr(caught.value.why) + repr(caught.value)
    assert "•••" in caught.value.why.detail
