"""Names, ids and credentials of the seeded world, as its front page shows them."""

from dataclasses import dataclass

VISMA_CLIENT_ID = "isv_sandbox"
VISMA_CLIENT_SECRET = "sandbox-visma-secret"  # noqa: S105 - opens nothing outside the sandbox
VISMA_COMPANY_TENANT_ID = "3f1c5a52-8f7e-4b0e-9d3c-61f0a94b21d7"
VISMA_CUSTOMER_TENANT_ID = "b9a0d7f4-0c55-4f7e-8a8e-2f64c5de7a10"  # gets a token, then 401
VISMA_COMPANY_ID = "4021"
VISMA_COMPANY_NAME = "Nordlys Grossist AS"

MONDAY_TOKEN = "sandbox-monday-token"  # noqa: S105 - opens nothing outside the sandbox
MONDAY_VIEWER_TOKEN = "sandbox-viewer-token"  # noqa: S105 - opens nothing outside the sandbox
# A token an OAuth app got for Ingrid: reads and writes have budgets of their own, webhooks are
# signed with the app's signing secret.
MONDAY_APP_TOKEN = "sandbox-app-token"  # noqa: S105 - opens nothing outside the sandbox
MONDAY_CLIENT_ID = "sandbox-monday-app"
MONDAY_CLIENT_SECRET = "sandbox-monday-app-secret"  # noqa: S105 - opens nothing outside
MONDAY_SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - the same
MONDAY_ACCOUNT_ID = 77001
MONDAY_ACCOUNT_NAME = "Nordlys Grossist"
MONDAY_ACCOUNT_SLUG = "nordlys-grossist"
MONDAY_TIER = "pro"


@dataclass(frozen=True)
class Person:
    """A user of the monday account; ``viewer`` may read and never write."""

    id: int
    name: str
    email: str
    viewer: bool = False


INGRID = Person(51200101, "Ingrid Berg", "ingrid.berg@nordlys.example")
PEOPLE = (
    INGRID,
    Person(51200102, "Jonas Lindqvist", "jonas.lindqvist@nordlys.example"),
    Person(51200103, "Aino Mäkelä", "aino.makela@nordlys.example"),
    Person(51200104, "Søren Ørsted", "soren.orsted@nordlys.example"),
    Person(51200105, "Revisor Holm", "revisor@holm-revisjon.example", viewer=True),
)
VIEWER = PEOPLE[-1]
