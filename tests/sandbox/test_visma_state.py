"""The company's state: kept, loaded, put back, grown."""

import tracemalloc
from typing import Any

import msgspec

from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.visma import VismaSandbox
from tests.sandbox.visma_caller import VismaCaller


def restarted(sandbox: VismaSandbox) -> VismaCaller:
    """Another process that reads the state file of the first."""
    state: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sandbox.dump()))
    clock = Clock()
    caller = VismaCaller(VismaSandbox(clock, Log(clock), seed=99))
    caller.sandbox.load(state)
    caller.sign_in()
    return caller


def test_a_loaded_state_answers_the_same_bytes(visma: VismaCaller) -> None:
    visma.sandbox.edit_invoice("205501", amount="10.5000", description="æøå")
    path = "/v1/supplierInvoice?pageNumber=1&pageSize=1000"

    assert restarted(visma.sandbox).get(path).raw == visma.get(path).raw


def test_numbers_and_versions_go_on_after_a_load(visma: VismaCaller) -> None:
    first = visma.sandbox.add_invoice()
    again = restarted(visma.sandbox)

    second = again.sandbox.add_invoice()

    assert int(second.removeprefix("Invoice:")) == int(first.removeprefix("Invoice:")) + 1
    stamps = [again.invoice(key.removeprefix("Invoice:"))["timeStamp"] for key in (first, second)]
    assert stamps[0] < stamps[1]


def test_a_reset_puts_everything_back(visma: VismaCaller) -> None:
    before = visma.get("/v1/supplierInvoice").raw
    visma.sandbox.void_invoice("205502")
    visma.sandbox.delete_invoice("205501")
    visma.sandbox.quirks.new_fields = True
    visma.sandbox.grow(invoices=10)

    visma.sandbox.reset()

    visma.sign_in()
    assert visma.get("/v1/supplierInvoice").raw == before


def test_grown_invoices_are_read_as_any_other(visma: VismaCaller) -> None:
    visma.sandbox.grow(invoices=2500)

    pages = [visma.rows("/v1/supplierInvoice", pageNumber=n, pageSize=1000) for n in (1, 2, 3, 4)]
    single = visma.invoice("1000007")

    assert [len(page) for page in pages] == [1000, 1000, 700, 0]
    assert single in [
        {name: row.get(name, single[name]) for name in single} for page in pages for row in page
    ]


def test_grown_invoices_pass_the_filters(visma: VismaCaller) -> None:
    visma.sandbox.grow(invoices=500)
    middle = visma.invoice("1000400")["lastModifiedDateTime"]

    found = visma.rows(
        "/v1/supplierInvoice",
        lastModifiedDateTime=middle,
        lastModifiedDateTimeCondition=">",
        status="Open",
    )

    grown = [row for row in found if int(row["referenceNumber"]) > 1_000_000]
    assert grown
    assert all(row["lastModifiedDateTime"] > middle and row["status"] == "Open" for row in grown)


def test_a_grown_invoice_can_be_edited_and_deleted(visma: VismaCaller) -> None:
    visma.sandbox.grow(invoices=100)

    visma.sandbox.edit_invoice("1000005", description="Endret")
    visma.sandbox.delete_invoice("1000006")

    numbers = [row["referenceNumber"] for row in visma.rows("/v1/supplierInvoice")]
    assert visma.invoice("1000005")["description"] == "Endret"
    assert (len(numbers), len(set(numbers))) == (299, 296)  # three numbers are shared in the seed
    again = restarted(visma.sandbox)
    assert len(again.rows("/v1/supplierInvoice")) == 299
    assert again.invoice("1000005")["description"] == "Endret"


def test_a_hundred_thousand_invoices_take_no_memory(visma: VismaCaller) -> None:
    tracemalloc.start()
    visma.sandbox.grow(invoices=100_000)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert grown < 1_000_000
    assert visma.rows("/v1/supplierInvoice")[0]["metadata"]["totalCount"] == 100_200
