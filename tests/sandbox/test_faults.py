"""Faults on real sockets: what the caller meets, and what happened behind it all the same."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import requests

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller, create_batch


def on_create(server: SandboxServer, *actions: dict[str, Any], **match: Any) -> None:
    server.faults.add({"match": {"operation": "create_item", **match}, "do": list(actions)})


def test_a_reset_before_execution_leaves_the_board_alone(
    server: SandboxServer, monday: Caller
) -> None:
    on_create(server, {"action": "reset_before"})

    with pytest.raises(requests.ConnectionError, match="reset"):
        monday.create()

    assert monday.board().items == {}


def test_a_reset_after_execution_hides_an_item_that_is_there(
    server: SandboxServer, monday: Caller
) -> None:
    on_create(server, {"action": "execute_then_reset"})

    with pytest.raises(requests.ConnectionError, match="reset"):
        monday.create("Hidden")

    assert [item.name for item in monday.board().items.values()] == ["Hidden"]


def test_a_truncated_answer_announces_more_than_it_gives(
    server: SandboxServer, monday: Caller
) -> None:
    on_create(server, {"action": "truncate", "bytes": 12})

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="12 bytes read"):
        monday.create()

    assert len(monday.board().items) == 1


def test_a_dripping_answer_arrives_whole_in_the_end(server: SandboxServer, monday: Caller) -> None:
    on_create(server, {"action": "slow_drip", "bytes_per_second": 2000})

    assert monday.create().errors == []


def test_a_status_is_given_instead_of_executing_or_after_it(
    server: SandboxServer, monday: Caller
) -> None:
    error = {"action": "status", "code": 500, "body": {"errors": []}, "headers": {"X-Why": "test"}}
    on_create(server, error, nth=1)
    on_create(server, error | {"executed": True}, nth=2)

    first, second = monday.create("One"), monday.create("Two")

    assert (first.status, second.status) == (500, 500)
    assert first.headers["X-Why"] == "test"
    assert [item.name for item in monday.board().items.values()] == ["Two"]


def test_a_bad_gateway_is_a_page_of_html(server: SandboxServer, monday: Caller) -> None:
    server.faults.add({"match": {"system": "monday"}, "do": [{"action": "html_502"}]})

    answer = monday.session.post(f"{server.url}/monday/v2", json={"query": "{me{id}}"}, timeout=5)

    assert answer.status_code == 502
    assert answer.headers["Content-Type"] == "text/html"


def batch(monday: Caller) -> Any:
    names = {f"n{i}": f"Invoice {i}" for i in range(3)}
    return monday.ask(create_batch(3), {"b": monday.board().id, **names})


def test_chosen_aliases_fail_and_their_neighbours_do_not(
    server: SandboxServer, monday: Caller
) -> None:
    on_create(server, {"action": "partial", "aliases": ["a1"]})

    answer = batch(monday)

    assert answer.data["a1"] is None
    assert [error["path"] for error in answer.errors] == [["a1"]]
    assert len(monday.board().items) == 2


def test_chosen_aliases_are_executed_and_missing_from_the_answer(
    server: SandboxServer, monday: Caller
) -> None:
    on_create(server, {"action": "partial", "aliases": ["a1"], "how": "missing"})

    answer = batch(monday)

    assert sorted(answer.data) == ["a0", "a2"]
    assert answer.errors == []
    assert len(monday.board().items) == 3


def test_a_service_behind_monday_can_be_throttled_inside_a_good_answer(
    server: SandboxServer, monday: Caller
) -> None:
    limited = {"action": "field_limit", "field": "columns"}
    server.faults.add({"match": {"operation": "boards"}, "do": [limited]})

    answer = monday.ask(
        "query($b:[ID!]){boards(ids:$b){id columns{id}}}", {"b": [monday.board().id]}
    )

    assert answer.status == 200
    assert answer.data["boards"][0]["columns"] is None
    assert answer.error == "tooManyRequests"


def test_rules_choose_by_number_count_board_and_system(
    server: SandboxServer, monday: Caller
) -> None:
    fail = {"action": "status", "code": 503, "body": "{}"}
    other = monday.board("Suppliers").id
    on_create(server, fail, board=other)
    on_create(server, fail, nth=2)
    server.faults.add({"match": {"system": "visma"}, "do": [fail]})

    statuses = [monday.create("Invoice").status for _ in range(3)]
    supplier = monday.create("Supplier", "Suppliers").status

    assert statuses == [200, 503, 200]
    assert supplier == 503


def test_a_rule_fires_no_more_often_than_its_count(server: SandboxServer, monday: Caller) -> None:
    on_create(server, {"action": "status", "code": 503, "body": "{}"}, count=2)

    assert [monday.create().status for _ in range(4)] == [503, 503, 200, 200]


def test_chance_repeats_with_the_seed() -> None:
    def fired() -> list[int]:
        with SandboxServer(seed=7) as server:
            on_create(server, {"action": "status", "code": 503, "body": "{}"}, prob=0.5)
            return [Caller(server).create().status for _ in range(12)]

    first = fired()

    assert first == fired()
    assert set(first) == {200, 503}


@pytest.mark.parametrize("when", ["received", "executed", "half"])
def test_the_process_that_sent_a_request_is_killed_at_the_chosen_moment(
    server: SandboxServer, monday: Caller, when: str
) -> None:
    on_create(server, {"action": "kill", "pid": "peer", "when": when})
    program = (
        "import sys, types; from tests.sandbox.caller import Caller\n"
        "caller = Caller(types.SimpleNamespace(url=sys.argv[1]))\n"
        "text = 'mutation($b:ID!){create_item(board_id:$b,item_name:\"Last words\"){id}}'\n"
        "caller.ask(text, {'b': sys.argv[2]})"
    )
    command = [sys.executable, "-c", program, server.url, str(monday.board().id)]

    ended = subprocess.run(command, check=False, capture_output=True, timeout=30)

    assert ended.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while not monday.board().items and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [item.name for item in monday.board().items.values()] == ["Last words"]


def test_the_sandbox_never_kills_itself(server: SandboxServer, monday: Caller) -> None:
    on_create(server, {"action": "kill", "pid": os.getpid(), "when": "executed"})

    assert monday.create().errors == []


@pytest.mark.parametrize(
    "rule",
    [
        {"match": {"colour": "red"}, "do": [{"action": "html_502"}]},
        {"match": {}, "do": [{"action": "explode"}]},
        {"match": {}, "do": []},
    ],
)
def test_a_rule_nobody_understands_is_refused(server: SandboxServer, rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fault|action"):
        server.faults.add(rule)
