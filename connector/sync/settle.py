"""Settle: each alias of an answer is judged by itself, in one transaction under the lease."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from connector.errors import AskAPerson, ConnectorError, GiveUp, OutcomeUnknown
from connector.models import Batch, LinkState, Operation, RecordLink, SourceRecord
from connector.sync import references
from connector.sync.boards import Desk, forget_board
from connector.sync.lanes import Lease, hold
from connector.sync.settlement import Settlement

Applied = Mapping[str, Any] | ConnectorError


def settle(
    lease: Lease,
    desk: Desk,
    batch: Batch,
    outcomes: Mapping[str, Applied],
    *,
    whole: bool = False,
    links: Sequence[RecordLink] | None = None,
) -> None:
    """Account for every member of a batch by its alias.

    ``whole``: the request was refused as a whole, so the outcomes say nothing about one member.
    Where an outcome is unknown, the batch stays unknown and the other members are settled.
    Raises LeaseLost; then another worker settles.
    """
    with transaction.atomic():
        settlement = Settlement(hold(lease), desk, batch)
        versions = newest_versions([member["record"] for member in batch.members])
        left = links_of(desk, batch) if links is None else still_of(batch, links)
        by_pk = {link.pk: link for link in left}
        for member in batch.members:
            link = by_pk.get(member["link"])
            if link is None:
                continue
            outcome = outcomes[member["alias"]]
            if whole and isinstance(outcome, ConnectorError):
                _settle_refused(settlement, link, outcome)
            else:
                _settle_one(settlement, link, member, versions, outcome)
        settlement.write()
        _close(batch, settlement)
    if settlement.board_doubtful:
        forget_board(desk.mapping)
        references.doubt(desk, outcomes.values())


def newest_versions(record_ids: list[int]) -> dict[int, int]:
    """Newest version of each record, locked: an intake at the same time waits, or is seen here."""
    rows = SourceRecord.objects.select_for_update(no_key=True).filter(pk__among=record_ids)
    return dict(rows.order_by("key").values_list("pk", "version"))


def links_of(desk: Desk, batch: Batch) -> list[RecordLink]:
    """Members that an earlier, partial answer has not settled yet; locked, so that the run which
    counts a link is the one that has it when it is settled."""
    links = RecordLink.objects.filter(batch=batch).select_for_update(of=("self",)).order_by("pk")
    return desk.adopt(links)


def still_of(batch: Batch, planned: Sequence[RecordLink]) -> list[RecordLink]:
    """The same without reading again what is known: whoever holds the lane changes links, and
    a reader may only have taken one over into its own run."""
    rows = RecordLink.objects.filter(batch=batch).select_for_update().order_by("pk")
    runs = dict(rows.values_list("pk", "run_id"))
    left = [link for link in planned if link.pk in runs]
    for link in left:
        link.batch_id, link.run_id, link.state = batch.pk, runs[link.pk], LinkState.SENDING
    return left


def lock_planned(links: list[RecordLink]) -> dict[int, int]:
    """Lock records and links planned outside the transaction; returns the records' versions.

    A pass that reads at the same time may have taken the links over into its own run.
    """
    versions = newest_versions([link.record_id for link in links])
    rows = RecordLink.objects.select_for_update().filter(pk__among=[link.pk for link in links])
    runs = dict(rows.order_by("pk").values_list("pk", "run_id"))
    for link in links:
        link.run_id = runs.get(link.pk)
    return versions


def _settle_one(
    settlement: Settlement,
    link: RecordLink,
    member: dict[str, Any],
    versions: Mapping[int, int],
    outcome: Applied,
) -> None:
    if _is_already_archived(settlement, outcome):
        outcome = {}
    if isinstance(outcome, OutcomeUnknown):
        settlement.keep_unknown(link, outcome)
    elif isinstance(outcome, GiveUp) and not settlement.explains_better(link, outcome):
        settlement.fail(link, outcome.why)
    elif isinstance(outcome, ConnectorError):
        settlement.try_later(link, outcome)
    else:
        settlement.apply(link, member, versions.get(link.record_id, 0), outcome)


def _settle_refused(settlement: Settlement, link: RecordLink, error: ConnectorError) -> None:
    if isinstance(error, OutcomeUnknown):
        settlement.keep_unknown(link, error)
    elif isinstance(error, GiveUp) and len(settlement.members) == 1:
        settlement.fail(link, error.why)
    elif isinstance(error, GiveUp):
        settlement.try_in_smaller_batch(link, error)
    elif isinstance(error, AskAPerson) and error.reach == "field":
        settlement.try_later(link, error)
    else:
        settlement.hold_back(link, error)


def _is_already_archived(settlement: Settlement, outcome: Applied) -> bool:
    archiving = settlement.batch is not None and settlement.batch.operation == Operation.ARCHIVE
    return archiving and isinstance(outcome, GiveUp) and outcome.why.code == "item_gone"


def _close(batch: Batch, settlement: Settlement) -> None:
    changes: dict[str, Any] = {"request_id": batch.request_id[:100], "error": batch.error}
    if settlement.unknown:
        changes |= {"state": Batch.State.UNKNOWN, "not_before": batch.not_before}
    else:
        changes |= {"state": Batch.State.SETTLED, "settled_at": settlement.now}
    Batch.objects.filter(pk=batch.pk).update(**changes)
