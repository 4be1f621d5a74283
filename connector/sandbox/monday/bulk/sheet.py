"""The uploaded file: header and rows, or why the whole of it is refused."""

import csv
import io
from dataclasses import dataclass

from connector.sandbox.monday.bulk.cells import FORMATS
from connector.sandbox.monday.state import Board

MOST_ROWS = 10_000
LARGEST = 150_000_000  # bytes
MOST_RELATIONS = 5  # connect-boards columns in one file


class UploadRefusedError(Exception):
    """``reason`` is one of monday's failure reasons."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Row:
    """``line`` counts data rows from 1. ``cells`` leaves out what was empty: unchanged."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def read_sheet(body: bytes, board: Board) -> list[Row]:
    if len(body) > LARGEST:
        raise UploadRefusedError("FILE_TOO_LARGE", "The file is larger than 150 MB")
    try:
        lines = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as why:
        raise UploadRefusedError("INVALID_UPLOAD", f"Not a UTF-8 CSV file: {why}") from None
    if not lines:
        raise UploadRefusedError("INVALID_UPLOAD", "The file is empty")
    if len(lines) - 1 > MOST_ROWS:
        raise UploadRefusedError("FILE_TOO_LARGE", f"The file has more than {MOST_ROWS} rows")
    header = lines[0]
    _check_header(header, board)
    return [_row(number, header, line) for number, line in enumerate(lines[1:], 1)]


def _check_header(header: list[str], board: Board) -> None:
    if header[0] != "name":
        raise UploadRefusedError("INVALID_UPLOAD", "The first column must be name")
    if len(set(header)) < len(header):
        raise UploadRefusedError("INVALID_UPLOAD", "A column is named twice")
    for column_id in header[1:]:
        column = board.columns.get(column_id)
        if column is None:
            raise UploadRefusedError("INVALID_UPLOAD", f"Column {column_id} is not on the board")
        if column.type not in FORMATS:
            words = f"Column {column_id} of type {column.type} can't be imported"
            raise UploadRefusedError("INVALID_UPLOAD", words)
    relations = [each for each in header if board.columns[each].type == "board_relation"]
    if len(relations) > MOST_RELATIONS:
        raise UploadRefusedError("INVALID_UPLOAD", "More than 5 connect boards columns")


def _row(line: int, header: list[str], values: list[str]) -> Row:
    if len(values) != len(header):
        return Row(line, {}, f"{len(values)} cells, {len(header)} expected")
    return Row(line, {name: value for name, value in zip(header, values, strict=True) if value})
