"""Replay failed deliveries: the same as the button in Django admin."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from connector.models import AuditEntry
from connector.sync.receipt_replay import ask_again, standing
from connector.sync.replay import failed_links, replay_entries, replay_links, replayable_entries


class Command(ExampleCommand):
    help = "Set failed deliveries waiting again. The workers, or the next sync, deliver them."
    example = "manage.py replay nordlys --failed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--failed", action="store_true", help="everything that has failed")
        what.add_argument("--entry", type=int, metavar="ID", help="one audit entry")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = find_tenant(options["slug"])
        actor = f"{getpass.getuser()} (command line)"
        if options["failed"]:
            replayed = replay_links(failed_links(tenant), actor=actor)
            replayed += len(ask_again(standing(tenant), actor=actor))
        else:
            entry = AuditEntry.objects.of(tenant).filter(pk=options["entry"])
            if not entry.exists():
                raise CommandError(f"{tenant} has no audit entry {options['entry']}.", returncode=2)
            replayed = replay_entries(replayable_entries(entry), actor=actor)
        self.stdout.write(f"{replayed} waiting again.")
