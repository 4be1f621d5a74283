"""The receive rule in the setup: off until somebody says which label makes which receipt."""

from typing import Any

import pytest

from connector.models import RecordLink
from connector.sync.line_boards import show_lines
from connector.sync.poll import poll
from mappings.models import BoardMapping
from tests.connector.sync.conftest import work  # noqa: F401 - a fixture
from tests.connector.wizard.conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def rule(setup: Setup, board: str, **changes: str) -> dict[str, str]:
    """What an owner enters for “Received” on this board, with other words where given."""
    column = setup.column(board, "Received?").id
    said = {"mode": "live", "asks": f"{column}|Received", "problem": f"{column}|Problem"}
    return {**said, "after": "release", "receipt": "order", **changes}


def test_a_rule_is_off_until_it_is_entered_and_can_be_switched_off_again(
    connected: Setup, paired: BoardMapping
) -> None:
    column = connected.column("AP invoices", "Received?").id
    before = content_of(paired).receive

    connected.post("receiving", paired.pk, **rule(connected, "AP invoices", mode="dry"))
    entered, page = content_of(paired).receive, _html(connected.get("pair", paired.pk))
    connected.post("receiving", paired.pk, mode="off")

    assert before == content_of(paired).receive == {}
    assert "receiving goods: dry run" in page
    assert entered == {
        "column": column,
        "label": "Received",
        "problem_label": "Problem",
        "receipt": "order",
        "release": True,
        "dry": True,
    }


def test_the_page_says_what_happens_and_how_it_is_undone(
    connected: Setup, paired: BoardMapping
) -> None:
    page = _html(connected.get("receiving", paired.pk))

    assert "never a second one" in page
    assert "Cancel receipt" in page
    assert "The quantities people typed" not in page  # an invoice names a whole order


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"asks": ""}, "Choose the label that asks for the receipt."),
        ({"asks": "color_none|Received"}, "not one of the available choices"),
        ({"problem": "Received?|Received"}, "Choose two different labels."),
        ({"problem": "Status|Open"}, "Choose a label of the column that asks"),
        ({"receipt": "lines"}, "not shown as subitems"),
    ],
)
def test_a_rule_that_cannot_work_is_explained_at_its_field_and_not_kept(
    changes: dict[str, str], told: str, connected: Setup
) -> None:
    mapping = connected.choose("Purchase orders", "purchase_order")
    entered = rule(connected, "Purchase orders")
    for name, words in changes.items():
        title, bar, text = words.partition("|")
        known = bar and title != "color_none"
        column = connected.column("Purchase orders", title).id if known else title
        entered[name] = f"{column}{bar}{text}"

    page = _html(connected.post("receiving", mapping.pk, **entered))

    assert told in page
    assert content_of(mapping).receive == {}


def test_lines_get_a_column_for_their_quantities_once(connected: Setup) -> None:
    mapping = connected.choose("Purchase orders", "purchase_order")
    lines = show_lines(mapping, by="alice")
    entered = rule(connected, "Purchase orders", receipt="lines", quantity_column="create")

    for _ in range(2):
        connected.post("receiving", mapping.pk, **entered)

    board = connected.sandbox.monday.account.boards[int(lines.board_id)]
    made = [column.id for column in board.columns.values() if column.title == "Received now"]
    assert [content_of(mapping).receive["quantity_column"]] == made


def test_a_change_of_the_rule_is_read_in_words_before_it_is_activated(
    connected: Setup, mapping: BoardMapping
) -> None:
    BoardMapping.objects.update(went_live_at="2026-11-01T00:00:00Z")

    connected.post("receiving", mapping.pk, **rule(connected, "AP invoices"))
    page = _html(connected.get("versions", mapping.pk))
    mapping.refresh_from_db()

    assert "Receiving: rule" in page
    assert "Received?" in page
    assert mapping.receive == {}


def test_the_check_says_what_labels_on_the_board_would_do(
    connected: Setup,
    mapping: BoardMapping,
    work: Any,  # noqa: F811 - the fixture
) -> None:
    BoardMapping.objects.update(went_live_at="2026-11-01T00:00:00Z")
    poll(mapping.visma, mapping.entity)
    work()
    link = RecordLink.objects.filter(mapping=mapping).exclude(item_id=None).earliest("pk")
    connected.sandbox.monday.act(
        act="status_set",
        board="AP invoices",
        item=str(link.item_id),
        column="Received?",
        label="Received",
    )
    connected.post("receiving", mapping.pk, **rule(connected, "AP invoices"))
    connected.sandbox.log.clear()

    page = _html(connected.post("check", mapping.pk))

    assert "1 item shows it now. It was labelled before this rule" in page
    assert link.record.number in page
    assert connected.mutations() == []
