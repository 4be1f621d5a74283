"""A dlt pipeline with a destination of its own, tuned in its favour.

Batches of 25 aliases with an idempotency key, no look-ups, no audit, no limits, one run into an
empty board. ``python -m tests.benchmarks.pipeline URL`` in the environment that holds dlt.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import dlt

from tests.benchmarks.outsider import Outsider

BATCH = 25


def create(tool: Outsider, rows: list[dict[str, Any]]) -> None:
    declared = ", ".join(f"$n{i}: String!, $c{i}: JSON" for i in range(len(rows)))
    fields = "\n".join(
        f"a{i}: create_item(board_id: $board, item_name: $n{i}, column_values: $c{i}, "
        "create_labels_if_missing: true) { id }"
        for i in range(len(rows))
    )
    variables = {"board": tool.board}
    for i, row in enumerate(rows):
        variables |= {f"n{i}": row["name"], f"c{i}": row["cells"]}
    text = f"mutation ($board: ID!, {declared}) {{ {fields} }}"
    key = hashlib.sha256(json.dumps(variables).encode()).hexdigest()
    tool.monday(text, variables, key)


def main(url: str) -> None:
    tool = Outsider(url)
    written = 0

    def invoices() -> Iterator[dict[str, str]]:
        for row in tool.invoices():
            yield {"key": tool.key(row), "name": tool.name(row), "cells": tool.cells(row)}

    def write(items: list[dict[str, Any]], table: dict[str, Any]) -> None:
        nonlocal written
        create(tool, items)
        written += len(items)

    board = dlt.destination(
        write, name="board", batch_size=BATCH, loader_parallelism_strategy="sequential"
    )
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("invoices", destination=board, pipelines_dir=folder)
        pipeline.run(dlt.resource(invoices, name="invoices", write_disposition="append"))
    sys.stdout.write(f'{{"monday_calls": {tool.calls}, "created": {written}}}')


if __name__ == "__main__":
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    main(sys.argv[1])
