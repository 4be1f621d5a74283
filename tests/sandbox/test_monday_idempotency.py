"""The Idempotency-Key: one execution, the same answer again, and where its memory ends."""

import threading
import time

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Answer, Caller

CREATE = 'mutation($b:ID!){create_item(board_id:$b,item_name:"Invoice"){id}}'


def create(monday: Caller, key: str, name: str = "Invoice") -> Answer:
    return monday.ask(CREATE.replace("Invoice", name), {"b": monday.board().id}, key=key)


def test_the_same_key_is_executed_once_and_answered_alike(monday: Caller) -> None:
    first = create(monday, "key-1")
    second = create(monday, "key-1")

    assert second.body == first.body
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(monday.board().items) == 1


def test_after_thirty_minutes_the_same_key_executes_again(
    server: SandboxServer, monday: Caller
) -> None:
    create(monday, "key-1")
    server.clock.advance(29 * 60)
    create(monday, "key-1")
    server.clock.advance(61)

    create(monday, "key-1")

    assert len(monday.board().items) == 2


def test_another_body_under_the_same_key_is_replayed_and_held_against_the_caller(
    server: SandboxServer, monday: Caller
) -> None:
    first = create(monday, "key-1")
    second = create(monday, "key-1", "Another invoice")

    assert second.body == first.body
    assert server.log.violations() == ["idempotency key key-1 came with two different bodies"]


def test_an_application_error_is_kept_and_replayed(server: SandboxServer, monday: Caller) -> None:
    broken = 'mutation{create_item(board_id:1,item_name:"x"){id}}'

    monday.ask(broken, key="key-1")
    again = monday.ask(broken, key="key-1")

    assert again.error == "InvalidBoardIdException"
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_throttled_answer_is_not_kept(server: SandboxServer, monday: Caller) -> None:
    server.monday.limits.set(personal_complexity=1)
    refused = create(monday, "key-1")
    server.monday.limits.set(personal_complexity=10_000_000)

    again = create(monday, "key-1")

    assert refused.status == 429
    assert again.errors == []
    assert "Idempotency-Replayed" not in again.headers


def test_a_twin_of_a_running_request_meets_a_conflict(
    server: SandboxServer, monday: Caller
) -> None:
    slow = {"action": "delay", "seconds": 1.0, "when": "running"}
    server.faults.add({"match": {"operation": "create_item", "nth": 1}, "do": [slow]})
    first = threading.Thread(target=create, args=(Caller(server), "key-1"))
    first.start()
    while not server.monday.idempotency.running():
        time.sleep(0.01)

    twin = create(monday, "key-1")
    first.join()
    later = create(monday, "key-1")

    assert (twin.status, twin.error) == (409, "IDEMPOTENCY_CONFLICT")
    assert twin.headers["Retry-After"] == "1"
    assert later.headers["Idempotency-Replayed"] == "true"
    assert len(monday.board().items) == 1


def test_keys_belong_to_the_user_and_do_nothing_for_queries(
    server: SandboxServer, monday: Caller
) -> None:
    monday.ask("{me{id}}", key="key-1")
    answer = monday.ask("{me{id}}", key="key-1")

    assert "Idempotency-Replayed" not in answer.headers


def test_a_full_memory_forgets_silently(server: SandboxServer, monday: Caller) -> None:
    server.monday.idempotency.memory = False

    create(monday, "key-1")
    create(monday, "key-1")

    assert len(monday.board().items) == 2
