"""Real workers killed by SIGKILL at each of their steps: the board equals the company all the same.

A seed stands for every ``STRIDE``th step; as many seeds in a row are all of them. ``FIRST_SEED``
and ``SEEDS`` choose them.
"""

import pytest

from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.figures import note
from tests.faults.lives import ON_THE_WIRE, OPERATIONS, lives
from tests.faults.size import seeds, stride
from tests.plan import Inconclusive

STRIDE = stride(75)


@pytest.mark.parametrize("seed", seeds(1, apart=38))
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_worker_killed_at_any_step_neither_loses_nor_doubles_anything(
    transactional_db: None,
    mapping: BoardMapping,
    sandbox: SandboxServer,
    operation: str,
    seed: int,
) -> None:
    with lives(sandbox, mapping, operation, seed) as played:
        for step in range(1 + seed % STRIDE, played.steps() + 1, STRIDE):
            played.killed_at(step)
        for when in ON_THE_WIRE:
            played.killed_on_the_wire(when)
            if not played.kills[when]:  # the caller was gone before the sandbox had found it
                played.killed_on_the_wire(when)
    note(f"{operation} {seed}", played.found, {"kills": sum(played.kills.values()), **played.kills})

    assert not played.found, f"{operation}, seed {seed}: {played.found[:8]}"
    if not all(played.kills[when] for when in ON_THE_WIRE):
        raise Inconclusive(f"nobody was killed on the wire: {played.kills}")
