"""Pages of a board's items: cursors that live an hour, an order nobody may rely on."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import GraphQLError

from connector.sandbox.clock import Clock
from connector.sandbox.monday import problems
from connector.sandbox.monday.kinds import kind_of
from connector.sandbox.monday.state import Account, Board, Item, Snapshot

LIFETIME = 3600  # seconds from the first request of a series
MOST = 500  # items a page


@dataclass(frozen=True)
class Series:
    """The ids one query found, in the order it answers them, and when it was first asked."""

    board_id: int
    ids: tuple[int, ...]
    born: float


@dataclass(frozen=True)
class Page:
    items: list[Item]
    cursor: str | None


class Cursors:
    """Opaque text to a place in a series; forgotten when the sandbox restarts."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock = clock
        self._random = random.Random(seed)  # noqa: S311 - not for secrecy
        self._places: dict[str, tuple[Series, int]] = {}

    def first(self, account: Account, board: Board, items: Iterable[Item], *, limit: int) -> Page:
        series = Series(board.id, tuple(item.id for item in items), self.clock.time())
        return self._page(account, series, 0, limit=limit)

    def next(self, account: Account, cursor: str, *, limit: int) -> Page:
        place = self._places.get(cursor)
        if place is None:
            raise problems.problem("Invalid cursor", "CursorException")
        series, start = place
        if self.clock.time() - series.born > LIFETIME:
            raise _expired()
        return self._page(account, series, start, limit=limit)

    def expire(self) -> None:
        """Every cursor given so far is too old from now on."""
        old = {key: (Series(s.board_id, s.ids, 0.0), at) for key, (s, at) in self._places.items()}
        self._places = old

    def shuffle(self, items: list[Item]) -> list[Item]:
        self._random.shuffle(items)
        return items

    def _page(self, account: Account, series: Series, start: int, *, limit: int) -> Page:
        size = checked_limit(limit)
        board = account.boards[series.board_id]
        chosen = series.ids[start : start + size]
        items = [board.items[each] for each in chosen if each in board.items]
        shown = [item for item in items if seen(item, self.clock.time()).present]
        end = start + size
        return Page(shown, self._keep(series, end) if end < len(series.ids) else None)

    def _keep(self, series: Series, start: int) -> str:
        self._forget_old()
        cursor = f"MSw{self._random.getrandbits(128):032x}"
        self._places[cursor] = (series, start)
        return cursor

    def _forget_old(self) -> None:
        # Twice the lifetime: an expired cursor should still be told that it expired.
        oldest = self.clock.time() - 2 * LIFETIME
        if len(self._places) > 1000:  # cheap enough to look only now and then
            kept = {key: place for key, place in self._places.items() if place[0].born > oldest}
            self._places = kept


def checked_limit(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise problems.bad_argument(f"limit must be between 1 and {MOST}", limit=limit)
    return limit


def seen(item: Item, now: float) -> Snapshot:
    """The item as searches see it: with an index lag, as it was a moment ago."""
    if item.indexed and now < item.indexed.until:
        return item.indexed
    return Snapshot(0.0, item.state == "active", item.name, item.cells)


def column_text(account: Account, board: Board, view: Snapshot, column_id: str) -> str:
    if column_id == "name":
        return view.name
    cell = view.cells.get(column_id)
    column = board.columns[column_id]
    return "" if cell is None else kind_of(column.type).text(cell, column, account) or ""


def _expired() -> GraphQLError:
    words = "The cursor provided for pagination has expired. Please refresh your query."
    return problems.problem(words, "CursorExpiredError")
