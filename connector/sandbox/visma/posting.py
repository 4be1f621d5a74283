"""Documents reach the general ledger when they are released, and leave it again when voided."""

from dataclasses import replace
from datetime import datetime

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.records.journal import Batch, batch, posts_of_bill, posts_of_claim
from connector.sandbox.visma.tables import Payload

RELEASED = ("Open", "Closed", "Prebooked", "Voided")


def posts_on_release(company: Company) -> None:
    """From now on every change is looked at; what was seeded has its batches already."""
    company.watchers.append(lambda *change: _watch(company, *change))


def _watch(company: Company, entity: str, after: Payload, before: Payload | None) -> None:
    if entity not in ("supplier_invoice", "customer_document"):
        return
    was, is_ = before is not None and before["status"] in RELEASED, after["status"] in RELEASED
    if is_ and not was:
        company.change("journal", batch(batch_of(company, entity, after)), "batch_posted")
    elif before and was and after["status"] == "Voided" != before["status"]:
        company.change("journal", batch(_reversed(company, entity, after)), "batch_posted")


def plant_batch(company: Company, entity: str, payload: Payload) -> None:
    """The posting of a seeded document, dated as the document."""
    if payload["status"] not in RELEASED:
        return
    at = datetime.fromisoformat(payload["lastModifiedDateTime"])
    company.plant("journal", batch(batch_of(company, entity, payload)), at)
    if payload["status"] == "Voided":
        company.plant("journal", batch(_reversed(company, entity, payload)), at)


def batch_of(company: Company, entity: str, payload: Payload) -> Batch:
    of_supplier = entity == "supplier_invoice"
    module = "AP" if of_supplier else "AR"
    party = payload["supplier" if of_supplier else "customer"]
    return Batch(
        module=module,
        number=company.next_number(f"batch_{module}"),
        date=payload["date" if of_supplier else "documentDate"],
        period=payload["financialPeriod"],
        text=f"{payload['documentType']} {payload['referenceNumber']} {party['name']}",
        posts=posts_of_bill(payload) if of_supplier else posts_of_claim(payload),
        currency=payload["currencyId"],
        rate=payload["exchangeRate"],
        party=party["number"],
        reference=payload["referenceNumber"],
        branch=payload["branchNumber"]["number"],
    )


def _reversed(company: Company, entity: str, payload: Payload) -> Batch:
    given = batch_of(company, entity, payload)
    posts = tuple(replace(post, amount=-post.amount, foreign=-post.foreign) for post in given.posts)
    return replace(given, posts=posts, reversing=True, text=f"Annullering {given.text}")
