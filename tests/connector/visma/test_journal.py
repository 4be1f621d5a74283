"""Journal batches whose lines come on several pages: whole, exact, or not at all."""

from decimal import Decimal
from typing import Any

import pytest

from connector.errors import TryAgain
from connector.visma.resources import RESOURCES
from connector.visma.rows import Page, Row, Start

from .conftest import Visma

JOURNAL = RESOURCES["journal_transaction"]
ENTRIES = RESOURCES["gl_entry"]


def batch(number: str, *lines: int, module: str = "GL") -> dict[str, Any]:
    return {
        "module": f"Module{module}",
        "batchNumber": number,
        "lastModifiedDateTime": "2026-11-20T10:00:00",
        "timeStamp": f"stamp-{number}",
        "journalTransactionLines": [{"lineNumber": n, "debitAmount": n} for n in lines],
    }


def answer(visma: Visma, *batches: dict[str, Any], total: int, size: int) -> None:
    found = [dict(each) for each in batches]
    found[0]["metadata"] = {"totalCount": total, "maxPageSize": size}
    visma.answers_with(found)


def read(visma: Visma, start: Start | None = None) -> list[Page]:
    return list(visma.client.pages(JOURNAL, since=None, start=start))


def shape(rows: tuple[Row, ...]) -> dict[str, list[int]]:
    return {
        row.key: [line["lineNumber"] for line in row.payload["journalTransactionLines"]]
        for row in rows
    }


def test_a_batch_split_over_three_pages_is_given_once_and_whole(visma: Visma) -> None:
    answer(visma, batch("1", 1, 2), batch("2", 1), total=8, size=3)
    answer(visma, batch("2", 2, 3, 4), total=8, size=3)
    answer(visma, batch("2", 5), batch("3", 1), total=8, size=3)

    pages = read(visma)

    assert [shape(page.rows) for page in pages] == [
        {"ModuleGL:1": [1, 2]},
        {},
        {"ModuleGL:2": [1, 2, 3, 4, 5], "ModuleGL:3": [1]},
    ]
    assert [page.units for page in pages] == [3, 3, 2]
    assert [page.last for page in pages] == [False, False, True]


def test_what_stands_beside_the_lines_is_the_batch_s_own(visma: Visma) -> None:
    answer(visma, batch("1", 2, 1), total=2, size=10)

    [row] = read(visma)[0].rows

    assert row.payload == {
        "module": "ModuleGL",
        "batchNumber": "1",
        "lastModifiedDateTime": "2026-11-20T10:00:00",
        "timeStamp": "stamp-1",
        "journalTransactionLines": [
            {"lineNumber": 1, "debitAmount": 1},
            {"lineNumber": 2, "debitAmount": 2},
        ],
    }
    assert (row.modified_at, row.etag) == ("2026-11-20T10:00:00", "stamp-1")


def test_two_modules_may_share_a_number(visma: Visma) -> None:
    answer(visma, batch("1", 1, module="AP"), batch("1", 1, 2), total=3, size=10)

    assert shape(read(visma)[0].rows) == {"ModuleAP:1": [1], "ModuleGL:1": [1, 2]}


def test_a_line_that_moved_to_the_next_page_counts_once(visma: Visma) -> None:
    answer(visma, batch("1", 1, 2, 3), total=5, size=3)
    answer(visma, batch("1", 3, 4), batch("2", 1), total=5, size=3)
    visma.answers_with([])

    pages = read(visma)

    assert shape(pages[1].rows) == {"ModuleGL:1": [1, 2, 3, 4]}
    assert shape(pages[2].rows) == {"ModuleGL:2": [1]}
    assert sum(page.units for page in pages) == 5


def test_a_short_page_is_not_the_last(visma: Visma) -> None:
    answer(visma, batch("1", 1), total=3, size=2)
    answer(visma, batch("1", 2, 3), total=3, size=2)

    assert [shape(page.rows) for page in read(visma)] == [{}, {"ModuleGL:1": [1, 2, 3]}]


def test_a_batch_that_goes_on_after_it_ended_is_read_again(visma: Visma) -> None:
    answer(visma, batch("1", 1), batch("2", 1), total=4, size=2)
    answer(visma, batch("1", 2), batch("3", 1), total=4, size=2)

    with pytest.raises(TryAgain):
        read(visma)


@pytest.mark.parametrize("lines", [None, "x", [7]])
def test_a_batch_without_readable_lines_is_no_batch_without_lines(visma: Visma, lines: Any) -> None:
    visma.answers_with([batch("1") | {"journalTransactionLines": lines}])

    with pytest.raises(TryAgain):
        read(visma)


def test_a_reading_that_stopped_goes_back_to_where_the_open_batch_began(visma: Visma) -> None:
    answer(visma, batch("2", 2, 3), total=7, size=2)  # page 2, read again
    answer(visma, batch("1", 1), batch("2", 1), total=7, size=2)  # page 1, read again
    answer(visma, batch("2", 4), batch("3", 1), total=7, size=2)  # page 3
    answer(visma, batch("3", 2), total=7, size=2)

    met = {"ModuleGL:1"}
    pages = read(visma, Start(number=3, size=2, seen=4, total=7, met=met.__contains__))

    assert [page.number for page in pages] == [3, 4]
    assert shape(pages[0].rows) == {"ModuleGL:2": [1, 2, 3, 4]}
    assert shape(pages[1].rows) == {"ModuleGL:3": [1, 2]}
    asked = [request.args["pageNumber"] for request in visma.requests]
    assert asked == ["2", "1", "3", "4"]


def test_after_a_stop_a_batch_given_before_is_not_given_in_part(visma: Visma) -> None:
    answer(visma, batch("2", 1), batch("3", 1), total=4, size=2)  # page 1, read again
    answer(visma, batch("1", 2), batch("3", 2), total=4, size=2)  # page 2: batch 1 was given

    with pytest.raises(TryAgain):
        read(visma, Start(number=2, size=2, seen=2, total=4, met={"ModuleGL:1"}.__contains__))


def test_entries_are_single_lines_with_their_batch_beside(visma: Visma) -> None:
    answer(visma, batch("1", 1, 2), total=3, size=2)
    answer(visma, batch("1", 3), total=3, size=2)

    rows = [row for page in visma.client.pages(ENTRIES, since=None) for row in page.rows]

    assert [row.key for row in rows] == ["ModuleGL:1:1", "ModuleGL:1:2", "ModuleGL:1:3"]
    assert rows[2].payload["batch"]["batchNumber"] == "1"
    assert "journalTransactionLines" not in rows[2].payload["batch"]
    assert rows[0].modified_at == "2026-11-20T10:00:00"


def test_amounts_keep_their_digits_in_both(visma: Visma) -> None:
    raw = b"""[{"module": "ModuleGL", "batchNumber": "1", "journalTransactionLines":
      [{"lineNumber": 1, "debitAmount": 0.1000}]}]"""
    visma.answers_with(raw)
    visma.answers_with([])

    [row] = read(visma)[1].rows

    assert str(row.payload["journalTransactionLines"][0]["debitAmount"]) == "0.1000"
    assert isinstance(row.payload["journalTransactionLines"][0]["debitAmount"], Decimal)
