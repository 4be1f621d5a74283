"""Recover: after a restore or a failover, look before anything is created."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from connector.sync.restored import distrust
from tenants.models import Tenant


class Command(ExampleCommand):
    help = (
        "Run it once after the database was restored from a backup or a replica took over, before "
        "the workers start. What the boards may already show is looked up before it is created, "
        "and what Visma has changed since is written in full. Running it again does no harm."
    )
    example = "manage.py recover --all"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser, optional=True)
        parser.add_argument("--all", action="store_true", help="every tenant")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        if bool(slug) == options["all"]:
            raise CommandError("Name one tenant, or say --all.", returncode=2)
        actor = f"{getpass.getuser()} (command line)"
        for tenant in [find_tenant(slug)] if slug else Tenant.objects.order_by("slug"):
            self.stdout.write(tenant.slug)
            for found in distrust(tenant, actor=actor):
                self.stdout.write(
                    f"  {found.mapping.name}: {found.without_item} without an item are looked up "
                    f"first, {found.waiting} changes are written in full, {found.unsent} under "
                    "way were taken back"
                )
