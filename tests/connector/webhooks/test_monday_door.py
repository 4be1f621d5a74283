"""monday's door: the challenge, signatures, and what is refused without a word."""

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.test import Client

from connector.models import BoardWebhook, Hint
from connector.webhooks.door import CAP
from tenants.models import MondayConnection
from tests.world import Connections

SECRET = "the-app's-signing-secret-of-32-bytes-or-more"
OTHER = "somebody-else's-signing-secret-of-32-bytes-or-more"
EVENT = {
    "event": {
        "type": "update_column_value",
        "boardId": 1855200127,
        "pulseId": 1772099344,
        "columnId": "status",
        "triggerUuid": "504b2eb76c80f672a18f892c0f700e41",
    }
}


@pytest.fixture
def monday(connections: Connections, settings: Any) -> MondayConnection:
    settings.MONDAY_SIGNING_SECRET = SECRET
    BoardWebhook.objects.create(
        monday=connections.monday,
        board_id="1855200127",
        column_id="status",
        webhook_id="7",
        webhook_path=connections.monday.webhook_path,
    )
    return connections.monday


Call = Callable[..., tuple[int, bytes]]


@pytest.fixture
def call(client: Client, monday: MondayConnection) -> Call:
    """Call monday's door; ``claims`` changes what the signature says."""

    def post(body: Any = EVENT, *, token: Any = None, path: str = "", **claims: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = signature(monday, **claims) if token is None else token
        answer = client.post(
            f"/hooks/monday/{path or monday.webhook_path}/",
            data=raw,
            content_type="application/json",
            headers={"Authorization": given} if given else {},
        )
        return answer.status_code, answer.content

    return post


def signature(
    monday: MondayConnection, *, secret: str = SECRET, algorithm: str = "HS256", **changed: Any
) -> str:
    now = int(time.time())
    usual = {"accountId": int(monday.account_id), "userId": 1, "aud": monday.webhook_url}
    claims: dict[str, Any] = {**usual, "iat": now, "exp": now + 300, **changed}
    kept = {name: value for name, value in claims.items() if value is not None}
    key: Any = None if algorithm == "none" else secret
    return jwt.encode(kept, key, algorithm=algorithm)


# What the signature is made of → whether the call is taken.
SIGNATURES: dict[str, tuple[dict[str, Any], int]] = {
    "right": ({}, 204),
    "of another secret": ({"secret": OTHER}, 401),
    "of no algorithm": ({"algorithm": "none"}, 401),
    "of another algorithm": ({"algorithm": "HS512"}, 401),
    "expired an hour ago": ({"exp": 1_600_000_000}, 401),
    "without an end": ({"exp": None}, 401),
    "for another address": ({"aud": "https://elsewhere.example/hooks/monday/x/"}, 401),
    "for no address": ({"aud": None}, 401),
    "of another account": ({"accountId": 99}, 401),
    "of no account": ({"accountId": None}, 401),
    "no token at all": ({"token": "not.a.token"}, 401),
    "in three empty parts": ({"token": ".."}, 401),
}


@pytest.mark.parametrize("case", SIGNATURES)
def test_only_a_signature_that_is_right_in_every_way_counts(case: str, call: Call) -> None:
    sent, status = SIGNATURES[case]

    assert call(**sent) == (status, b"")
    assert Hint.objects.count() == (status == 204)


BODIES: dict[str, tuple[Any, int, int]] = {
    "an event about an item": (EVENT, 204, 1),
    "an event about no item": ({"event": {"type": "x", "boardId": 1}}, 204, 0),
    "a new column": ({"event": {"type": "create_column", "boardId": 1}}, 204, 1),
    "no event": ({}, 204, 0),
    "a list": ([EVENT], 204, 0),
    "no JSON": (b"<xml/>", 204, 0),
    "ids that are none": ({"event": {"boardId": "1; DROP", "pulseId": "../1"}}, 204, 0),
    "too large": (b"x" * (CAP + 1), 413, 0),
}


@pytest.mark.parametrize("case", BODIES)
def test_each_kind_of_body_is_kept_or_passed_over_without_a_word(case: str, call: Call) -> None:
    body, status, kept = BODIES[case]

    assert (call(body), Hint.objects.count()) == ((status, b""), kept)


def test_a_challenge_is_echoed_and_does_nothing_else(call: Call) -> None:
    status, content = call(
        {"challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}, token=""
    )

    assert status == 200
    assert json.loads(content)["challenge"].startswith("3eZbrw")
    assert Hint.objects.count() == 0


@pytest.mark.parametrize(
    "body", [{"challenge": "x" * 501}, {"challenge": 5}, {"challenge": "x", **EVENT}]
)
def test_what_only_looks_like_a_challenge_is_not_echoed(body: Any, call: Call) -> None:
    assert call(body) == (204, b"")


def test_an_unknown_address_has_no_challenge_to_answer(call: Call) -> None:
    assert call({"challenge": "abc"}, token="", path="x" * 43) == (404, b"")


def test_a_personal_tokens_webhook_is_unsigned_and_taken_as_such(call: Call) -> None:
    assert call(token="") == (204, b"")
    assert Hint.objects.get().verified is False


def test_after_one_signed_call_unsigned_ones_are_refused(call: Call) -> None:
    signed, unsigned = call(), call(token="")

    assert (signed[0], unsigned[0]) == (204, 401)
    assert Hint.objects.get().verified is True


def test_a_repeated_call_is_kept_once(call: Call) -> None:
    answers = [call() for _ in range(3)]

    assert (answers, Hint.objects.count()) == ([(204, b"")] * 3, 1)


def test_a_hint_names_board_and_item_and_no_value(call: Call) -> None:
    call()
    hint = Hint.objects.get()

    assert (hint.source, hint.board_id, hint.key) == ("monday", "1855200127", "1772099344")
