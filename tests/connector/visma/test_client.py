"""Reading a company: headers, pages that do not add up, one record, the ledger."""

import logging
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.errors import AskAPerson, Throttled, TryAgain
from connector.http import Limits, make_session
from connector.visma.client import Page, VismaClient
from connector.visma.resources import RESOURCES, Resource
from tests.connector.wire import Answering, RawServer, cut, http, reset

from .conftest import COMPANY, TOKEN, Book, Tokens, Visma

SUPPLIER = RESOURCES["supplier"]
INVOICE = RESOURCES["supplier_invoice"]
ORDER = RESOURCES["purchase_order"]


def row(number: int, modified: str = "2026-11-20T10:00:00.12", **more: Any) -> dict[str, Any]:
    return {"number": str(number), "lastModifiedDateTime": modified} | more


def rows(first: int, last: int, total: int | None, cap: int = 1000) -> list[dict[str, Any]]:
    said = {"totalCount": total, "maxPageSize": cap} if total is not None else {}
    return [row(number, metadata=said) for number in range(first, last + 1)]


def read(visma: Visma, resource: Resource = SUPPLIER, since: str | None = None) -> list[Page]:
    return list(visma.client.pages(resource, since=since))


def keys(pages: list[Page]) -> list[str]:
    return [each.key for page in pages for each in page.rows]


def test_every_call_names_token_and_company(visma: Visma) -> None:
    visma.answers_with(rows(1, 1, 1))

    read(visma)

    headers = visma.requests[0].headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["ipp-company-id"] == COMPANY
    assert headers["Accept"] == "application/json"


# --- pages ----------------------------------------------------------------------------------
def test_a_page_is_read_with_exact_decimals(visma: Visma) -> None:
    visma.answers_with(b'[{"number": "1", "balance": 12345678901234567.8900, "internalId": 7}]')
    visma.answers_with([])

    payload = read(visma)[0].rows[0].payload

    assert str(payload["balance"]) == "12345678901234567.8900"
    assert isinstance(payload["balance"], Decimal)
    assert payload["internalId"] == 7


def test_reading_stops_at_the_total(visma: Visma) -> None:
    visma.answers_with(rows(1, 3, 3))

    pages = read(visma)

    assert keys(pages) == ["1", "2", "3"]
    assert (pages[0].number, pages[0].total, len(visma.requests)) == (1, 3, 1)


def test_a_clamped_page_is_not_the_last_page(visma: Visma) -> None:
    """1,000 are asked for, Visma gives its cap of 2 without a word: 5 rows are 3 pages."""
    for first in (1, 3, 5):
        visma.answers_with(rows(first, min(first + 1, 5), 5, cap=2))

    pages = read(visma)

    assert keys(pages) == ["1", "2", "3", "4", "5"]
    assert [request.args["pageNumber"] for request in visma.requests] == ["1", "2", "3"]


def test_a_short_page_in_the_middle_is_not_the_last_page(visma: Visma) -> None:
    visma.answers_with(rows(1, 1, 5, cap=2))
    visma.answers_with(rows(3, 4, 5, cap=2))
    visma.answers_with(rows(5, 5, 5, cap=2))

    assert keys(read(visma)) == ["1", "3", "4", "5"]


def test_without_metadata_only_an_empty_page_is_the_end(visma: Visma) -> None:
    visma.answers_with(rows(1, 2, None))
    visma.answers_with(rows(3, 3, None))
    visma.answers_with([])

    pages = read(visma)

    assert keys(pages) == ["1", "2", "3"]
    assert pages[0].total is None


def test_a_total_smaller_than_what_was_read_is_not_believed(visma: Visma) -> None:
    visma.answers_with(rows(1, 2, 0))
    visma.answers_with(rows(3, 4, 0))
    visma.answers_with([])

    assert keys(read(visma)) == ["1", "2", "3", "4"]


def test_metadata_may_stand_on_any_row(visma: Visma) -> None:
    found = rows(1, 3, None)
    found[0]["metadata"] = None
    found[2]["metadata"] = {"totalCount": 3, "maxPageSize": 1000}
    visma.answers_with(found)

    assert read(visma)[0].total == 3


def test_an_empty_company_is_one_empty_page(visma: Visma) -> None:
    visma.answers_with([])

    pages = read(visma)

    assert [page.rows for page in pages] == [()]


def test_an_empty_page_far_from_the_end_is_an_error_and_not_the_end(visma: Visma) -> None:
    visma.answers_with(rows(1, 2, 6, cap=2))
    visma.answers_with([])

    with pytest.raises(TryAgain) as caught:
        read(visma)

    assert caught.value.why.code == "unreadable_answer"


def test_a_server_that_ignores_the_page_number_does_not_loop(visma: Visma) -> None:
    visma.answers_with(rows(1, 2, None))

    with pytest.raises(TryAgain) as caught:
        read(visma)

    assert "repeats" in caught.value.why.detail
    assert len(visma.requests) == 2


def test_an_unpaged_resource_is_one_call_without_page_parameters(visma: Visma) -> None:
    unpaged = Resource("account", "/v1/account", "/v1/account/{}", ("number",), paged=False)
    visma.answers_with(rows(1, 3, None))

    pages = read(visma, unpaged)

    assert keys(pages) == ["1", "2", "3"]
    assert dict(visma.requests[0].args) == {}


def test_since_always_travels_with_its_condition(visma: Visma) -> None:
    visma.answers_with(rows(1, 1, 1))

    read(visma, since="2026-11-20T10:00:00.1239")

    sent = visma.requests[0].args
    assert sent["lastModifiedDateTime"] == "2026-11-20T10:00:00.123"
    assert sent["lastModifiedDateTimeCondition"] == ">="
    assert "Z" not in sent["lastModifiedDateTime"]


def test_without_since_neither_is_sent(visma: Visma) -> None:
    visma.answers_with(rows(1, 1, 1))

    read(visma)

    assert set(visma.requests[0].args) == {"pageNumber", "pageSize"}


@pytest.mark.parametrize(
    ("modified", "ignored"),
    [
        ("2026-11-20T09:59:59.9", True),
        ("2026-11-20T10:00:00", False),
        ("2026-11-20T10:00:00.000", False),
        ("2026-11-20T10:00:00.5", False),
        ("", False),
        ("yesterday", False),
    ],
)
def test_a_row_older_than_asked_for_shows_that_the_filter_was_ignored(
    visma: Visma, modified: str, ignored: bool
) -> None:
    visma.answers_with([row(1, modified, metadata={"totalCount": 1, "maxPageSize": 10})])

    page = read(visma, since="2026-11-20T10:00:00.0")[0]

    assert page.filter_ignored is ignored
    assert len(page.rows) == 1


def test_a_row_without_a_key_is_told_and_its_neighbours_are_read(visma: Visma) -> None:
    found = [row(1), {"documentType": "Invoice"}, row(3)]
    found[0]["metadata"] = {"totalCount": 3, "maxPageSize": 10}
    visma.answers_with(found)

    page = read(visma)[0]

    assert [each.key for each in page.rows] == ["1", "3"]
    assert page.unreadable == ("page 1, row 2: no number",)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"rows": []}', b"[1]", b"null", b'[{"a": '])
def test_a_page_that_makes_no_sense_is_read_again(visma: Visma, body: bytes) -> None:
    visma.answers_with(body)

    with pytest.raises(TryAgain) as caught:
        read(visma)

    assert caught.value.why.code == "unreadable_answer"


# --- one record -----------------------------------------------------------------------------
def test_one_invoice_is_fetched_by_type_and_number_with_its_etag(visma: Visma) -> None:
    payload = {"documentType": "CreditAdj", "referenceNumber": "205717", "timeStamp": "AAA="}
    visma.answers_with(payload, headers={"ETag": '"BBB="'})

    found = visma.client.fetch(INVOICE, "CreditAdj:205717")

    assert found is not None
    assert (found.key, found.etag) == ("CreditAdj:205717", "BBB=")
    assert visma.paths == ["/v1/supplierInvoice/CreditAdj/205717"]


def test_one_order_is_fetched_by_its_number(visma: Visma) -> None:
    visma.answers_with({"orderType": "RegularOrder", "orderNbr": "500254", "timeStamp": "AAA="})

    found = visma.client.fetch(ORDER, "RegularOrder:500254")

    assert found is not None
    assert (found.key, found.etag) == ("RegularOrder:500254", "AAA=")
    assert visma.paths == ["/v1/purchaseorder/500254"]


def test_a_record_that_does_not_exist_is_none(visma: Visma) -> None:
    visma.answers_with({"message": "Not found"}, 404)

    assert visma.client.fetch(SUPPLIER, "50010") is None


@pytest.mark.parametrize("body", [b"<html>404</html>", b"\r\n <!doctype html>"])
def test_a_gateways_page_does_not_say_that_a_record_is_gone(visma: Visma, body: bytes) -> None:
    visma.answers_with(body, 404)

    with pytest.raises(AskAPerson):
        visma.client.fetch(SUPPLIER, "50010")


def test_a_404_of_a_list_is_not_an_empty_list(visma: Visma) -> None:
    visma.answers_with({"message": "Not found"}, 404)

    with pytest.raises(AskAPerson):
        read(visma)


@pytest.mark.parametrize("payload", [{"number": "999"}, {}, [], [{"number": "50010"}], "x"])
def test_another_record_than_the_one_asked_for_is_not_taken(visma: Visma, payload: Any) -> None:
    visma.answers_with(payload)

    with pytest.raises(TryAgain) as caught:
        visma.client.fetch(SUPPLIER, "50010")

    assert caught.value.why.code == "unreadable_answer"


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("50010", "/v1/supplier/50010"),
        ("A B", "/v1/supplier/A%20B"),
        ("Ærø-1", "/v1/supplier/%C3%86r%C3%B8-1"),
        (":/?#[]@&*+;", "/v1/supplier/b64(Oi8_I1tdQCYqKzs)"),
        ("a/b", "/v1/supplier/b64(YS9i)"),
        ("..", "/v1/supplier/b64(Li4)"),
        (".", "/v1/supplier/b64(Lg)"),
        ("100%", "/v1/supplier/b64(MTAwJQ)"),
        (" x", "/v1/supplier/b64(IHg)"),
        ("a.b", "/v1/supplier/a.b"),
    ],
)
def test_a_key_is_one_segment_of_the_path_whatever_is_in_it(
    visma: Visma, key: str, path: str
) -> None:
    visma.answers_with({"number": key})

    visma.client.fetch(SUPPLIER, key)

    assert visma.paths == [path]


# --- the company, the token, the ledger -------------------------------------------------------
def test_the_company_is_the_first_organization(visma: Visma) -> None:
    visma.answers_with([{"organizationId": "1", "name": "Nordlys Grossist AS"}])

    assert visma.client.company()["name"] == "Nordlys Grossist AS"
    assert visma.paths == ["/v1/organization"]


def test_no_company_behind_the_company_id_needs_a_person(visma: Visma) -> None:
    visma.answers_with([])

    with pytest.raises(AskAPerson) as caught:
        visma.client.company()

    assert COMPANY in caught.value.why.happened


def test_a_refused_token_is_renewed_once_and_the_call_repeated(visma: Visma) -> None:
    visma.answers_with(b"", 401)
    visma.answers_with(rows(1, 1, 1))

    assert keys(read(visma)) == ["1"]
    assert visma.tokens.rejected == [TOKEN]
    assert visma.requests[1].headers["Authorization"] == "Bearer renewed-token"


def test_a_token_that_expires_between_pages_leaves_no_gap(visma: Visma) -> None:
    visma.answers_with(rows(1, 2, 3, cap=2))
    visma.answers_with(b"", 401)
    visma.answers_with(rows(3, 3, 3, cap=2))

    assert keys(read(visma)) == ["1", "2", "3"]


def test_a_second_refusal_needs_a_person_and_no_third_call(visma: Visma) -> None:
    visma.answers_with(b"", 401)

    with pytest.raises(AskAPerson) as caught:
        read(visma)

    assert (caught.value.reach, caught.value.why.code) == ("connection", "not_connected")
    assert "customer's instead of the company's" in caught.value.why.remedy
    assert len(visma.requests) == 2


def test_every_request_is_reserved_and_recorded_also_a_repeated_one(visma: Visma) -> None:
    limits = {
        "X-RateLimit-Limit": "500",
        "X-RateLimit-Remaining": "499",
        "X-RateLimit-Reset": "3540",
        "Ipp-Request-Id": "ipp-1",
    }
    visma.answers_with(b"", 401)
    visma.answers_with(rows(1, 1, 1), headers=limits)

    read(visma)

    assert visma.book.reserved == ["supplier", "supplier"]
    assert [report.status for report in visma.book.reports] == [401, 200]
    assert visma.book.reports[1].request_id == "ipp-1"
    assert visma.book.reports[1].limits == Limits(reset_in=3540, window_quota=500, window_left=499)


def test_odd_limit_headers_are_not_known(visma: Visma) -> None:
    visma.answers_with(
        rows(1, 1, 1), headers={"X-RateLimit-Limit": "many", "X-RateLimit-Reset": "-1"}
    )

    read(visma)

    assert visma.book.reports[0].limits == Limits()


def test_a_limit_is_told_to_the_ledger(visma: Visma) -> None:
    visma.answers_with({"message": "slow down"}, 429, {"Retry-After": "120"})

    with pytest.raises(Throttled) as caught:
        read(visma)

    assert caught.value.after == timedelta(seconds=120)
    report = visma.book.reports[0]
    assert (report.throttle, report.blocked_for) == ("rate_window", 120.0)


@pytest.mark.parametrize("answering", [reset, cut(http(b"[]"), 10)])
def test_a_read_without_an_answer_is_repeated_later(
    raw_server: Callable[[Answering], RawServer], answering: Answering
) -> None:
    book = Book()
    client = VismaClient(
        api_url=raw_server(answering).url,
        company_id=COMPANY,
        tokens=Tokens(TOKEN),
        meter=book,
        session=make_session("ml-connector-test"),
    )

    with pytest.raises(TryAgain) as caught:
        list(client.pages(SUPPLIER, since=None))

    assert caught.value.why.code == "no_answer"
    assert [report.status for report in book.reports] == [0]


def test_a_404_whose_headers_were_cut_off_is_not_a_missing_record(
    raw_server: Callable[[Answering], RawServer],
) -> None:
    server = raw_server(cut(b"HTTP/1.1 404 Not Found\r\nContent-Le", 33))
    client = VismaClient(
        api_url=server.url,
        company_id=COMPANY,
        tokens=Tokens(TOKEN),
        meter=Book(),
        session=make_session("ml-connector-test"),
    )

    with pytest.raises(TryAgain):
        client.fetch(SUPPLIER, "50010")


def test_the_token_is_told_nowhere(visma: Visma, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visma.answers_with({"message": f"no right for {TOKEN}"}, 403)

    with pytest.raises(AskAPerson) as caught:
        read(visma)

    assert TOKEN not in f"{caught.value!r} {caught.value.why!r} {visma.client!r}"
    assert "•••" in caught.value.why.detail
    assert TOKEN not in caplog.text


def test_a_row_does_not_show_its_payload_in_its_repr(visma: Visma) -> None:
    visma.answers_with([row(1, name="Private AS", metadata={"totalCount": 1})])

    assert "Private AS" not in repr(read(visma))
