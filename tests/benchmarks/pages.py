"""How long pages take in a crowd: ``python -m tests.postgres python -m tests.benchmarks.pages``.

Every page of the URL configuration is asked for with three records, and again with 200,000 of them
and a million audit entries. Printed for each page, of the second time: the median and the 95th
percentile of the time it takes; the processor time of one request, in our process and in
PostgreSQL's together, which other programs on the machine do not change; its queries; and its calls
to the other systems with the time spent waiting for them, which is in none of the other figures.

Words choose some of the pages. Ends with 1 if a page asks the database more often than with three
records, or does not answer.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
os.environ.setdefault("ALLOWED_HOSTS", "testserver")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from requests import PreparedRequest, Response  # noqa: E402

from tenants.models import Role  # noqa: E402
from tests.benchmarks.crowd import fill  # noqa: E402
from tests.benchmarks.customer import begin  # noqa: E402
from tests.benchmarks.remote import Remote  # noqa: E402
from tests.benchmarks.sheet import machine, say  # noqa: E402
from tests.benchmarks.stage import ROOT  # noqa: E402
from tests.benchmarks.visits import Visit, visits  # noqa: E402
from tests.connector.console.conftest import Workspace  # noqa: E402
from tests.interrupts import on_the_wire  # noqa: E402
from tests.people import PASSWORD, person  # noqa: E402

RECORDS, ENTRIES, TIMES = 200_000, 1_000_000, 40
LIMIT = 200.0  # milliseconds
HEAD = "   p50    p95    CPU queries calls waited  page; times in ms"


@dataclass(frozen=True)
class Figures:
    """In milliseconds; ``waited`` is the median of a request's waiting for other systems."""

    p50: float
    p95: float
    processor: float
    waited: float


class Wire:
    """Calls to the other systems, and the time until they were answered."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0

    def around(self, request: PreparedRequest, send: Callable[[], Response]) -> Response:
        started = time.perf_counter()
        try:
            return send()
        finally:
            self.calls += 1
            self.seconds += time.perf_counter() - started


class Visitors:
    """The people who look at pages, each with a browser."""

    def __init__(self, workspace: Workspace) -> None:
        owner = person("olga", workspace.tenant, Role.OWNER)
        host = User.objects.create_superuser("host", "host@example.test", PASSWORD)
        self.browsers = {"visitor": Client(), "owner": _signed_in(owner), "host": _signed_in(host)}

    def open(self, visit: Visit) -> int:
        """The answer's status; of a file the first line is read."""
        answer: Any = self.browsers[visit.who].get(visit.url)
        if answer.streaming:
            next(iter(answer.streaming_content))
        answer.close()
        return int(answer.status_code)


def _signed_in(user: User) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return browser


def queries(visitors: Visitors, visit: Visit) -> tuple[int, int]:
    """How often a page asks the database, and its status."""
    visitors.open(visit)
    visit.before()
    with CaptureQueriesContext(connection) as asked:
        status = visitors.open(visit)
    return len(asked), status


def measure(visitors: Visitors, visit: Visit, wire: Wire) -> Figures:
    took, waited, worked = [], [], 0.0
    for _ in range(TIMES):
        visit.before()
        on_the_wire_before, worked_before, started = wire.seconds, _worked(), time.perf_counter()
        visitors.open(visit)
        waited.append((wire.seconds - on_the_wire_before) * 1000)
        took.append((time.perf_counter() - started) * 1000 - waited[-1])
        worked += (_worked() - worked_before) * 1000
    p95 = sorted(took)[int(TIMES * 0.95) - 1]
    return Figures(statistics.median(took), p95, worked / TIMES, statistics.median(waited))


def _worked() -> float:
    """Seconds of processor time of this process and of its connection's, on Linux."""
    backend = connection.connection.info.backend_pid
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])  # proc(5): utime and stime, in clock ticks
    return time.process_time() + (user + system) / os.sysconf("SC_CLK_TCK")


@contextmanager
def outside() -> Iterator[Any]:
    """The sandbox in a process of its own, so that its work is not counted as ours."""
    command = [sys.executable, "-m", "tests.benchmarks.outside", "0", "pro", "free"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        with override_settings(
            VISMA_API_URL=f"{url}/visma",
            VISMA_TOKEN_URL=f"{url}/visma/connect/token",
            MONDAY_API_URL=f"{url}/monday/v2",
            ACCOUNT_REAUTHENTICATION_TIMEOUT=100_000,
        ):
            yield url
    finally:
        process.terminate()
        process.wait()


def main(words: Sequence[str]) -> int:
    connection.settings_dict["CONN_MAX_AGE"] = None  # the one whose processor time is counted
    call_command("migrate", verbosity=0)
    say("This machine", machine())
    wire, wrong = Wire(), 0
    with outside() as url, on_the_wire(wire.around):
        workspace = begin(Remote(url))
        visitors = Visitors(workspace)
        check(visitors, workspace)
        few = {visit.name: queries(visitors, visit)[0] for visit in visits(workspace)}
        fill(RECORDS, ENTRIES)
        sys.stdout.write(f"\nCheck (an act): {check(visitors, workspace):.1f} s\n\n{HEAD}\n")
        with connection.cursor() as cursor:  # helpers of a query would work uncounted
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        for visit in visits(workspace):
            if any(word in visit.name for word in words) or not words:
                wrong += _tell(visitors, visit, few[visit.name], wire)
    say("This machine", machine())
    return 1 if wrong else 0


def check(visitors: Visitors, workspace: Workspace) -> float:
    """Seconds of the act of step 6, a simulation that stays with the draft for pages to show."""
    url = reverse("wizard:check", args=[workspace.tenant.slug, workspace.mapping.pk])
    started = time.perf_counter()
    visitors.browsers["owner"].post(url)
    return time.perf_counter() - started


def _tell(visitors: Visitors, visit: Visit, few: int, wire: Wire) -> bool:
    calls = wire.calls
    asked, status = queries(visitors, visit)
    calls = (wire.calls - calls) // 2
    found = measure(visitors, visit, wire)
    is_search = "?q=" in visit.url or "find=" in visit.url  # with few records nothing is found
    grew = f"  {asked - few} queries more" if asked > few and not is_search else ""
    slow = "  slow" if found.p95 > LIMIT else ""
    failed = f"  answered {status}" if status not in (200, 302) else ""
    sys.stdout.write(
        f"{found.p50:6.0f} {found.p95:6.0f} {found.processor:6.0f} {asked:6d}"
        f" {calls:4d} {found.waited:6.0f}  {visit.name}{slow}{grew}{failed}\n"
    )
    sys.stdout.flush()
    return bool(grew or failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
