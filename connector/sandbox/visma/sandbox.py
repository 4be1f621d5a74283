"""The whole simulated Visma.net behind one door."""

import uuid
from datetime import datetime
from typing import Any

from connector.sandbox import world
from connector.sandbox.clock import Clock
from connector.sandbox.log import Log
from connector.sandbox.postman import Postman
from connector.sandbox.visma import answers, books, reading
from connector.sandbox.visma.answers import ProblemError, with_headers
from connector.sandbox.visma.calls import invoices, orders, receipts
from connector.sandbox.visma.company import Company
from connector.sandbox.visma.growth import grow_invoices
from connector.sandbox.visma.limits import Window
from connector.sandbox.visma.people.customers import CustomerDesk
from connector.sandbox.visma.people.developer import DeveloperDesk
from connector.sandbox.visma.people.invoices import InvoiceDesk
from connector.sandbox.visma.people.ledger import LedgerDesk
from connector.sandbox.visma.people.orders import OrderDesk
from connector.sandbox.visma.people.suppliers import SupplierDesk
from connector.sandbox.visma.population import populate
from connector.sandbox.visma.portal import Portal
from connector.sandbox.visma.posting import posts_on_release
from connector.sandbox.visma.quirks import Quirks
from connector.sandbox.visma.receivable_resources import RESOURCES as RECEIVABLES
from connector.sandbox.visma.resources import RESOURCES as PAYABLES
from connector.sandbox.visma.routes import Call, Route, find
from connector.sandbox.visma.screens.door import company_page
from connector.sandbox.visma.seed import plant
from connector.sandbox.visma.tokens import Grant, TokenDesk
from connector.sandbox.wire import Request, Response

PREFIX = "/visma/"
RIGHTS = {"GET": "read", "POST": "create", "PUT": "update", "DELETE": "delete"}


class VismaSandbox(InvoiceDesk, OrderDesk, SupplierDesk, CustomerDesk, LedgerDesk, DeveloperDesk):
    """One company, Nordlys Grossist AS. Acts of a person are methods; ``quirks`` are switches."""

    def __init__(self, clock: Clock, log: Log, seed: int = 1) -> None:
        self.clock = clock
        self.log = log
        self.seed = seed
        self.company = Company(clock, log)
        self.tokens = TokenDesk(clock)
        self.window = Window(clock, self.company.quirks)
        self.routes: list[Route] = [
            *receipts.routes(),
            *orders.routes(),
            *invoices.routes(),
            *books.routes(),
            *reading.routes(PAYABLES + RECEIVABLES),
        ]
        self.grown: dict[str, Any] = {}
        plant(self.company, seed)
        self._as_seeded = self.company.snapshot()
        posts_on_release(self.company)
        self.postman = Postman(clock, log, seed)
        self.portal = Portal(self.company, self.postman)

    @property
    def quirks(self) -> Quirks:
        return self.company.quirks

    def handle(self, request: Request) -> Response:
        with self.company.lock:
            self.company.catch_up()
            response = self._answer(request)
        return with_headers(response, Ipp_Request_Id=str(uuid.uuid4()))

    def page(self, request: Request) -> Response | None:
        with self.company.lock:
            self.company.catch_up()
            return company_page(self, request)

    def grow(self, *, invoices: int = 0, **counts: int) -> None:
        """So many supplier invoices more, without memory for each; numbers from 1000001 on.

        ``counts`` adds others whole: suppliers, orders (with receipts), customers,
        customer_documents (with payments and postings), accounts, subaccounts, dimension_values,
        employees.
        """
        with self.company.lock:
            populate(self.company, counts, seed=self.seed)
            if invoices:
                until = self.company.stamps.now()
                self.grown = {"invoices": invoices, "until": until.isoformat()}
                grow_invoices(self.company, invoices, until=until, seed=self.seed)

    def reset(self) -> None:
        """The company as seeded, fresh limits, no token left."""
        with self.company.lock:
            self.grown = {}
            self._as_seeded()
            self.tokens.reset()
            self.window.forget()
            self.portal.load([])
        self.postman.reset()

    def dump(self) -> dict[str, Any]:
        with self.company.lock:
            self.company.catch_up(all_of_it=True)  # what is queued cannot be written down
            rest = {"grown": self.grown, "subscriptions": self.portal.dump()}
            return self.company.dump() | rest

    def load(self, state: dict[str, Any]) -> None:
        with self.company.lock:
            self.company.load(state)
            self.portal.load(state["subscriptions"])
            self.grown = state["grown"]
            if self.grown:
                until = datetime.fromisoformat(self.grown["until"])
                count = self.grown["invoices"]
                grow_invoices(self.company, count, until=until, seed=self.seed)

    def _answer(self, request: Request) -> Response:
        path = request.path.removeprefix(PREFIX)
        if path.strip("/").lower() == "connect/token":
            return self.tokens.handle(request)
        route, values, known = find(self.routes, request.method, path)
        if route is None and not known:
            return answers.message(404, "No HTTP resource was found that matches the request URI.")
        grant = self.tokens.grant_of(request.headers.get("authorization", ""))
        if grant is None:
            refusal = answers.answer({"message": "Authorization has been denied."}, 401)
            return with_headers(refusal, WWW_Authenticate="Bearer")
        if route is None:
            return answers.message(405, f"The resource does not support {request.method}.")
        return self._limited(route, Call(request, self.company, values), grant)

    def _limited(self, route: Route, call: Call, grant: Grant) -> Response:
        standing = self.window.take(grant.client_id)
        if standing.refused:
            response = answers.answer({"message": "Rate limit is exceeded. Slow down."}, 429)
        else:
            response = self._checked(route, call, grant)
        return with_headers(response, **standing.headers())

    def _checked(self, route: Route, call: Call, grant: Grant) -> Response:
        company_id = call.request.headers.get("ipp-company-id", world.VISMA_COMPANY_ID)
        if company_id != world.VISMA_COMPANY_ID:
            return answers.ipp_exception(
                "12002", "Company is not set or the user is not authorised on the company."
            )
        if not _allowed(grant, call.request):
            return answers.message(403, "The token lacks the scope for this operation.")
        try:
            return route.handler(call)
        except ProblemError as problem:
            return problem.response


def _allowed(grant: Grant, request: Request) -> bool:
    """Which scope an action needs is documented nowhere: here either of the writing ones."""
    if "/action/" in request.path.lower():
        return grant.may("create") or grant.may("update")
    return grant.may(RIGHTS.get(request.method, "update"))
