"""The company's screens over HTTP: people look, search, change, and are told what was wrong."""

import html
import os
import subprocess
import sys

import pytest
import requests

from connector.sandbox.server import SandboxServer


class Clerk:
    """A person with a browser and no script."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server

    def see(self, path: str, status: int = 200) -> str:
        answer = requests.get(self.server.url + path, timeout=10)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, path: str, **fields: str) -> str:
        """The page one lands on, as read by the eye."""
        answer = requests.post(self.server.url + path, data=fields, timeout=10)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)


@pytest.fixture
def clerk(server: SandboxServer) -> Clerk:
    server.visma.reset()
    return Clerk(server)


@pytest.mark.parametrize(
    "path",
    [
        "/company/",
        "/company/invoices/",
        "/company/invoices/new/",
        "/company/invoices/Invoice/205501/",
        "/company/orders/",
        "/company/orders/500201/",
        "/company/suppliers/",
        "/company/suppliers/50001/",
        "/company/customer-documents/",
        "/company/customer-documents/Invoice/129401/",
        "/company/accounts/",
        "/company/dimensions/",
        "/company/webhooks/",
    ],
)
def test_every_screen_opens(clerk: Clerk, path: str) -> None:
    assert "<h1>" in clerk.see(path)


def test_every_invoice_order_and_supplier_has_a_screen(clerk: Clerk) -> None:
    tables = clerk.server.visma.company.tables
    for row in tables["supplier_invoice"].rows():
        clerk.see(f"/company/invoices/{row['documentType']}/{row['referenceNumber']}/")
    for row in tables["purchase_order"].rows():
        clerk.see(f"/company/orders/{row['orderNbr']}/")
    for row in tables["supplier"].rows():
        clerk.see(f"/company/suppliers/{row['number']}/")

    assert clerk.server.log.counters["bugs"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "/company/invoices/Invoice/1/",
        "/company/orders/1/",
        "/company/suppliers/1/",
        "/company/nothing/",
        "/company/invoices/old/",
    ],
)
def test_what_is_not_there_is_missing(clerk: Clerk, path: str) -> None:
    clerk.see(path, status=404)


def test_the_list_is_paged_newest_first_and_searched(clerk: Clerk) -> None:
    first, last = clerk.see("/company/invoices/"), clerk.see("/company/invoices/?page=4")
    found = clerk.see("/company/invoices/?find=205555")

    assert first.index("205699") < first.index("205660")
    assert "205501" in last
    assert "205501" not in first
    assert "1 found" in found


def test_the_list_can_be_narrowed_to_a_status(clerk: Clerk) -> None:
    page = clerk.see("/company/invoices/?status=Voided")

    assert '<span class="state">Voided</span>' in page
    assert '<span class="state">Open</span>' not in page


def test_an_invoice_is_edited_by_form(clerk: Clerk) -> None:
    page = clerk.send(
        "/company/invoices/Invoice/205501/",
        act="save",
        amount="1 234,50",
        due_date="2027-03-01",
        description="Ny <b>tekst</b>",
        status="Open",
    )

    row = clerk.server.visma.company.get("supplier_invoice", "Invoice:205501")
    assert "Invoice 205501 is saved." in page
    assert str(row["detailTotalInCurrency"] + row["vatTotalInCurrency"]).startswith("1234.5")
    assert (row["dueDate"], row["status"]) == ("2027-03-01T00:00:00", "Open")
    assert row["description"] == "Ny <b>tekst</b>"


def test_saving_a_form_unchanged_changes_no_amount(clerk: Clerk) -> None:
    before = clerk.server.visma.company.get("supplier_invoice", "Invoice:205501")

    clerk.send("/company/invoices/Invoice/205501/", act="save", status=before["status"])

    after = clerk.server.visma.company.get("supplier_invoice", "Invoice:205501")
    quiet = {"lastModifiedDateTime", "timeStamp"}
    assert {k for k in before if before[k] != after[k]} == quiet


def test_an_invoice_is_added_voided_and_deleted(clerk: Clerk) -> None:
    added = clerk.send("/company/invoices/new/", supplier="50001", amount="80.00")
    table = clerk.server.visma.company.tables["supplier_invoice"]
    number = list(table.stored())[-1]["referenceNumber"]

    voided = clerk.send(f"/company/invoices/Invoice/{number}/", act="void")
    deleted = clerk.send(f"/company/invoices/Invoice/{number}/", act="delete")

    assert f"Invoice {number} is added." in added
    assert f"Invoice {number} is voided." in voided
    assert f"Invoice {number} is deleted." in deleted
    assert len(table) == 200


def test_a_mistake_is_told_and_changes_nothing(clerk: Clerk) -> None:
    page = clerk.send("/company/invoices/Invoice/205501/", act="save", amount="mye")

    assert "'mye' is not a number" in page


def test_goods_are_received_by_form(clerk: Clerk) -> None:
    desk = clerk.server.visma
    order = next(
        row
        for row in desk.company.tables["purchase_order"].rows()
        if row["status"] == "Open" and not row["purchaseReceipts"]
    )
    number, line = order["orderNbr"], order["lines"][0]["lineNbr"]

    clerk.send(f"/company/orders/{number}/", act="receive", hold="on", **{f"line_{line}": "1"})
    receipt = desk.company.get("purchase_order", number)["purchaseReceipts"][0]
    page = clerk.send(f"/company/orders/{number}/", act="release", receipt=receipt["receiptNumber"])

    after = desk.company.get("purchase_order", number)["purchaseReceipts"][0]
    assert (receipt["status"], after["status"]) == ("Balanced", "Released")
    assert f"Receipt {receipt['receiptNumber']} is released." in page


def test_too_much_is_refused_where_the_line_says_so(clerk: Clerk) -> None:
    desk = clerk.server.visma
    number, line = next(
        (row["orderNbr"], line)
        for row in desk.company.tables["purchase_order"].rows()
        for line in row["lines"]
        if row["status"] == "Open" and line["receiptAction"] == "Reject"
        and not line["qtyOnReceipts"]
    )  # fmt: skip
    much = {f"line_{line['lineNbr']}": str(line["orderQty"] + 1)}

    page = clerk.send(f"/company/orders/{number}/", act="receive", **much)

    assert "exceeds the maximum" in page


def test_a_supplier_is_added_and_edited(clerk: Clerk) -> None:
    added = clerk.send("/company/suppliers/", name="Kjøtt & Kjær AS")
    saved = clerk.send("/company/suppliers/50041/", name="Kjøtt & Kjær Norge AS", status="OnHold")

    assert "Supplier 50041 is added." in added
    assert "50041 Kjøtt & Kjær Norge AS" in saved


def test_what_a_person_types_is_escaped(clerk: Clerk) -> None:
    clerk.server.visma.edit_invoice("205501", description='<script>alert("x")</script>')

    for path in ("/company/invoices/Invoice/205501/", "/company/invoices/?page=4"):
        assert "<script>" not in clerk.see(path)
    assert "<script>" not in clerk.see("/company/invoices/?find=%3Cscript%3E%22")


def test_changes_are_on_the_first_screen(clerk: Clerk) -> None:
    clerk.server.visma.edit_supplier("50040", city="Guangzhou")

    assert "/company/suppliers/50040/" in clerk.see("/company/")


def test_a_customer_is_billed_and_pays(clerk: Clerk) -> None:
    added = clerk.send("/company/customer-documents/", customer="10001", amount="100,00")
    rows = clerk.server.visma.company.tables["customer_document"].stored()
    number = max(r["referenceNumber"] for r in rows if r["documentType"] == "Invoice")
    path = f"/company/customer-documents/Invoice/{number}/"

    clerk.send(path, act="save", due_date="2027-04-01", status="Open", description="Avtalt")
    paid = clerk.send(path, act="pay", amount="40")

    row = clerk.server.visma.company.get("customer_document", f"Invoice:{number}")
    assert f"Invoice {number} is added." in added
    assert "Paid by payment" in paid
    assert (row["documentDueDate"], row["balanceInCurrency"]) == ("2027-04-01T00:00:00", 60)


def test_accounts_and_dimension_values_are_kept(clerk: Clerk) -> None:
    clerk.send("/company/accounts/", act="add", number="6903", description="Satellitt")
    clerk.send("/company/accounts/", act="save", number="6903", description="Satellittlinje")
    value = {"dimension": "SUBACCOUNT", "segment": "1", "value": "500"}
    clerk.send("/company/dimensions/", act="add", description="Nettbutikk", **value)
    page = clerk.send("/company/dimensions/", act="save", description="Netthandel", **value)

    row = clerk.server.visma.company.get("account", "6903")
    assert (row["description"], row["active"]) == ("Satellittlinje", False)
    assert "Value 500 is saved." in page
    assert 'value="Netthandel"' in page


def test_a_subscription_is_made_and_removed(clerk: Clerk) -> None:
    made = clerk.send("/company/webhooks/", act="add", url="http://127.0.0.1:9/x", key="k")
    identity = next(iter(clerk.server.visma.portal.subscriptions))
    removed = clerk.send("/company/webhooks/", act="remove", subscription=identity)

    assert "http://127.0.0.1:9/x" in made
    assert clerk.server.visma.portal.subscriptions == {}
    assert "is removed" in removed


WITHOUT_SETTINGS = """
from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.visma import VismaSandbox
from connector.sandbox.wire import request_of
sandbox = VismaSandbox(Clock(), Log(Clock()))
sandbox.add_subscription("http://127.0.0.1:9/", "k")
for part in ("", "invoices/", "invoices/new/", "invoices/Invoice/205501/", "orders/",
             "orders/500201/", "suppliers/", "suppliers/50001/", "customer-documents/",
             "customer-documents/Invoice/129401/", "accounts/", "dimensions/", "webhooks/"):
    assert sandbox.page(request_of("GET", "/company/" + part, {}, b"")).status == 200, part
"""


def test_the_screens_need_no_settings_of_ours() -> None:
    bare = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    subprocess.run([sys.executable, "-c", WITHOUT_SETTINGS], env=bare, check=True, timeout=60)
