"""Figures: one line of JSON for each schedule or series of kills, for whoever adds them up."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import connection


def note(seed: str, violations: Sequence[str], figures: Mapping[str, int]) -> None:
    """Add a line to the file that ``FIGURES`` names, if it does."""
    if "FIGURES" not in os.environ:
        return
    line = {
        "seed": seed,
        "database": connection.vendor,
        "violations": list(violations),
        **figures,
    }
    with Path(os.environ["FIGURES"]).open("a") as file:
        file.write(json.dumps(line) + "\n")
