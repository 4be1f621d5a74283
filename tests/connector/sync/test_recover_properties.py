"""One record, any sequence of losses, refusals, edits and waits: one item, never turned back."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.models import RecordLink
from connector.sandbox.server import SandboxServer
from connector.sync import replay
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection
from tests.connector.sync.conftest import Eyes, TakeIn, Work, states
from tests.faults.clocks import Clocks, one_clock
from tests.plan import SHARED

FAULTS: dict[str, dict[str, Any]] = {
    "request lost": {"action": "reset_before"},
    "answer lost": {"action": "execute_then_reset"},
    "half an answer": {"action": "truncate", "bytes": 30},
    "gateway": {"action": "html_502", "executed": True},
    "too many": {"action": "status", "code": 429, "headers": {"Retry-After": "2"}, "body": "{}"},
    "refused": {"action": "status", "code": 401, "body": "{}"},
    "silence": {"action": "partial", "aliases": ["a0"], "how": "missing"},
    "failure": {"action": "partial", "aliases": ["a0"], "how": "failed"},
}
SECONDS = {"a moment": 7, "a minute": 61, "24 minutes": 1440, "an hour": 3600}
steps = st.lists(
    st.sampled_from([*FAULTS, *SECONDS, "edit", "work", "work", "edit"]), min_size=1, max_size=14
)


def take_steps(names: list[str], do: dict[str, Callable[[], Any]]) -> None:
    for name in names:
        do[name]()


def moves(
    sandbox: SandboxServer, take_in: TakeIn, work: Work, clocks: Clocks
) -> dict[str, Callable[[], Any]]:
    revision = iter(range(1, 1000))
    rules = {
        name: {"match": {"system": "monday", "count": 1}, "do": [action]}
        for name, action in FAULTS.items()
    }
    return {
        "edit": lambda: take_in(1, description=f"rev {next(revision)}"),
        "work": work,
        **{name: partial(sandbox.faults.add, rule) for name, rule in rules.items()},
        **{name: partial(clocks.advance, seconds) for name, seconds in SECONDS.items()},
    }


def come_to_rest(sandbox: SandboxServer, work: Work, clocks: Clocks) -> None:
    sandbox.faults.clear()
    for _ in range(12):
        MondayConnection.objects.update(health=Health.OK)
        clocks.advance(601)
        work()
        replay.replay_links(RecordLink.objects.all(), actor="kari@nordlys.example")


@pytest.mark.usefixtures("db")
@settings(
    max_examples=20 if SHARED else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_one_record_becomes_one_item_that_is_never_turned_back(
    take_in: TakeIn, work: Work, sandbox: SandboxServer, mapping: BoardMapping, names: list[str]
) -> None:
    sandbox.reset()
    board = Eyes(sandbox, sandbox.monday.account.boards[int(mapping.board_id)])
    with transaction.atomic(), one_clock(sandbox) as clocks:
        do = moves(sandbox, take_in, work, clocks)
        do["edit"]()
        take_steps(names, do)
        come_to_rest(sandbox, work, clocks)
        revisions = shown(board)
        left = (states(), len(board.items))
        transaction.set_rollback(True)

    assert left == ({"delivered": 1}, 1)
    assert revisions == sorted(revisions)
    assert revisions[-1] == 1 + names.count("edit")


def shown(board: Eyes) -> list[int]:
    """Every revision the board has shown, in order."""
    column = board.column("Description").id
    written = [effect.after.get(column, "") for effect in board.sandbox.log.effects()]
    return [int(text.removeprefix("rev ")) for text in written if text.startswith("rev ")]
