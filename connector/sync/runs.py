"""The account of a pass: every record read ends in exactly one column of its run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from connector.models import LinkState, RecordLink, SyncRun, Trigger, statements
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared
from connector.sync.by_record import links_of
from mappings.models import BoardMapping

OPEN = (LinkState.WAITING, LinkState.SENDING, LinkState.UNCERTAIN)
# Passes of these leave no row behind where they find no change.
QUIET = (Trigger.SCHEDULE, Trigger.WEBHOOK)


COLUMN_OF: dict[str, str] = {
    LinkState.DELIVERED: "unchanged",
    LinkState.EXCLUDED: "excluded",
    LinkState.FAILED: "failed",
    LinkState.GONE: "failed",
}


class RunBook:
    """The runs of one pass, one for each mapping.

    A pass nobody asked for leaves no row behind where it finds no change: the watermark says that
    it took place. ``since``: the pass began then, and its runs are gone on with.
    """

    def __init__(
        self, mappings: Sequence[BoardMapping], trigger: str, *, since: datetime | None = None
    ) -> None:
        self.mappings = mappings
        self.trigger = trigger
        self.runs: dict[int, SyncRun] = {}
        self.started_at = database_now()
        self.before_opening: dict[int, Counter[str]] = {}
        self.since = since
        self.others: dict[str, RunBook] = {}
        if since is not None:
            self._go_on(since)
        self.serve(mappings)

    def serve(self, mappings: Sequence[BoardMapping]) -> None:
        """These are active at the next page: some may have gone live or been paused since."""
        self.mappings = mappings
        for mapping in mappings:
            self.before_opening.setdefault(mapping.pk, Counter())
        if self.runs or self.trigger not in QUIET:
            self.open()

    def _go_on(self, since: datetime) -> None:
        begun = SyncRun.objects.filter(
            mapping__in=self.mappings, read_until=None, started_at__gte=since
        )
        self.runs = {run.mapping_id: run for run in begun.order_by("-pk")}

    def beside(self, entity: str, mappings: Sequence[BoardMapping]) -> "RunBook":
        """The book of what the same pass brings for other mappings; it is closed with this one."""
        if entity not in self.others:
            self.others[entity] = RunBook(mappings, self.trigger, since=self.since)
        self.others[entity].serve(mappings)
        return self.others[entity]

    def open(self) -> Mapping[int, SyncRun]:
        """The runs by mapping id; made when the first change is met."""
        for mapping in self.mappings:
            if mapping.pk not in self.runs:
                self.runs[mapping.pk] = SyncRun.objects.create(
                    mapping=mapping,
                    trigger=self.trigger,
                    started_at=self.started_at,
                    **self.before_opening[mapping.pk],
                )
        return {mapping.pk: self.runs[mapping.pk] for mapping in self.mappings}

    def add(self, mapping_id: int, counts: Counter[str]) -> None:
        if self.runs:
            _add(self.runs[mapping_id].pk, counts)
        else:
            self.before_opening[mapping_id] += counts

    def add_unchanged(self, mapping_id: int, record_ids: Sequence[int]) -> None:
        """Records that Visma has not changed count as what their links are: no false green.

        What still waits is taken over from the run that waited for it.
        """
        rows = list(links_of(mapping_id, record_ids).values_list("pk", "run_id", "state"))
        counts = Counter(COLUMN_OF[state] for _, _, state in rows if state in COLUMN_OF)
        still_open = self._lock_open([pk for pk, _, state in rows if state in OPEN])
        counts["read"] = sum(counts.values())
        if still_open and self.runs:
            counts["read"] += len(still_open)
            taken_over = RecordLink.objects.filter(pk__among=[pk for pk, _ in still_open])
            taken_over.update(run=self.runs[mapping_id])
            hand_over(still_open)
        self.add(mapping_id, counts)

    def _lock_open(self, ids: list[int]) -> list[tuple[int, int | None]]:
        """Those still open, locked: a settlement at the same time counts them, or we do."""
        if not ids or not self.runs:
            return []
        links = RecordLink.objects.select_for_update().filter(pk__among=ids).order_by("pk")
        rows = links.values_list("pk", "run_id", "state")
        return [(pk, run_id) for pk, run_id, state in rows if state in OPEN]

    def close(self, error: str = "") -> None:
        """The reading has ended; the runs finish when their last link is settled."""
        for other in self.others.values():
            other.close(error)
        if self.runs:
            end_reading(self.ids, error=error)

    @property
    def ids(self) -> list[int]:
        """Also those of the books beside this one."""
        own = [run.pk for run in self.runs.values()]
        return own + [pk for other in self.others.values() for pk in other.ids]


def count(outcomes: Counter[tuple[int | None, str]]) -> None:
    """Add settled links to their runs: ``{(run id, column): number}``."""
    by_run: dict[int, dict[str, int]] = {}
    for (run_id, column), number in outcomes.items():
        if run_id is not None:
            by_run.setdefault(run_id, {})[column] = number
    for run_id, columns in sorted(by_run.items()):
        _add(run_id, columns)
    finish(by_run)


def _add(run_id: int, counts: Mapping[str, int]) -> None:
    if counts:
        sums = ", ".join(f'"{column}" = "{column}" + %s' for column in counts)
        sql = f"UPDATE connector_syncrun SET {sums} WHERE id = %s"  # noqa: S608  our own columns
        statements.change(sql, *counts.values(), run_id)


def finish(run_ids: Iterable[int]) -> None:
    """Finish the runs that have read everything and wait for nothing."""
    ids = sorted(set(run_ids))
    if not ids:
        return
    places = ", ".join(["%s"] * len(ids))
    now = connection.ops.adapt_datetimefield_value(database_now())
    with connection.cursor() as cursor:
        cursor.execute(FINISH.format(ids=places), [now, *ids])


# The states are written out: as parameters they would keep SQLite from the small index of open
# links, and each settlement would look through all links of its run.
FINISH = """
    UPDATE connector_syncrun SET finished_at = %s
    WHERE id IN ({ids}) AND finished_at IS NULL AND read_until IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM connector_recordlink
        WHERE run_id = connector_syncrun.id AND state IN ('waiting', 'sending', 'uncertain')
    )
"""


def end_reading(run_ids: Iterable[int], **told: str) -> None:
    """Nothing is added to these runs any more; those that wait for nothing are finished.

    Both in one write: whoever comes after a crash in between would not come back to them.
    """
    ids = list(run_ids)
    with transaction.atomic():
        SyncRun.objects.filter(pk__in=ids).update(read_until=database_now(), **told)
        finish(ids)


def close_interrupted(connection_id: int, entity: str) -> None:
    """Runs whose reader died: what they took in is delivered, a later run reads the rest."""
    if ids := INTERRUPTED(visma=connection_id, entity=entity):
        end_reading(ids, error="The reading was interrupted; a later run goes on.")


INTERRUPTED = Prepared(
    lambda: SyncRun.objects.filter(
        mapping__visma=Given("visma"), mapping__entity=Given("entity"), read_until=None
    ).values_list("pk", flat=True)
)


def hand_over(links: Iterable[tuple[int, int | None]]) -> None:
    """What a run still waited for in these (link, run) pairs it counts as superseded.

    Also the new run itself, where one pass meets a record again: it has read it twice.
    """
    older = Counter(run_id for _, run_id in links if run_id is not None)
    for run_id, number in sorted(older.items()):
        _add(run_id, {"superseded": number})
    finish(older)
