"""One sandbox for the session, freshly seeded for each test, and callers of it."""

import pytest

from connector.sandbox.server import SandboxServer
from tests.sandbox.caller import Caller
from tests.sandbox.visma_caller import visma, visma_sandbox

__all__ = ["monday", "server", "visma", "visma_sandbox"]  # the last two are fixtures as well


@pytest.fixture
def server(sandbox_server: SandboxServer) -> SandboxServer:
    """Everything but Visma's company as seeded: seeding it takes a while and monday needs none."""
    sandbox_server.monday.reset()
    sandbox_server.faults.clear()
    sandbox_server.log.clear()
    sandbox_server.clock.offset = 0.0
    return sandbox_server


@pytest.fixture
def monday(server: SandboxServer) -> Caller:
    return Caller(server)
