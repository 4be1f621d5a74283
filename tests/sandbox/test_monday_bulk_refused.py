"""Imports that are refused whole, run into a limit, expire or break down."""

import pytest
import requests

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller
from tests.sandbox.importing import STATUS, names, run, sheet, start, status


@pytest.mark.parametrize(
    "body",
    [b"", b"title\nx", b"name,no_such_column\nx,y", b"name,name\nx,y", b"\xff\xfe", b'name\n"x'],
)
def test_a_file_that_is_no_import_is_refused_whole(monday: Caller, body: bytes) -> None:
    done = run(monday, body)

    assert (done["status"], done["failure_reason"]) == ("FAILED", "INVALID_UPLOAD")


def test_too_many_rows_are_refused(monday: Caller) -> None:
    done = run(monday, b"name\n" + b"x\n" * 10_001)

    assert done["failure_reason"] == "FILE_TOO_LARGE"


def test_a_column_type_that_cannot_be_imported_is_refused(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.act(act="column_add", board="AP invoices", title="Stars", type="rating")

    done = run(monday, sheet(monday, [{"name": "x", "Stars": "3"}]))

    assert done["failure_reason"] == "INVALID_UPLOAD"


def test_a_board_without_room_refuses_the_import(server: SandboxServer, monday: Caller) -> None:
    server.monday.act(act="board_limit", board="AP invoices", items="1")

    done = run(monday, sheet(monday, [{"name": "One"}, {"name": "Two"}]))

    assert done["failure_reason"] == "BOARD_CAPACITY_EXCEEDED"
    assert names(monday) == []


def test_the_hourly_rows_of_the_account_run_out(server: SandboxServer, monday: Caller) -> None:
    server.monday.limits.set(ingest_rows=3)
    body = sheet(monday, [{"name": "One"}, {"name": "Two"}])
    run(monday, body)

    refused = run(monday, body)
    server.clock.advance(3601)
    after = run(monday, body)

    assert (refused["status"], refused["failure_reason"]) == (
        "REJECTED",
        "ACCOUNT_CAPACITY_EXCEEDED",
    )
    assert after["status"] == "COMPLETED"


def test_starts_are_limited_and_the_hint_is_in_milliseconds(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.limits.set(ingest_starts=1)
    start(monday)

    refused = start(monday)

    assert (refused.status, refused.error) == (429, "RATE_LIMIT_EXCEEDED")
    assert refused.errors[0]["extensions"]["retryAfterMs"] > 1000


def test_an_upload_url_dies_after_ten_minutes_and_cannot_be_forged(
    server: SandboxServer, monday: Caller
) -> None:
    job = start(monday).data["ingest_items"]
    forged = requests.put(job["upload_url"][:-1] + "x", data=b"name\nx", timeout=5)
    server.clock.advance(601)
    late = requests.put(job["upload_url"], data=b"name\nx", timeout=5)

    assert (forged.status_code, late.status_code) == (403, 403)
    assert status(monday, job["job_id"])["status"] == "UPLOAD_PENDING"


def test_a_running_job_tells_how_far_it_is_and_can_break_down(
    server: SandboxServer, monday: Caller
) -> None:
    server.monday.bulk.break_after = 100
    body = sheet(monday, [{"name": f"Row {n}"} for n in range(150)])

    done = run(monday, body)

    assert (done["status"], done["failure_reason"]) == ("FAILED", "INTERNAL_ERROR")
    assert done["progress_percentage"] == 66
    assert len(names(monday)) == 100


def test_a_job_nobody_started_is_not_found(monday: Caller) -> None:
    assert monday.ask(STATUS, {"j": "none"}).error == "ResourceNotFoundException"
