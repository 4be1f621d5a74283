"""``manage.py sandbox``: both outside systems simulated on one port, until Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from connector.sandbox.server import SandboxServer

EXAMPLE = """
example:
  manage.py sandbox --port 8801 --state var/sandbox.json
  Then open http://127.0.0.1:8801/ for the credentials, the boards and the company.
"""


class Command(BaseCommand):
    help = "Serve a stand-in of Visma.net and monday.com, with pages to act on both."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs.setdefault("epilog", EXAMPLE)
        kwargs.setdefault("formatter_class", RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8801, help="0 takes any free port")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--state", type=Path, help="file that keeps everything between starts")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same world")
        parser.add_argument("--no-limits", action="store_true", help="enforce no rate limit")

    def handle(self, *args: Any, **options: Any) -> None:
        server = SandboxServer(
            options["port"],
            host=options["host"],
            seed=options["seed"],
            limits=not options["no_limits"],
            state_file=options["state"],
        )
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        with server:
            self.stdout.write(f"Sandbox ready on {server.url}/  (Ctrl-C ends it)")
            self.stdout.flush()
            ended.wait()
        self.stdout.write("Sandbox ended.")
