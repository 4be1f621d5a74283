"""As no-code tools do: for each record look whether its item is there, then write it.

``python -m tests.benchmarks.one_by_one URL`` prints how many calls it made.
"""

import sys

from tests.benchmarks.outsider import Outsider

FIND = """query ($board: ID!, $column: String!, $key: String!) {
  items_page_by_column_values(board_id: $board, limit: 1,
    columns: [{column_id: $column, column_values: [$key]}]) { items { id } }
}"""
CREATE = """mutation ($board: ID!, $name: String!, $cells: JSON) {
  create_item(board_id: $board, item_name: $name, column_values: $cells,
    create_labels_if_missing: true) { id }
}"""


def main(url: str) -> None:
    tool = Outsider(url)
    written = 0
    for row in tool.invoices():
        there = {"board": tool.board, "column": tool.columns["Visma key"], "key": tool.key(row)}
        if not tool.monday(FIND, there)["items_page_by_column_values"]["items"]:
            item = {"board": tool.board, "name": tool.name(row), "cells": tool.cells(row)}
            tool.monday(CREATE, item)
            written += 1
    sys.stdout.write(f'{{"monday_calls": {tool.calls}, "created": {written}}}')


if __name__ == "__main__":
    main(sys.argv[1])
