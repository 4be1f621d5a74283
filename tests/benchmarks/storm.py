"""A storm of webhooks against the real web server: is anything lost, and how soon is it answered?

``python -m tests.postgres python -m tests.benchmarks.storm`` sends 1,000 signed calls a second for
20 seconds over loopback, each at its own moment whatever the earlier ones do, while a worker
looks after them. ``--rate``, ``--seconds``, ``--distinct`` (records), ``--times`` change that.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from connector.demo.services import end_with_parent
from tests.benchmarks import processes
from tests.benchmarks.dispatcher import Dispatcher, Storm
from tests.benchmarks.stage import ROOT, Stage, stage

KEY = "storm-key"
CONNECTIONS = 48  # kept open, as a dispatcher keeps them
QUIET = 90.0  # seconds for the workers to finish after the storm


def call(path: str, tenant_id: str, number: str) -> bytes:
    """One request as Visma sends it, ready to be written to a socket."""
    body = json.dumps({"id": number, "documentType": "Invoice"}).encode()
    signature = base64.b64encode(hmac.digest(KEY.encode(), body, hashlib.sha256)).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nx-vwd-event-id: apinvoice_statuschanged\r\n"
        f"x-vwd-notification-id: {uuid.uuid4()}\r\nx-vwd-tenant-id: {tenant_id}\r\n"
        f"x-vwd-signature-v1: {signature}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def running(*command: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=env, preexec_fn=end_with_parent
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> None:
    for _ in range(300):
        try:
            requests.post(f"http://127.0.0.1:{port}/hooks/visma/nobody/", timeout=30)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server does not answer")


def measure(
    world: Stage, *, rate: int, seconds: int, distinct: int, workers: int, threads: int
) -> dict[str, Any]:
    """One storm in a furnished world: the figures, ready to be printed."""
    facts = world.run("-m", "tests.benchmarks.storm", "--prepare", str(distinct)).account
    path = urlsplit(facts["url"]).path
    total = rate * seconds
    numbers = facts["numbers"]
    calls = [call(path, facts["tenant"], numbers[n % len(numbers)]) for n in range(total)]
    port = free_port()
    web = ["-m", "gunicorn", "connector.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    env = world.environment | {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
    options = ["--workers", str(workers), "--threads", str(threads), "--log-level", "error"]
    with (
        running(*web, *options, env=env) as server,
        running("manage.py", "qcluster", env=env | {"WORKERS": "1"}) as cluster,
    ):
        answers(port)
        meters = {"web": server.pid, "workers": cluster.pid}
        if main_process := processes.database(env["DATABASE_URL"]):
            meters["database"] = main_process
        before, cpu = _fetches(world), {name: processes.cpu(pid) for name, pid in meters.items()}
        rss: list[float] = []
        load = [os.getloadavg()[0]]
        dispatcher = Dispatcher(port, calls, rate=rate, lines=CONNECTIONS)
        storm = dispatcher.send(lambda: rss.append(processes.memory(server.pid)))
        load.append(os.getloadavg()[0])
        cpu = {name: processes.cpu(pid) - cpu[name] for name, pid in meters.items()}
        left = _until_quiet(world)
        after = _fetches(world)
    kept = world.run("-m", "tests.benchmarks.storm", "--count").account
    return {
        "sent": total,
        "kept": kept["hints"],
        "waiting_after": left,
        **_timed(storm),
        "cpu_ms_a_call": {
            name: round(1000 * used / total, 3)
            for name, used in {**cpu, "sending": storm.cpu}.items()
        },
        "rss_mib": [round(each) for each in (rss[1], max(rss), rss[-1])],
        "distinct": len(numbers),
        "fetches": after - before,
        "load": [round(each, 1) for each in load],
    }


def _timed(storm: Storm) -> dict[str, Any]:
    times = sorted(storm.latencies)
    return {
        "answers": dict(storm.answers),
        "seconds": round(storm.seconds, 1),
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "max_ms": round(1000 * times[-1], 1),
    }


def _fetches(world: Stage) -> int:
    """Calls that Visma got: single records and pages of lists alike."""
    url = world.environment["VISMA_API_URL"].removesuffix("/visma")
    counters = requests.get(f"{url}/_control/log?since=999999999", timeout=60).json()["counters"]
    return int(counters.get("visma.calls", 0))


def _until_quiet(world: Stage) -> int:
    until = time.monotonic() + QUIET
    while time.monotonic() < until:
        left = int(world.run("-m", "tests.benchmarks.storm", "--count").account["waiting"])
        if not left:
            return 0
        time.sleep(1)
    return left


# --- inside the measured world --------------------------------------------------------------------
def prepare(distinct: int) -> dict[str, Any]:
    """Give the connection a key; the address and some numbers of invoices it knows."""
    from connector.models import Hint, SourceRecord
    from tenants.models import VismaConnection

    Hint.objects.all().delete()
    connection = VismaConnection.objects.get()
    connection.webhook_key = KEY
    connection.save()
    records = SourceRecord.objects.filter(entity="supplier_invoice", key__startswith="Invoice:")
    numbers = list(records.order_by("pk").values_list("number", flat=True)[:distinct])
    tenant = connection.visma_tenant_id
    return {"url": connection.webhook_url, "tenant": tenant, "numbers": numbers}


def count() -> dict[str, int]:
    from connector.models import Hint

    waiting = Hint.objects.filter(handled_at=None)
    return {"hints": Hint.objects.exclude(event="own_change").count(), "waiting": waiting.count()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--distinct", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--prepare", type=int)
    parser.add_argument("--count", action="store_true")
    asked = parser.parse_args()
    if asked.prepare or asked.count:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
        django.setup()
        print(json.dumps(prepare(asked.prepare) if asked.prepare else count()))  # noqa: T201
        return
    with stage(invoices=asked.distinct) as world:
        world.manage("sync", world.tenant)
        for _ in range(asked.times):
            figures = measure(
                world,
                rate=asked.rate,
                seconds=asked.seconds,
                distinct=asked.distinct,
                workers=asked.workers,
                threads=asked.threads,
            )
            print(json.dumps(figures), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
