"""Visma's side over real sockets: as a program outside meets it, with faults and the log."""

import json
from typing import Any

import pytest
import requests

from connector.sandbox import world
from connector.sandbox.server import SandboxServer


class Outsider:
    """A program that signs in and calls."""

    def __init__(self, server: SandboxServer) -> None:
        self.url = f"{server.url}/visma"
        form = {
            "grant_type": "client_credentials",
            "client_id": world.VISMA_CLIENT_ID,
            "client_secret": world.VISMA_CLIENT_SECRET,
            "tenant_id": world.VISMA_COMPANY_TENANT_ID,
        }
        answer = requests.post(f"{self.url}/connect/token", data=form, timeout=10)
        self.token: str = answer.json()["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "ipp-company-id": "4021"}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=10)


@pytest.fixture
def outsider(server: SandboxServer) -> Outsider:
    server.visma.reset()
    return Outsider(server)


def test_names_arrive_in_utf_8_and_amounts_as_numbers(outsider: Outsider) -> None:
    answer = outsider.call("GET", "/v1/supplierInvoice?pageNumber=1&pageSize=1000")

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Ålesund Trelast AS" in answer.content.decode()
    assert all(isinstance(row["amount"], float) for row in answer.json())


def test_a_condition_travels_url_encoded(outsider: Outsider) -> None:
    moment = "lastModifiedDateTime=2199-01-01&lastModifiedDateTimeCondition=%3E%3D"

    assert outsider.call("GET", f"/v1/supplierInvoice?{moment}").json() == []


def test_a_created_receipt_has_a_location_and_no_body(outsider: Outsider) -> None:
    made = outsider.call("POST", "/v1/PurchaseReceipt", {"supplierId": {"value": "50001"}})
    number = made.headers["Location"].rpartition("/")[2]
    changed = outsider.call("PUT", f"/v1/PurchaseReceipt/{number}", {"note": {"value": "x"}})

    assert (made.status_code, made.content) == (201, b"")
    assert (changed.status_code, changed.content) == (204, b"")


def test_a_gateway_error_is_a_page_of_html(server: SandboxServer, outsider: Outsider) -> None:
    fault = {"match": {"system": "visma", "count": 1}, "do": [{"action": "html_502"}]}
    server.faults.add(fault)

    broken, whole = (outsider.call("GET", "/v1/supplier") for _ in range(2))

    assert (broken.status_code, broken.content[:6]) == (502, b"<html>")
    assert whole.status_code == 200


def test_a_lost_answer_leaves_the_receipt_behind(server: SandboxServer, outsider: Outsider) -> None:
    action = {"action": "execute_then_reset"}
    server.faults.add({"match": {"system": "visma", "method": "POST"}, "do": [action]})
    before = len(server.visma.company.tables["purchase_receipt"])

    with pytest.raises(requests.ConnectionError):
        outsider.call("POST", "/v1/PurchaseReceipt", {"supplierId": {"value": "50001"}})

    assert len(server.visma.company.tables["purchase_receipt"]) == before + 1


def test_the_log_knows_what_a_call_changed_and_no_secret(
    server: SandboxServer, outsider: Outsider
) -> None:
    outsider.call("PUT", "/v1/purchaseorder/500201", {"note": {"value": "Ring sjåføren"}})

    entry = server.log.entries()[-1]
    kept = json.dumps(requests.get(f"{server.url}/_control/log", timeout=10).json())
    assert (entry.method, entry.status) == ("PUT", 204)
    assert [effect.after for effect in entry.effects] == [{"note": "Ring sjåføren"}]
    assert outsider.token not in kept
    assert world.VISMA_CLIENT_SECRET not in kept


def test_switches_and_acts_are_at_hand_from_outside(
    server: SandboxServer, outsider: Outsider
) -> None:
    control = f"{server.url}/_control"
    requests.post(f"{control}/visma", json={"new_fields": True}, timeout=10)
    act = {"system": "visma", "act": "receive", "number": "500999"}
    refused = requests.post(f"{control}/act", json=act, timeout=10)

    assert "peppolStatus" in outsider.call("GET", "/v1/supplier/50001").json()
    assert (refused.status_code, "500999" in refused.json()["error"]) == (400, True)
