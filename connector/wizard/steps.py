"""The rail of the setup: which steps are done, which needs a person, which waits for which.

Derived from the rows themselves, so that it is right on any device and after any absence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.urls import reverse

from connector.wizard.drafts import Drafted, drafted_of
from mappings.models import BoardMapping
from tenants.models import Health, MondayConnection, Tenant, VismaConnection

State = Literal["done", "needs-you", "blocked"]
TITLES = {
    "workspace": "Workspace",
    "visma": "Visma",
    "monday": "monday",
    "what": "What to sync",
    "pair": "Pair fields",
    "check": "Check",
    "live": "Go live",
}


@dataclass(frozen=True)
class Step:
    """One line of the rail. ``words``: what was done, what is needed, or what it waits for."""

    name: str
    number: int
    state: State
    words: str
    url: str
    is_here: bool

    @property
    def title(self) -> str:
        return TITLES[self.name]


class Rail:
    """The steps of one tenant, seen from one of them; ``mapping`` is the one being set up."""

    def __init__(self, tenant: Tenant, here: str = "", mapping: BoardMapping | None = None) -> None:
        self.tenant = tenant
        self.here = here
        self.visma = list(VismaConnection.objects.of(tenant).without_secrets().order_by("pk"))
        self.monday = list(MondayConnection.objects.of(tenant).without_secrets().order_by("pk"))
        self.drafts = drafted_of(tenant)
        self.live = BoardMapping.objects.of(tenant).filter(active=True).count()
        self.mapping = mapping or (self.drafts[0].mapping if self.drafts else None)

    @cached_property
    def steps(self) -> list[Step]:
        return [self._step(name, number) for number, name in enumerate(TITLES, start=1)]

    @property
    def first_open(self) -> Step:
        """Where the setup goes on: the first step that needs a person, or the last one."""
        return next((step for step in self.steps if step.state == "needs-you"), self.steps[3])

    @property
    def here_step(self) -> Step | None:
        return next((step for step in self.steps if step.is_here), None)

    @property
    def drafted(self) -> Drafted | None:
        """The draft in hand."""
        if self.mapping is None:
            return None
        return next((d for d in self.drafts if d.mapping.pk == self.mapping.pk), None)

    def _step(self, name: str, number: int) -> Step:
        state, words = getattr(self, f"_{name}")()
        return Step(name, number, state, words, self._url(name), name == self.here)

    def _url(self, name: str) -> str:
        if name in ("workspace", "visma", "monday", "what"):
            return reverse(f"wizard:{name}", args=[self.tenant.slug])
        if self.mapping is None:
            return ""
        return reverse(f"wizard:{name}", args=[self.tenant.slug, self.mapping.pk])

    def _workspace(self) -> tuple[State, str]:
        return "done", f"{self.tenant.name}, {self.tenant.timezone.rpartition('/')[2]}"

    def _visma(self) -> tuple[State, str]:
        return _connection([(one.health, one.company_name) for one in self.visma])

    def _monday(self) -> tuple[State, str]:
        return _connection([(one.health, one.account_name) for one in self.monday])

    def _what(self) -> tuple[State, str]:
        missing = [
            system
            for system, found in (("Visma", self.visma), ("monday", self.monday))
            if not any(one.health == Health.OK for one in found)
        ]
        if missing:
            return "blocked", f"because {' and '.join(missing)} must be connected first"
        if self.drafts:
            return "done", ", ".join(drafted.mapping.name for drafted in self.drafts)
        if self.live:
            return "done", f"{self.live} mapping{'s'[: self.live > 1]} live"
        return "needs-you", "choose entities and boards"

    def _pair(self) -> tuple[State, str]:
        if self.drafted is None:
            return self._nothing_drafted("because nothing is chosen to sync")
        pairs = self.drafted.pairs
        if not pairs:
            return "needs-you", "no field has a column yet"
        return "done", f"{pairs} column{'s'[: pairs > 1]} paired"

    def _check(self) -> tuple[State, str]:
        if self.drafted is None or not self.drafted.pairs:
            return self._nothing_drafted("because no field is paired")
        if not self.drafted.is_checked:
            return "needs-you", "see what would happen"
        return "done", f"{self.drafted.would_create:,} items to create"

    def _live(self) -> tuple[State, str]:
        if self.drafted is None or not self.drafted.is_checked:
            return self._nothing_drafted("because the check has not run")
        begins = self.drafted.mapping.is_draft
        return "needs-you", "press Start" if begins else "press Activate"

    def _nothing_drafted(self, why: str) -> tuple[State, str]:
        if self.live and not self.drafts:
            return "done", "nothing waits"
        return "blocked", why


def _connection(found: Sequence[tuple[str, str]]) -> tuple[State, str]:
    """Of several connections one that works is enough to go on."""
    working = [name for health, name in found if health == Health.OK]
    if working:
        return "done", ", ".join(filter(None, working)) or "connected"
    if any(health == Health.NEEDS_PERSON for health, _ in found):
        return "needs-you", "the test failed"
    return "needs-you", "not tested yet" if found else "not connected yet"
