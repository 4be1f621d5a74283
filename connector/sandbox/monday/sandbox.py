"""The whole simulated monday.com behind one door."""

from typing import Any

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.monday.access import Access
from connector.sandbox.monday.api import Api, Desk
from connector.sandbox.monday.boards_page import BoardPages
from connector.sandbox.monday.bulk import Bulk
from connector.sandbox.monday.call import Call, Cost, Credential
from connector.sandbox.monday.documents import Documents
from connector.sandbox.monday.hooks import Hooks
from connector.sandbox.monday.idempotency import IdempotencyStore
from connector.sandbox.monday.limits import Limits
from connector.sandbox.monday.paging import Cursors
from connector.sandbox.monday.person import act
from connector.sandbox.monday.schema import executable_schema
from connector.sandbox.monday.seed import seed_boards
from connector.sandbox.monday.sign_in import SignIn
from connector.sandbox.monday.state import Account
from connector.sandbox.postman import Postman
from connector.sandbox.wire import Request, Response, json_response


class MondaySandbox:
    """``limits=False`` enforces none of monday's quotas."""

    def __init__(self, clock: Clock, log: Log, *, seed: int = 1, limits: bool = True) -> None:
        self.clock = clock
        self.log = log
        self.seed = seed
        self.account = Account(clock, log, seed)
        self.access = Access(clock)
        self.sign_in = SignIn(clock, self.access)
        self.limits = Limits(clock, world.MONDAY_TIER, enabled=limits)
        self.idempotency = IdempotencyStore(clock, log)
        self.cursors = Cursors(clock, seed)
        self.bulk = Bulk(self.account, self.limits)
        self.postman = Postman(clock, log, seed)
        self.hooks = Hooks(self.account, self.postman)
        self.pages = BoardPages(self.account)
        documents = Documents(executable_schema())
        desk = Desk(self.account, self.access, self.limits, documents, self.idempotency)
        self.api = Api(desk, self._call)
        self.documents = documents
        seed_boards(self.account)

    def handle(self, request: Request) -> Response:
        if request.path.rstrip("/") == "/monday/v2" and request.method == "POST":
            return self.api.handle(request)
        found = self.sign_in.handle(request) or self.bulk.handle(request)
        return found or json_response({"error": "Not found"}, 404)

    def settle(self, url: str) -> None:
        """Learn the sandbox's own address, for links and signed upload URLs."""
        self.bulk.base_url = url

    def page(self, request: Request) -> Response | None:
        return self.pages.page(request)

    def act(self, **given: str) -> None:
        """Do as a person on a board: ``act(act="label_remove", board="AP invoices", …)``."""
        act(self.account, given)

    def describe(self, request: Request) -> tuple[str, frozenset[str]]:
        """The operation a request asks for, and every id among its variables; for faults."""
        try:
            body = request.json()
            document = self.documents.read(body["query"])
            ids = frozenset(str(value) for value in (body.get("variables") or {}).values())
        except (ValueError, TypeError, KeyError, AttributeError):  # the API will say what is wrong
            return "", frozenset()
        return document.name, ids

    def revoke(self, token: str) -> None:
        """The token answers 401 from now on; ``access.allow`` undoes it."""
        self.access.revoke(token)

    def reset(self) -> None:
        """Back to the seeded boards, fresh limits, no keys kept."""
        with self.account.lock:
            self.account.empty(self.seed)
            self.account.index_lag = 0.0
            seed_boards(self.account)
        self.postman.reset()
        self.bulk.reset()
        self.access.reset()
        self.sign_in.reset()
        self.limits.reset()
        self.idempotency.reset()

    def dump(self) -> dict[str, Any]:
        with self.account.lock:
            return {**self.account.dump(), "sign_in": self.sign_in.dump()}

    def load(self, state: dict[str, Any]) -> None:
        with self.account.lock:
            self.sign_in.load(state.get("sign_in", {}))
            self.account.load(state)

    def _call(self, request: Request, credential: Credential, cost: Cost) -> Call:
        return Call(
            self.account,
            credential,
            cost,
            tier=self.limits.tier,
            daily=self.limits.quotas.daily,
            base_url=self.bulk.base_url,
            cursors=self.cursors,
            bulk=self.bulk,
            hooks=self.hooks,
            orders=request.orders,
        )
