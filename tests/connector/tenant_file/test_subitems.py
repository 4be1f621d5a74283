"""Lines as subitems in a tenant file: stored under their documents, exported, refused alone."""

from typing import Any

import pytest

from connector.sandbox.monday.subitems import subitems_column_add
from connector.sandbox.server import SandboxServer
from connector.tenant_file.export import export_tenant
from mappings.models import BoardMapping
from tenants.models import Tenant
from tests.connector.tenant_file.conftest import Content, Importer


@pytest.fixture
def lines(content: Content, sandbox: SandboxServer) -> dict[str, Any]:
    """The part of the file that shows lines, put first: what it belongs to comes after it."""
    account = sandbox.monday.account
    board = account.boards[int(content["mappings"][0]["board_id"])]
    column = subitems_column_add(account, board, "Subitems")
    part: dict[str, Any] = {
        "name": "Lines",
        "entity": "supplier_invoice_line",
        "subitems_of": content["mappings"][0]["name"],
        "board_id": str(column.settings["boardIds"][0]),
        "key_column": "create",
        "pairs": [{"field": "transactionDescription", "column": "name"}],
    }
    content["mappings"].insert(0, part)
    return part


def test_subitems_stand_under_the_mapping_they_name(
    importer: Importer, content: Content, lines: dict[str, Any]
) -> None:
    importer.verbs(content)

    stored = BoardMapping.objects.get(name="Lines")
    assert stored.parent is not None
    assert stored.parent.entity == "supplier_invoice"
    assert stored.active
    assert stored.key_column


def test_an_export_says_whose_subitems_they_are_and_changes_nothing(
    importer: Importer, content: Content, lines: dict[str, Any]
) -> None:
    importer.verbs(content)
    exported = export_tenant(Tenant.objects.get())

    said = {each["name"]: each.get("subitems_of") for each in exported["mappings"]}
    assert said == {"Lines": lines["subitems_of"], lines["subitems_of"]: None}
    again = {"tenant": {"slug": "nordlys"}, "mappings": exported["mappings"]}
    assert set(importer.verbs(again).values()) == {"keep"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subitems_of": None}, "missing; name the mapping of supplier invoices"),
        ({"subitems_of": "Nobody"}, "“Nobody” is no mapping of supplier invoices"),
        ({"subitems_of": "Lines"}, "“Lines” is no mapping of supplier invoices"),
        ({"entity": "supplier"}, "Suppliers are no lines"),
    ],
)
def test_what_cannot_be_subitems_is_refused(
    importer: Importer,
    content: Content,
    lines: dict[str, Any],
    changes: dict[str, Any],
    words: str,
) -> None:
    lines |= changes
    content["mappings"][0] = {k: v for k, v in lines.items() if v is not None}

    assert words in importer.problems(content)["mappings[0].subitems_of"]
