"""Seal every stored secret with the first key of FIELD_ENCRYPTION_KEYS."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from tenants import rotation

STEPS = """\
to change keys while everything runs:
  1. add the new key at the end of FIELD_ENCRYPTION_KEYS on every host, and restart
  2. move it to the front on every host, and restart
  3. manage.py rotate_keys
  4. manage.py rotate_keys --check
  5. when that succeeds, remove the old key on every host, and restart
  (a single host whose web and workers restart together may begin with step 2)

when a key is lost for good:
  manage.py rotate_keys --forget-unreadable, then enter the emptied credentials anew

example:
  manage.py rotate_keys --check
"""


class Command(BaseCommand):
    help = (
        "Seal every stored secret with the first key of FIELD_ENCRYPTION_KEYS. Safe while the "
        "web and the workers run; stopped half-way, everything stays readable."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = STEPS
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; succeed only if the first key alone opens everything",
        )
        parser.add_argument(
            "--forget-unreadable",
            action="store_true",
            help="empty the secrets that no key opens; shows them first, acts with --yes",
        )
        parser.add_argument("--yes", action="store_true", help="really empty them")

    def handle(self, *args: Any, **options: Any) -> None:
        only_look = options["check"] or options["forget_unreadable"]
        with _progress(rotation.secrets_stored()) as seen:
            count = rotation.rotate(dry=only_look, seen=seen)
        if options["forget_unreadable"]:
            self._forget(count.unreadable, sure=options["yes"])
            return
        self._require_none_left(count)
        self.stdout.write(_sentence(count, checked=options["check"]))

    def _forget(self, lost: list[rotation.Unreadable], *, sure: bool) -> None:
        for secret in lost:
            self.stdout.write(f"No key opens {secret}.")
        if lost and not sure:
            raise CommandError(
                f"These {len(lost)} secrets will be emptied for good, even if their key turns up "
                "later. If you are sure, say so with --yes."
            )
        rotation.forget(lost)
        self.stdout.write(f"{len(lost)} secrets were emptied.")

    def _require_none_left(self, count: rotation.Count) -> None:
        for secret in count.unreadable:
            self.stderr.write(f"No key opens {secret}.")
        if count.unreadable:
            raise CommandError(
                f"{len(count.unreadable)} of {count.total} secrets cannot be opened. Put the key "
                "they were sealed with into FIELD_ENCRYPTION_KEYS and run this again."
            )
        if count.outdated:
            raise CommandError(
                f"{count.outdated} of {count.total} secrets still need an older key. "
                "Run manage.py rotate_keys before you remove it."
            )


def _sentence(count: rotation.Count, *, checked: bool) -> str:
    if checked:
        return f"The first key alone opens all {count.total} secrets. Older keys may be removed."
    return (
        f"{count.moved} secrets are now sealed with the first key, "
        f"{count.current} were already. See “manage.py rotate_keys --check”."
    )


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal; elsewhere the closing sentence is enough."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Secrets", total=total)
        yield lambda: bar.advance(task)
