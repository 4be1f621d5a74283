"""Which screen a path under ``/company/`` opens."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from connector.sandbox.visma.screens.claims import claim_list, one_claim
from connector.sandbox.visma.screens.invoices import invoice_list, new_invoice, one_invoice
from connector.sandbox.visma.screens.ledger import accounts, dimensions
from connector.sandbox.visma.screens.orders import one_order, order_list
from connector.sandbox.visma.screens.overview import overview
from connector.sandbox.visma.screens.parts import missing
from connector.sandbox.visma.screens.suppliers import one_supplier, supplier_list
from connector.sandbox.visma.screens.webhooks import webhooks
from connector.sandbox.wire import Request, Response

if TYPE_CHECKING:
    from connector.sandbox.visma.sandbox import VismaSandbox

Screen = Callable[..., Response]
# First part of the path and how many follow it.
SCREENS: dict[tuple[str, int], Screen] = {
    ("invoices", 0): invoice_list,
    ("invoices", 1): new_invoice,
    ("invoices", 2): one_invoice,
    ("orders", 0): order_list,
    ("orders", 1): one_order,
    ("suppliers", 0): supplier_list,
    ("suppliers", 1): one_supplier,
    ("customer-documents", 0): claim_list,
    ("customer-documents", 2): one_claim,
    ("accounts", 0): accounts,
    ("dimensions", 0): dimensions,
    ("webhooks", 0): webhooks,
}


def company_page(sandbox: "VismaSandbox", request: Request) -> Response | None:
    """None for every path that is not of the company."""
    parts = [unquote(part) for part in request.path.strip("/").split("/")]
    if parts[0] != "company":
        return None
    if len(parts) == 1:
        return overview(sandbox.company, request)
    screen = SCREENS.get((parts[1], len(parts) - 2))
    if screen is None or (screen is new_invoice and parts[2] != "new"):
        return missing()
    return screen(sandbox, request, *([] if screen is new_invoice else parts[2:]))
