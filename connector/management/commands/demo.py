"""``manage.py demo``: everything running on a sandbox, for a look around."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from connector.demo.folder import AlreadyRunning, DemoFolder
from connector.demo.run import Demo, DemoProblem
from connector.management.arguments import ExampleCommand


class Command(ExampleCommand):
    help = (
        "Run everything on a sandbox of Visma.net and monday.com, until Ctrl-C. "
        "Its database and keys lie in a folder of its own."
    )
    example = "manage.py demo --port 8080"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the web pages")
        parser.add_argument("--sandbox-port", type=int, default=8801, help="port of the sandbox")
        parser.add_argument("--folder", type=Path, default=Path("var/demo"), help="its own folder")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = DemoFolder(options["folder"])
        try:
            with folder.lock():
                Demo(
                    folder,
                    say=self.say,
                    web_port=options["port"],
                    sandbox_port=options["sandbox_port"],
                ).run()
        except (AlreadyRunning, DemoProblem) as problem:
            raise CommandError(str(problem)) from None

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
