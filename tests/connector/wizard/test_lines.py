"""Lines of documents as subitems: asked for on the page of options, and ended there."""

from typing import Any

import pytest

from mappings.models import BoardMapping
from tests.connector.wizard.conftest import Setup, content_of

pytestmark = pytest.mark.django_db


def _html(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def test_lines_become_subitems_with_a_mapping_of_their_own_and_end_again(
    connected: Setup, paired: BoardMapping
) -> None:
    shown = _html(connected.get("options", paired.pk))
    given = {"item_name": "{referenceNumber}", "on_leave": "leave"}

    connected.post("options", paired.pk, **given, lines="subitems")
    lines = BoardMapping.objects.get(parent=paired)
    pairs, page = lines.pairings.count(), _html(connected.get("pair", lines.pk))
    connected.post("options", paired.pk, **given, lines="")

    assert "Each line as a subitem of its item" in shown
    assert lines.entity == "supplier_invoice_line"
    assert pairs == 10
    assert lines.key_column
    assert "Unit cost" in page
    assert not BoardMapping.objects.filter(parent=paired).exists()


def test_where_monday_refuses_the_subitems_nothing_is_saved(
    connected: Setup, paired: BoardMapping
) -> None:
    before = content_of(paired)
    connected.board("AP invoices").permissions = "owners"

    page = _html(
        connected.post("options", paired.pk, item_name="{referenceNumber} x", lines="subitems")
    )

    assert "No subitems were set up." in page
    assert content_of(paired) == before
