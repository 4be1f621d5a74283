"""A Visma connection stays with its company: another one's records would overwrite its items."""

from django.db.models import Q

from connector.errors import AskAPerson, Explanation
from connector.models import SourceRecord
from mappings.models import BoardMapping
from tenants.models import VismaConnection


def refuse_other_company(
    stored: VismaConnection, *, visma_tenant_id: str, company_id: str = ""
) -> None:
    """Raises AskAPerson where these values lead from the connection's own company to another.

    Visma's tokens are issued for one Tenant id, so that it alone says whose records come.
    """
    same = _plain(visma_tenant_id) == _plain(stored.visma_tenant_id)
    same = same and company_id in ("", stored.company_id)
    if not same and is_tied(stored):
        raise AskAPerson(_other_company(stored), "connection")


def is_tied(stored: VismaConnection) -> bool:
    """Its records were read, or may be at any moment.

    A Tenant id under which no company ever answered is a mistake that must stay mendable.
    """
    if SourceRecord.objects.filter(connection=stored.pk).exists():
        return True
    live = BoardMapping.objects.filter(Q(active=True) | Q(went_live_at__isnull=False))
    return bool(stored.company_name) and live.filter(visma=stored.pk).exists()


def _plain(tenant_id: str) -> str:
    """People copy a GUID with braces, in capitals, or without its hyphens."""
    return "".join(sign for sign in tenant_id.lower() if sign.isalnum())


def _other_company(stored: VismaConnection) -> Explanation:
    own = stored.company_name or f"company {stored.company_id}"
    return Explanation(
        code="other_company",
        happened=f"This is another company's Tenant id or Company id, but the connection belongs "
        f"to {own}: the other company's records would overwrite {own}'s items.",
        remedy=f"Enter the ids of {own}. For the other company, add a connection of its own: "
        "Setup → Visma → Connect another company.",
    )
