"""The sandbox in a process of its own, so that its work is not counted as ours.

``python -m tests.benchmarks.outside INVOICES`` prints its address and serves until it is stopped.
"""

import signal
import sys
import threading

from connector.sandbox.server import SandboxServer
from connector.sandbox.world import MONDAY_ACCOUNT_ID


def main(invoices: int, tier: str, limits: bool) -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with SandboxServer(limits=limits) as server:
        server.monday.limits.use_tier(tier)
        server.visma.quirks.calls_per_hour = 1_000_000
        for board in server.monday.account.boards.values():
            board.items_limit = 1_000_000
        if invoices:
            server.visma.grow(invoices=invoices)
        print(server.url, MONDAY_ACCOUNT_ID, flush=True)  # noqa: T201
        ended.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3] == "limits")
