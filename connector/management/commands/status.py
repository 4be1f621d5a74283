"""Where everything stands: links by state, lag, budgets, connection health."""

from argparse import ArgumentParser
from typing import Any

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from connector.sync.status import status
from tenants.models import Tenant


class Command(ExampleCommand):
    help = "Print where everything stands, for one tenant or for all."
    example = "manage.py status nordlys --json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser, optional=True)
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        tenants = [find_tenant(slug, opens_secrets=False)] if slug else list(Tenant.objects.all())
        found = [status(tenant) for tenant in tenants]
        if options["json"]:
            self.say_json(found[0] if slug else found)
            return
        for one in found:
            self._print(one)

    def _print(self, found: dict[str, Any]) -> None:
        self.stdout.write(found["tenant"])
        for mapping in found["mappings"]:
            links = ", ".join(f"{n} {state}" for state, n in mapping["links"].items() if n)
            running = "" if mapping["active"] else " (not active)"
            self.stdout.write(f"  {mapping['name']}{running}: {links or 'nothing yet'}")
            if mapping["paused"]:
                self.stdout.write(f"    paused: {mapping['paused']} {mapping['remedy']}")
        for connection in found["connections"]:
            reason = f": {connection['reason']}" if connection["reason"] else ""
            name = f"{connection['system']} {connection['name']}"
            self.stdout.write(f"  {name}: {connection['health']}{reason}")
        for budget in found["budgets"]:
            self.stdout.write(
                f"  {budget['account']}: {budget['calls_today']} of"
                f" {budget['calls_a_day']} calls today"
            )
