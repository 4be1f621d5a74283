"""A worker may die at any moment, and an answer may be lost: the board equals the company."""

import random

import pytest

from connector.models import AuditEntry
from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.checker import violations
from tests.faults.processes import Ended, manage

STARTS = 30  # a run that is not through after so many starts will never be


@pytest.fixture
def shared(transactional_db: None, mapping: BoardMapping) -> BoardMapping:
    """A mapping that other processes can see too."""
    return mapping


def sync_until_done(sandbox: SandboxServer, tenant: str) -> list[Ended]:
    """Start the command again whenever it was killed, as a supervisor does."""
    starts: list[Ended] = []
    while len(starts) < STARTS:
        starts.append(manage(sandbox, "sync", tenant, "--json"))
        if starts[-1].code >= 0:
            return starts
    raise AssertionError(f"still dying after {STARTS} starts: {starts[-1].err[-500:]}")


def kill(when: str, **match: object) -> dict[str, object]:
    return {"match": match, "do": [{"action": "kill", "pid": "peer", "when": when}]}


@pytest.mark.parametrize("when", ["received", "executed", "half"])
def test_a_worker_killed_during_a_create_neither_loses_nor_doubles_an_item(
    shared: BoardMapping, sandbox: SandboxServer, when: str
) -> None:
    sandbox.faults.add(kill(when, system="monday", operation="create_item*", nth=3))
    starts = sync_until_done(sandbox, shared.tenant.slug)

    assert [ended.code for ended in starts] == [-9, 0]
    assert violations(sandbox, shared) == []


@pytest.mark.parametrize("seed", range(3))
def test_workers_killed_at_random_leave_the_board_equal_to_the_company(
    shared: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable schedule, no secret
    sandbox.visma.quirks.page_caps["supplier_invoice"] = 40
    for number in sorted(chance.sample(range(2, 16), 4)):
        when = chance.choice(["received", "executed", "half"])
        sandbox.faults.add(kill(when, nth=number))
    starts = sync_until_done(sandbox, shared.tenant.slug)

    assert len(starts) >= 2, "no kill has met its process"
    assert violations(sandbox, shared) == [], f"seed {seed}"


def test_a_lost_answer_of_a_create_batch_is_replayed_not_repeated(
    shared: BoardMapping, sandbox: SandboxServer
) -> None:
    sandbox.faults.add(
        {
            "match": {"system": "monday", "operation": "create_item*", "nth": 2},
            "do": [{"action": "execute_then_reset"}],
        }
    )
    ended = manage(sandbox, "sync", shared.tenant.slug, "--json")

    assert (ended.code, ended.account["created"]) == (0, 200)
    assert violations(sandbox, shared) == []
    assert AuditEntry.objects.filter(outcome="uncertain").count() == 25
