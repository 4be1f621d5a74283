"""Postings of the general ledger: a batch per document, debit equal to credit in kroner."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import ZERO, spelled
from connector.sandbox.visma.records.chart import CHART
from connector.sandbox.visma.records.references import subaccount, vat_code

Payload = dict[str, Any]
ROUNDING = "7771"  # Øreavrunding takes what rounding line by line leaves over


@dataclass(frozen=True)
class Post:
    """A positive amount is debit, a negative one credit; ``foreign`` is in document currency."""

    account: str
    amount: Decimal
    foreign: Decimal
    text: str
    sub: str = "300-10"
    vat: str = ""
    item: str | None = None


@dataclass(frozen=True)
class Batch:
    module: str
    number: str
    date: str
    period: str
    text: str
    posts: tuple[Post, ...]
    currency: str = "NOK"
    rate: Decimal = Decimal("1.0")
    status: str = "Posted"
    party: str = ""
    reference: str = ""
    branch: str = "1"
    reversing: bool = False


def batch(given: Batch) -> Payload:
    lines = [_line(place, post, given) for place, post in enumerate(given.posts, start=1)]
    home = sum((line["debitAmount"] for line in lines), ZERO)
    foreign = sum((line["debitAmountInCurrency"] for line in lines), ZERO)
    totals = {
        f"{name}Total{suffix}": spelled(amount, given.number)
        for name in ("debit", "credit", "control")
        for suffix, amount in (("", home), ("InCurrency", foreign))
    }
    return {
        "module": f"Module{given.module}",
        "batchNumber": given.number,
        "status": given.status,
        "hold": given.status == "Hold",
        "transactionDate": given.date,
        "postPeriod": given.period,
        "financialPeriod": given.period,
        "ledger": "1",
        "ledgerDescription": "Hovedbok",
        "currencyId": given.currency,
        "exchangeRate": given.rate,
        "autoReversing": False,
        "reversingEntry": given.reversing,
        "description": given.text,
        "originalBatchNumber": None,
        **totals,
        "createVatTransaction": False,
        "skipVatAmountValidation": False,
        "transactionCode": given.module,
        "transactionCodeDescription": given.text,
        "branch": given.branch,
        "journalTransactionLines": lines,
        "attachments": [],
    }


def posts_of_bill(invoice: Payload) -> tuple[Post, ...]:
    """Expense and VAT in debit, what is owed in credit; the other way round for a credit note."""
    posts = [
        Post(
            account=line["account"]["number"],
            amount=line["cost"],
            foreign=line["costInCurrency"],
            text=line["transactionDescription"],
            sub=line["subaccount"]["subaccountNumber"],
            vat=line["vatCode"]["id"],
            item=line["inventoryNumber"],
        )
        for line in invoice["invoiceLines"]
    ]
    words = f"{invoice['supplier']['name']} {invoice['supplierReference']}"
    posts.append(Post("2710", invoice["vatTotal"], invoice["vatTotalInCurrency"], words))
    owed = invoice["detailTotalInCurrency"] + invoice["vatTotalInCurrency"]
    posts.append(Post("2400", -invoice["amount"], -owed, words))
    sign = -1 if invoice["documentType"] == "DebitAdj" else 1
    return _even(posts, sign)


def posts_of_claim(claim: Payload) -> tuple[Post, ...]:
    """The customer owes in debit; sales and VAT are in credit."""
    words = f"{claim['customer']['name']} {claim['referenceNumber']}"
    whole, foreign = claim["amount"], claim["amountInCurrency"]
    if claim["documentType"] == "Payment":
        posts = [Post("1920", whole, foreign, words), Post("1500", -whole, -foreign, words)]
        return _even(posts, 1)
    posts = [Post("1500", whole, foreign, words)]
    posts += [
        Post(
            account=line["account"]["number"],
            amount=-line["amount"],
            foreign=-line["amountInCurrency"],
            text=line["description"],
            sub=line["subaccount"]["subaccountNumber"],
            vat=line["vatCode"]["id"],
            item=line["inventoryNumber"],
        )
        for line in claim["invoiceLines"]
    ]
    posts.append(Post("2700", -claim["vatTotal"], -claim["vatTotalInCurrency"], words))
    return _even(posts, -1 if claim["documentType"] == "CreditNote" else 1)


def _even(posts: Iterable[Post], sign: int) -> tuple[Post, ...]:
    signed = [
        replace(p, amount=sign * p.amount, foreign=sign * p.foreign) for p in posts if p.amount
    ]
    rest = sum((post.amount for post in signed), ZERO)
    return (*signed, Post(ROUNDING, -rest, ZERO, "Avrunding")) if rest else tuple(signed)


def _line(place: int, post: Post, given: Batch) -> Payload:
    debit, credit = max(post.amount, ZERO), max(-post.amount, ZERO)
    debit_foreign, credit_foreign = max(post.foreign, ZERO), max(-post.foreign, ZERO)
    return {
        "lineNumber": place,
        "accountNumber": post.account,
        "description": CHART[post.account][1],
        "subaccount": subaccount(post.sub),
        "referenceNumber": given.reference,
        "debitAmount": spelled(debit, given.number),
        "debitAmountInCurrency": spelled(debit_foreign, given.number),
        "creditAmount": spelled(credit, given.number),
        "creditAmountInCurrency": spelled(credit_foreign, given.number),
        "transactionDescription": post.text,
        "vatCode": vat_code(post.vat) if post.vat else None,
        "branch": given.branch,
        "customerSupplier": given.party,
        "transactionType": given.module,
        "module": f"Module{given.module}",
        "uom": None,
        "quantity": ZERO,
        "inventoryNumber": post.item,
        "note": None,
    }
