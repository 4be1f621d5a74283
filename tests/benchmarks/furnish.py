"""Set up the tenant of a measurement: ``python -m tests.benchmarks.furnish TIER limits|free``."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
django.setup()

from connector.models import AccountLimits  # noqa: E402
from connector.sandbox import world  # noqa: E402
from connector.sandbox.server import SandboxServer  # noqa: E402
from tenants.models import MondayConnection, Tenant, VismaConnection  # noqa: E402
from tests.world import AP_INVOICES, Connections, map_board  # noqa: E402

NO_LIMIT = 1_000_000_000


def main(tier: str, limits: bool) -> None:
    tenant = Tenant.objects.create(slug="nordlys", name="Nordlys Grossist AS")
    visma = VismaConnection.objects.create(
        tenant=tenant,
        client_id=world.VISMA_CLIENT_ID,
        client_secret=world.VISMA_CLIENT_SECRET,
        visma_tenant_id=world.VISMA_COMPANY_TENANT_ID,
        company_id=world.VISMA_COMPANY_ID,
    )
    monday = MondayConnection.objects.create(
        tenant=tenant,
        token=world.MONDAY_TOKEN,
        account_id=str(world.MONDAY_ACCOUNT_ID),
        plan_tier=tier,
        mutations_per_minute=40 if limits else NO_LIMIT,
    )
    # The same seed gives the same boards and columns as the sandbox that serves.
    what = ("supplier_invoice", "AP invoices", "{referenceNumber} {supplier.name}")
    map_board(Connections(visma, monday), SandboxServer(), what, AP_INVOICES)
    if not limits:
        AccountLimits.objects.create(
            account=monday.account_key,
            minute_quota=NO_LIMIT,
            complexity_quota=NO_LIMIT,
            daily_quota=NO_LIMIT,
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "limits")
