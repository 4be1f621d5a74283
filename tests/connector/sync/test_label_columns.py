"""Labels of a column in step with Visma: added, renamed, switched off; people's stay theirs."""

from typing import Any

import pytest

from connector.models import Batch, BoardLane, LabelColumn, Operation, RecordLink
from connector.sandbox.monday import board_acts, label_acts
from connector.sandbox.server import SandboxServer
from connector.sync import foreground
from connector.sync.poll import poll
from mappings.models import BoardMapping, FieldPairing
from tests.connector.sync.conftest import Eyes, Work, entries, pass_time

INVOICES = 8


@pytest.fixture(autouse=True)
def few(sandbox: SandboxServer) -> None:
    table = sandbox.visma.company.tables["supplier_invoice"]
    for row in list(table.rows())[INVOICES:]:
        table.drop(f"{row['documentType']}:{row['referenceNumber']}")


@pytest.fixture
def labelled(mapping: BoardMapping, board: Eyes) -> BoardMapping:
    """Invoices whose accounts are labels of a dropdown; people have added one of their own."""
    settings = {"labels": [{"id": 1, "label": "Ask Kari", "is_deactivated": False}]}
    column = board_acts.column_add(
        board.account, board.board, "GL", type_="dropdown", settings=settings
    )
    FieldPairing.objects.create(
        mapping=mapping,
        position=99,
        field="accounts",
        column_id=column.id,
        column_title="GL",
        column_type="dropdown",
        labels=True,
    )
    return mapping


def labels(board: Eyes) -> dict[str, bool]:
    """Label → whether it can be chosen."""
    known = board.column("GL").settings["labels"]
    return {label["label"]: not label["is_deactivated"] for label in known}


def shown(board: Eyes, key: str) -> list[str]:
    texts = {label["id"]: label["label"] for label in board.column("GL").settings["labels"]}
    column, own = board.column("GL").id, board.column("Visma key").id
    item = next(i for i in board.items if i.cells[own].endswith(f":{key}"))
    return [texts[each] for each in (item.cells.get(column) or {"ids": []})["ids"]]


def changes(board: Eyes) -> int:
    return sum(e.operation == "update_dropdown_column" for e in board.mutations())


def read(mapping: BoardMapping, work: Work) -> None:
    for entity in ("gl_account", mapping.entity):
        poll(mapping.visma, entity)
    work()


def book_on(sandbox: SandboxServer, account: str) -> str:
    key = sandbox.visma.add_invoice(amount="100.00")
    company = sandbox.visma.company
    payload = company.draft("supplier_invoice", key)
    payload["invoiceLines"][0]["account"] = {"number": account, "description": "New"}
    company.change("supplier_invoice", payload, "invoice_edited")
    return key


def test_accounts_become_labels_with_one_call_and_invoices_arrive_with_them(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer
) -> None:
    account = foreground.sync(labelled.tenant)

    accounts = list(sandbox.visma.company.tables["account"].rows())
    assert account.is_clean, account.problems or account.errors
    assert changes(board) == 1
    # What is closed from the start gets no label.
    assert len(labels(board)) == sum(row["active"] for row in accounts) + 1
    for row in sandbox.visma.company.tables["supplier_invoice"].rows():
        numbers = dict.fromkeys(line["account"]["number"] for line in row["invoiceLines"])
        found = shown(board, f"{row['documentType']}:{row['referenceNumber']}")
        assert [text.split()[0] for text in found] == list(numbers)


def test_a_new_account_has_its_label_before_its_invoice_and_a_new_name_rewrites_no_item(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    foreground.sync(labelled.tenant)
    sandbox.visma.add_account("6999", "Rekvisita")
    key = book_on(sandbox, "6999")
    read(labelled, work)
    first = shown(board, key)
    sandbox.log.clear()
    sandbox.visma.edit_account("6999", description="Rekvisita og utstyr")
    read(labelled, work)

    assert first == ["6999 Rekvisita"]
    assert shown(board, key) == ["6999 Rekvisita og utstyr"]
    assert [entry.operation for entry in board.mutations()] == ["update_dropdown_column"]
    assert not entries(outcome="failed")
    assert not entries(action="notice")


def test_a_closed_account_is_switched_off_and_stays_where_it_stands(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    sandbox.visma.add_account("6999", "Rekvisita")
    key = book_on(sandbox, "6999")
    foreground.sync(labelled.tenant)
    sandbox.visma.edit_account("6999", active=False)
    read(labelled, work)
    late = book_on(sandbox, "6999")
    kind, _, number = key.partition(":")
    sandbox.visma.edit_invoice(number, kind=kind, description="Changed")
    read(labelled, work)
    note = RecordLink.objects.get(record__key=late)

    assert labels(board)["6999 Rekvisita"] is False
    assert shown(board, key) == ["6999 Rekvisita"]
    assert shown(board, late) == []
    assert (note.state, "is closed" in str(note.parked)) == ("delivered", True)
    assert not entries(action="notice")


def test_labels_that_people_touched_are_theirs(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    sandbox.visma.add_account("6999", "Rekvisita")
    foreground.sync(labelled.tenant)
    column = board.column("GL")
    ours = label_acts.label_id_of(column, "6999 Rekvisita")
    label_acts.label_rename(board.account, board.board, column, ours, "Kari's own")
    sandbox.visma.edit_account("6999", description="Utstyr", active=False)
    sandbox.visma.add_account("7001", "Kaffe")
    read(labelled, work)

    found = labels(board)
    assert (found["Kari's own"], found["Ask Kari"], found["7001 Kaffe"]) == (True, True, True)
    assert not any(text.startswith("6999") for text in found)
    assert LabelColumn.objects.get().labels["6999"]["ours"] is False


@pytest.mark.parametrize("action", ["execute_then_reset", "reset_before"])
def test_a_lost_answer_adds_no_label_twice(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work, action: str
) -> None:
    match = {"system": "monday", "operation": "update_dropdown_column", "count": 1}
    sandbox.faults.add({"match": match, "do": [{"action": action}]})
    poll(labelled.visma, "gl_account")
    poll(labelled.visma, labelled.entity)
    for _ in range(8):
        work()
        pass_time(seconds=31)
    texts = [label["label"] for label in board.column("GL").settings["labels"]]
    batches: Any = Batch.objects.filter(operation=Operation.LABELS)

    assert len(texts) == len(set(texts)) > 20
    assert {batch.state for batch in batches} == {"settled"}
    assert all(known["ours"] for known in LabelColumn.objects.get().labels.values())
    assert set(RecordLink.objects.values_list("state", flat=True)) == {"delivered"}


def test_labels_that_monday_refuses_to_show_are_asked_for_ever_more_seldom_with_a_reason(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    read(labelled, work)
    sandbox.visma.add_account("6999", "Rekvisita")
    body = {"errors": [{"message": "Parse error on line 1"}]}
    match = {"system": "monday", "operation": "boards"}
    sandbox.faults.add({"match": match, "do": [{"action": "status", "code": 200, "body": body}]})
    read(labelled, work)
    for _ in range(3):  # a rest of 5 seconds, then one of 10
        pass_time(seconds=6)
        work()
    shown = BoardLane.objects.get()
    sandbox.faults.clear()
    pass_time(minutes=16)
    work()

    assert (shown.paused_code, shown.misses) == ("question_refused", 3)
    assert "6999 Rekvisita" in labels(board)


def test_without_the_right_to_change_columns_records_go_out_with_a_note_and_it_is_tried_later(
    labelled: BoardMapping, board: Eyes, sandbox: SandboxServer, work: Work
) -> None:
    error = {
        "message": "User unauthorized to perform action",
        "path": ["a0"],
        "extensions": {"code": "UserUnauthorizedException", "status_code": 403},
    }
    body = {"data": {"a0": None}, "errors": [error]}
    match = {"system": "monday", "operation": "update_dropdown_column", "count": 1}
    sandbox.faults.add({"match": match, "do": [{"action": "status", "code": 200, "body": body}]})
    read(labelled, work)
    problem = LabelColumn.objects.get().problem
    first = set(RecordLink.objects.values_list("state", flat=True))
    noted = RecordLink.objects.exclude(parked={}).count()
    LabelColumn.objects.update(not_before=None)
    sandbox.visma.edit_account("6800", description="Kontor")
    read(labelled, work)

    assert (bool(problem), first, noted) == (True, {"delivered"}, INVOICES)
    assert [problem in entry.message for entry in entries(outcome="failed")] == [True]
    assert LabelColumn.objects.get().problem == ""
    assert not RecordLink.objects.exclude(parked={}).exists()
