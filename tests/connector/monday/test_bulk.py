"""Bulk loads: what a row may carry, how it is written, and where it may be sent."""

import csv
import io
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from connector.errors import ConnectorError, GiveUp, OutcomeUnknown, Throttled, TryAgain
from connector.http import make_session
from connector.monday import documents
from connector.monday.bulk import (
    CLEAR,
    Load,
    Sheet,
    load_state,
    read_load,
    upload,
)

from .cases import error
from .conftest import Monday

CELLS: dict[str, tuple[Any, str]] = {
    "text": ("Ødegård, “Frukt”", "Ødegård, “Frukt”"),
    "numbers": ("-1234.5600", "-1234.5600"),
    "long_text": ({"text": "two\nlines"}, "two\nlines"),
    "date": ({"date": "2026-08-13"}, "2026-08-13"),
    "status": ({"label": "Open"}, "Open"),
    "dropdown": ({"labels": ["NOK", "EUR"]}, "NOK,EUR"),
    "checkbox": ({"checked": "true"}, "true"),
    "email": ({"email": "a@b.no", "text": "Kari"}, "Kari <a@b.no>"),
    "link": ({"url": "https://x.no", "text": "X"}, "[X](https://x.no)"),
    "timeline": ({"from": "2026-01-01", "to": "2026-01-31"}, "2026-01-01/2026-01-31"),
    "people": ({"personsAndTeams": [{"id": 7, "kind": "person"}]}, "user:7"),
    "board_relation": ({"item_ids": [1, 2]}, "1,2"),
}


@pytest.mark.parametrize("column_type", CELLS)
def test_a_cell_is_written_as_monday_imports_it(column_type: str) -> None:
    cell, text = CELLS[column_type]
    sheet = Sheet({"c": column_type})

    row = sheet.row("Item", {"c": cell})

    assert row is not None
    rows = list(csv.reader(io.StringIO(sheet.file([row]))))
    assert rows == [["name", "c"], ["Item", text]]


def test_a_cell_that_is_cleared_and_one_that_is_left_read_differently() -> None:
    row = Sheet({"c": "text", "d": "text"}).row("Item", {"c": None})

    assert row == ["Item", CLEAR, ""]


def test_a_cell_of_a_column_that_is_not_in_the_file_is_not_for_it() -> None:
    sheet = Sheet({"c": "text"})

    assert sheet.row("Item", {"c": "x", "d": "y"}) is None
    assert sheet.row("Item", {"c": "x", "d": None}) == ["Item", "x"]


@pytest.mark.parametrize(
    ("column_type", "cell"),
    [
        ("rating", {"rating": 3}),  # no such import format
        ("hour", {"hour": 8, "minute": 0}),
        ("text", CLEAR),  # would clear the cell
        ("text", "  "),  # would leave the cell
        ("dropdown", {"labels": ["a, b"]}),  # would be two labels
        ("status", {"index": 3}),
        ("email", {"email": "a@b.no", "text": "Kari <x>"}),
        ("link", {"url": "https://x.no/(1)", "text": "X"}),
        ("date", {"date": "2026-08-13", "time": "10:00:00"}),
    ],
)
def test_a_cell_that_would_change_its_meaning_is_not_for_a_file(
    column_type: str, cell: Any
) -> None:
    assert Sheet({"c": column_type}).row("Item", {"c": cell}) is None


def start(monday: Monday, answer: dict[str, Any], status: int = 200) -> Load:
    monday.answers_with(answer, status)
    return read_load(monday.client.execute(documents.ingest_items("7", "topics", "key")))


def test_a_started_load_has_a_name_and_an_address_that_no_text_shows(monday: Monday) -> None:
    load = start(monday, {"data": {"a0": {"job_id": "j1", "upload_url": "https://s3/x?sig=1"}}})

    assert load.id == "j1"
    assert load.upload_url == "https://s3/x?sig=1"
    assert "sig" not in repr(load)


@pytest.mark.parametrize("started", [{}, {"job_id": "j1"}, {"upload_url": "https://x"}])
def test_an_answer_that_names_no_load_says_nothing(monday: Monday, started: dict[str, str]) -> None:
    with pytest.raises(OutcomeUnknown):
        start(monday, {"data": {"a0": started}})


def test_the_hours_starts_that_are_used_up_are_a_limit(monday: Monday) -> None:
    why = error("Rate limit exceeded", "RATE_LIMIT_EXCEEDED", retryAfterMs=90_000)
    refusal = {"errors": [why]}
    with pytest.raises(Throttled) as caught:
        start(monday, refusal, 429)

    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 90


def test_a_load_tells_how_far_it_is(monday: Monday) -> None:
    counts = {"submitted": 10, "created": 6, "updated": 1, "failed": 1, "invalid": 1, "skipped": 0}
    told = {"status": "PROCESSING", "counts": counts, "progress_percentage": 90}
    monday.answers_with({"data": {"fetch_job_status": told}})

    state = load_state(monday.client, "j1")

    assert (state.written, state.percent) == (7, 90)
    assert not state.is_over


@pytest.mark.parametrize("counts", [None, {}, {"created": None, "updated": 1}, {"created": 1}])
def test_counts_that_are_missing_are_not_zero(monday: Monday, counts: Any) -> None:
    told = {"status": "COMPLETED", "counts": counts}
    monday.answers_with({"data": {"fetch_job_status": told}})

    assert load_state(monday.client, "j1").written is None


def test_a_status_that_is_none_says_nothing(monday: Monday) -> None:
    monday.answers_with({"data": {"fetch_job_status": {}}})

    with pytest.raises(TryAgain):
        load_state(monday.client, "j1")


@pytest.mark.parametrize("message", ["Job not found", "The job of these items does not exist", ""])
def test_a_load_that_is_not_found_is_gone(monday: Monday, message: str) -> None:
    monday.answers_with({"errors": [error(message, "ResourceNotFoundException", job_id="j1")]})

    with pytest.raises(GiveUp) as caught:
        load_state(monday.client, "j1")

    assert caught.value.why.code == "load_gone"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (error("Board not found", "ResourceNotFoundException"), 200),
        (error("Not found"), 404),
        (error("Odd", "SomethingNew"), 200),
    ],
)
def test_another_refusal_says_nothing_of_the_load(
    monday: Monday, told: dict[str, Any], status: int
) -> None:
    monday.answers_with({"errors": [told]}, status)

    with pytest.raises(ConnectorError) as caught:
        load_state(monday.client, "j1")

    assert caught.value.why.code != "load_gone"


def test_the_file_goes_to_the_address_without_our_token(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/put", method="PUT").respond_with_data("")
    url = httpserver.url_for("/put")
    upload(make_session("test"), Load("j1", url), "name\r\nØ\r\n", api_url=url)

    request, _ = httpserver.log[0]
    assert request.get_data() == "name\r\nØ\r\n".encode()
    assert request.headers["Content-Type"] == "text/csv"
    assert "Authorization" not in request.headers


@pytest.mark.parametrize("status", [403, 500, 307])
def test_a_file_that_is_not_taken_may_be_brought_again(httpserver: HTTPServer, status: int) -> None:
    answer = Response("", status, {"Location": "http://elsewhere.example/"})
    httpserver.expect_request("/put").respond_with_response(answer)
    url = httpserver.url_for("/put")

    with pytest.raises(TryAgain):
        upload(make_session("test"), Load("j1", url), "name", api_url=url)
    assert len(httpserver.log) == 1


def test_the_file_never_goes_to_an_unprotected_address() -> None:
    load = Load("j1", "http://files.monday.example/x")

    with pytest.raises(GiveUp):
        upload(make_session("test"), load, "name", api_url="https://api.monday.com/v2")
