"""Real workers in real time: webhook to board, work after a kill, two clusters on one account."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from connector.demo.portal import enter_webhook
from connector.sandbox import world
from tests.benchmarks.remote import Remote
from tests.benchmarks.sheet import Figure
from tests.benchmarks.stage import ROOT, Stage, stage
from tests.postgres import Postgres

LONGEST = 180.0
CHANGES = 10
SETTLING = 15.0  # until the workers have nothing else to do
MINUTE = 60.0
KEY = "portal-key-1"


@contextmanager
def running(play: Stage, *command: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=play.environment | extra,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """With its children, as when its host fails."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(holds: Callable[[], bool], step: float = 0.05) -> float:
    started = time.monotonic()
    while not holds():
        if time.monotonic() - started > LONGEST:
            raise TimeoutError
        time.sleep(step)
    return time.monotonic() - started


def webhook() -> Iterator[Figure]:
    """From the moment somebody saves an invoice to the moment its item shows it."""
    port = str(_free_port())
    public = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1"}
    bind = ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
    with stage(invoices=0) as play:
        play.environment |= public
        play.manage("sync", play.tenant, "--json")
        addresses = play.manage("webhooks", play.tenant, "--json").out
        play.run("-m", "tests.benchmarks.sign", KEY)
        play.manage("collectstatic", "--no-input", "--verbosity", "0")
        with (
            running(play, "-m", "gunicorn", "connector.wsgi", *bind),
            running(play, "manage.py", "qcluster", WORKERS="2"),
        ):
            wait_until(lambda: _listens(int(port)))
            enter_webhook(play.url, addresses, KEY)
            took = _delays(Remote(play.url))
    yield Figure("webhook to board, median seconds", f"{statistics.median(took):.1f}")
    yield Figure("  slowest", f"{max(took):.1f}", f"of {len(took)}")


def _delays(remote: Remote) -> list[float]:
    number = remote.post("act", system="visma", act="add_invoice")["result"].partition(":")[2]
    wait_until(lambda: remote.created() > 0)
    time.sleep(SETTLING)
    return [_delay(remote, number, f"Change {n}") for n in range(CHANGES)]


def _delay(remote: Remote, number: str, description: str) -> float:
    before = _changed(remote)
    facts = {"number": number, "description": description}
    remote.post("act", system="visma", act="edit_invoice", **facts)
    return wait_until(lambda: _changed(remote) > before)


def _changed(remote: Remote) -> int:
    counters = remote.counters()
    return sum(number for name, number in counters.items() if name.startswith("effects.item_"))


def after_kill() -> Iterator[Figure]:
    """A worker is killed while it delivers, and another starts on the same host."""
    with stage(invoices=3_000) as play:
        remote, command = Remote(play.url), ["manage.py", "sync", play.tenant]
        with running(play, *command, BULK_THRESHOLD="0") as first:
            wait_until(lambda: remote.created() >= 300)
            kill(first)
        before = remote.created()
        with running(play, *command, BULK_THRESHOLD="0") as second:
            again = wait_until(lambda: remote.created() > before)
            done = again + wait_until(lambda: second.poll() is not None)
        created = remote.created()
    yield Figure("kill to the next item on the board, seconds", f"{again:.1f}", "start included")
    yield Figure("  to all of them", f"{done:.0f}", f"{created:,} items, each once")


def two_clusters(minutes: int) -> Iterator[Figure]:
    """On one PostgreSQL, with the limits of a Standard plan and an app's token."""
    with Postgres() as server:
        os.environ["DATABASE_URL"] = server.url
        try:
            yield from _two_clusters(minutes)
        finally:
            del os.environ["DATABASE_URL"]


def _two_clusters(minutes: int) -> Iterator[Figure]:
    with stage(invoices=500 * (minutes + 3), tier="standard", limits=True) as play:
        remote = Remote(play.url)
        play.run("-m", "tests.benchmarks.sign", "", world.MONDAY_APP_TOKEN)
        extra = {"BULK_THRESHOLD": "0", "WORKERS": "2"}
        cluster = ["manage.py", "qcluster"]
        with running(play, *cluster, **extra), running(play, *cluster, **extra):
            wait_until(lambda: remote.created() > 0)
            time.sleep(MINUTE)  # the first minute fills
            before, started = remote.created(), time.monotonic()
            time.sleep(minutes * MINUTE)
            lasted = (time.monotonic() - started) / MINUTE
            share = (remote.created() - before) / (500 * lasted)
            refused = remote.counters().get("monday.429", 0)
            remote.post("limits", quotas={"app_writes": 2_500_000})
            time.sleep(2 * MINUTE)
            halved = remote.counters().get("monday.429", 0) - refused
    what = f"two clusters, {minutes} real minutes: share of the bound"
    yield Figure(what, f"{share:.1%}", "≥ 98 %")
    yield Figure("  429s met", str(refused), "0")
    yield Figure("  429s met when limits are halved", str(halved), "≤ 1")


def simulated(tier: str) -> Iterator[Figure]:
    with stage(invoices=0, tier=tier) as play:
        found = json.loads(play.run("-m", "tests.benchmarks.pace", tier, LOG_LEVEL="ERROR").out)
    yield Figure(f"{tier}: share of {found['bound']} items a minute", f"{found['share']:.1%}")
    yield Figure("  429s met", str(found["refused"]), "0")
    yield Figure("  429s met when limits are halved", str(found["refused_when_halved"]), "≤ 1")
    yield Figure("  statements per batch, first 40", f"{found['early']:.1f}", "with its waiting")
    yield Figure("  statements per batch, last 40", f"{found['late']:.1f}")


def fairness(backlog: int) -> Iterator[Figure]:
    with stage(invoices=0) as play:
        words = ["-m", "tests.benchmarks.fairness", str(backlog)]
        found = json.loads(play.run(*words, LOG_LEVEL="ERROR").out)
    limit = 1.2 * found["alone"] + found["slice"]
    yield Figure("a single change alone, simulated seconds", f"{found['alone']:.1f}")
    yield Figure(f"beside a backlog of {backlog:,}", f"{found['slowest']:.1f}", f"≤ {limit:.1f}")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
