"""`manage.py suggest`: what it prints for people and for programs, and what it refuses."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

BOARD = [
    {"id": "due", "title": "Förfallodatum", "type": "date"},
    {"id": "state", "title": "Status", "type": "status", "labels": ["Öppen", "Stängd"]},
    {"title": "Owner", "type": "people"},
]


@pytest.fixture
def board(tmp_path: Path) -> str:
    file = tmp_path / "board.json"
    file.write_text(json.dumps(BOARD), "utf-8")
    return str(file)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("suggest", *arguments, stdout=out)
    return out.getvalue()


def test_every_column_is_printed_with_field_strength_and_reason(board: str) -> None:
    lines = run("supplier_invoice", "--columns", board).splitlines()

    assert lines[0].startswith("Förfallodatum (date): Due date [dueDate] 96 high. “Förfallodatum”")
    assert "transform map:Open=Öppen;Closed=Stängd" in lines[1]
    assert lines[2].startswith("Owner (people): nothing.")


def test_programs_get_every_column_in_order_with_null_for_silence(board: str) -> None:
    found: list[dict[str, Any]] = json.loads(run("supplier_invoice", "--columns", board, "--json"))

    assert [(each["id"], each["field"]) for each in found] == [
        ("due", "dueDate"),
        ("state", "status"),
        ("column_2", None),
    ]
    assert all(isinstance(each["strength"], int) and each["reason"] for each in found)


def test_samples_count_when_they_are_given(board: str, tmp_path: Path) -> None:
    file = tmp_path / "samples.json"
    file.write_text(json.dumps([{"dueDate": "2026-07-14T00:00:00"}]))

    assert "1 of 1 sample values fit" in run(
        "supplier_invoice", "--columns", board, "--samples", str(file)
    )


def test_the_golden_table_is_scored_for_one_entity_or_all() -> None:
    scores = json.loads(run("--golden", "--json"))

    assert scores["supplier_invoice"]["share"] >= 0.95
    assert run("supplier", "--golden").startswith("supplier: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ('{"boards": []}', "must hold a list of columns"),
        ('[{"title": "x"}]', "Column 1 needs a title and a type"),
        ("[7]", "Column 1 needs a title and a type"),
    ],
)
def test_a_file_that_is_no_list_of_columns_is_bad_usage(
    content: str, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "board.json"
    file.write_text(content)

    with pytest.raises(CommandError, match=words) as caught:
        run("supplier_invoice", "--columns", str(file))

    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [[], ["supplier_invoice"], ["unicorn", "--golden"], ["supplier", "--columns", "/nowhere"]],
)
def test_a_call_that_says_too_little_is_bad_usage(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments)

    assert caught.value.returncode == 2
