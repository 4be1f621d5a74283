"""Connect-boards columns on the pairing page: links to items of other boards."""

import pytest

from connector.sync.foreground import sync
from mappings.models import BoardMapping
from tests.world import Connections, map_board

from .conftest import Setup, content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def suppliers(connected: Setup, connections: Connections) -> BoardMapping:
    what = ("supplier", "Suppliers", "{number} {name}")
    return map_board(connections, connected.sandbox, what, {"number": "Supplier no"})


def test_a_link_is_offered_chosen_and_shown_by_the_names_of_items(
    connected: Setup, suppliers: BoardMapping
) -> None:
    sync(connected.tenant)
    mapping = connected.choose("AP invoices")
    column = connected.column("AP invoices", "Supplier card")
    offered = connected.get("pair", mapping.pk).content.decode()
    chosen = f"supplier.number@{suppliers.pk}"

    row = connected.swap("row", mapping.pk, column.id, **{f"field:{column.id}": chosen})
    pair = content_of(mapping).pair_of(column.id)
    names = [item.name for item in connected.board("Suppliers").items.values()]

    assert f'value="{chosen}"' in offered
    assert "Supplier number: item on “Suppliers”" in offered
    assert pair is not None
    assert (pair.field, pair.link) == ("supplier.number", suppliers.pk)
    assert "Will be refused" not in row.content.decode()
    # By number and name, as the other board's item is called.
    assert any(name.split()[0] in row.content.decode() for name in names)


def test_a_link_to_a_mapping_that_is_not_connected_is_not_taken(
    connected: Setup, suppliers: BoardMapping
) -> None:
    mapping = connected.choose("AP invoices")
    column = connected.column("AP invoices", "Supplier card")
    wrong = f"accounts@{suppliers.pk}"

    row = connected.swap("row", mapping.pk, column.id, **{f"field:{column.id}": wrong})

    assert "cannot link to that mapping" in row.content.decode()
    assert content_of(mapping).pair_of(column.id) is None


def test_the_simulation_says_what_is_delivered_first(
    connected: Setup, suppliers: BoardMapping
) -> None:
    mapping = connected.choose("AP invoices")
    column = connected.column("AP invoices", "Supplier card")
    chosen = f"supplier.number@{suppliers.pk}"
    connected.post("row", mapping.pk, column.id, **{f"field:{column.id}": chosen})

    page = connected.post("check", mapping.pk).content.decode()

    assert "is not on the board “Suppliers” yet" in page


def test_labels_are_kept_in_step_by_a_tick(connected: Setup) -> None:
    mapping = connected.choose("AP invoices")
    column = connected.column("AP invoices", "Currency").id
    asked = {f"field:{column}": "supplier.number"}

    offered = connected.swap("row", mapping.pk, column, **asked).content.decode()
    ticked = connected.swap("row", mapping.pk, column, **asked, **{f"labels:{column}": "on"})
    pair = content_of(mapping).pair_of(column)

    assert f'name="labels:{column}"' in offered
    assert "has no label for Supplier" in ticked.content.decode()
    assert pair is not None
    assert pair.labels
