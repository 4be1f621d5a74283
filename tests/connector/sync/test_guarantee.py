"""What a board has to find an item again by decides what follows from a lost answer."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connector.models import RecordLink, Watermark
from connector.sync import mending, replay, restored
from connector.sync.boards import read_board
from mappings.guarantee import KEY, LOST, NONE, UNIQUE, guarantee
from mappings.models import BoardMapping
from tests.connector.sync.conftest import Eyes, TakeIn, Work, states
from tests.connector.sync.test_drift import retype
from tests.connector.sync.test_recover import LOST_ANSWER, LOST_REQUEST, lose, outage


@pytest.fixture
def by_number(mapping: BoardMapping) -> BoardMapping:
    """No key column; the invoice's number stands on the board once."""
    column = mapping.pairings.get(field="referenceNumber").column_id
    BoardMapping.objects.update(key_column="", find_column=column)
    mapping.refresh_from_db()
    return mapping


def test_an_item_is_found_by_its_unique_value_and_not_created_again(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2)
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()

    assert states() == {"delivered": 2}
    assert len(board.items) == 2


def test_what_is_not_found_by_its_unique_value_is_created_after_two_looks(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_REQUEST)
    work()
    outage(board, 40)
    work()
    outage(board, 1)
    work()

    assert states() == {"delivered": 1}
    assert len(board.items) == 1


def test_an_item_may_be_found_by_its_name(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(find_column="name")
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()

    assert states() == {"delivered": 1}
    assert len(board.items) == 1


def test_two_items_with_the_value_go_to_a_person(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    board.copy_item(board.items[0])
    outage(board, 40)
    work()

    link = RecordLink.objects.get()
    assert link.failure_code == "duplicate"
    assert all(str(item.id) in link.failure_happened for item in board.items)


def test_an_item_that_shows_another_record_is_left_to_it(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    first = RecordLink.objects.get()
    take_in(2, referenceNumber="200001")
    lose(board, LOST_REQUEST)
    work()
    outage(board, 40)
    work()
    outage(board, 1)
    work()

    assert states() == {"delivered": 2}
    assert RecordLink.objects.exclude(pk=first.pk).get().item_id != first.item_id


def test_records_that_share_the_value_wait_for_a_person(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1, 2, referenceNumber="200001")
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()
    outage(board, 1)
    work()

    assert set(RecordLink.objects.values_list("failure_code", flat=True)) == {"needs_decision"}
    assert len(board.items) == 2


def test_once_the_column_is_deleted_a_person_decides(
    by_number: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    board.delete_column("Invoice no")
    outage(board, 40)
    work()

    assert RecordLink.objects.get().failure_code == "needs_decision"


def lose_key_column(board: Eyes, mapping: BoardMapping) -> dict[str, Any]:
    """People delete it, and that is noticed; returns what is told of it."""
    board.delete_column("Visma key")
    mapping.refresh_from_db()
    read_board(mapping)
    (entry,) = mapping.drift
    return dict(entry)


def test_without_its_key_column_a_board_goes_on_and_a_person_decides_what_was_lost(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    take_in(2)
    lose(board, LOST_ANSWER)
    work()
    board.delete_column("Visma key")
    outage(board, 40)
    take_in(1, description="Epler")
    for _ in range(3):
        work()
        outage(board, 1)

    lost = RecordLink.objects.get(record__number="200002")
    assert (lost.state, lost.failure_code) == ("failed", "needs_decision")
    assert "Epler" in board.cells("Description")
    assert len(board.items) == 2


def test_a_key_column_of_another_type_finds_nothing(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    retype(board, "Visma key", "numbers")
    for _ in range(3):
        outage(board, 40)
        work()

    assert RecordLink.objects.get().failure_code == "needs_decision"
    assert len(board.items) == 1


@pytest.mark.parametrize("is_decided", [False, True], ids=["look-up-to-come", "decided-before"])
def test_what_was_lost_before_the_key_column_was_made_anew_is_not_created_twice(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes, is_decided: bool
) -> None:
    """The item that is there carries its key in no column."""
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    entry = lose_key_column(board, mapping)
    outage(board, 40)
    if is_decided:
        work()
    mending.mend(mapping, entry, "create", "", by="kari@nordlys.example")
    for _ in range(3):
        outage(board, 40)
        work()

    assert RecordLink.objects.get().failure_code == "needs_decision"
    assert len(board.items) == 1


def test_what_is_doubtful_since_a_restore_is_not_created_once_the_key_column_is_another(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    take_in(1)
    work()
    RecordLink.objects.update(item_id=None, delivered={}, state="failed")
    restored.distrust(mapping.tenant, actor="kari@nordlys.example")
    Watermark.objects.update(doubtful_since=None)
    entry = lose_key_column(board, mapping)
    mending.mend(mapping, entry, "create", "", by="kari@nordlys.example")
    outage(board, 11)
    work()

    assert RecordLink.objects.get().failure_code == "needs_decision"
    assert len(board.items) == 1


def test_what_a_person_is_to_decide_is_not_created_because_its_record_changes(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(key_column="")
    take_in(1)
    lose(board, LOST_ANSWER)
    work()
    outage(board, 40)
    work()
    take_in(1, description="Epler")
    work()

    assert RecordLink.objects.get().failure_code == "needs_decision"
    assert len(board.items) == 1


def test_who_presses_replay_has_looked_and_the_item_is_created(
    mapping: BoardMapping, take_in: TakeIn, work: Work, board: Eyes
) -> None:
    BoardMapping.objects.update(key_column="")
    take_in(1)
    lose(board, LOST_REQUEST)
    work()
    outage(board, 40)
    work()
    decided = RecordLink.objects.get().failure_code
    replay.replay_links(RecordLink.objects.all(), actor="kari@nordlys.example")
    work()

    assert decided == "needs_decision"
    assert len(board.items) == 1
    assert states() == {"delivered": 1}


@pytest.mark.parametrize(
    ("key_column", "find_column", "level"),
    [
        ("key", "", KEY),
        ("key", "number", KEY),
        ("", "number", UNIQUE),
        ("", "name", UNIQUE),
        ("", "", NONE),
        ("deleted", "", LOST),
        ("date", "number", LOST),
        ("", "deleted", LOST),
    ],
)
def test_the_guarantee_is_the_strongest_that_the_board_allows(
    key_column: str, find_column: str, level: object
) -> None:
    types = {"key": "text", "number": "text", "date": "date"}
    columns = [{"id": name, "type": kind} for name, kind in types.items()]

    assert guarantee(key_column, find_column, columns) is level


def test_a_mappings_page_says_which_guarantee_it_has(
    by_number: BoardMapping, alice: User, client: Client
) -> None:
    client.force_login(alice)
    page = client.get(reverse("console:mapping", args=[by_number.tenant.slug, by_number.pk]))

    assert UNIQUE.title in page.content.decode()
