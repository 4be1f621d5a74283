"""Step 4: ready-made boards are created once, boards that are there are found and chosen."""

from typing import Any

import pytest
from django.contrib.messages import get_messages

from connector.sandbox.monday import board_acts
from connector.sandbox.server import SandboxServer
from connector.sync.simulate import simulate
from mappings.models import BoardMapping
from mappings.readymade import READY

from .conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return str(answer.content.decode())


def _boards(setup: Setup, name: str) -> list[Any]:
    return [b for b in setup.sandbox.monday.account.boards.values() if b.name == name]


@pytest.mark.parametrize("entity", READY)
def test_a_ready_made_board_brings_every_record_across(connected: Setup, entity: str) -> None:
    connected.post("ready", entity, attempt="one")

    mapping = BoardMapping.objects.get(tenant=connected.tenant)
    content = content_of(mapping)
    board = next(b for b in _boards(connected, READY[entity].name) if str(b.id) == mapping.board_id)
    titles = [column.title for column in board.columns.values()]
    assert titles[1:] == [column.title for column in READY[entity].columns]
    assert len(content.pairs) == len(READY[entity].columns) - 1
    assert board.first_group().title == content.group_title == "From Visma"
    found = simulate(mapping, content)
    assert found.counts["create"] == found.read > 0


def test_a_ready_made_board_costs_few_calls(connected: Setup) -> None:
    connected.post("ready", "supplier_invoice", attempt="one")

    operations = [entry.operation for entry in connected.mutations()]
    assert len(operations) == 3


def test_it_is_private_until_its_owner_invites_people(connected: Setup) -> None:
    connected.post("ready", "supplier", attempt="one")

    mapping = BoardMapping.objects.get(tenant=connected.tenant)
    assert connected.sandbox.monday.account.boards[int(mapping.board_id)].kind == "private"


def test_a_lost_answer_and_a_second_press_make_one_board(connected: Setup) -> None:
    connected.sandbox.faults.add(
        {"match": {"operation": "create_board"}, "do": [{"action": "execute_then_reset"}]}
    )

    first = connected.post("ready", "supplier_invoice", attempt="same", name="AP ready")
    connected.sandbox.faults.clear()
    connected.post("ready", "supplier_invoice", attempt="same", name="AP ready")

    assert "No board was created" in _html(first)
    assert len(_boards(connected, "AP ready")) == 1
    assert BoardMapping.objects.count() == 1


def test_a_board_left_half_made_is_finished_later(connected: Setup) -> None:
    connected.sandbox.faults.add(
        {"match": {"operation": "create_*column"}, "do": [{"action": "html_502"}]}
    )
    page = connected.post("ready", "supplier", attempt="one", name="Half")
    mapping = BoardMapping.objects.get(tenant=connected.tenant)
    connected.sandbox.faults.clear()
    assert "not finished" in _html(page)
    assert not content_of(mapping).pairs

    connected.post("finish", mapping.pk)

    board = _boards(connected, "Half")[0]
    assert len(board.columns) == len(READY["supplier"].columns) + 1
    assert len(content_of(mapping).pairs) == len(READY["supplier"].columns) - 1


def test_boards_are_found_by_name(connected: Setup) -> None:
    page = _html(connected.get("boards", "supplier_invoice", search="ap inv"))

    assert "AP invoices" in page
    assert "Purchase orders" not in page
    assert "AP invoices 2024" not in page


def test_many_boards_are_paged(connected: Setup) -> None:
    account = connected.sandbox.monday.account
    for number in range(130):
        board_acts.board_create(account, f"Project {number:03}")

    first = _html(connected.get("boards", "supplier_invoice"))
    second = _html(connected.get("boards", "supplier_invoice", page="2"))

    assert first.count("Use this board") == 100
    assert 'rel="next"' in first
    assert "AP invoices" in second
    assert "AP invoices" not in first


def test_a_board_is_chosen_with_what_can_be_taken_for_granted(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")

    content = content_of(mapping)
    assert content.key_column == connected.column("AP invoices", "Visma key").id
    assert content.group_title == "To pay"
    assert content.item_name == "{referenceNumber} {supplier.name}"
    assert not mapping.active


def test_an_archived_board_says_how_to_bring_it_back(connected: Setup) -> None:
    archived = connected.board("AP invoices 2024")

    page = connected.post("boards", "supplier_invoice", board=str(archived.id))

    words = " ".join(str(message) for message in get_messages(page.wsgi_request))
    assert "archived" in _html(page) + words
    assert "Restore the board in monday.com" in _html(page)
    assert not BoardMapping.objects.exists()


def test_a_board_in_use_for_the_same_records_is_refused(connected: Setup) -> None:
    connected.choose("AP invoices")

    page = connected.post(
        "boards", "supplier_invoice", board=str(connected.board("AP invoices").id)
    )

    assert "already brings these records to this board" in _html(page)
    assert BoardMapping.objects.count() == 1


def test_a_draft_is_removed_and_its_board_stays(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")

    page = connected.post("remove", mapping.pk)

    assert "stays as it is" in _html(page)
    assert not BoardMapping.objects.exists()
    assert connected.board("AP invoices").state == "active"


def test_monday_out_of_reach_is_said_on_the_page(connected: Setup, settings: Any) -> None:
    settings.MONDAY_API_URL = "http://127.0.0.1:1/v2"

    page = connected.get("boards", "supplier_invoice")

    assert page.status_code == 200
    assert "monday.com was not reached" in _html(page)


def test_nothing_can_be_chosen_before_both_ends_are_connected(setup: Setup) -> None:
    page = setup.client.get(setup.url("what"), follow=True)

    assert page.redirect_chain[-1][0] == setup.url("visma")
    assert "Connect Visma and monday first" in _html(page)


def test_an_entity_visma_refuses_says_so_where_it_is_chosen(
    connected: Setup, sandbox: SandboxServer
) -> None:
    from connector.sync.checks import Check, keep
    from tenants.models import VismaConnection

    visma = VismaConnection.objects.get(tenant=connected.tenant)
    keep(visma, [Check("Suppliers readable", "warned", "The application may not.", "Ask them.")])

    assert "The application may not. Ask them." in _html(connected.get("what"))
