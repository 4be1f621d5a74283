"""A line that keeps the promise, and what the code would be without it."""

from dataclasses import dataclass
from typing import Literal

SYNC = "tests/connector/sync/"
RECOVER = (SYNC + "test_recover.py",)
DOUBTS = (SYNC + "test_recover_doubts.py",)
DELIVER = (SYNC + "test_deliver.py",)
REFUSALS = (SYNC + "test_refusals.py",)
REPLAY = (SYNC + "test_replay.py",)
LANES = (SYNC + "test_lanes.py",)
POLL = (SYNC + "test_poll.py",)
BUDGET = (SYNC + "test_budget.py",)
BOARD_READINGS = (SYNC + "test_board_readings.py",)
RACES = (SYNC + "test_races.py",)
AUDIT = ("tests/connector/test_audit_trail.py",)
DURABILITY = ("tests/connector/test_durability.py",)
KILLS = ("tests/faults/test_kills.py",)
CLIENTS = ("tests/connector/test_clients.py",)
HTTP = ("tests/connector/test_http.py",)
ANSWERS = ("tests/connector/monday",)
FIELDS = ("tests/tenants/test_fields.py",)
DRIFT = (SYNC + "test_drift.py",)
ACTIVATION = (SYNC + "test_activation.py",)
AGEING = (SYNC + "test_ageing.py",)
VANISH = (SYNC + "test_vanish.py",)
BULK = (SYNC + "test_bulk.py",)
SLOWING = (SYNC + "test_slowing.py",)
BULK_DOUBTS = (SYNC + "test_bulk_doubts.py",)
SETTLING = (SYNC + "test_settling.py",)
RECEIPTS = (SYNC + "test_receipts.py",)
RECEIPT_CLAIMS = (SYNC + "test_receipt_claims.py",)
RECEIPT_RULES = (SYNC + "test_receipt_rules.py",)
RECEIPT_RELEASE = (SYNC + "test_receipt_release.py",)
RECEIPT_WAITS = (SYNC + "test_receipt_waits.py",)
LINE_RECEIPTS = (SYNC + "test_line_receipts.py",)
GUARANTEE = (SYNC + "test_guarantee.py",)
RESTORES = ("tests/faults/test_restores.py",)
DOORS = ("tests/connector/webhooks",)
CONNECTIONS = ("tests/connector/console/test_connections.py",)
ACCESS = ("tests/tenants/test_access.py",)
CLUSTERS = ("tests/faults/test_clusters.py",)


@dataclass(frozen=True)
class SafetyLine:
    """``old`` stands exactly once in ``file``; with ``new`` in its place a test must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    database: Literal["sqlite", "postgresql"] = "sqlite"
