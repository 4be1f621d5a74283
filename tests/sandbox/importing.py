"""Running one import as a caller would: start, upload, poll."""

import csv
import io
import time
from typing import Any

import requests

from tests.sandbox.caller import Caller

START = (
    "mutation($b:ID!,$g:ID!,$m:OnMatchInput){ingest_items(board_id:$b,group_id:$g,on_match:$m)"
    "{job_id upload_url}}"
)
STATUS = (
    "query($j:ID!){fetch_job_status(job_id:$j){... on ItemsJobStatus{status "
    "counts{submitted invalid skipped created updated failed} progress_percentage failure_reason "
    "failure_message fully_imported report_created report_url}}}"
)


def sheet(monday: Caller, rows: list[dict[str, str]]) -> bytes:
    """``rows`` are named by column title; ``name`` stays."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([title if title == "name" else monday.column(title) for title in titles])
    writer.writerows([[row.get(title, "") for title in titles] for row in rows])
    return text.getvalue().encode()


def start(monday: Caller, behaviour: str = "UPSERT", match: str = "Visma key") -> Any:
    matching = {"match_column_id": monday.column(match), "behaviour": behaviour} if match else None
    variables = {"b": monday.board().id, "g": "topics", "m": matching}
    return monday.ask(START, variables)


def status(monday: Caller, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = monday.ask(STATUS, {"j": job_id}).data["fetch_job_status"]
    return found


def run(monday: Caller, body: bytes, behaviour: str = "UPSERT", match: str = "Visma key") -> Any:
    job = start(monday, behaviour, match).data["ingest_items"]
    requests.put(job["upload_url"], data=body, timeout=10)
    while status(monday, job["job_id"])["status"] == "PROCESSING":
        time.sleep(0.01)
    return status(monday, job["job_id"])


def names(monday: Caller) -> list[str]:
    return [item.name for item in monday.board().items.values()]
