"""Connection tests: a list of probes, each with words of its own and its own way to mend it.

Nothing is left behind in either system: whether a board can be written to is asked, not tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal, TypeVar

from connector.errors import ConnectorError, TryAgain
from connector.sync import pauses
from tenants import services as tenants
from tenants.models import MondayConnection, VismaConnection

State = Literal["passed", "warned", "failed", "skipped"]
Connection = TypeVar("Connection", VismaConnection, MondayConnection)
TEST_AGAIN = "Test again in a minute."


@dataclass(frozen=True)
class Check:
    """One line of a test. ``warned``: it works, but something here will not."""

    label: str
    state: State
    happened: str = ""
    remedy: str = ""
    seconds: float = 0.0
    fixer: str = "you"
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def ok(self) -> bool:
        return self.state in ("passed", "warned")


@dataclass(frozen=True)
class Told:
    """What a probe found out: words for people, facts for the connection's row."""

    happened: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Probe:
    """One thing to try; raises ConnectorError. ``needed``: without it nothing else is tried."""

    label: str
    run: Callable[[], Told]
    needed: bool = True


def perform(probes: Sequence[Probe]) -> Iterator[Check]:
    broken = False
    for probe in probes:
        check = skipped(probe) if broken else tried(probe)
        broken = broken or check.state == "failed"
        yield check


def skipped(probe: Probe) -> Check:
    return Check(probe.label, "skipped", "Not tried: something above has to be mended first.")


def tried(probe: Probe) -> Check:
    started = time.monotonic()
    try:
        told = probe.run()
    except ConnectorError as error:
        check = _failed(probe, error)
    else:
        check = Check(probe.label, "passed", told.happened, facts=told.facts)
    return replace(check, seconds=round(time.monotonic() - started, 1))


def _failed(probe: Probe, error: ConnectorError) -> Check:
    why = error.why
    return Check(
        label=probe.label,
        state="failed" if probe.needed else "warned",
        happened=why.happened,
        remedy=TEST_AGAIN if isinstance(error, TryAgain) else why.remedy,
        fixer=why.fixer,
        code=why.code,
    )


# --- one line after the other -----------------------------------------------------------------
def step(connection: Connection, probes: Sequence[Probe], position: int) -> list[Check]:
    """Run one probe and keep its line on the connection; the last line settles its health.

    ``position`` 0 starts anew. What follows a failed line is noted as not tried.
    """
    lines = stored(connection)[:position] if position else []
    lines.append(tried(probes[len(lines)]))
    if lines[-1].state == "failed":
        lines += [skipped(probe) for probe in probes[len(lines) :]]
    keep(connection, lines)
    if len(lines) == len(probes):
        settle(connection, lines)
    return lines


def stored(connection: VismaConnection | MondayConnection) -> list[Check]:
    return [Check(**line) for line in connection.checks]


def keep(connection: Connection, lines: Sequence[Check]) -> None:
    connection.checks = [asdict(line) for line in lines]
    type(connection).objects.filter(pk=connection.pk).update(checks=connection.checks)


def settle(connection: Connection, lines: Sequence[Check]) -> None:
    """Note on the connection whether it works; a system out of reach says nothing about it."""
    failed = next((line for line in lines if line.state == "failed"), None)
    if failed is None:
        facts = {name: value for line in lines for name, value in line.facts.items()}
        pauses.connection_works(connection, **facts)
    elif failed.remedy != TEST_AGAIN:
        tenants.connection_needs_person(connection, happened=failed.happened, remedy=failed.remedy)
