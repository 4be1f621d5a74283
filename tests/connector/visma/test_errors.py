"""Each answer of Visma against its verdict, over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import AskAPerson, ConnectorError, GiveUp, Throttled, TryAgain
from connector.visma.errors import LINES, said
from connector.visma.resources import RESOURCES

from .conftest import COMPANY, Visma

SUPPLIER = RESOURCES["supplier"]
HTML = b"<html><body><h1>Bad Gateway</h1></body></html>"
VISMA_ID = "VismaId: f948dfa5. Error creating document. Error: TaxCategoryID '0' cannot be found."


def fault(code: str, message: str = "No license for this company.") -> dict[str, str]:
    return {
        "ExceptionType": "IPPException",
        "ExceptionMessage": message,
        "ExceptionFaultCode": code,
        "ExceptionMessageID": f"{code}_aa11",
        "ExceptionDetails": "",
    }


# name: (status, body, verdict on one record, code)
CASES: dict[str, tuple[int, Any, type[ConnectorError], str]] = {
    "company not set": (400, fault("12002"), AskAPerson, "company_refused"),
    "no licence": (400, fault("12027"), AskAPerson, "company_refused"),
    "no licence as 500": (500, fault("12027"), AskAPerson, "company_refused"),
    "no licence as 200": (200, fault("12027"), AskAPerson, "company_refused"),
    "no licence, old name": (
        400,
        {"FaultCode": "12027", "message": "x"},
        AskAPerson,
        "company_refused",
    ),
    "another fault": (400, fault("99999", "Strange"), GiveUp, "refused"),
    "another fault as 200": (200, fault("99999", "Strange"), TryAgain, "unreadable_answer"),
    "401": (401, b"", AskAPerson, "not_connected"),
    "403": (403, {"message": "Forbidden"}, AskAPerson, "permission"),
    "429": (429, {"message": "slow down"}, Throttled, "rate_window"),
    "429 as a page": (429, HTML, Throttled, "rate_window"),
    "412": (412, b"", TryAgain, "changed_meanwhile"),
    "408": (408, b"", TryAgain, "no_answer"),
    "404 as a page": (404, HTML, AskAPerson, "api_changed"),
    "405": (405, b"", AskAPerson, "api_changed"),
    "410": (410, {"message": "Gone"}, AskAPerson, "api_changed"),
    "business error": (400, {"message": VISMA_ID}, GiveUp, "refused"),
    "business error, capital": (400, {"Message": VISMA_ID}, GiveUp, "refused"),
    "409": (409, {"message": "Conflict"}, GiveUp, "refused"),
    "422": (422, b"", GiveUp, "refused"),
    "500": (500, {"message": VISMA_ID}, TryAgain, "server_error"),
    "502 as a page": (502, HTML, TryAgain, "server_error"),
    "503": (503, b"", TryAgain, "server_error"),
    "204": (204, b"", TryAgain, "unreadable_answer"),
    "302 as a page": (302, HTML, TryAgain, "unreadable_answer"),
    "200 as a page": (200, HTML, TryAgain, "unreadable_answer"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_about_one_record_has_its_verdict(visma: Visma, name: str) -> None:
    status, body, verdict, code = CASES[name]
    visma.answers_with(body, status, {"Retry-After": "7"} if status in (429, 503) else None)

    with pytest.raises(ConnectorError) as caught:
        visma.client.fetch(SUPPLIER, "50010")

    assert (type(caught.value), caught.value.why.code) == (verdict, code)
    assert caught.value.why.happened
    assert caught.value.why.remedy
    if isinstance(caught.value, TryAgain):
        waits = timedelta(seconds=7) if status in (429, 503) else None
        assert caught.value.after == waits


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_never_given_up(visma: Visma, name: str) -> None:
    status, body, verdict, code = CASES[name]
    visma.answers_with(body, status)

    with pytest.raises(ConnectorError) as caught:
        list(visma.client.pages(SUPPLIER, since=None))

    expected = TryAgain if verdict is GiveUp else verdict
    assert (type(caught.value), caught.value.why.code) == (expected, code)


def test_every_line_of_the_table_has_a_case() -> None:
    reached = set()
    for status, body, _, _ in CASES.values():
        code = body.get("ExceptionFaultCode", "") if isinstance(body, dict) else ""
        reached.add(next(line for line in LINES if line.fits(status, code)))

    assert set(LINES) - reached == set()


@pytest.mark.parametrize("code", ["12002", "12027"])
def test_a_wrong_company_is_named(visma: Visma, code: str) -> None:
    visma.answers_with(fault(code), 400)

    with pytest.raises(AskAPerson) as caught:
        visma.client.company()

    assert f"Company id {COMPANY}" in caught.value.why.happened
    assert caught.value.reach == "connection"
    assert "12027" not in caught.value.why.happened


def test_visma_s_own_words_and_request_id_are_kept(visma: Visma) -> None:
    visma.answers_with({"message": VISMA_ID}, 400, {"Ipp-Request-Id": "ipp-9"})

    with pytest.raises(GiveUp) as caught:
        visma.client.fetch(SUPPLIER, "50010")

    assert caught.value.why.detail == VISMA_ID
    assert caught.value.why.request_id == "ipp-9"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"5", b"null", HTML, b'{"message": null}', b"[" * 9999]
)
def test_a_body_without_words_has_none(body: bytes) -> None:
    assert said(body) == ("", "")
