"""Poll, deliver and settle in the foreground until nothing is due."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from connector.sync import foreground
from mappings.catalog import ENTITIES
from tenants.models import Tenant


class Command(ExampleCommand):
    help = (
        "Read what changed in Visma, write it to the boards, and print the account. "
        "Exit 0: all delivered; 1: something failed, is uncertain or waits; 2: bad usage."
    )
    example = "manage.py sync nordlys --entity supplier_invoice --json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser)
        parser.add_argument("--entity", default="", help=f"one of: {', '.join(ENTITIES)}")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--full", action="store_true", help="read everything again")
        which.add_argument(
            "--from",
            dest="since",
            type=_day,
            metavar="DATE",
            help="read what Visma changed since a day, such as 2026-01-31; an earlier day than "
            "was read up to reads again, and the first reading of all begins there",
        )
        parser.add_argument("--json", action="store_true", help="print the account as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = find_tenant(options["slug"])
        if options["entity"] and options["entity"] not in ENTITIES:
            raise CommandError(
                f"“{options['entity']}” is not an entity. Entities: {', '.join(ENTITIES)}.",
                returncode=2,
            )
        account = _account(tenant, options)
        if options["json"]:
            self.say_json(_as_json(account))
        else:
            self._print(account)
        if not account.is_clean:
            sys.exit(1)

    def _print(self, account: foreground.Account) -> None:
        for name, number in account.counts.items():
            self.stdout.write(f"{name:>14}  {number}")
        self.stdout.write(f"{'monday calls':>14}  {account.monday_calls}")
        self.stdout.write(f"{'Visma calls':>14}  {account.visma_calls}")
        self.stdout.write(f"{'seconds':>14}  {account.seconds}")
        for problem in account.problems:
            self.stdout.write(f"\n{problem.count} × {problem.happened}\n  {problem.remedy}")
        for error in account.errors:
            self.stdout.write(f"\n{error.happened}\n  {error.remedy}")


def _account(tenant: Tenant, options: dict[str, Any]) -> foreground.Account:
    try:
        with _bar(quiet=options["json"]) as progress:
            return foreground.sync(
                tenant,
                entity=options["entity"],
                full=options["full"],
                since=options["since"] or "",
                progress=progress,
            )
    except foreground.NothingActive as nothing:
        raise CommandError(str(nothing), returncode=2) from None


def _as_json(account: foreground.Account) -> dict[str, Any]:
    return {
        **account.counts,
        "monday_calls": account.monday_calls,
        "visma_calls": account.visma_calls,
        "seconds": account.seconds,
        "problems": [asdict(problem) for problem in account.problems],
        "errors": [
            {"code": error.code, "happened": error.happened, "remedy": error.remedy}
            for error in account.errors
        ],
    }


def _day(text: str) -> str:
    """The beginning of a day as Visma writes times."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day such as 2026-01-31") from None
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise ArgumentTypeError(f"{text} is in the future: nothing can have changed since")
    return f"{day}T00:00:00.000"


@contextmanager
def _bar(*, quiet: bool) -> Iterator[foreground.Progress]:
    """Bars on a terminal; elsewhere a line for each tenth of the way."""
    if quiet:
        yield lambda what, done, total: None
    elif sys.stderr.isatty():
        from connector.management.bars import bars  # takes a tenth of a second to import

        with bars() as shown:
            yield shown
    else:
        yield _Lines()


class _Lines:
    def __init__(self) -> None:
        self.told = ("", -1)

    def __call__(self, what: str, done: int, total: int) -> None:
        tenth = (what, 10 * done // total if total else 10)
        if tenth != self.told:
            self.told = tenth
            print(f"{what}: {done} of {total}", file=sys.stderr)  # noqa: T201
