"""Import jobs: their states, their signed URLs, and the thread that works through the rows."""

import csv
import hashlib
import hmac
import io
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.bulk.rows import MATCHABLE, Importer, Tally, Task
from connector.sandbox.monday.bulk.sheet import Row, UploadRefusedError, read_sheet
from connector.sandbox.monday.limits import Limits
from connector.sandbox.monday.state import Account, Board
from connector.sandbox.wire import Request, Response

URL_LIFETIME = 600  # seconds, for uploads and reports
CHUNK = 100  # rows applied while the lock is held
_SIGNING_KEY = b"sandbox uploads"
_S3_DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>'
    b"<Message>Request has expired</Message></Error>"
)


@dataclass
class Job:
    id: str
    task: Task
    status: str = "UPLOAD_PENDING"
    tally: Tally = field(default_factory=Tally)
    failure_reason: str | None = None
    failure_message: str | None = None

    def fail(self, status: str, reason: str, message: str) -> None:
        self.status, self.failure_reason, self.failure_message = status, reason, message


class Bulk:
    """``pause`` seconds pass between chunks; after ``break_after`` rows a job breaks down."""

    def __init__(self, account: Account, limits: Limits) -> None:
        self.account = account
        self.limits = limits
        self.base_url = ""
        self.pause = 0.0
        self.break_after: int | None = None
        self._jobs: dict[str, Job] = {}

    def start(
        self, board: Board, group_id: str, on_match: dict[str, Any] | None, *, by: int
    ) -> dict[str, str]:
        task = Task(board, group_id, by)
        if on_match:
            task.match = _match_column(board, on_match["match_column_id"])
            task.update = on_match["behaviour"] == "UPSERT"
        job = Job(str(uuid.uuid4()), task)
        self._jobs[job.id] = job
        after = {"job": job.id, "match": task.match}
        self.account.log.effect("import_started", target={"board": board.id}, after=after)
        return {"job_id": job.id, "upload_url": self._signed("uploads", job.id)}

    def handle(self, request: Request) -> Response | None:
        """Uploads and report downloads; None for any other path."""
        kind, _, job_id = request.path.removeprefix("/monday/").partition("/")
        job = self._jobs.get(job_id)
        if kind not in ("uploads", "reports") or job is None:
            return None
        if not self._signature_holds(kind, job_id, request):
            return Response(403, {"Content-Type": "application/xml"}, _S3_DENIED)
        if kind == "reports":
            return Response(200, {"Content-Type": "text/csv"}, _report(job.tally))
        return self._upload(job, request.body)

    def status(self, job_id: str) -> dict[str, Any]:
        job = self._jobs.get(job_id)
        if job is None:
            data = {"job_id": job_id}
            raise problems.problem("Job not found", "ResourceNotFoundException", 404, data)
        done = len(job.tally.report)
        ended = job.status in ("COMPLETED", "FAILED")
        return {
            "status": job.status,
            "counts": job.tally.counts(),
            "progress_percentage": 100 * done // job.tally.submitted if job.tally.submitted else 0,
            "failure_reason": job.failure_reason,
            "failure_message": job.failure_message,
            "fully_imported": job.status == "COMPLETED" and job.tally.failed == 0,
            "report_created": ended,
            "report_url": self._signed("reports", job_id) if ended else None,
        }

    def reset(self) -> None:
        self._jobs.clear()
        self.pause, self.break_after = 0.0, None

    def wait(self) -> None:
        """Until no job is being worked on; for tests."""
        while any(job.status == "PROCESSING" for job in self._jobs.values()):
            time.sleep(0.01)

    def _upload(self, job: Job, body: bytes) -> Response:
        if job.status == "UPLOAD_PENDING":
            job.status = "PROCESSING"
            threading.Thread(target=self._work, args=(job, body), daemon=True).start()
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        return Response(200, {"ETag": f'"{tag}"'}, b"")

    def _work(self, job: Job, body: bytes) -> None:
        with self.account.log.background("monday", f"ingest_items:{job.id}"):
            try:
                self._import(job, body)
            except UploadRefusedError as why:
                job.fail("FAILED", why.reason, str(why))

    def _import(self, job: Job, body: bytes) -> None:
        with self.account.lock:
            rows = read_sheet(body, job.task.board)
            importer = Importer(self.account, job.task, rows)
            self._check_room(job.task.board, importer.new_items(rows))
        if self.limits.take("ingest_rows", len(rows)):
            words = "The account's hourly capacity for imported items is used up"
            job.fail("REJECTED", "ACCOUNT_CAPACITY_EXCEEDED", words)
            return
        job.tally = importer.tally
        self._apply(importer, rows)
        job.status = "COMPLETED"

    def _apply(self, importer: Importer, rows: list[Row]) -> None:
        for start in range(0, len(rows), CHUNK):
            if self.break_after is not None and start >= self.break_after:
                raise UploadRefusedError("INTERNAL_ERROR", "Something went wrong, try again")
            with self.account.lock:
                for row in rows[start : start + CHUNK]:
                    importer.apply(row)
            time.sleep(self.pause)

    def _check_room(self, board: Board, new: int) -> None:
        if sum(1 for _ in board.active_items()) + new > board.items_limit:
            words = f"The board holds at most {board.items_limit} items"
            raise UploadRefusedError("BOARD_CAPACITY_EXCEEDED", words)

    def _signed(self, kind: str, job_id: str) -> str:
        expires = str(int(self.account.clock.time()) + URL_LIFETIME)
        signature = _sign(kind, job_id, expires)
        address = f"{self.base_url}/monday/{kind}/{job_id}"
        return f"{address}?X-Amz-Expires={expires}&X-Amz-Signature={signature}"

    def _signature_holds(self, kind: str, job_id: str, request: Request) -> bool:
        expires = request.argument("X-Amz-Expires", "0")
        given = request.argument("X-Amz-Signature")
        fresh = expires.isdigit() and int(expires) >= self.account.clock.time()
        return fresh and hmac.compare_digest(given, _sign(kind, job_id, expires))


def _sign(kind: str, job_id: str, expires: str) -> str:
    text = f"{kind}:{job_id}:{expires}".encode()
    return hmac.new(_SIGNING_KEY, text, hashlib.sha256).hexdigest()


def _match_column(board: Board, column_id: str) -> str:
    column = board.columns.get(column_id)
    if column is None:
        raise problems.column_missing(column_id)
    if column.type not in MATCHABLE:
        raise problems.bad_argument(f"Column type {column.type} can't be used to match items")
    return column_id


def _report(tally: Tally) -> bytes:
    """One line a row; item ids are not part of it, as far as is known."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("row", "status", "error"))
    writer.writerows(tally.report)
    return text.getvalue().encode()
