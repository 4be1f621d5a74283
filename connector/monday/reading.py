"""What the connector reads and sets up on boards, over any client that executes documents."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from connector.errors import ConnectorError, TryAgain

from . import documents, queries
from .answer import Answer
from .boards import Board, Item, first_page, read_board, read_column, read_item, read_items
from .documents import Document
from .errors import unreadable

RESTARTS = 3  # readings of a board that outlive their cursor (60 minutes) before it is given up
SEARCHED = 10  # pages of boards one search may read
T = TypeVar("T")
# Items, and the cursor of the page after them; "" after the last. monday knows it for 60 minutes.
Page = tuple[list[Item], str]


class Reading(ABC):
    """Raises only ConnectorErrors; what is missing from an answer is never taken as empty."""

    @abstractmethod
    def execute(
        self,
        document: Document,
        *,
        slot: int | None = None,
        idempotency_key: str | None = None,
    ) -> Answer: ...

    def me(self) -> dict[str, Any]:
        """The user of the token, with ``account``: id, name, slug, tier."""
        return self._read(queries.me(), lambda data: dict(data["me"]))

    def daily_limit(self) -> tuple[str, int | None]:
        """The account's id, and its calls a day with what it has bought in addition.

        None where monday keeps the number to itself.
        """
        return self._read(queries.daily_limit(), _limit)

    def boards(self, page: int = 1, search: str = "") -> list[dict[str, Any]]:
        """One page of active boards, last used first; with ``search``, from the page on.

        monday cannot search by name, so up to SEARCHED pages are read and filtered here.
        """
        wanted = search.casefold().strip()
        found: list[dict[str, Any]] = []
        for number in range(page, page + (SEARCHED if wanted else 1)):
            boards = self._read(queries.boards(number), lambda data: list(data["boards"]))
            found += [each for each in boards if each.get("type") in (None, "board")]
            if not boards:
                break
        return [each for each in found if wanted in each["name"].casefold()]

    def board(self, board_id: str) -> Board:
        """With columns and groups; AskAPerson(board) when it is gone or archived."""
        document = queries.board(board_id)
        return self._read(document, lambda data: read_board(list(data["boards"]), board_id))

    def required_columns(self, board_id: str) -> list[str]:
        """Ids of the columns that people must fill in on this board."""
        document = queries.required_columns(board_id)
        return self._read(
            document,
            lambda data: [str(each) for each in data["validations"]["required_column_ids"] or ()],
        )

    def items(self, board_id: str, column_ids: Sequence[str]) -> Iterator[Item]:
        """Every active item once, with these cells; starts over when the cursor has expired."""
        seen: set[str] = set()
        for attempt in range(RESTARTS + 1):
            try:
                for item in self._walk(board_id, column_ids):
                    if item.id not in seen:
                        seen.add(item.id)
                        yield item
                return
            except TryAgain as error:
                if error.why.code != "cursor_expired" or attempt == RESTARTS:
                    raise

    def pages(
        self,
        board_id: str,
        column_ids: Sequence[str],
        *,
        cursor: str = "",
        newest_first: bool = False,
    ) -> Iterator[Page]:
        """Active items; the caller stops when it has seen enough.

        ``cursor``: go on there, in the order that was begun with.
        """
        document = queries.items(board_id, column_ids, newest_first=newest_first)
        yield from self._pages(document, board_id, column_ids, cursor)

    def changed_pages(
        self, board_id: str, column_ids: Sequence[str], *, cursor: str = ""
    ) -> Iterator[Page]:
        """Active items, the last changed first; the caller stops when it has seen enough."""
        document = queries.changed_items(board_id, column_ids)
        yield from self._pages(document, board_id, column_ids, cursor)

    def _pages(
        self, document: Document, board_id: str, column_ids: Sequence[str], cursor: str
    ) -> Iterator[Page]:
        if not cursor:
            page = self._read(document, lambda data: first_page(list(data["boards"]), board_id))
            yield page
            _, cursor = page
        while cursor:
            document = queries.next_items(cursor, column_ids)
            page = self._read(document, lambda data: read_items(data["next_items_page"]))
            yield page
            _, cursor = page

    def items_by_key(self, board_id: str, column_id: str, keys: Sequence[str]) -> list[Item]:
        """Active items whose cell reads exactly as one of ``keys`` (monday ignores case)."""
        found: list[Item] = []
        for start in range(0, len(keys), queries.KEYS):
            some = keys[start : start + queries.KEYS]
            document = queries.items_by_key(board_id, column_id, some)
            page = self._read(
                document, lambda data: read_items(data["items_page_by_column_values"])
            )
            found += self._rest(page, [column_id])
        wanted = set(keys)
        return [item for item in found if item.text(column_id) in wanted]

    def items_by_id(self, item_ids: Sequence[str], column_ids: Sequence[str]) -> list[Item]:
        """Also archived and deleted items, as their ``state`` says; unknown ids are absent."""
        found: list[Item] = []
        for start in range(0, len(item_ids), queries.KEYS):
            document = queries.items_by_id(item_ids[start : start + queries.KEYS], column_ids)
            found += self._read(document, lambda data: [read_item(each) for each in data["items"]])
        return found

    def create_column(self, board_id: str, title: str, column_type: str) -> dict[str, Any]:
        """The new column: id, title, type, settings."""
        return self._made(documents.create_column(board_id, title, column_type), read_column)

    def create_board(
        self, name: str, kind: str = "private", workspace_id: str = "", *, idempotency_key: str = ""
    ) -> dict[str, Any]:
        """The new, empty board: id, name, url."""
        document = documents.create_board(name, kind, workspace_id)
        return self._made(document, dict, idempotency_key=idempotency_key)

    def _walk(self, board_id: str, column_ids: Sequence[str]) -> Iterator[Item]:
        document = queries.items(board_id, column_ids)
        page = self._read(document, lambda data: first_page(list(data["boards"]), board_id))
        yield from self._rest(page, column_ids)

    def _rest(self, page: tuple[list[Item], str], column_ids: Sequence[str]) -> Iterator[Item]:
        """A page and those after it."""
        items, cursor = page
        yield from items
        while cursor:
            document = queries.next_items(cursor, column_ids)
            items, cursor = self._read(document, lambda data: read_items(data["next_items_page"]))
            yield from items

    def _read(self, document: Document, reader: Callable[[dict[str, Any]], T]) -> T:
        answer = self.execute(document)
        try:
            return reader(answer.data)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as missing:
            raise unreadable(answer.exchange, f"no {missing} in the answer") from None

    def _made(
        self,
        document: Document,
        reader: Callable[[dict[str, Any]], T],
        *,
        idempotency_key: str = "",
    ) -> T:
        """The one thing a mutation made; OutcomeUnknown when it is not certain."""
        answer = self.execute(document, idempotency_key=idempotency_key or None)
        outcome = answer.outcome("a0")
        if isinstance(outcome, ConnectorError):
            raise outcome
        try:
            return reader(outcome)
        except (KeyError, TypeError) as missing:
            raise unreadable(answer.exchange, f"no {missing} in the answer") from None


def _limit(data: Mapping[str, Any]) -> tuple[str, int | None]:
    limit = (data.get("platform_api") or {}).get("daily_limit") or {}
    total = int(limit["total"]) if limit.get("total") else None
    return str(data["me"]["account"]["id"]), total
