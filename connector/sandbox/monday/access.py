"""Tokens: who they stand for, which are revoked, and which have ended."""

import math

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.monday.call import Credential


class Access:
    """Tokens come raw in ``Authorization``; a ``Bearer`` in front is accepted as monday does."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._ends: dict[str, float] = {}
        self._credentials = {
            world.MONDAY_TOKEN: Credential(world.INGRID),
            world.MONDAY_APP_TOKEN: Credential(world.INGRID, app="ml-connector"),
            world.MONDAY_VIEWER_TOKEN: Credential(world.VIEWER),
        }
        self._revoked: set[str] = set()

    def who(self, authorization: str) -> Credential | None:
        token = authorization.removeprefix("Bearer ").strip()
        if token in self._revoked or self._ends.get(token, math.inf) < self.clock.time():
            return None
        return self._credentials.get(token)

    def grant(self, token: str, credential: Credential, ends: float | None = None) -> None:
        """``ends``: on the sandbox's clock; None for a token that never does."""
        self._credentials[token] = credential
        if ends is not None:
            self._ends[token] = ends

    def revoke(self, token: str) -> None:
        self._revoked.add(token)

    def allow(self, token: str) -> None:
        """Undo ``revoke``: the same token works again."""
        self._revoked.discard(token)

    def reset(self) -> None:
        self._revoked.clear()
