"""The list of safety lines agrees with the code, so that the mutation check removes real lines."""

from pathlib import Path

import pytest

from tests.faults.safety import LINES
from tests.faults.safety.line import SafetyLine

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
def test_a_safety_line_stands_once_in_the_file_it_is_said_to_stand_in(line: SafetyLine) -> None:
    assert (ROOT / line.file).read_text().count(line.old) == 1
    assert all((ROOT / path).exists() for path in line.tests)


def test_no_two_safety_lines_have_one_name() -> None:
    names = [line.name for line in LINES]

    assert len(set(names)) == len(names)


def test_every_safety_line_is_named_in_the_document() -> None:
    text = " ".join((ROOT / "docs" / "reliability.md").read_text().split())

    assert [line.name for line in LINES if line.name not in text] == []
