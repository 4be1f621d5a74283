"""A CSV file never runs as a formula, and its numbers are numbers."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from connector.console.export import safe
from connector.models import LinkState, SourceRecord
from tenants.models import Tenant
from tests.connector.console.conftest import Workspace

NORWEGIAN = Tenant(slug="n", name="N", timezone="Europe/Oslo")
BRITISH = Tenant(slug="b", name="B", timezone="Europe/London")


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","Open")',
        "+47 22 33 44 55",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝1+1",
        "\ufeff=1+1",
    ],
)
def test_a_text_that_looks_like_a_formula_is_a_text(text: str) -> None:
    assert safe(text, True, NORWEGIAN) == f"'{text}"


@pytest.mark.parametrize("text", ["Ødegård & Sønn", "A=B", "10-20", ""])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe(text, True, NORWEGIAN) == text


def test_a_negative_amount_stays_a_number_in_the_countrys_own_writing() -> None:
    amount = Decimal("-1234.560000")

    assert (safe(amount, True, NORWEGIAN), safe(amount, False, BRITISH)) == ("-1234,56", "-1234.56")


@pytest.mark.django_db
def test_the_file_holds_exactly_the_records_of_the_filter(
    workspace: Workspace, auditor: Client
) -> None:
    workspace.add(3, LinkState.FAILED)
    SourceRecord.objects.filter(number="200003").update(party="=1+1 AS")

    answer = auditor.get("/t/nordlys/records/export/?state=failed")

    text = answer.getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [(row["Number"], row["Party"], row["Amount"]) for row in rows] == [
        ("200003", "'=1+1 AS", "1234,56"),
        ("200002", "Ødegård Frukt AS", "1234,56"),
    ]
