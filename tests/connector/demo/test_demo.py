"""The demo as a person starts it: one command, a full board, one Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connector.demo.run import LOGIN, ROOT, TENANT_FILE
from connector.sandbox import world
from tests.connector.demo.waiting import wait_for

READY = "Ctrl-C ends everything"
MARK = "ML_CONNECTOR_TEST_DEMO"  # in the environment of every program that this demo starts


@dataclass
class Running:
    process: subprocess.Popen[str]
    mark: str
    screen: str

    def address(self, name: str) -> str:
        found = re.search(rf"{name} +(http://\S+)", self.screen)
        assert found, self.screen
        return found[1]

    def programs(self) -> list[int]:
        """Every living process of this demo, by the mark in its environment."""
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ")
                if self.mark.encode() in _read(path)]  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile, or somebody else's
        return b""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("demo")
    mark = f"{MARK}={folder}"
    command = [sys.executable, "manage.py", "demo", "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, "--port", "0", "--sandbox-port", "0"],
        cwd=ROOT,
        env=os.environ | {MARK: str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if READY in line:
            break
    yield Running(process, mark, "".join(lines))
    if process.poll() is None:
        process.kill()
    process.stdout.close()


@pytest.fixture(autouse=True)
def _once(request: pytest.FixtureRequest) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("The demo's programs are found through /proc.")
    if os.environ["DATABASE_URL"].startswith("postgres"):
        pytest.skip("The demo brings its own SQLite database; it ran with the suite on SQLite.")


def test_the_first_sync_brings_every_record_to_its_board(demo: Running) -> None:
    account = dict(re.findall(r"^ +([a-z ]+)  (\d+)$", demo.screen, re.MULTILINE))

    assert (account["created"], account["failed"]) == (account["read"], "0")
    assert int(account["read"]) >= 260
    assert int(account["monday calls"]) <= 16


def test_the_boards_show_as_many_items_as_the_company_has_records(demo: Running) -> None:
    sandbox = demo.address("sandbox")
    boards = [m["board_id"] for m in json.loads(TENANT_FILE.read_text())["mappings"]]
    pages = [_page(f"{sandbox}boards/{board}/") for board in boards]

    assert [re.findall(r"(\d+) items", page)[0] for page in pages] == ["200", "60"]


def test_the_web_pages_answer_and_the_login_is_on_the_screen(demo: Running) -> None:
    assert "sign in" in _page(demo.address("ml-connector")).lower()
    assert LOGIN in demo.screen


def test_an_invoice_changed_in_the_company_is_soon_on_the_board(demo: Running) -> None:
    sandbox = demo.address("sandbox")
    board = json.loads(TENANT_FILE.read_text())["mappings"][0]["board_id"]
    added = _act(sandbox, act="add_invoice", description="Brand new")
    wait_for(lambda: "Brand new" in _page(f"{sandbox}boards/{board}/"))
    _act(sandbox, act="edit_invoice", number=added.partition(":")[2], description="Seen at once")
    # A poll may be a minute away; only the webhook is here in time.
    wait_for(lambda: "Seen at once" in _page(f"{sandbox}boards/{board}/"))


def test_received_on_the_board_becomes_a_receipt_whose_number_comes_back(demo: Running) -> None:
    sandbox = demo.address("sandbox")
    board = json.loads(TENANT_FILE.read_text())["mappings"][1]["board_id"]
    company = _state(sandbox)["visma"]
    orders = json.loads(company["rows"]["purchase_order"])
    order = next(o for o in orders if o["status"] == "Open" and not o["purchaseReceipts"])
    name = order["orderNbr"]
    item = f"{order['orderNbr']} {order['supplier']['name']}"
    act = {"act": "status_set", "board": board, "column": "Received?", "label": "Received"}
    _act(sandbox, system="monday", item=item, **act)
    number = f"{company['numbers']['purchase_receipt']:06d}"  # the next one of its series
    wait_for(lambda: f'"{number}"' in json.dumps(_state(sandbox)["monday"]))
    receipt = _row(sandbox, "purchase_receipt", "receiptNbr", number)
    received = _row(sandbox, "purchase_order", "orderNbr", name)
    billed = [line for line in _lines(sandbox, "supplier_invoice") if line["poNumber"] == name]

    assert receipt["status"] == "Released"
    assert {line["completed"] for line in received["lines"]} == {True}
    assert {line["poReceiptNbr"] for line in billed} == {number}


def test_ctrl_c_ends_every_process(demo: Running) -> None:
    # The demo, the sandbox, two of the web; then the workers' main process and those it keeps.
    wait_for(lambda: len(demo.programs()) >= 4 + 1 + 3)

    demo.process.send_signal(signal.SIGINT)
    code = demo.process.wait(timeout=60)

    assert (code, demo.programs()) == (0, [])


def test_the_tenant_file_holds_the_sandboxs_credentials() -> None:
    file = json.loads(TENANT_FILE.read_text())
    visma, monday = file["visma"][0], file["monday"][0]

    assert (visma["client_id"], visma["client_secret"], visma["tenant_id"]) == (
        world.VISMA_CLIENT_ID,
        world.VISMA_CLIENT_SECRET,
        world.VISMA_COMPANY_TENANT_ID,
    )
    assert monday["token"] == world.MONDAY_TOKEN


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
        return str(answer.read().decode())


def _rows(sandbox: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_state(sandbox)["visma"]["rows"][table])
    return found


def _row(sandbox: str, table: str, name: str, value: str) -> dict[str, Any]:
    return next(row for row in _rows(sandbox, table) if row[name] == value)


def _lines(sandbox: str, table: str) -> list[dict[str, Any]]:
    return [line for row in _rows(sandbox, table) for line in row["invoiceLines"]]


def _state(sandbox: str) -> dict[str, Any]:
    """Both systems, as they are behind their pages."""
    found: dict[str, Any] = json.loads(_page(f"{sandbox}_control/state"))
    return found


def _act(sandbox: str, **act: str) -> str:
    """Do as a person, in the company unless said otherwise; returns what it gave."""
    body = json.dumps({"system": "visma", **act}).encode()
    with urllib.request.urlopen(f"{sandbox}_control/act", data=body, timeout=10) as answer:  # noqa: S310 - our own address
        return str(json.load(answer).get("result"))
