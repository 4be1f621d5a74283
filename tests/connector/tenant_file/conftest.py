"""A tenant file that is right in everything, for tests to break in one place."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from connector.sandbox import world
from connector.sandbox.server import SandboxServer
from connector.tenant_file.outside import Outside
from connector.tenant_file.plan import ImportPlan, plan_import
from connector.tenant_file.problems import TenantFileError
from connector.tenant_file.store import store

Content = dict[str, Any]
ENVIRON = {"SECRET": world.VISMA_CLIENT_SECRET}
PASSWORD = "four plain words together"


class Importer:
    """Imports contents as the command does, against the sandbox."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self.sandbox = sandbox

    def plan(self, content: Content | bytes, *, offline: bool = False) -> ImportPlan:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return plan_import(raw, environ=ENVIRON, outside=None if offline else Outside())

    def verbs(self, content: Content, *, offline: bool = False) -> dict[str, str]:
        """Import; what became of each thing."""
        steps = store(self.plan(content, offline=offline), actor="test")
        return {f"{step.kind} {step.name}": step.verb for step in steps}

    def problems(self, content: Content | bytes, *, offline: bool = False) -> dict[str, str]:
        """The problems of a content that must be refused, by path."""
        with pytest.raises(TenantFileError) as refused:
            self.plan(content, offline=offline)
        found = {problem.path: problem.text for problem in refused.value.problems}
        assert len(found) == len(refused.value.problems), "one place, one problem"
        return found

    def notes(self, content: Content, *, offline: bool = False) -> dict[str, str]:
        return {note.path: note.text for note in self.plan(content, offline=offline).notes}


@pytest.fixture
def importer(db: None, sandbox: SandboxServer) -> Importer:
    return Importer(sandbox)


@pytest.fixture
def board_id(sandbox: SandboxServer) -> Callable[[str], str]:
    boards = sandbox.monday.account.boards.values()
    ids = {board.name: str(board.id) for board in boards}
    return ids.__getitem__


@pytest.fixture
def content(board_id: Callable[[str], str]) -> Content:
    return {
        "tenant": {"slug": "nordlys", "name": "Nordlys Grossist AS", "timezone": "Europe/Oslo"},
        "members": [
            {"email": "alice@example.test", "role": "owner", "password": PASSWORD},
            {"email": "bob@example.test", "role": "operator", "password": PASSWORD},
        ],
        "visma": [
            {
                "name": "main",
                "client_id": world.VISMA_CLIENT_ID,
                "client_secret": {"env": "SECRET"},
                "tenant_id": world.VISMA_COMPANY_TENANT_ID,
                "company_id": world.VISMA_COMPANY_ID,
            }
        ],
        "monday": [{"name": "main", "token": world.MONDAY_TOKEN}],
        "mappings": [
            {
                "name": "Invoices",
                "entity": "supplier_invoice",
                "board_id": board_id("AP invoices"),
                "key_column": "Visma key",
                "pairs": [
                    {"field": "referenceNumber", "column": "Invoice no"},
                    {"field": "supplier.name", "column": "Supplier", "transform": "upper"},
                    {"field": "dueDate", "column": "Due date"},
                    {"field": "amount", "column": "Amount", "transform": "signed"},
                    {"field": "status", "column": "Status"},
                ],
            }
        ],
    }


@pytest.fixture
def mapping_content(content: Content) -> Content:
    """The one mapping inside ``content``."""
    found: Content = content["mappings"][0]
    return found


def without(content: Content, *path: str | int) -> Content:
    """A copy that lacks what stands at the path."""
    made = copy.deepcopy(content)
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return made


def having(content: Content, value: Any, *path: str | int) -> Content:
    """A copy with another value at the path."""
    made = copy.deepcopy(content)
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made
