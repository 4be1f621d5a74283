"""What can be done to items, by the API or by a person on the page; each act is logged."""

from typing import Any

from connector.sandbox.monday import problems
from connector.sandbox.monday.events import Event
from connector.sandbox.monday.state import Account, Board, Group, Item, Snapshot, Update
from connector.sandbox.monday.writing import LONGEST_NAME, Draft, checked_name


def item_create(
    account: Account, board: Board, name: str, *, group_id: str, draft: Draft, by: int
) -> Item:
    group = group_of(board, group_id)
    title = draft.name if draft.name is not None else checked_name(name)
    _check_room(board)
    now = account.clock.time()
    cells = {key: cell for key, cell in draft.cells.items() if cell is not None}
    number = account.ids.number("item")
    item = Item(number, board.id, group.id, title, by, now, now, cells=cells)
    if account.index_lag:
        item.indexed = Snapshot(now + account.index_lag, False, "", {})
    board.items[number] = item
    _adopt_labels(account, board, draft)
    target = {"board": board.id, "item": number}
    account.log.effect("item_created", target=target, after={"name": title, **cells})
    account.publish(Event("create_item", board, by, item))
    return item


def item_change(account: Account, board: Board, item: Item, draft: Draft, *, by: int) -> Item:
    """Writes the whole draft; the log keeps before and after of what really changed."""
    if item.state != "active":
        raise problems.item_inactive(item.id)
    _remember(account, item)
    changes = {key: cell for key, cell in draft.cells.items() if item.cells.get(key) != cell}
    before: dict[str, Any] = {key: item.cells.get(key) for key in changes}
    after: dict[str, Any] = dict(changes)
    if draft.name is not None and draft.name != item.name:
        before["name"], after["name"] = item.name, draft.name
        item.name = draft.name
    for key, cell in changes.items():
        _store(item, key, cell)
    item.updated_at = account.clock.time()
    _adopt_labels(account, board, draft)
    target = {"board": board.id, "item": item.id}
    account.log.effect("item_changed", target=target, before=before, after=after)
    _publish_changes(account, board, item, by=by, before=before, after=after)
    return item


def item_set_state(account: Account, board: Board, item: Item, state: str, *, by: int) -> Item:
    """``archived``, ``deleted``, or ``active`` to restore."""
    if state != "active" and item.state != "active":
        raise problems.item_inactive(item.id)
    _remember(account, item)
    before, item.state = item.state, state
    item.updated_at = account.clock.time()
    kind = {"active": "item_restored"}.get(state, f"item_{state}")
    target = {"board": board.id, "item": item.id}
    account.log.effect(kind, target=target, before={"state": before}, after={"state": state})
    account.publish(Event(kind, board, by, item))
    return item


def item_move(account: Account, board: Board, item: Item, group_id: str, *, by: int) -> Item:
    if item.state != "active":
        raise problems.item_inactive(item.id)
    group = group_of(board, group_id)
    before, item.group_id = item.group_id, group.id
    item.updated_at = account.clock.time()
    target = {"board": board.id, "item": item.id}
    after = {"group": group.id}
    account.log.effect("item_moved", target=target, before={"group": before}, after=after)
    account.publish(Event("item_moved_to_any_group", board, by, item))
    return item


def item_send(account: Account, board: Board, item: Item, target: Board) -> Item:
    """To another board, under the same id; only cells of columns that it has too come along."""
    if item.state != "active":
        raise problems.item_inactive(item.id)
    del board.items[item.id]
    item.board_id, item.group_id = target.id, group_of(target, "").id
    item.cells = {key: cell for key, cell in item.cells.items() if key in target.columns}
    item.updated_at = account.clock.time()
    target.items[item.id] = item
    where = {"board": board.id, "item": item.id}
    account.log.effect("item_sent", target=where, after={"board": target.id})
    return item


def item_copy(account: Account, board: Board, item: Item, *, by: int) -> Item:
    """With every value of the original, so that a key column then holds one value twice."""
    written = Draft(dict(item.cells), f"{item.name} (copy)"[:LONGEST_NAME], {})
    return item_create(account, board, "", group_id=item.group_id, draft=written, by=by)


def item_comment(account: Account, item: Item, body: str, *, by: int) -> Update:
    if not body.strip():
        raise problems.bad_argument("Update body can't be blank")
    number = account.ids.number("update")
    update = Update(number, item.id, body, by, account.clock.time())
    account.updates[number] = update
    target = {"board": item.board_id, "item": item.id, "update": number}
    account.log.effect("update_created", target=target, after={"body": body})
    board = account.boards[item.board_id]
    account.publish(Event("create_update", board, by, item, update=update))
    return update


def group_of(board: Board, group_id: str) -> Group:
    """``""`` means the first group, as monday does when none is named."""
    group = board.groups.get(group_id) if group_id else board.first_group()
    if group is None or group.archived or group.deleted:
        raise problems.group_missing(group_id)
    return group


def _publish_changes(
    account: Account,
    board: Board,
    item: Item,
    *,
    by: int,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    for key, value in after.items():
        old = before[key]
        if key == "name":
            account.publish(Event("change_name", board, by, item, before=old, after=value))
        else:
            column = board.columns[key]
            changed = Event("change_column_value", board, by, item, column, old, value)
            account.publish(changed)


def _check_room(board: Board) -> None:
    # Counting costs; a board with fewer items than its limit has room whatever their state.
    if len(board.items) < board.items_limit:
        return
    if sum(1 for _ in board.active_items()) >= board.items_limit:
        raise problems.board_full(board.items_limit)


def _store(item: Item, column_id: str, cell: Any) -> None:
    if cell is None:
        item.cells.pop(column_id, None)
    else:
        item.cells[column_id] = cell


def _remember(account: Account, item: Item) -> None:
    """With an index lag, searches go on seeing the item as it was."""
    now = account.clock.time()
    if not account.index_lag or (item.indexed and item.indexed.until > now):
        return
    until = now + account.index_lag
    item.indexed = Snapshot(until, item.state == "active", item.name, dict(item.cells))


def _adopt_labels(account: Account, board: Board, draft: Draft) -> None:
    for column_id, settings in draft.settings.items():
        column = board.columns[column_id]
        known = {label["id"] for label in column.settings.get("labels", [])}
        added = [row["label"] for row in settings["labels"] if row["id"] not in known]
        column.settings, column.revision = settings, column.revision + 1
        target = {"board": board.id, "column": column_id}
        account.log.effect("labels_added", target=target, after={"labels": added})
