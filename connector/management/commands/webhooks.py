"""``manage.py webhooks``: the addresses at which a tenant's connections take webhooks."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from tenants.models import MondayConnection, VismaConnection


class Command(ExampleCommand):
    help = (
        "Print the webhook addresses of a tenant. Visma's is entered in the Developer Portal; "
        "monday.com's is used by the connector itself. Whoever knows one may call it."
    )
    example = "manage.py webhooks nordlys --json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser)
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = find_tenant(options["slug"])
        rows = chain(VismaConnection.objects.of(tenant), MondayConnection.objects.of(tenant))
        found = [
            {"system": row.SYSTEM, "connection": row.name, "url": row.webhook_url} for row in rows
        ]
        if options["json"]:
            self.say_json(found)
            return
        for each in found:
            self.stdout.write(f"{each['system']:<8}{each['connection']:<12}{each['url']}")
