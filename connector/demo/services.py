"""Programs the demo keeps running: started apart from the terminal, watched, ended for certain."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

# Who presses Ctrl-C does not want to wait for a worker's slice (20 s) or its tick (45 s). Work that
# is cut off is recovered at the next start: every request was committed before it was sent.
PATIENCE = 5.0
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class Service:
    """A program in a session of its own, so that Ctrl-C reaches the demo and nothing else.

    The order to stop goes to the main process only: workers that get it themselves end before
    their main process has told them to, and it then waits for them forever.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if not self.ended():
            self.process.terminate()

    def end(self) -> None:
        """Whatever is left of it, its children included."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()

    def last_lines(self, count: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def start(name: str, command: Sequence[str], *, log: Path, env: Mapping[str, str]) -> Service:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    return Service(name, process, log)


def foreground(command: Sequence[str], *, env: Mapping[str, str]) -> int:
    """Run a program on the demo's own screen; it hears Ctrl-C itself and may end in order."""
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def stop(services: Sequence[Service], *, patience: float = PATIENCE) -> None:
    """End them all, the last started first; another Ctrl-C while waiting ends them at once."""
    impatient: list[int] = []
    with on_signals(impatient.append):
        for service in reversed(services):
            service.ask_to_stop()
        deadline = time.monotonic() + patience
        while not all(service.ended() for service in services):
            if impatient or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        for service in services:
            service.end()


class Interrupted(Exception):
    """Ctrl-C, a closed terminal, or an order to stop."""


def interrupt(signum: int) -> NoReturn:
    raise Interrupted(signal.Signals(signum).name)


@contextmanager
def on_signals(act: Callable[[int], object]) -> Iterator[None]:
    """``act`` hears every order to stop; whoever heard them before does so again afterwards."""
    former = {
        signum: signal.signal(signum, lambda number, _frame: act(number))
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for signum, handler in former.items():
            signal.signal(signum, handler)


def end_with_parent(signum: int = signal.SIGTERM) -> None:
    """On Linux a program is told to stop even when whoever started it is killed without a word."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)
