"""A second mapping of the same invoices on a board of its own, which people start and pause."""

from copy import deepcopy
from dataclasses import replace

from connector.sandbox.monday.state import Board
from connector.sync import activate
from mappings.models import BoardMapping, FieldPairing
from tests.faults.stage import PERSON, Stage

NAME = "AP invoices of another department"


def draw(stage: Stage) -> BoardMapping:
    """Drawn up, not live yet: a board of the same columns, and the same pairs."""
    board = _copy(stage.board, max(stage.account.boards) + 1)
    with stage.account.lock:
        stage.account.boards[board.id] = board
    pairs = list(stage.mapping.pairings.all())
    mapping = BoardMapping.objects.get(pk=stage.mapping.pk)
    mapping.pk, mapping.name, mapping.board_id = None, NAME, str(board.id)
    mapping.board_name, mapping.active, mapping._state.adding = NAME, False, True
    mapping.save()
    for pair in pairs:
        pair.pk, pair.mapping = None, mapping
    FieldPairing.objects.bulk_create(pairs)
    return mapping


def _copy(board: Board, number: int) -> Board:
    columns, groups = deepcopy(board.columns), deepcopy(board.groups)
    return replace(board, id=number, name=NAME, columns=columns, groups=groups, items={})


def switch(stage: Stage) -> None:
    """It goes live or goes on where it did not write, and is paused where it did."""
    for mapping in BoardMapping.objects.filter(name=NAME):
        if mapping.active:
            activate.deactivate(mapping)
        else:
            activate.activate(mapping, by=PERSON)


def let_go_on(stage: Stage) -> None:
    if BoardMapping.objects.filter(name=NAME, active=False).exists():
        switch(stage)
