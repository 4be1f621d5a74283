"""``/_control/``: state, log, clock, limits, acts and reset over HTTP."""

from typing import Any

import pytest
import requests

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller


class Control:
    def __init__(self, server: SandboxServer) -> None:
        self.url = f"{server.url}/_control"

    def get(self, name: str) -> Any:
        return requests.get(f"{self.url}/{name}", timeout=20).json()

    def post(self, name: str, body: Any, status: int = 200) -> Any:
        answer = requests.post(f"{self.url}/{name}", json=body, timeout=20)
        assert answer.status_code == status, answer.text
        return answer.json()

    def delete(self, name: str) -> None:
        assert requests.delete(f"{self.url}/{name}", timeout=5).status_code == 200


@pytest.fixture
def control(server: SandboxServer) -> Control:
    return Control(server)


def test_the_log_holds_every_request_with_its_effect_and_no_secret(
    control: Control, monday: Caller
) -> None:
    monday.made("First", Supplier="Ørland")

    log = control.get("log")
    (entry,) = log["entries"]
    (effect,) = entry["effects"]
    assert (entry["system"], entry["operation"], entry["status"]) == ("monday", "create_item", 200)
    assert entry["aliases"] == ["create_item"]
    assert effect["kind"] == "item_created"
    assert effect["after"]["name"] == "First"
    assert log["counters"]["monday.calls"] == log["counters"]["effects.item_created"] == 1
    assert monday.token not in str(log)


def test_an_effect_names_its_alias_and_what_was_before(control: Control, monday: Caller) -> None:
    item_id = monday.made("First", Supplier="Before")
    text = "mutation($b:ID!,$i:ID,$c:JSON!){a7:change_multiple_column_values(board_id:$b,"
    cells = monday.cells("AP invoices", {"Supplier": "After"})

    monday.ask(
        text + "item_id:$i,column_values:$c){id}}",
        {"b": monday.board().id, "i": item_id, "c": cells},
    )

    effect = control.get("log")["entries"][-1]["effects"][0]
    column = monday.column("Supplier")
    assert effect["alias"] == "a7"
    assert (effect["before"], effect["after"]) == ({column: "Before"}, {column: "After"})


def test_the_log_continues_where_a_reader_stopped(control: Control, monday: Caller) -> None:
    monday.ask("{me{id}}")
    last = control.get("log")["entries"][-1]["number"]
    monday.ask("{account{id}}")

    newer = control.get(f"log?since={last}")["entries"]

    assert [entry["operation"] for entry in newer] == ["account"]


def test_faults_are_added_listed_and_cleared(control: Control, monday: Caller) -> None:
    rule = {"match": {"system": "monday"}, "do": [{"action": "status", "code": 500}]}
    control.post("faults", [rule])
    broken = monday.session.post(f"{monday.server.url}/monday/v2", json={}, timeout=5).status_code
    listed = control.get("faults")
    control.delete("faults")

    assert (broken, listed[0]["fired"]) == (500, 1)
    assert control.get("faults") == []


def test_a_fault_nobody_understands_is_a_400_with_words(control: Control) -> None:
    answer = control.post("faults", {"match": {}, "do": [{"action": "explode"}]}, status=400)

    assert "explode" in answer["error"]


def test_the_clock_is_moved_for_both_systems(control: Control, server: SandboxServer) -> None:
    before = server.clock.time()

    control.post("clock", {"advance": 3600})
    control.post("clock", {"to": "2030-01-01T00:00:00+00:00"})

    assert control.get("clock")["now"].startswith("2030-01-01T00:00:0")
    assert server.clock.time() > before + 3600


def test_limits_are_changed_while_calls_are_made(control: Control, monday: Caller) -> None:
    control.post("limits", {"tier": "standard", "quotas": {"daily": 1}})
    monday.ask("{me{id}}")

    refused = monday.ask("{me{id}}")

    assert refused.error == "DAILY_LIMIT_EXCEEDED"
    assert control.get("limits")["tier"] == "standard"


def test_a_person_acts_on_either_system(control: Control, monday: Caller) -> None:
    item_id = monday.made()

    control.post("act", {"act": "item_archive", "board": "AP invoices", "item": int(item_id)})
    made = control.post(
        "act", {"system": "visma", "act": "add_supplier", "name": "Ny Leverandør AS"}
    )

    assert monday.read(item_id)["state"] == "archived"
    assert made["result"]


@pytest.mark.parametrize(
    "act",
    [
        {"act": "item_archive", "board": "AP invoices", "item": "nobody"},
        {"act": "dance", "board": "AP invoices"},
        {"system": "visma", "act": "load"},
        {},
    ],
)
def test_an_act_that_cannot_be_done_is_a_400(control: Control, act: dict[str, Any]) -> None:
    assert control.post("act", act, status=400)["error"]


def test_switches_of_both_systems_are_set(control: Control, server: SandboxServer) -> None:
    control.post("monday", {"index_lag": 90, "idempotency": False, "bulk_break_after": 5})
    control.post("visma", {"after_is_inclusive": True})

    assert server.monday.account.index_lag == 90
    assert server.monday.idempotency.memory is False
    assert server.visma.quirks.after_is_inclusive is True


def test_reset_takes_everything_back(
    control: Control, server: SandboxServer, monday: Caller
) -> None:
    monday.made()
    control.post("clock", {"advance": 1_000_000})
    control.post("faults", {"match": {}, "do": [{"action": "html_502"}]})
    control.post("monday", {"revoke": monday.token, "index_lag": 9})

    control.post("reset", {})

    assert control.get("log") == {"counters": {}, "entries": []}
    assert control.get("faults") == []
    assert server.clock.offset == 0
    assert server.monday.account.index_lag == 0
    assert monday.ask("{me{id}}").errors == []
    assert monday.board().items == {}


def test_state_shows_both_systems(control: Control, monday: Caller) -> None:
    item_id = monday.made()

    state = control.get("state")

    boards = {board["name"]: board for board in state["monday"]["boards"]}
    assert [str(item["id"]) for item in boards["AP invoices"]["items"]] == [item_id]
    assert state["visma"]


def test_an_unknown_control_is_a_404(server: SandboxServer) -> None:
    assert requests.get(f"{server.url}/_control/nothing", timeout=5).status_code == 404
