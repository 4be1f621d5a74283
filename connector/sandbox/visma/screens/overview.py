"""The first screen: what is in the company, and what changed last."""

from connector.sandbox import world
from connector.sandbox.visma.company import Company
from connector.sandbox.visma.screens.parts import moment_of, page
from connector.sandbox.wire import Request, Response

LATEST = 12  # changes listed
SHELVES = {
    "supplier_invoice": ("Supplier invoices", "/company/invoices/"),
    "purchase_order": ("Purchase orders", "/company/orders/"),
    "supplier": ("Suppliers", "/company/suppliers/"),
    "customer_document": ("Customer documents", "/company/customer-documents/"),
    "account": ("Accounts", "/company/accounts/"),
    "dimension": ("Dimensions", "/company/dimensions/"),
}
# Those with a page for each record: what its address ends in.
NUMBERS = {
    "supplier_invoice": ("documentType", "referenceNumber"),
    "purchase_order": ("orderNbr",),
    "supplier": ("number",),
    "customer_document": ("documentType", "referenceNumber"),
}


def overview(company: Company, request: Request) -> Response:
    shelves = [
        {"name": name, "link": link, "count": str(len(company.tables[entity]))}
        for entity, (name, link) in SHELVES.items()
    ]
    return page(
        "overview.html",
        request,
        name=world.VISMA_COMPANY_NAME,
        company_id=world.VISMA_COMPANY_ID,
        shelves=shelves,
        changes=_latest(company),
        now=company.stamps.now().strftime("%Y-%m-%d %H:%M:%S"),
        zone=company.quirks.zone,
    )


def _latest(company: Company) -> list[dict[str, str]]:
    stored = [(entity, row) for entity in NUMBERS for row in company.tables[entity].stored()]
    stored.sort(key=lambda pair: pair[1]["lastModifiedDateTime"], reverse=True)
    return [
        {
            "what": SHELVES[entity][0],
            "link": SHELVES[entity][1] + "".join(f"{row[part]}/" for part in NUMBERS[entity]),
            "number": row[NUMBERS[entity][-1]],
            "status": row["status"],
            "at": moment_of(row["lastModifiedDateTime"]),
        }
        for entity, row in stored[:LATEST]
    ]
