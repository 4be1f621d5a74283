"""The account of one run: read = created + updated + … and what it cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from connector.models import Action, ApiCall, AuditEntry, LinkState, Outcome, RecordLink, SyncRun
from connector.sync.forgetting import CALLS_KEPT
from connector.sync.runs import OPEN

# Column of a run → what its audit entries look like.
OUTCOMES: dict[str, dict[str, Any]] = {
    "created": {"action": Action.CREATE, "outcome": Outcome.DONE},
    "updated": {"action": Action.UPDATE, "outcome": Outcome.DONE},
    "archived": {"action": Action.ARCHIVE, "outcome": Outcome.DONE},
    "failed": {"outcome": Outcome.FAILED},
}


@dataclass(frozen=True)
class RunAccount:
    """What became of everything a run has read so far."""

    run: SyncRun
    waiting: int
    uncertain: int
    calls: int | None  # None: too long ago
    now: datetime

    @property
    def done(self) -> int:
        return max(self.run.read - self.waiting - self.uncertain, 0)

    @property
    def open(self) -> int:
        return self.waiting + self.uncertain

    @property
    def is_live(self) -> bool:
        return self.run.finished_at is None

    @property
    def state(self) -> str:
        return run_state(self.run)

    @property
    def ended(self) -> datetime:
        return self.run.finished_at or self.now

    @property
    def seconds(self) -> float:
        return max((self.ended - self.run.started_at).total_seconds(), 0.0)

    @property
    def rate(self) -> int:
        """Records settled a minute."""
        return round(self.done * 60 / self.seconds) if self.seconds >= 1 else 0

    @property
    def done_at(self) -> datetime | None:
        """When it will be done at this rate; nobody knows while it still reads."""
        if not self.is_live or self.run.read_until is None or not self.rate:
            return None
        return self.now + timedelta(minutes=self.open / self.rate)

    @property
    def sum(self) -> int:
        return sum(count for _, _, count, _ in self.lines)

    @property
    def difference(self) -> int:
        return self.run.read - self.sum

    @property
    def lines(self) -> list[tuple[str, str, int, str]]:
        """(column, words, number, tone), in the order of the sum."""
        run = self.run
        return [
            ("created", "created", run.created, ""),
            ("updated", "updated", run.updated, ""),
            ("archived", "archived", run.archived, ""),
            ("", "unchanged", run.unchanged, ""),
            ("", "left out by the filter", run.excluded, ""),
            ("", "taken over by a later run", run.superseded, ""),
            ("failed", "failed", run.failed, "bad"),
            ("open", "uncertain", self.uncertain, "unsure"),
            ("open", "waiting", self.waiting, ""),
        ]


def run_state(run: SyncRun) -> str:
    """A run's colour comes from its account, and from nothing else."""
    if run.finished_at is None:
        return "running"
    return "incomplete" if run.failed or run.error else "complete"


def account_of(run: SyncRun) -> RunAccount:
    now = timezone.now()
    counted = dict(still_open(run).order_by().values_list("state").annotate(n=Count("*")))
    uncertain = counted.pop(LinkState.UNCERTAIN, 0)
    return RunAccount(run, sum(counted.values()), uncertain, _calls(run, now), now)


def still_open(run: SyncRun) -> QuerySet[RecordLink]:
    return RecordLink.objects.filter(run=run, state__in=OPEN).order_by("pk")


def entries_of(run: SyncRun, outcome: str) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(tenant=run.mapping.tenant_id, run=run.pk)
    return entries.filter(**OUTCOMES[outcome]).order_by("-pk")


def counted(run: SyncRun, outcome: str) -> int | None:
    """As many entries as the account says: each write that was done has one. Some that failed
    had failed before; only counting them tells."""
    found: int = getattr(run, outcome)
    return None if outcome == "failed" else found


def _calls(run: SyncRun, now: datetime) -> int | None:
    """Calls to the board while the run went on; other runs of the board share them."""
    if run.started_at < now - CALLS_KEPT:
        return None
    return ApiCall.objects.filter(
        account=run.mapping.monday.account_key,
        board_id=run.mapping.board_id,
        started_at__gte=run.started_at,
        started_at__lte=run.finished_at or now,
    ).count()
