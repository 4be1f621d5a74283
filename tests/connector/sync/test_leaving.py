"""Records that a filter leaves out: counted, listed with the reason, and what their items show."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.models import LinkState, RecordLink, SyncRun
from connector.sandbox.monday import board_acts
from connector.sync import activate
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, Work, entries, states

RULES = [
    ({"status": ["Closed"]}, "Status is “Open”; only Closed are wanted."),
    ({"document_type": ["CreditAdj"]}, "Document type is “Invoice”; only CreditAdj are wanted."),
    ({"branch": ["2"]}, "Branch number is “1”; only 2 are wanted."),
    ({"party": ["50606"]}, "Supplier number is “50010”; only 50606 are wanted."),
    ({"date_from": "2026-08-01"}, "Invoice date 2026-07-14 is before 2026-08-01."),
    ({"date_to": "2026-06-30"}, "Invoice date 2026-07-14 is after 2026-06-30."),
    ({"amount_from": "2000"}, "is below 2000."),
    ({"amount_to": "1000"}, "is above 1000."),
]
BRANCH: dict[str, Any] = {
    "branchNumber": {"number": "1"},
    "detailTotal": "1234.5600",
    "detailTotalInCurrency": "1234.5600",
}


def say(mapping: BoardMapping, **changes: Any) -> None:
    """A person changes the mapping's rules."""
    for name, value in changes.items():
        setattr(mapping, name, value)
    mapping.save()
    activate.replan(mapping)


@pytest.mark.parametrize(("rule", "reason"), RULES)
def test_a_record_left_out_is_counted_and_listed_with_its_reason(
    mapping: BoardMapping,
    board: Eyes,
    take_in: TakeIn,
    work: Work,
    alice: User,
    rule: dict[str, Any],
    reason: str,
) -> None:
    say(mapping, filter=rule)
    take_in(1, **BRANCH)
    work()
    client = Client()
    client.force_login(alice)
    listed = client.get(reverse("console:records", args=["nordlys"]), {"state": "excluded"})

    assert not board.items
    assert SyncRun.objects.latest("pk").excluded == 1
    assert reason in RecordLink.objects.get().failure_happened
    assert reason.split("“")[0] in listed.content.decode()


def test_an_item_that_leaves_is_marked_once_and_unmarked_when_it_is_back(
    mapping: BoardMapping, board: Eyes, take_in: TakeIn, work: Work
) -> None:
    column = board_acts.column_add(board.account, board.board, "Not here", type_="text")
    rule = {"status": ["Open"], "mark_column": column.id}
    say(mapping, on_leave="mark", filter=rule)
    take_in(1)
    work()
    take_in(1, status="Closed")
    work()
    marked, state = board.cells("Not here"), RecordLink.objects.get().state
    take_in(1, status="Closed", description="Still closed")
    work()
    writes = len(board.mutations())
    take_in(1, status="Open")
    work()

    assert marked == ["Status is “Closed”; only Open are wanted."]
    assert state == LinkState.EXCLUDED
    assert writes == 2  # made, marked; what happens to it while it is left out is not written
    assert board.cells("Not here") == [None]
    assert states() == {"delivered": 1}


def test_a_label_says_that_an_item_was_left_out(
    mapping: BoardMapping, board: Eyes, take_in: TakeIn, work: Work
) -> None:
    column = board_acts.column_add(board.account, board.board, "Here", type_="status")
    take_in(1)
    work()
    rule = {"status": ["Closed"], "mark_column": column.id, "mark_text": "Done"}
    say(mapping, on_leave="mark", filter=rule)
    work()
    change = entries(action="update")[-1].changes[0]

    assert [cell["index"] for cell in board.cells("Here")] == [1]
    assert (change["field"], change["title"]) == ("filter", "Here")


def test_an_item_that_leaves_is_archived_where_the_mapping_says_so(
    mapping: BoardMapping, board: Eyes, take_in: TakeIn, work: Work
) -> None:
    take_in(1, **BRANCH)
    work()
    say(mapping, on_leave="archive", filter={"amount_from": "5000"})
    work()
    link = RecordLink.objects.get()

    assert not board.items
    assert (link.state, link.item_id) == (LinkState.EXCLUDED, None)
    assert "is below 5000" in link.failure_happened
