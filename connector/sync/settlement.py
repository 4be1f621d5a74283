"""Settlement: the fate of each link, gathered first and written in a few statements."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connector.errors import (
    AskAPerson,
    ConnectorError,
    Explanation,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.models import (
    Action,
    Batch,
    LinkState,
    Operation,
    Outcome,
    RecordLink,
    SourceRecord,
)
from connector.sync import ageing, audit, following, gone, references, runs
from connector.sync.boards import Desk
from connector.sync.link_rows import WRITTEN, save_links
from connector.sync.refusals import NOT_TOLD
from mappings.problems import Problem

# Creates that wait for a key column are looked at this often; its return sets them free at once.
HELD = timedelta(hours=1)
# After this many tries that were surely not applied, a person is asked.
MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)

# What an operation is called in the audit, and the column of its run that counts it.
TOLD_AS = {
    Operation.CREATE: (Action.CREATE, "created"),
    Operation.UPDATE: (Action.UPDATE, "updated"),
    Operation.ARCHIVE: (Action.ARCHIVE, "archived"),
    Operation.BULK: (Action.CREATE, "created"),
}
DOUBTFUL = ("label_missing", "value_refused")


class Settlement:
    """What one transaction will write about links of one mapping."""

    def __init__(self, now: datetime, desk: Desk, batch: Batch | None = None) -> None:
        self.now = now
        self.desk = desk
        self.batch = batch
        self.links: list[RecordLink] = []
        self.moved: list[SourceRecord] = []  # got an item, or lost it
        self.entries: list[dict[str, Any]] = []
        self.counts: Counter[tuple[int | None, str]] = Counter()
        self.fates: dict[int, str] = {}  # by record, where subitems follow their items
        self.aged: list[int] = []  # planned on an earlier day, on a board that shows ages
        self.unknown = False
        self.board_doubtful = False
        self.rules_version = desk.newest_version()

    @property
    def rules_changed(self) -> bool:
        """The mapping was changed after this desk was laid out: its plans are out of date."""
        return self.rules_version != self.desk.mapping.version

    @property
    def members(self) -> list[dict[str, Any]]:
        return self.batch.members if self.batch else []

    def write(self) -> None:
        """Call it inside the transaction that holds the lease."""
        save_links(self.links, WRITTEN)
        audit.write(self.entries, self.now)
        runs.count(self.counts)
        references.moved(self.desk.mapping, self.moved)
        following.follow(self.desk, self.fates, self.now)
        if self.aged:
            ageing.plan_again(self.desk.mapping, self.aged)

    # --- what became of a sent member ---------------------------------------------------------
    def apply(
        self, link: RecordLink, member: Mapping[str, Any], newest: int, data: Mapping[str, Any]
    ) -> None:
        """The board shows it now. Where Visma or the mapping has moved on, the link waits again."""
        assert self.batch is not None  # noqa: S101  only sent members come here
        operation = Operation(self.batch.operation)
        before = link.delivered
        if operation in (Operation.CREATE, Operation.BULK):
            link.item_id = str(data["id"])
        if operation != Operation.UPDATE:
            self.moved.append(link.record)
        self._tell_done(link, member, before, operation)
        self._show(link, member, operation)
        left_out = member.get("left_out", "")
        leaves = operation == Operation.ARCHIVE or bool(left_out)
        if operation != Operation.UPDATE or not left_out:  # marked items keep their subitems
            self.fates[link.record_id] = following.FATES[operation]
        link.state = LinkState.EXCLUDED if leaves else LinkState.DELIVERED
        if (member["version"], member["mapping_version"]) != (newest, self.rules_version):
            link.state = LinkState.WAITING
        else:
            self.counts[(link.run_id, TOLD_AS[operation][1])] += 1
            if ageing.is_past(self.desk, member.get("day", ""), self.now):
                self.aged.append(link.pk)
        self._settled(link)
        link.failure_happened = left_out

    def fail(self, link: RecordLink, why: Explanation) -> None:
        """A dead letter: it stays until the record changes or a person presses Replay."""
        if why.code == gone.ITEM_GONE:
            self.moved.append(link.record)
            why = gone.why(self.desk.mapping, request_id=why.request_id)
            if gone.is_made_anew(self.desk.mapping):
                self.tell(link, Outcome.LATER, why)
                gone.begin_anew(link)
                self._free(link)
                return
        link.state = LinkState.GONE if why.code == gone.ITEM_GONE else LinkState.FAILED
        link.failed_at = self.now
        self._explain(link, why)
        self.tell(link, Outcome.FAILED, why)
        self.counts[(link.run_id, "failed")] += 1
        self._free(link)

    def leave_to_a_person(self, link: RecordLink, why: Explanation) -> None:
        """Whatever changes meanwhile, an item is looked for before one is made."""
        link.look_up_first = link.item_id is None
        self.fail(link, why)

    def explains_better(self, link: RecordLink, error: GiveUp) -> bool:
        """monday does not say which label is missing, nor that a column is of another type now; a
        plan on the board as it is now does."""
        doubtful = error.why.code in DOUBTFUL or following.may_have_gone(link, error.why.code)
        return doubtful and link.failure_code != error.why.code

    def try_later(self, link: RecordLink, error: ConnectorError) -> None:
        """Surely not applied; what the answer asks for is waited for."""
        if isinstance(error, TryAgain) and not isinstance(error, Throttled):
            link.attempts += 1
        if isinstance(error, AskAPerson) and error.reach != "field":
            self.hold_back(link, error)  # the lane pauses: one notice, and no attempt counted
            return
        if isinstance(error, GiveUp | AskAPerson):
            link.attempts += 1
            self.board_doubtful = True
        if link.attempts >= MAX_ATTEMPTS:
            self.fail(link, error.why)
            return
        after = error.after if isinstance(error, TryAgain) else None
        link.not_before = self.now + (after or back_off(link.attempts))
        if not isinstance(error, Throttled):
            self.tell(link, Outcome.LATER, error.why)
        self.hold_back(link, error)

    def hold_back(self, link: RecordLink, error: ConnectorError) -> None:
        """The request was refused for a reason of its own; the link is blameless."""
        link.state = LinkState.WAITING
        self._explain(link, error.why)
        self._free(link)

    def hold_until_mended(self, link: RecordLink, why: Explanation) -> None:
        """Told once for the mapping by its drift, and no failure: it goes on by itself."""
        link.not_before = self.now + HELD
        link.state = LinkState.WAITING
        self._explain(link, why)
        self._free(link)

    def stay_gone(self, link: RecordLink) -> None:
        """The item is still off the board; it was told when that was found."""
        link.state = LinkState.GONE
        self.counts[(link.run_id, "failed")] += 1
        self._free(link)

    def try_in_smaller_batch(self, link: RecordLink, error: ConnectorError) -> None:
        """One member may have spoiled the request: smaller batches find out which."""
        link.attempts += 1
        self.hold_back(link, error)

    def keep_unknown(self, link: RecordLink, error: OutcomeUnknown) -> None:
        """Stays in its batch; recover finds out."""
        self.unknown = True
        if link.state != LinkState.UNCERTAIN:
            link.state = LinkState.UNCERTAIN
            self.tell(link, Outcome.UNCERTAIN, error.why)
        self._explain(link, error.why)
        self.links.append(link)

    def own_up(self, link: RecordLink) -> None:
        """Tell of a sending whose worker ended before it could: monday may have acted on it."""
        if link.state == LinkState.SENDING:
            self.tell(link, Outcome.UNCERTAIN, NOT_TOLD)

    # --- what planning alone decides ----------------------------------------------------------
    def leave_unchanged(
        self, link: RecordLink, shown: Mapping[str, Any], parked: Mapping[str, str]
    ) -> None:
        link.delivered = dict(shown)
        link.parked = dict(parked)
        link.delivered_version = link.record.version
        link.delivered_mapping = self.desk.mapping.version
        link.state = LinkState.DELIVERED
        self.fates[link.record_id] = following.SHOWN
        self.counts[(link.run_id, "unchanged")] += 1
        self._settled(link)

    def exclude(self, link: RecordLink, reason: str) -> None:
        """Counted, and listed with its reason."""
        link.state = LinkState.EXCLUDED
        self.counts[(link.run_id, "excluded")] += 1
        self._settled(link)
        link.failure_happened = reason

    def wait_for_reference(self, link: RecordLink, note: Problem) -> None:
        """A new item waits a moment, so that it arrives with its links set."""
        link.state = LinkState.WAITING
        link.not_before = self.now + references.HOLD
        self._explain(link, Explanation(note.code, note.message, note.remedy, fixer="nobody"))
        self._free(link)

    def find(self, link: RecordLink, item_id: str | None) -> None:
        """A look-up by key is over: the item is linked, or it is certain that there is none."""
        link.look_up_first = False
        link.state = LinkState.WAITING
        link.not_before = None
        if item_id is not None:
            link.item_id, link.delivered = item_id, {}
            link.failure_code = ""
            self.moved.append(link.record)
            found = f"Item {item_id} carries this record's key and was linked to it."
            self.tell(link, Outcome.DONE, None, action=Action.FIND, message=found)
        self._free(link)

    # --- pieces -------------------------------------------------------------------------------
    def _show(self, link: RecordLink, member: Mapping[str, Any], operation: Operation) -> None:
        if operation == Operation.ARCHIVE:
            link.item_id, link.delivered, link.parked = None, {}, {}
        else:
            link.delivered = {"name": member["name"], "cells": member["cells"]}
            link.parked = dict(member["parked"])
        link.delivered_version = member["version"]
        link.delivered_mapping = member["mapping_version"]
        link.delivered_at = self.now

    def _settled(self, link: RecordLink) -> None:
        link.attempts, link.not_before, link.failed_at = 0, None, None
        link.failure_code = link.failure_happened = link.failure_remedy = ""
        link.failure_fixer = ""
        self._free(link)

    def _free(self, link: RecordLink) -> None:
        link.batch_id = None
        self.links.append(link)

    def _explain(self, link: RecordLink, why: Explanation) -> None:
        link.failure_code = why.code[:40]
        link.failure_happened = why.happened
        link.failure_remedy = why.remedy
        link.failure_fixer = why.fixer

    def _tell_done(
        self,
        link: RecordLink,
        member: Mapping[str, Any],
        before: Mapping[str, Any],
        operation: Operation,
    ) -> None:
        name = member.get("sent_name", member["name"])
        cells = member.get("sent_cells", member["cells"])
        changes = audit.changes(self.desk, before, name, cells)
        self.tell(link, Outcome.DONE, None, action=TOLD_AS[operation][0], changes=changes)

    def tell(
        self,
        link: RecordLink,
        outcome: Outcome,
        why: Explanation | None,
        *,
        action: str = "",
        **facts: Any,
    ) -> None:
        """An entry in the audit, with the batch and its request where it is about one."""
        if self.batch is not None:
            action = action or TOLD_AS[Operation(self.batch.operation)][0]
            facts |= {"batch_id": self.batch.pk}
            facts.setdefault("request_id", self.batch.request_id[:100])
        self.entries.append(
            audit.facts(link, action=action or Action.CHECK, outcome=outcome, why=why, **facts)
        )


def back_off(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … up to 15 minutes."""
    doublings = min(max(attempts - 1, 0), 10)  # what is tried for ever counts far
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
