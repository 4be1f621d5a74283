"""What the operator's commands share: finding the tenant, printing, help with an example."""

import json
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.keys import WrongKeys, require_right_keys
from tenants.models import Tenant

INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C has ended


class ExampleCommand(BaseCommand):
    """A command whose ``--help`` ends with ``example``, and that ends quietly when told to."""

    example = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = f"example:\n  {self.example}"
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Nothing is lost: start it again and it goes on.")
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # Whoever reads the output has enough, such as head; nor is there one for Python to
            # flush at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)

    def say_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, indent=2, default=_told, ensure_ascii=False))


def _told(value: Any) -> str:
    """Times as ISO 8601, which other programs read."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def add_tenant(parser: ArgumentParser, *, optional: bool = False) -> None:
    parser.add_argument("slug", nargs="?" if optional else None, help="the tenant’s short name")


def find_tenant(slug: str, *, opens_secrets: bool = True) -> Tenant:
    """Raises CommandError with exit 2; also where the keys are wrong and secrets are needed."""
    try:
        if opens_secrets:
            require_right_keys()
    except WrongKeys as error:
        raise CommandError(str(error), returncode=2) from None
    try:
        return Tenant.objects.get(slug=slug)
    except Tenant.DoesNotExist:
        known = ", ".join(Tenant.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(
            f"There is no tenant “{slug}”. Tenants: {known}.", returncode=2
        ) from None
