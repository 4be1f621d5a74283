"""The demo's programs are ended for certain, and only through their main process at first."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.demo import services
from connector.demo.services import Service
from tests.connector.demo.waiting import wait_for

# A main process with a worker; each writes down the orders it hears.
FAMILY = """
import os, signal, sys, time
name = "main" if os.fork() else "worker"
def hear(*_):
    with open(sys.argv[1], "a") as heard: print(name, file=heard)
    if sys.argv[2] == "obedient" and name == "main": sys.exit()
signal.signal(signal.SIGTERM, hear)
print(os.getpid(), flush=True)
while True: time.sleep(60)
"""


@pytest.fixture
def family(tmp_path: Path) -> Callable[[str], Service]:
    def begin(temper: str) -> Service:
        command = [sys.executable, "-c", FAMILY, str(tmp_path / "heard"), temper]
        service = services.start("family", command, log=tmp_path / "log", env=dict(os.environ))
        wait_for(lambda: len(service.log.read_text().splitlines()) == 2)
        return service

    return begin


def alive(service: Service) -> list[int]:
    """Members of the family that still run; the dead ones nobody asked about do not count."""
    pids = [int(line) for line in service.log.read_text().splitlines() if line.isdigit()]
    return [pid for pid in pids if is_running(pid)]


def is_running(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return listed.returncode == 0 and not listed.stdout.startswith("Z")


def test_the_order_to_stop_reaches_the_main_process_only(
    family: Callable[[str], Service], tmp_path: Path
) -> None:
    service = family("obedient")

    services.stop([service])

    assert (tmp_path / "heard").read_text() == "main\n"


def test_workers_that_outlive_their_main_process_are_ended(
    family: Callable[[str], Service],
) -> None:
    service = family("obedient")

    services.stop([service])
    wait_for(lambda: not alive(service))

    assert service.ended()


def test_a_program_that_does_not_listen_is_ended_when_patience_is_over(
    family: Callable[[str], Service],
) -> None:
    service = family("deaf")

    services.stop([service], patience=0.2)
    wait_for(lambda: not alive(service))

    assert service.process.returncode == -signal.SIGKILL


def test_stopping_gives_the_signals_back(family: Callable[[str], Service]) -> None:
    before = signal.getsignal(signal.SIGINT)

    services.stop([family("obedient")])

    assert signal.getsignal(signal.SIGINT) is before


def test_a_failed_programs_last_lines_can_be_shown(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print(*range(50), sep='\\n')"]
    service = services.start("counter", command, log=tmp_path / "log", env=dict(os.environ))

    service.process.wait()

    assert service.last_lines(2) == "48\n49"
