"""What a test of a connection tries, line by line, and the words for what it meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from connector.clients import monday_client, prove_credentials, visma_client
from connector.errors import AskAPerson, ConnectorError, Explanation
from connector.models import AccountLimits
from connector.models.clock import database_now
from connector.monday.boards import Board
from connector.monday.client import MondayClient
from connector.sync.budget import OTHER_PLAN, PLANS, Ledger
from connector.sync.checks import Check, Probe, Told, perform
from connector.visma.client import Page
from connector.visma.resources import RESOURCES
from mappings.catalog import ENTITIES, LINES_OF
from mappings.catalog import entity as entity_of
from tenants.models import MondayConnection, VismaConnection

# Asked for where pages count lines: an invoice's batch has three to a dozen.
LINES_A_BATCH = 50


def check_visma(connection: VismaConnection, entities: Sequence[str] = ()) -> Iterator[Check]:
    """Token, company, and one sample of each entity; of all that are on offer if none is named."""
    return perform(visma_probes(connection, entities))


def check_monday(connection: MondayConnection, board_id: str = "") -> Iterator[Check]:
    """The token's user and plan, and one board: readable, writable."""
    return perform(monday_probes(connection, board_id))


# --- Visma ------------------------------------------------------------------------------------
def visma_probes(connection: VismaConnection, entities: Sequence[str] = ()) -> list[Probe]:
    chosen = entities or list(ENTITIES)
    return [
        Probe("Access token issued", lambda: _token(connection)),
        Probe("Company reachable", lambda: _company(connection)),
        *(_sample_probe(connection, name, needed=len(chosen) == 1) for name in chosen),
    ]


def _token(connection: VismaConnection) -> Told:
    prove_credentials(connection)
    return Told("Visma Connect accepts the Client id, Client secret and Tenant id.")


def _company(connection: VismaConnection) -> Told:
    company = visma_client(connection, Ledger.of_visma(connection)).company()
    name = str(company.get("name") or company.get("organizationName") or "")
    return Told(f"{name or 'The company'} answers.", {"company_name": name})


def _sample_probe(connection: VismaConnection, name: str, *, needed: bool) -> Probe:
    entity = entity_of(name)

    def read() -> Told:
        page = first_page(connection, name, size=1)
        count = f"{page.total:,}" if page.total is not None else "Some"
        return Told(f"{count} found." if page.rows else "None there yet; they can be read.")

    return Probe(f"{entity.plural} readable", read, needed=needed)


def first_page(connection: VismaConnection, entity: str, *, size: int) -> Page:
    """A few records of an entity, with Visma's count of all. Raises ConnectorError.

    Of journal batches Visma counts the lines only, so that their number is not known.
    """
    if entity in LINES_OF or not RESOURCES[entity].joined:
        return next(pages(connection, entity, size=size))
    found = pages(connection, entity, size=size * LINES_A_BATCH)
    page = next(each for each in found if each.rows or each.last)
    return replace(page, total=len(page.rows) if page.number == 1 and page.last else None)


def pages(connection: VismaConnection, entity: str, *, size: int) -> Iterator[Page]:
    """All records in pages of this size, for looking at without storing."""
    client = visma_client(connection, Ledger.of_visma(connection))
    if entity not in LINES_OF:
        return client.pages(replace(RESOURCES[entity], max_page=size), since=None)
    documents = RESOURCES[LINES_OF[entity].document.name]
    found = client.pages(replace(documents, max_page=size), since=None)
    return (_opened(entity, page) for page in found)


def _opened(entity: str, page: Page) -> Page:
    """The lines of a page of documents; how many there are in all is not known."""
    rows = [
        replace(row, key=key, payload=line)
        for row in page.rows
        for key, line in LINES_OF[entity].split(row.key, row.payload).items()
    ]
    return replace(page, rows=tuple(rows), total=None)


# --- monday -----------------------------------------------------------------------------------
def monday_probes(connection: MondayConnection, board_id: str = "") -> list[Probe]:
    account = [
        Probe("Token accepted", lambda: _user(connection)),
        Probe("Plan and calls of today", lambda: _plan(connection)),
    ]
    if not board_id:
        return [*account, Probe("Boards readable", lambda: _boards(connection))]
    return [
        *account,
        Probe("Board readable", lambda: _board(connection, board_id)),
        Probe("Board writable", lambda: _writable(connection, board_id)),
    ]


def _user(connection: MondayConnection) -> Told:
    me = _client(connection).me()
    facts = monday_facts(me)
    refuse_other_account(connection, facts["account_id"], facts["account_name"])
    refuse_viewer(me)
    return Told(f"{facts['user_name']} in the account {facts['account_name']}.", facts)


def refuse_viewer(me: Mapping[str, Any]) -> None:
    if me.get("kind") == "view_only":
        raise AskAPerson(_viewer(str(me.get("name") or "The token's user")), "connection")


def monday_facts(me: Mapping[str, Any]) -> dict[str, str]:
    """What monday says about the token, under the names of the connection's row."""
    account = me.get("account") or {}
    found = {
        "user_id": me.get("id"),
        "user_name": me.get("name"),
        "account_id": account.get("id"),
        "account_name": account.get("name"),
        "account_slug": account.get("slug"),
        "plan_tier": account.get("tier"),
    }
    return {name: str(value or "") for name, value in found.items()}


def refuse_other_account(connection: MondayConnection, account_id: str, name: str) -> None:
    """A connection that mappings use stays with its account: their board ids mean nothing
    elsewhere, and their items would be made a second time."""
    known = connection.account_id
    if known and known != account_id and connection.mappings.exists():
        raise AskAPerson(_other_account(connection, name), "connection")


def _plan(connection: MondayConnection) -> Told:
    key = connection.account_key
    with suppress(ConnectorError):  # not shown to everybody: then the plan's own is counted
        account, total = _client(connection).daily_limit()
        key = f"monday:{account}"  # under which the ledger counts once the test is over
        AccountLimits.objects.update_or_create(account=key, defaults={"daily_quota": total})
    limits = AccountLimits.objects.filter(account=key).first()
    plan = PLANS.get(connection.plan_tier, OTHER_PLAN)
    allowed = (limits.daily_quota if limits else None) or plan.daily or 0
    used = limits.day_calls if limits and limits.day == database_now().date() else 0
    tier = connection.plan_tier.capitalize() or "Its"
    return Told(f"{tier} plan: {allowed:,} calls a day, {used:,} used today.")


def _boards(connection: MondayConnection) -> Told:
    boards = _client(connection).boards()
    if not boards:
        return Told("This user sees no board yet; a ready-made one can be created.")
    last = boards[0]["name"]
    return Told(f"{len(boards)} board{'s'[: len(boards) > 1]}, last used “{last}”.")


def _board(connection: MondayConnection, board_id: str) -> Told:
    board = read_board(connection, board_id)
    items = f" and {board.items_count:,} items" if board.items_count is not None else ""
    return Told(f"“{board.name}” has {len(board.columns)} columns{items}.")


def _writable(connection: MondayConnection, board_id: str) -> Told:
    board = read_board(connection, board_id)
    refuse_only_view(board, connection.user_name)
    return Told(f"{connection.user_name or 'The user'} may change it.")


def refuse_only_view(board: Board, user: str) -> None:
    if board.access_level == "view":
        raise AskAPerson(_only_view(user or "The token's user", board), "board")


def read_board(connection: MondayConnection, board_id: str) -> Board:
    """Raises AskAPerson where the board is gone or archived."""
    return monday_client(connection, Ledger.of_monday(connection, board_id)).board(board_id)


def _client(connection: MondayConnection) -> MondayClient:
    return monday_client(connection, Ledger.of_monday(connection))


def _viewer(name: str) -> Explanation:
    return Explanation(
        code="viewer",
        happened=f"{name} is a viewer in monday.com, and viewers cannot change boards.",
        remedy="Use the token of a member; or ask a monday admin to change the user's type in "
        "monday.com → your picture → Administration → Users.",
        fixer="monday_admin",
    )


def _other_account(connection: MondayConnection, name: str) -> Explanation:
    return Explanation(
        code="other_account",
        happened=f"This token belongs to the account {name}, but the boards in use are in "
        f"{connection.account_name}.",
        remedy=f"Use a token of a user in {connection.account_name}. For {name}, add a connection "
        "of its own.",
    )


def _only_view(user: str, board: Board) -> Explanation:
    return Explanation(
        code="permission",
        happened=f"{user} may see the board “{board.name}” but not change it.",
        remedy="In monday.com open the board → ⋯ → Board permissions and let the user edit "
        "everything; or use the token of a user who may.",
        fixer="monday_admin",
    )
