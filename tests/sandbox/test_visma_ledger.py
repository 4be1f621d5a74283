"""Accounts, dimensions, employees, and the journal with pages that count lines."""

from collections import Counter
from typing import Any

import pytest

from tests.sandbox.visma_caller import Row, VismaCaller

JOURNAL = "/v2/journaltransaction"
POSTINGS = "/v1/GeneralLedgerTransactions"
LONG_AGO = "2020-01-01"


def lines_of(rows: list[Row]) -> list[tuple[str, str, int]]:
    return [
        (row["module"], row["batchNumber"], line["lineNumber"])
        for row in rows
        for line in row["journalTransactionLines"]
    ]


def test_accounts_come_in_one_answer_whatever_page_is_asked_for(visma: VismaCaller) -> None:
    rows = visma.rows("/v1/account", pageNumber=2, pageSize=10)

    assert len(rows) > 130
    assert "metadata" not in rows[0]
    assert {row["type"] for row in rows} == {"Asset", "Liability", "Income", "Expense"}


def test_a_closed_account_stays_in_the_list(visma: VismaCaller) -> None:
    visma.sandbox.edit_account("6900", active=False, description="Telefon (utgått)")

    row = visma.get("/v1/account/6900").body
    closed = visma.rows("/v1/account", active="false")
    assert (row["active"], row["description"]) == (False, "Telefon (utgått)")
    assert {each["accountCD"] for each in closed} == {"6820", "7840", "6900"}


def test_the_date_filter_works_on_unpaged_lists(visma: VismaCaller) -> None:
    start = visma.sandbox.company.stamps.now().strftime("%Y-%m-%dT%H:%M:%S")
    visma.sandbox.add_account("6901", "Mobiltelefon")

    rows = visma.rows("/v1/account", lastModifiedDateTime=start, lastModifiedDateTimeCondition=">=")

    assert [row["accountCD"] for row in rows] == ["6901"]


def test_dimensions_are_names_and_values_come_when_asked_for(visma: VismaCaller) -> None:
    names = visma.get("/v1/dimension").body
    plain = visma.get("/v1/dimension/subaccount").body
    full = visma.get("/v1/dimension/SUBACCOUNT", expandSegmentsValues="true").body

    assert names == ["BIZACCT", "INVENTORY", "PROJECT", "SUBACCOUNT"]
    assert [part["segmentValues"] for part in plain["segments"]] == [None, None]
    assert [len(part["segmentValues"]) for part in full["segments"]] == [4, 3]
    assert "lastModifiedDateTime" not in full


def test_a_dimension_value_is_added_renamed_and_closed(visma: VismaCaller) -> None:
    visma.sandbox.add_dimension_value("PROJECT", 1, "P900", "Nytt prosjekt")
    visma.sandbox.edit_dimension_value("PROJECT", 1, "P900", description="Nytt navn", active=False)

    values = visma.get("/v1/dimension/PROJECT/1").body["segmentValues"]
    fresh = next(each for each in values if each["valueId"] == "P900")
    assert (fresh["description"], fresh["active"]) == ("Nytt navn", False)
    assert fresh["lastModified"] == max(each["lastModified"] for each in values)


def test_every_branch_and_subaccount_is_there(visma: VismaCaller) -> None:
    assert [row["number"] for row in visma.rows("/v1/branch")] == ["1", "2", "3"]
    assert "mainAddress" not in visma.rows("/v1/branch")[0]
    assert len(visma.rows("/v1/subaccount")) == 12
    assert visma.get("/v1/subaccount/100-10").body["segments"][0]["segmentValue"] == "100"


def test_employees_have_names_of_their_own(visma: VismaCaller) -> None:
    rows = visma.rows("/v1/employee")

    assert len({row["employeeName"] for row in rows}) == len(rows) == 26


def test_the_journal_wants_a_period_or_a_date(visma: VismaCaller) -> None:
    assert visma.get(JOURNAL, pageNumber=1, pageSize=100).status == 400


def test_pages_of_the_journal_count_lines_and_split_batches(visma: VismaCaller) -> None:
    total = visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO)[0]["metadata"]["totalCount"]
    pages: list[list[Row]] = []
    while not pages or pages[-1]:
        number = len(pages) + 1
        pages.append(
            visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, pageNumber=number, pageSize=37)
        )
    counted = Counter(line for page in pages for line in lines_of(page))
    batches = [(row["module"], row["batchNumber"]) for page in pages for row in page]

    assert len(counted) == total == sum(counted.values())
    assert {len(lines_of(page)) for page in pages[:-2]} == {37}
    assert max(Counter(batches).values()) >= 2


def test_module_and_number_are_the_key_of_a_batch(visma: VismaCaller) -> None:
    rows = visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, pageSize=5000)

    numbers = Counter(row["batchNumber"] for row in rows)
    assert numbers["000001"] == 3
    assert visma.get(f"{JOURNAL}/000001").body["module"] == "ModuleGL"


def test_every_batch_is_in_balance(visma: VismaCaller) -> None:
    for row in visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, pageSize=5000):
        lines = row["journalTransactionLines"]
        debit = sum(line["debitAmount"] for line in lines)
        assert debit == sum(line["creditAmount"] for line in lines) == row["debitTotal"]


@pytest.mark.parametrize(
    ("query", "field", "values"),
    [
        ({"module": "AP"}, "module", {"ModuleAP"}),
        ({"status": "Unreleased"}, "status", {"Hold", "Balanced"}),
        ({"branch": "2"}, "branch", {"2"}),
    ],
)
def test_the_journal_is_filtered(
    visma: VismaCaller, query: dict[str, Any], field: str, values: set[str]
) -> None:
    rows = visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, **query)

    assert {row[field] for row in rows} == values


def test_a_released_invoice_is_posted_and_a_void_reverses_it(visma: VismaCaller) -> None:
    number = visma.invoice_with("Balanced")["referenceNumber"]
    visma.sandbox.change_status(number, "Open")
    visma.sandbox.void_invoice(number)

    batches = [
        row
        for row in visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, module="AP", pageSize=5000)
        if row["journalTransactionLines"][0]["referenceNumber"] == number
    ]

    assert [row["reversingEntry"] for row in batches] == [False, True]
    assert batches[0]["debitTotal"] == batches[1]["debitTotal"] > 0


def test_postings_want_a_ledger(visma: VismaCaller) -> None:
    assert visma.get(POSTINGS).status == 400
    assert visma.rows(POSTINGS, ledger="9") == []


def test_postings_are_one_row_per_posted_line(visma: VismaCaller) -> None:
    posted = visma.rows(JOURNAL, lastModifiedDateTime=LONG_AGO, status="Posted", pageSize=5000)

    rows = visma.rows(POSTINGS, ledger="1", pageSize=5000)
    more = visma.rows(POSTINGS, ledger="1", includeUnreleased="true", includeUnposted="true")

    assert len(rows) == len(lines_of(posted))
    assert more[0]["metadata"]["totalCount"] == len(rows) + 6
    assert sum(row["debitAmount"] - row["creditAmount"] for row in rows) == 0


def test_postings_are_filtered_by_account_and_period(visma: VismaCaller) -> None:
    period = visma.rows(POSTINGS, ledger="1")[0]["period"]

    rows = visma.rows(POSTINGS, ledger="1", account="2400", fromPeriod=period, toPeriod=period)

    assert rows
    assert {(row["account"]["number"], row["period"]) for row in rows} == {("2400", period)}
    assert {row["account"]["type"] for row in rows} == {None}


def test_everything_grows_beyond_three_hundred(visma: VismaCaller) -> None:
    visma.sandbox.grow(
        suppliers=300, orders=300, customers=300, accounts=300, subaccounts=300,
        dimension_values=300, employees=300, customer_documents=20,
    )  # fmt: skip

    sizes = {entity: len(table) for entity, table in visma.sandbox.company.tables.items()}
    projects = visma.get("/v1/dimension/PROJECT/1").body["segmentValues"]
    assert all(
        sizes[entity] >= 300
        for entity in ("supplier", "purchase_order", "customer", "account", "employee")
    )
    assert sizes["subaccount"] == 312
    assert len({each["valueId"] for each in projects}) == 308
    with pytest.raises(ValueError, match="none of"):
        visma.sandbox.grow(elephants=1)
