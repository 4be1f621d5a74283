"""Cells: what is written for each type of column, and what is refused with which words."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.catalog import Kind
from mappings.columns import (
    NAME_LIMIT,
    WRITABLE,
    CellProblem,
    Column,
    clean,
    decode,
    encode,
    fits,
    landed,
    shorten,
)

STATUS = {
    "labels": [
        {"id": 0, "label": "Working on it", "index": 7},
        {"id": 1, "label": "Open", "index": 2},
        {"id": 2, "label": "open", "index": 3},
        {"id": 3, "label": "Voided", "index": 4, "is_deactivated": True},
        {"id": 5, "label": "", "index": 5},
        {"id": 14, "label": "30", "index": 1},
    ]
}
MARCH = (date(2026, 3, 1), date(2026, 3, 15))
DROPDOWN = {"labels": [{"id": 3, "label": "NOK"}, {"id": 4, "label": "2026"}]}
SETTINGS = {"status": STATUS, "dropdown": DROPDOWN}


def column(type: str) -> Column:
    return Column("c", f"My {type}", type, SETTINGS.get(type, {}))


@pytest.mark.parametrize(
    ("type", "value", "cell"),
    [
        ("text", "Fråkt 😀", "Fråkt 😀"),
        ("text", Decimal("1E+3"), "1000"),
        ("text", date(2026, 7, 14), "2026-07-14"),
        ("text", datetime(2026, 7, 14, 8, 11, 2, 5), "2026-07-14 08:11:02"),  # noqa: DTZ001
        ("text", True, "Yes"),
        ("text", "two \n\tlines", "two lines"),
        ("text", "two  spaces", "two  spaces"),
        ("text", "\x00\x07", None),
        ("long_text", "two\r\nlines", {"text": "two\nlines"}),
        ("numbers", Decimal("1234.7700"), "1234.7700"),
        ("numbers", Decimal("-0.00"), "0"),
        ("numbers", Decimal("1E+18"), "1000000000000000000"),
        ("numbers", Decimal("0.0000000000000000000000000001"), "0.0000000000000000000000000001"),
        ("numbers", 7, "7"),
        ("numbers", "12.50", "12.50"),
        ("date", date(2026, 7, 14), {"date": "2026-07-14"}),
        ("date", datetime(2026, 7, 14, 23, 59), {"date": "2026-07-14"}),  # noqa: DTZ001
        ("date", "2026-07-14T00:00:00", {"date": "2026-07-14"}),
        ("status", "Open", {"label": "Open"}),
        ("status", "open", {"label": "open"}),
        ("status", "WORKING ON IT", {"label": "Working on it"}),
        ("status", "30", {"index": 14}),
        ("dropdown", "nok", {"labels": ["NOK"]}),
        ("dropdown", ["NOK", "NOK"], {"labels": ["NOK"]}),
        ("dropdown", ("NOK", "2026"), {"ids": [3, 4]}),
        ("checkbox", True, {"checked": "true"}),
        ("checkbox", False, None),
        ("checkbox", "Nei", None),
        ("link", "www.nordlys.no", {"url": "https://www.nordlys.no", "text": "www.nordlys.no"}),
        ("link", "http://a.no/b?c=d", {"url": "http://a.no/b?c=d", "text": "http://a.no/b?c=d"}),
        ("email", "post@nordlys.no", {"email": "post@nordlys.no", "text": "post@nordlys.no"}),
        ("email", "a@b.no; c@d.no", {"email": "a@b.no", "text": "a@b.no; c@d.no"}),
        ("phone", "+46 8 123 456 78", {"phone": "+46812345678", "countryShortName": "SE"}),
        ("phone", "0047 22 33 44 55", {"phone": "+4722334455", "countryShortName": "NO"}),
        ("country", "no", {"countryCode": "NO", "countryName": "Norway"}),
        ("country", "United States", {"countryCode": "US", "countryName": "United States"}),
        ("people", "123", {"personsAndTeams": [{"id": 123, "kind": "person"}]}),
        ("timeline", date(2026, 7, 1), {"from": "2026-07-01", "to": "2026-07-01"}),
        ("board_relation", [111, "222", 111], {"item_ids": [111, 222]}),
        ("hour", datetime(2026, 7, 14, 8, 5), {"hour": 8, "minute": 5}),  # noqa: DTZ001
        ("hour", "8:05", {"hour": 8, "minute": 5}),
        ("week", date(2026, 7, 15), {"week": {"startDate": "2026-07-13", "endDate": "2026-07-19"}}),
        ("rating", 4, {"rating": 4}),
        ("tags", "7", {"tag_ids": [7]}),
        ("name", "  Nordlys \n AS ", "Nordlys AS"),
    ],
)
def test_a_value_becomes_the_cell_that_monday_takes(type: str, value: Any, cell: Any) -> None:
    found = encode(column(type), value)

    assert found == cell
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("type", sorted(WRITABLE))
def test_an_empty_value_clears_every_column_and_never_as_an_empty_text(type: str) -> None:
    """An empty text in a numbers column would be stored as 0."""
    cells = [encode(column(type), value) for value in (None, "")]

    assert cells == [{}, {}] if type == "week" else [None, None]


@pytest.mark.parametrize(
    ("type", "value", "code"),
    [
        ("numbers", Decimal("NaN"), "value_unfit"),
        ("numbers", Decimal("Infinity"), "value_unfit"),
        ("numbers", Decimal("1e400"), "value_unfit"),
        ("numbers", Decimal("1e-400"), "value_unfit"),
        ("numbers", "1 234,50", "value_unfit"),
        ("numbers", "007", "value_unfit"),
        ("numbers", True, "value_unfit"),
        ("numbers", date(2026, 7, 14), "value_unfit"),
        ("date", "14.07.2026", "value_unfit"),
        ("date", "2026-02-30", "value_unfit"),
        ("date", Decimal(20260714), "value_unfit"),
        ("status", "Paid", "label_missing"),
        ("status", "Voided", "label_missing"),
        ("status", "5", "label_missing"),
        ("dropdown", "EUR", "label_missing"),
        ("dropdown", ["NOK", "EUR"], "label_missing"),
        ("checkbox", "perhaps", "value_unfit"),
        ("link", "javascript:alert(1)", "value_unfit"),
        ("link", "http://[::1", "value_unfit"),
        ("link", "no address", "value_unfit"),
        ("email", "nobody", "value_unfit"),
        ("phone", "22 33 44 55", "phone_country"),
        ("phone", "+4722", "value_unfit"),
        ("phone", "+47 call me", "value_unfit"),
        ("country", "Norge", "value_unfit"),
        ("people", "Kari", "id_unknown"),
        ("board_relation", "INV-7", "id_unknown"),
        ("hour", "25:00", "value_unfit"),
        ("rating", 6, "value_unfit"),
        ("week", date.max, "value_unfit"),
        ("email", "a@" + "b." * 5000 + "no", "value_unfit"),
        ("link", "https://a.no/" + "x" * 3000, "value_unfit"),
        ("numbers", 12.5, "value_unfit"),
        ("name", "\x00 \n", "name_empty"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_columns_name_and_a_remedy(
    type: str, value: Any, code: str
) -> None:
    with pytest.raises(CellProblem) as caught:
        encode(column(type), value)

    assert caught.value.code == code
    assert caught.value.remedy
    assert type == "name" or code == "phone_country" or f"My {type}" in caught.value.message


def test_a_column_that_monday_fills_by_itself_is_refused() -> None:
    with pytest.raises(CellProblem) as caught:
        encode(column("formula"), "x")

    assert caught.value.code == "column_read_only"


@pytest.mark.parametrize(
    ("country", "value", "phone"),
    [
        ("NO", "22 33 44 55", "+4722334455"),
        ("SE", "08-123 456 78", "+46812345678"),
        ("FI", "(09) 123 4567", "+35891234567"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("NO", "+46 8 123 456 78", "+46812345678"),
    ],
)
def test_a_national_number_takes_the_code_of_the_records_country(
    country: str, value: str, phone: str
) -> None:
    assert encode(column("phone"), value, country=country)["phone"] == phone


# --- labels ---------------------------------------------------------------------------------
def test_a_missing_label_may_be_created_when_the_mapping_says_so() -> None:
    assert encode(column("status"), "Paid", create_labels=True) == {"label": "Paid"}
    assert encode(column("dropdown"), ["NOK", "EUR"], create_labels=True) == {
        "labels": ["NOK", "EUR"]
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [("60", "label_missing"), ("3.5", "label_missing"), ("x" * 31, "label_too_long")],
)
def test_a_label_monday_would_misread_or_refuse_is_never_created(text: str, code: str) -> None:
    with pytest.raises(CellProblem) as caught:
        encode(column("status"), text, create_labels=True)

    assert caught.value.code == code


def test_a_status_column_with_forty_labels_takes_no_more() -> None:
    full = Column(
        "c", "Full", "status", {"labels": [{"id": n, "label": f"L{n}x"} for n in range(40)]}
    )

    with pytest.raises(CellProblem) as caught:
        encode(full, "One more", create_labels=True)

    assert caught.value.code == "labels_full"


def test_labels_of_the_older_settings_text_are_read_too() -> None:
    older = Column("c", "Old", "status", '{"labels": {"1": "Done", "7": "12"}}')

    assert [encode(older, text) for text in ("done", "12")] == [{"label": "Done"}, {"index": 7}]


@pytest.mark.parametrize("settings", [None, "", "not json", "[]", {"labels": [None, {"id": "x"}]}])
def test_settings_nobody_understands_are_a_column_without_labels(settings: Any) -> None:
    with pytest.raises(CellProblem):
        encode(Column("c", "Odd", "status", settings), "Open")


# --- text -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\x00b\x1fc\x7f", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("e\u0301", "é"),
        ("שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧"),
        ("a\u2028b\r\nc\rd", "a\nb\nc\nd"),
        ("\ufeffx", "x"),
    ],
)
def test_text_is_cleaned_without_harm_to_emoji_or_right_to_left(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 255, "x" * 255),
        ("x" * 256, "x" * 254 + "…"),
        ("x" * 253 + " yz", "x" * 253 + "…"),
        ("x" * 253 + "👍👍", "x" * 253 + "…"),
        ("x" * 253 + "e\u0323\u0323", "x" * 253 + "…"),
        ("x" * 250 + "👩‍👩‍👧‍👧", "x" * 250 + "…"),
        ("👍" * 127, "👍" * 127),
    ],
)
def test_a_long_name_is_cut_where_no_letter_is_torn(text: str, expected: str) -> None:
    assert shorten(text, 255) == expected


@given(st.text(max_size=600))
def test_a_shortened_name_fits_however_it_is_counted_and_is_always_the_same(text: str) -> None:
    short = shorten(clean(text), NAME_LIMIT)

    assert len(short) <= NAME_LIMIT
    assert len(short.encode("utf-16-le")) // 2 <= NAME_LIMIT
    assert shorten(short, NAME_LIMIT) == short


@given(st.text(st.characters(), max_size=300))
def test_cleaned_text_can_be_sent_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)

    assert "\x00" not in cleaned
    assert cleaned.encode() or cleaned == ""
    assert clean(cleaned) == cleaned


def test_a_text_column_takes_two_thousand_characters_and_marks_the_cut() -> None:
    cell = encode(column("text"), "x" * 3000)

    assert len(cell) == 2000
    assert cell.endswith("…")


# --- reading back ---------------------------------------------------------------------------
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_every_amount_comes_back_equal(amount: Decimal) -> None:
    numbers = column("numbers")
    cell = encode(numbers, amount)

    assert decode(numbers, {"text": cell}) == landed(numbers, cell) == amount
    assert "E" not in cell.upper()


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_comes_back_the_same_day(day: date) -> None:
    dates = column("date")
    cell = encode(dates, day)

    assert decode(dates, {"text": cell["date"], "value": json.dumps({**cell, "time": None})}) == day


@pytest.mark.parametrize(
    ("type", "read", "value"),
    [
        ("text", {"text": "abc", "value": '"abc"'}, "abc"),
        ("text", {"text": "", "value": None}, None),
        ("numbers", {"text": "", "value": None, "number": None}, None),
        ("numbers", {"text": None, "value": '"42.50"'}, Decimal("42.50")),
        ("date", {"text": "", "value": None, "date": "", "time": ""}, None),
        ("date", {"date": "2026-07-14", "time": "09:00:00"}, datetime(2026, 7, 14, 9)),  # noqa: DTZ001
        ("status", {"text": "Open", "label": "Open", "index": 1}, "Open"),
        ("status", {"text": None, "value": '{"index":14,"post_id":null}'}, "30"),
        ("status", {"text": "", "label": None, "index": 5}, None),
        ("dropdown", {"text": "NOK, 2026"}, ("NOK", "2026")),
        ("dropdown", {"value": '{"ids":[3]}'}, ("NOK",)),
        ("dropdown", {"values": []}, ()),
        ("checkbox", {"text": "v", "value": '{"checked":"true"}'}, True),
        ("checkbox", {"text": "", "value": None, "checked": None}, False),
        ("country", {"text": "Norway", "country": {"code": "NO", "name": "Norway"}}, "NO"),
        ("timeline", {"from": "2026-03-01", "to": "2026-03-15"}, MARCH),
        ("timeline", {"text": "", "from": None, "to": None}, None),
        ("people", {"persons_and_teams": [{"id": "5", "kind": "person"}]}, (5,)),
        ("board_relation", {"text": None, "value": None, "linked_item_ids": ["9", "8"]}, (8, 9)),
        ("hour", {"hour": 8, "minute": 5}, time(8, 5)),
    ],
)
def test_a_cell_is_read_back_from_whatever_monday_gives(
    type: str, read: dict[str, Any], value: Any
) -> None:
    assert decode(column(type), read) == value


# --- fit ------------------------------------------------------------------------------------
def test_a_date_cannot_go_into_a_status_column_and_the_reason_says_so() -> None:
    fit = fits(Kind.DATE, column("status"))

    assert (fit.ok, fit.reason) == (False, "a status column cannot hold a date")


@pytest.mark.parametrize("type", ["formula", "mirror", "file", "last_updated", "brand_new_type"])
def test_nothing_fits_a_column_that_cannot_be_written(type: str) -> None:
    assert not any(fits(kind, column(type)).ok for kind in Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_column_it_fits_well(kind: Kind) -> None:
    assert max(fits(kind, column(type)).strength for type in WRITABLE) >= 85
