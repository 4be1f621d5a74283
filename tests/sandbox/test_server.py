"""The server itself: connections kept, many at once, a state file, and the command."""

import http.client
import json
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from connector.sandbox.server import SandboxServer
from connector.sandbox.storage import Keeper
from tests.sandbox.caller import Caller

MANAGE = Path(__file__).parents[2] / "manage.py"


def test_one_connection_serves_many_requests(server: SandboxServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.connect()
    connection.auto_open = 0  # a closed connection would be an error, not a new connection

    statuses = []
    for _ in range(5):
        connection.request("GET", "/sandbox.css")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)

    connection.close()
    assert statuses == [200] * 5


def test_many_callers_at_once_lose_and_double_nothing(server: SandboxServer) -> None:
    def create(number: int) -> str:
        return Caller(server).made(f"Invoice {number}")

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(create, range(80)))

    board = server.monday.account.board("AP invoices")
    assert len(set(ids)) == 80
    assert sorted(ids) == sorted(str(item_id) for item_id in board.items)
    assert len(server.log.effects("item_created")) == 80


def test_a_chunked_body_is_asked_for_its_length(server: SandboxServer) -> None:
    answer = requests.post(f"{server.url}/monday/v2", data=iter([b"{}"]), timeout=5)

    assert answer.status_code == 411


def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    with SandboxServer(state_file=file) as first:
        caller = Caller(first)
        item_id = caller.made("Kept", Status={"label": "Open"}, Visma_key="K1")
        first.monday.act(act="label_remove", board="AP invoices", column="Status", label="Open")
        first.clock.advance(500)
        columns = list(caller.board().columns)

    with SandboxServer(state_file=file) as second:
        again = Caller(second)
        newer = again.made("Newer")

        assert again.read(item_id)["name"] == "Kept"
        assert again.cell(item_id, "Status")["label"] == "Open"
        assert again.create(Status={"label": "Open"}).reason == "missingLabel"
        assert list(again.board().columns) == columns
        assert int(newer) > int(item_id)
        assert second.clock.offset == 500


def test_the_state_is_written_whole_or_not_at_all(tmp_path: Path, server: SandboxServer) -> None:
    file = tmp_path / "deep" / "sandbox.json"
    keeper = Keeper(server.house, file)
    keeper.start()
    keeper.stop()

    assert json.loads(file.read_bytes())["monday"]["boards"]
    assert [path.name for path in file.parent.iterdir()] == ["sandbox.json"]


def test_two_worlds_of_one_seed_are_alike_and_of_two_seeds_are_not() -> None:
    ids = [SandboxServer(seed=seed).monday.account.dump() for seed in (3, 3, 4)]

    assert ids[0]["boards"] == ids[1]["boards"]
    assert ids[0]["boards"] != ids[2]["boards"]


def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    command = [sys.executable, str(MANAGE), "sandbox", "--port", "0", "--state", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = re.search(r"http://\S+?(?=/ )", line)
        assert url, line
        page = requests.get(url[0], timeout=10)
        process.send_signal(signal.SIGTERM)
        process.wait(10)

    assert page.status_code == 200
    assert process.returncode == 0
    assert file.exists()
