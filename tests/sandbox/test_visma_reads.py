"""Lists and single records, with every trap that a caller of the real API falls into."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from connector.sandbox.visma.stamps import asked, written
from tests.sandbox.visma_caller import VismaCaller

INVOICES = "/v1/supplierInvoice"
ORDERS = "/v1/purchaseorder"


def test_every_page_together_is_every_record_once(visma: VismaCaller) -> None:
    pages = [visma.rows(INVOICES, pageNumber=n, pageSize=70) for n in (1, 2, 3, 4)]
    keys = [(row["documentType"], row["referenceNumber"]) for page in pages for row in page]

    assert [len(page) for page in pages] == [70, 70, 60, 0]
    assert len(set(keys)) == 200


def test_a_page_size_above_the_cap_is_clamped_in_silence(visma: VismaCaller) -> None:
    visma.sandbox.quirks.page_caps["supplier_invoice"] = 50

    page = visma.rows(INVOICES, pageSize=1000)

    assert len(page) == 50
    assert {row["metadata"]["totalCount"] for row in page} == {200}
    assert {row["metadata"]["maxPageSize"] for row in page} == {50}


def test_a_page_past_the_end_is_an_empty_array(visma: VismaCaller) -> None:
    assert visma.get(INVOICES, pageNumber=99, pageSize=100).raw == b"[]"


def test_without_paging_a_default_page_comes_back(visma: VismaCaller) -> None:
    assert len(visma.get(INVOICES).body) == 100


def test_unknown_parameters_are_ignored_and_give_the_wrong_rows(visma: VismaCaller) -> None:
    closed = visma.rows(ORDERS, status="closed")

    assert len(closed) == 60
    assert {row["status"] for row in visma.rows(ORDERS, orderStatus="closed")} == {"Closed"}


def test_a_date_without_its_condition_is_ignored(visma: VismaCaller) -> None:
    assert len(visma.rows(INVOICES, lastModifiedDateTime="2199-01-01")) == 200
    assert len(visma.rows(INVOICES, docDate="2199-01-01")) == 200


def test_a_condition_without_its_date_is_ignored(visma: VismaCaller) -> None:
    assert len(visma.rows(INVOICES, lastModifiedDateTimeCondition=">")) == 200


@pytest.mark.parametrize(
    ("condition", "inclusive", "kept"),
    [(">=", False, True), (">", False, False), (">", True, True), ("<", True, True)],
)
def test_whether_after_includes_the_moment_is_a_switch(
    visma: VismaCaller, condition: str, inclusive: bool, kept: bool
) -> None:
    visma.sandbox.quirks.after_is_inclusive = inclusive
    row = visma.rows(INVOICES)[7]

    found = visma.rows(
        INVOICES,
        lastModifiedDateTime=row["lastModifiedDateTime"],
        lastModifiedDateTimeCondition=condition,
    )

    assert (row["referenceNumber"] in {each["referenceNumber"] for each in found}) is kept


def test_the_filter_by_modification_gives_exactly_the_later_ones(visma: VismaCaller) -> None:
    everything = visma.rows(INVOICES)
    middle = sorted(row["lastModifiedDateTime"] for row in everything)[150]

    found = visma.rows(INVOICES, lastModifiedDateTime=middle, lastModifiedDateTimeCondition=">=")

    wanted = {r["timeStamp"] for r in everything if r["lastModifiedDateTime"] >= middle}
    assert {row["timeStamp"] for row in found} == wanted


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00", "yesterday"])
def test_a_date_with_a_zone_is_refused_with_a_visma_id(visma: VismaCaller, text: str) -> None:
    answer = visma.get(INVOICES, lastModifiedDateTime=text, lastModifiedDateTimeCondition=">=")

    assert answer.status == 400
    assert answer.message.startswith("VismaId: ")


def test_timestamps_have_no_zone_and_as_many_digits_as_they_need(visma: VismaCaller) -> None:
    stamps = [row["lastModifiedDateTime"] for row in visma.rows(INVOICES)]

    assert not [stamp for stamp in stamps if stamp.endswith("Z") or "+" in stamp]
    assert len({len(stamp) for stamp in stamps}) > 1


def test_written_moments_sort_as_text_as_they_do_in_time() -> None:
    start = datetime(2026, 3, 1, 23, 59, 58, 990_000)  # noqa: DTZ001 - Visma has no zone
    moments = [start + timedelta(milliseconds=7 * step) for step in range(400)]

    texts = [written(moment) for moment in moments]

    assert texts == sorted(texts)
    assert asked("2026-03-01") == "2026-03-01T00:00:00"


def test_paths_compare_without_regard_to_case(visma: VismaCaller) -> None:
    number = visma.rows(INVOICES, documentType="Invoice")[0]["referenceNumber"]

    lower = visma.get(f"/V1/supplierinvoice/invoice/{number}")

    assert lower.body["referenceNumber"] == number


def test_a_single_record_carries_its_timestamp_as_etag(visma: VismaCaller) -> None:
    number = visma.rows(ORDERS)[0]["orderNbr"]

    answer = visma.get(f"{ORDERS}/{number}")

    assert answer.headers["ETag"] == f'"{answer.body["timeStamp"]}"'
    assert "ETag" not in visma.get(ORDERS).headers


def test_the_form_without_document_type_serves_invoices_only(visma: VismaCaller) -> None:
    rows = visma.rows(INVOICES)
    invoices = {row["referenceNumber"] for row in rows if row["documentType"] == "Invoice"}
    notes = {row["referenceNumber"] for row in rows if row["documentType"] == "DebitAdj"}
    lonely, shared = min(notes - invoices), min(notes & invoices)

    assert visma.get(f"{INVOICES}/{lonely}").status == 404
    assert visma.get(f"{INVOICES}/{shared}").body["documentType"] == "Invoice"
    assert visma.invoice(shared, "DebitAdj")["documentType"] == "DebitAdj"


def test_an_unknown_record_is_404_with_a_message(visma: VismaCaller) -> None:
    answer = visma.get("/v1/supplier/99999")

    assert (answer.status, "VismaId: " in answer.message) == (404, True)


def test_a_key_may_travel_in_base64(visma: VismaCaller) -> None:
    assert visma.get("/v1/supplier/b64(NTAwMDE)").body["number"] == "50001"
    assert visma.get(f"/v1/supplier/{quote('50001')}").body["number"] == "50001"


def test_filters_keep_what_they_say(visma: VismaCaller) -> None:
    unreleased = visma.rows(INVOICES, released=0)
    due = visma.rows(INVOICES, dueDate="2026-01-01", dueDateCondition="<")
    owed = visma.rows(INVOICES, balance="100000", balanceCondition=">=")

    assert {row["status"] for row in unreleased} <= {"Hold", "Balanced"}
    assert unreleased
    assert all(row["dueDate"] < "2026-01-01" for row in due)
    assert owed
    assert all(row["balance"] >= 100_000 for row in owed)


def test_released_is_a_number_and_a_word_is_ignored(visma: VismaCaller) -> None:
    assert len(visma.rows(INVOICES, released="true")) == 200


def test_an_unknown_status_is_refused(visma: VismaCaller) -> None:
    assert visma.get(INVOICES, status="Opne").status == 400


def test_lists_leave_out_what_must_be_asked_for(visma: VismaCaller) -> None:
    plain, expanded = visma.rows(INVOICES)[0], visma.rows(INVOICES, expandNote="true")[0]

    assert "note" not in plain
    assert "note" in expanded
    assert "glAccounts" not in visma.rows("/v1/supplier")[0]


def test_order_rows_include_lines_and_receipts(visma: VismaCaller) -> None:
    rows = visma.rows(ORDERS)

    assert all(1 <= len(row["lines"]) <= 8 for row in rows)
    assert {len(row["purchaseReceipts"]) for row in rows} == {0, 1, 2}


def test_a_newer_release_adds_fields_nobody_has_seen(visma: VismaCaller) -> None:
    known = set(visma.rows(INVOICES)[0])
    visma.sandbox.quirks.new_fields = True

    assert set(visma.rows(INVOICES)[0]) - known == {"peppolStatus", "sustainability"}


def test_a_lone_surrogate_leaves_as_an_escape(visma: VismaCaller) -> None:
    visma.sandbox.edit_invoice("205501", description="half \ud83c a flag \x00 end")

    raw = visma.get(f"{INVOICES}/Invoice/205501").raw

    assert b"half \\ud83c a flag \\u0000 end" in raw


def test_another_method_on_a_known_path_is_405(visma: VismaCaller) -> None:
    assert visma.ask("DELETE", "/v1/organization").status == 405
