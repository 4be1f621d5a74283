"""Lines as subitems: monday's hidden board of subitems gets its columns, and a mapping of its own.

The mapping stands under the one whose items the subitems belong to, and goes live with it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from connector.sync.activate import activate, apply_draft, deactivate
from connector.sync.boards import monday_of, read_board
from connector.sync.ready_boards import complete_board
from mappings import services as mappings
from mappings.catalog import DOCUMENT_LINES
from mappings.content import Content
from mappings.models import BoardMapping
from mappings.readymade import READY_LINES

COLUMN = "subtasks"  # monday's name for the column that holds subitems
TITLE = "Subitems"
NOT_YET = (
    "monday has made no board for subitems yet. Add one subitem to any item of the board by hand, "
    "then choose subitems here again. You can delete that subitem afterwards."
)


def lines_mapping(mapping: BoardMapping) -> BoardMapping | None:
    """The mapping that shows this one's lines, also one that is paused."""
    return mapping.children.order_by("pk").first()


def are_shown(mapping: BoardMapping) -> bool:
    found = lines_mapping(mapping)
    return found is not None and (found.active or found.is_draft)


def show_lines(mapping: BoardMapping, *, by: str) -> BoardMapping:
    """Show each line as a subitem; safe to repeat after an error, what was made so far stays.

    Raises ConnectorError, and ValidationError where monday gives no board for subitems.
    """
    lines = lines_mapping(mapping) or _new(mapping, _subitems_board(mapping), by=by)
    if lines.is_draft:
        complete_board(lines, READY_LINES[lines.entity], by=by)
        apply_draft(lines, by=by)
    if mapping.active and not lines.active:
        activate(lines, by=by)
    return lines


def hide_lines(mapping: BoardMapping) -> None:
    """Write no more subitems; those on the board stay as they are."""
    lines = lines_mapping(mapping)
    if lines is not None and lines.is_draft:
        mappings.mapping_remove(lines)
    elif lines is not None and lines.active:
        deactivate(lines)


def _new(mapping: BoardMapping, board_id: str, *, by: str) -> BoardMapping:
    entity = DOCUMENT_LINES[mapping.entity].entity
    with transaction.atomic():
        lines = mappings.mapping_create(
            tenant=mapping.tenant,
            visma=mapping.visma,
            monday=mapping.monday,
            entity=entity.name,
            board_id=board_id,
            board_name=f"{mapping.board_name}: lines",
            by=by,
            content=Content(item_name=entity.item_name, create_labels=True),
        )
        lines.parent = mapping
        lines.save(update_fields=["parent"])
    return lines


def _subitems_board(mapping: BoardMapping) -> str:
    """Where the items' subitems live; the column that leads there is made where it is missing."""
    board_id = _leads_to(mapping)
    if not board_id:
        monday_of(mapping).create_column(mapping.board_id, TITLE, COLUMN)
        board_id = _leads_to(mapping)
    if not board_id:
        raise ValidationError(NOT_YET)
    return board_id


def _leads_to(mapping: BoardMapping) -> str:
    columns = read_board(mapping).columns
    found: list[str] = [
        str(board)
        for column in columns
        if column["type"] == COLUMN
        for board in column["settings"].get("boardIds") or ()
    ]
    return found[0] if found else ""
