"""Fixtures of the outside clients."""

from collections.abc import Callable, Iterator

import pytest

from .wire import Answering, RawServer


@pytest.fixture
def raw_server() -> Iterator[Callable[[Answering], RawServer]]:
    """Start servers that answer as told; all are closed after the test."""
    servers: list[RawServer] = []

    def start(answering: Answering) -> RawServer:
        servers.append(RawServer(answering))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
