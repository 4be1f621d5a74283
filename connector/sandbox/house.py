"""The house behind the port: which path belongs to which system, log and faults around each."""

from dataclasses import replace
from typing import Any

from connector.sandbox import mischief
from connector.sandbox.clock import Clock
from connector.sandbox.control import Control
from connector.sandbox.faults import Action, Faults, Subject
from connector.sandbox.front import front_page
from connector.sandbox.log import Log
from connector.sandbox.mischief import Delivery
from connector.sandbox.monday import MondaySandbox
from connector.sandbox.pages import render, stylesheet
from connector.sandbox.visma import VismaSandbox
from connector.sandbox.wire import Request, Response, System


class House:
    """Everything but the sockets. ``visma`` and ``monday`` know nothing of each other."""

    def __init__(self, *, seed: int = 1, limits: bool = True) -> None:
        self.clock = Clock()
        self.log = Log(self.clock)
        self.faults = Faults(seed)
        self.visma = VismaSandbox(self.clock, self.log, seed)
        self.monday = MondaySandbox(self.clock, self.log, seed=seed, limits=limits)
        self.control = Control(self)
        self.changes = 0  # requests that may have changed something; storage watches it
        self.url = ""

    def settle(self, url: str) -> None:
        """Learn the address people and callers use."""
        self.url = url
        self.monday.settle(url)

    def answer(self, request: Request, *, port: int = 0) -> Delivery:
        """``port`` is the caller's side of the connection."""
        name = _system_name(request.path)
        if request.method != "GET":
            self.changes += 1
        if name:
            return self._logged(name, request, port)
        return Delivery(self._for_people(request))

    def dump(self) -> dict[str, Any]:
        offset = self.clock.offset
        return {"monday": self.monday.dump(), "visma": self.visma.dump(), "clock": offset}

    def load(self, state: dict[str, Any]) -> None:
        self.clock.offset = state["clock"]
        self.monday.load(state["monday"])
        self.visma.load(state["visma"])

    def reset(self) -> None:
        """Both systems as seeded, the real time, no faults, an empty log."""
        self.clock.offset = 0.0
        self.faults.clear()
        self.monday.reset()
        self.visma.reset()
        self.log.clear()

    def system(self, name: str) -> System:
        return self.monday if name == "monday" else self.visma

    def caller(self, port: int) -> Subject:
        return Subject("", "", "", "", port=port)

    def _logged(self, name: str, request: Request, port: int) -> Delivery:
        system = self.system(name)
        with self.log.request(name, request) as entry:
            subject = self._subject(name, request, port)
            actions = self.faults.choose(subject)
            entry.faults = [action["action"] for action in actions]
            delivery = _through(system, request, actions, subject)
            entry.status = delivery.response.status if delivery.response else 0
        return delivery

    def _subject(self, name: str, request: Request, port: int) -> Subject:
        operation, boards = _resource(request.path), frozenset[str]()
        if name == "monday" and self.faults:  # reading the document early is only for faults
            operation, boards = self.monday.describe(request)
        return Subject(name, operation, request.method, request.path, boards, port)

    def _for_people(self, request: Request) -> Response:
        if request.path.startswith("/_control/"):
            return self.control.handle(request)
        if request.path == "/sandbox.css":
            return stylesheet()
        if request.path == "/":
            return front_page(self, request)
        found = self.monday.page(request) or self.visma.page(request)
        return found or render("missing.html", {}, 404)


def _through(system: System, request: Request, actions: list[Action], subject: Subject) -> Delivery:
    early = mischief.before(actions, subject)
    if early:
        return early
    given = replace(request, orders=mischief.orders(actions)) if actions else request
    return mischief.after(actions, subject, system.handle(given))


def _system_name(path: str) -> str:
    if path.startswith("/visma/connect/"):
        return "token"
    if path.startswith("/visma/"):
        return "visma"
    return "monday" if path.startswith("/monday/") else ""


def _resource(path: str) -> str:
    """``/visma/v1/supplierInvoice/Invoice/000123`` is about ``supplierInvoice``."""
    parts = path.strip("/").split("/")
    return parts[2] if len(parts) > 2 else parts[-1]
