"""Whatever happens in whatever order: each record is on its board once, with today's values.

``FIRST_SEED`` and ``SEEDS`` choose which schedules are played.
"""

import pytest

from connector.sandbox.server import SandboxServer
from mappings.models import BoardMapping
from tests.faults.figures import note
from tests.faults.schedule import play
from tests.faults.size import seeds


@pytest.mark.parametrize("seed", seeds(50, apart=120))
def test_nothing_is_lost_doubled_or_turned_back(
    mapping: BoardMapping, sandbox: SandboxServer, seed: int
) -> None:
    played = play(seed, sandbox, mapping)
    note(f"schedule {seed}", played.found, played.figures)

    assert not played.found, str(played)
