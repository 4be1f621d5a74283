"""Set up or change a tenant from a file: members, connections and mappings."""

import getpass
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand
from connector.tenant_file.outside import Outside
from connector.tenant_file.plan import ImportPlan, Step, plan_import
from connector.tenant_file.problems import TenantFileError
from connector.tenant_file.store import store
from tenants.keys import WrongKeys, require_right_keys
from tenants.models import Tenant

DONE = {"create": "created", "change": "changed", "keep": "unchanged"}
WOULD = {"create": "would be created", "change": "would be changed", "keep": "stays"}


class Command(ExampleCommand):
    help = (
        "Set up or change a tenant from a JSON file (docs/tenant-file.md). Importing it again "
        "changes nothing; what it does not name stays as it is. If anything in it is wrong, every "
        "problem is named and nothing is changed. Exit 0: done; 1: refused; 2: bad usage."
    )
    example = "manage.py tenant_import nordlys.json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the tenant file; - reads standard input")
        parser.add_argument(
            "--offline",
            action="store_true",
            help="ask nothing of Visma and monday; mappings whose board was never read wait",
        )
        parser.add_argument(
            "--new-only", action="store_true", help="leave a tenant alone that is there already"
        )
        parser.add_argument(
            "--check", action="store_true", help="only say what would be done; change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = _read(options["file"])
        outside = None if options["offline"] else Outside()
        try:
            require_right_keys()
            if options["new_only"] and Tenant.objects.filter(slug=_slug(raw)).exists():
                self.stdout.write("The tenant is there already and was left as it is.")
                return
            plan = plan_import(raw, environ=os.environ, outside=outside)
            if options["check"]:
                self._print(plan, list(plan.steps()), WOULD)
            else:
                self._print(plan, store(plan, actor=_actor()), DONE)
        except WrongKeys as problem:
            raise CommandError(str(problem)) from None
        except TenantFileError as refused:
            self._refuse(options["file"], refused)

    def _print(self, plan: ImportPlan, steps: list[Step], verbs: dict[str, str]) -> None:
        for step in steps:
            self.stdout.write(f"{step.kind} “{step.name}” {verbs[step.verb]}")
        for note in plan.notes:
            self.stdout.write(f"note: {note}")

    def _refuse(self, name: str, refused: TenantFileError) -> None:
        for problem in refused.problems:
            self.stderr.write(str(problem))
        count = len(refused.problems)
        raise CommandError(
            f"{name} is refused: {count} problem{'s' if count > 1 else ''}. Nothing was changed."
        )


def _slug(raw: bytes) -> str:
    """Empty where the file is not what it should be; the plan says so with its path."""
    try:
        return str(json.loads(raw)["tenant"]["slug"])
    except (ValueError, KeyError, TypeError):
        return ""


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from None


def _actor() -> str:
    """Who signs the audit entries; a container may run under a number without a name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"{name} (tenant_import)"
