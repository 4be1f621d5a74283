"""Clusters of workers on one database: killed, doubled, cut off from their queue and database."""

import os
import random
import signal

import pytest
from django.db import connection
from django_q.models import OrmQ

from connector.models import AuditEntry
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.checker import violations
from tests.faults.clusters import Cluster, clusters, let_them_wait, let_them_work, now_and_then
from tests.faults.size import rounds
from tests.plan import Inconclusive

LONG = (1.0, 4.0)  # seconds between two kills; a cluster needs about two to start


@pytest.fixture
def shared(transactional_db: None, mapping: BoardMapping, sandbox: SandboxServer) -> BoardMapping:
    """A mapping that other processes can see too; its invoices come in pages of 40."""
    sandbox.visma.quirks.page_caps["supplier_invoice"] = 40
    return mapping


def kill_one(running: list[Cluster], chance: random.Random, at_most: int) -> None:
    if sum(cluster.kills for cluster in running) < at_most:
        chance.choice(running).kill()


@pytest.mark.parametrize("seed", rounds(1))
def test_a_cluster_killed_during_a_first_sync_and_started_again_delivers_everything_once(
    shared: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    slow_down(sandbox)
    with clusters(sandbox) as running:
        kill = now_and_then(chance, (3.0, 6.0), lambda: kill_one(running, chance, 2))
        let_them_work(running, meanwhile=kill)
        kills = running[0].kills

    assert violations(sandbox, shared) == [], f"seed {seed}"
    assert AuditEntry.objects.filter(action="create", outcome="done").count() == 200
    hit(kills)


def test_workers_that_are_killed_while_they_wait_for_work_are_replaced_by_working_ones(
    shared: BoardMapping, sandbox: SandboxServer
) -> None:
    with clusters(sandbox) as running:
        let_them_wait(running[0])
        running[0].kill_workers()
        let_them_work(running, meanwhile=lambda: None, seconds=60)
        kills, ended = running[0].kills, running[0].process.poll()

    assert ended is None
    assert violations(sandbox, shared) == []
    hit(kills)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a second host needs PostgreSQL")
@pytest.mark.parametrize("seed", rounds(1))
def test_two_clusters_of_which_one_is_killed_again_and_again_deliver_everything_once(
    shared: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    slow_down(sandbox)
    with clusters(sandbox, 2) as running:
        kill = now_and_then(chance, LONG, lambda: kill_one(running, chance, 3))
        let_them_work(running, meanwhile=kill)

    assert violations(sandbox, shared) == [], f"seed {seed}"


@pytest.mark.parametrize("seed", rounds(1))
def test_a_queue_that_is_emptied_all_the_time_only_delays(
    shared: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    slow_down(sandbox)
    deleted: list[int] = []
    with clusters(sandbox) as running:
        empty = now_and_then(
            chance, (0.1, 2.0), lambda: deleted.append(OrmQ.objects.all().delete()[0])
        )
        let_them_work(running, meanwhile=empty)

    assert violations(sandbox, shared) == [], f"seed {seed}"
    hit(sum(deleted))


@pytest.mark.crash
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no server to crash")
@pytest.mark.parametrize("seed", rounds(1))
def test_a_database_server_that_crashes_during_a_sync_loses_nothing(
    shared: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    slow_down(sandbox)
    crashes: list[int] = []
    with clusters(sandbox) as running:
        crash = now_and_then(chance, (4.0, 7.0), lambda: crash_database(crashes))
        let_them_work(running, meanwhile=crash)

    assert violations(sandbox, shared) == [], f"seed {seed}"
    hit(len(crashes))


def crash_database(crashes: list[int]) -> None:
    """A server process that dies makes PostgreSQL end all others and recover from its log."""
    if len(crashes) < 2:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        os.kill(pid, signal.SIGKILL)
        connection.close()
        crashes.append(pid)


def hit(times: int) -> None:
    if not times:
        raise Inconclusive("everything was over before anything was hit")


def slow_down(sandbox: SandboxServer) -> None:
    """Each change takes a second, so that there is something to interrupt."""
    sandbox.faults.add(
        {
            "match": {"system": "monday", "operation": "create_item*"},
            "do": [{"action": "delay", "seconds": 1.0, "when": "running"}],
        }
    )
