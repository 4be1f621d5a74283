"""How much is tried: a little in ``make test``, as much as one likes in ``make soak``."""

import os

from django.db import connection

from tests.plan import SHARED


def rounds(usual: int) -> range:
    """Seeds: so many usually, ``ROUNDS`` of them where that is set."""
    return range(int(os.environ.get("ROUNDS", usual)))


def seeds(usual: int, *, apart: int) -> range:
    """Seeds from ``FIRST_SEED`` on, ``SEEDS`` of them.

    Usually so many, and PostgreSQL's begin ``apart`` later: twice as many for the same time.
    """
    usual = -(-usual // 2) if SHARED else usual  # of which the databases then play one in turn
    first = os.environ.get("FIRST_SEED", 0 if connection.vendor == "sqlite" else apart)
    return range(int(first), int(first) + int(os.environ.get("SEEDS", usual)))


def stride(usual: int) -> int:
    """Of so many things in a row one is tried for each seed."""
    return int(os.environ.get("STRIDE", usual))
