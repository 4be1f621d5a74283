"""Links in a tenant file: to mappings of the file or of the tenant, stored in their order."""

from collections.abc import Callable

import pytest

from connector.tenant_file.export import export_tenant
from mappings.models import FieldPairing
from tenants.models import Tenant
from tests.connector.tenant_file.conftest import Content, Importer

LINK = {"field": "supplier.number", "column": "Supplier card", "link": "Suppliers"}


@pytest.fixture
def linked(content: Content, board_id: Callable[[str], str]) -> Content:
    """Invoices first: the file need not know which mapping has to be stored before the other."""
    content["mappings"][0]["pairs"].append(LINK)
    content["mappings"].append(
        {
            "name": "Suppliers",
            "entity": "supplier",
            "board_id": board_id("Suppliers"),
            "key_column": "Visma key",
            "pairs": [{"field": "number", "column": "Supplier no"}],
        }
    )
    return content


def test_a_link_is_stored_exported_and_kept(importer: Importer, linked: Content) -> None:
    importer.verbs(linked)
    stored = FieldPairing.objects.get(field="supplier.number")
    exported = export_tenant(Tenant.objects.get())

    again = importer.verbs(exported | {"visma": [], "monday": []})

    assert stored.link is not None
    assert stored.link.name == "Suppliers"
    pairs = next(m for m in exported["mappings"] if m["name"] == "Invoices")["pairs"]
    assert pairs[-1]["link"] == "Suppliers"
    assert set(again.values()) == {"keep"}


def test_kept_labels_are_stored_and_exported(importer: Importer, content: Content) -> None:
    pair = {"field": "supplier.number", "column": "Currency", "labels": True}
    content["mappings"][0]["pairs"].append(pair)

    importer.verbs(content)
    exported = export_tenant(Tenant.objects.get())

    assert FieldPairing.objects.get(field="supplier.number").labels
    assert exported["mappings"][0]["pairs"][-1]["labels"] is True


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ({"field": "supplier.number", "column": "Description"}, "only labels can be kept in step"),
        ({"field": "currencyId", "column": "Currency"}, "names no records"),
    ],
)
def test_labels_that_cannot_be_kept_are_named(
    importer: Importer, content: Content, pair: dict[str, str], said: str
) -> None:
    content["mappings"][0]["pairs"].append({**pair, "labels": True})

    assert said in importer.problems(content)["mappings[0].pairs[5].labels"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"link": "Supplier"}, "did you mean “Suppliers”?"),
        ({"link": "Invoices"}, "cannot link to itself"),
        ({"field": "supplier.name"}, "these do: supplier.number"),
        ({"column": "Supplier reference"}, "needs a connect-boards column"),
    ],
)
def test_a_link_that_cannot_work_is_named(
    importer: Importer, linked: Content, changes: dict[str, str], said: str
) -> None:
    linked["mappings"][0]["pairs"][-1] = {**LINK, **changes}

    problems = importer.problems(linked)

    assert said in problems["mappings[0].pairs[5].link"]
