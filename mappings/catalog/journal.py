"""Journal transactions and GL entries: the postings of every module, by batch and by line.

Plain amounts are company currency, ``…InCurrency`` the batch's own. Visma keeps debit and credit
apart; the amounts made here are debit less credit.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mappings.catalog.computed import KEY_FIELD, all_of, count_of, digits, rows_of
from mappings.catalog.kinds import COMPANY_CURRENCY, Entity, Field, Kind, Lines, Payload
from mappings.catalog.money import company, document
from mappings.catalog.values import add_up, number_or_none

MODULES = (
    "ModuleGL",
    "ModuleAP",
    "ModuleAR",
    "ModuleCA",
    "ModuleCM",
    "ModuleIN",
    "ModuleSO",
    "ModulePO",
    "ModuleDR",
    "ModuleFA",
    "ModuleEP",
    "ModulePM",
    "ModuleTX",
    "ModuleCR",
)
STATUSES = (
    "Hold",
    "Balanced",
    "Unposted",
    "Posted",
    "Completed",
    "Voided",
    "Released",
    "PartiallyReleased",
    "Scheduled",
)
_LINES = "journalTransactionLines"


def net_of(line: dict[str, Any], tail: str) -> Decimal | None:
    """Debit less credit; empty where the line has neither."""
    debit = number_or_none(line.get(f"debitAmount{tail}"))
    credit = number_or_none(line.get(f"creditAmount{tail}"))
    if debit is None and credit is None:
        return None
    return add_up((debit or Decimal(0), (credit or Decimal(0)).copy_negate()))


def _row(line: dict[str, Any]) -> str:
    told = (line.get("accountNumber"), line.get("transactionDescription"))
    text = " ".join(str(each).strip() for each in told if each)
    return f"{text}: {digits(net_of(line, 'InCurrency'))}"


def _net(tail: str) -> Callable[[Payload], Decimal | None]:
    return lambda payload: net_of(payload, tail)


def _totals(unit: str) -> tuple[Field, ...]:
    pairs = (("debitTotal", "Debit"), ("creditTotal", "Credit"), ("controlTotal", "Control total"))
    return tuple(
        field
        for path, label in pairs
        for field in (
            company(path, label),
            document(f"{path}InCurrency", f"{label} in batch currency", unit=unit),
        )
    )


_HEAD = (
    Field("batchNumber", "Batch number", Kind.CODE, "Counted by module: two may share a number."),
    Field("module", "Module", Kind.CHOICE, "Where the batch comes from.", choices=MODULES),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("hold", "On hold", Kind.BOOLEAN),
    Field("transactionDate", "Transaction date", Kind.DATE),
    Field("postPeriod", "Posting period", Kind.CODE, "Year and period, such as 202607."),
    Field("financialPeriod", "Financial period", Kind.CODE, "Year and period, such as 202607."),
    Field("description", "Description", Kind.TEXT),
    Field("ledger", "Ledger number", Kind.CODE),
    Field("ledgerDescription", "Ledger", Kind.TEXT),
    Field("branch", "Branch number", Kind.CODE),
    Field("currencyId", "Currency", Kind.CODE, "Currency of the batch, such as NOK."),
    Field("exchangeRate", "Exchange rate", Kind.RATE),
    Field("autoReversing", "Reverses itself", Kind.BOOLEAN, "Visma reverses it next period."),
    Field("reversingEntry", "Is a reversal", Kind.BOOLEAN),
    Field("originalBatchNumber", "Reversed batch number", Kind.CODE),
    Field("transactionCode", "Transaction code", Kind.CODE),
    Field("transactionCodeDescription", "Transaction code name", Kind.TEXT),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
)


def _line_fields(currency: str) -> tuple[Field, ...]:
    return (
        Field("lineNumber", "Line number", Kind.INTEGER),
        Field("accountNumber", "Account", Kind.CODE),
        Field("description", "Account name", Kind.TEXT),
        Field("subaccount.subaccountNumber", "Subaccount", Kind.CODE),
        Field("subaccount.description", "Subaccount name", Kind.TEXT),
        Field("referenceNumber", "Reference number", Kind.CODE, "Of the document that was posted."),
        Field("transactionDescription", "Line text", Kind.TEXT),
        company("debitAmount", "Debit"),
        document("debitAmountInCurrency", "Debit in batch currency", unit=currency),
        company("creditAmount", "Credit"),
        document("creditAmountInCurrency", "Credit in batch currency", unit=currency),
        Field("vatCode.id", "VAT code", Kind.CODE),
        Field("customerSupplier", "Customer or supplier number", Kind.CODE),
        Field("project.id", "Project", Kind.CODE),
        Field("projectTask.id", "Project task", Kind.CODE),
        Field("quantity", "Quantity", Kind.QUANTITY),
        Field("uom", "Unit", Kind.CODE),
        Field("inventoryNumber", "Item number", Kind.CODE),
        Field("note", "Line note", Kind.LONG_TEXT),
    )


JOURNAL_TRANSACTION = Entity(
    name="journal_transaction",
    label="Journal transaction",
    plural="Journal transactions",
    fields=(
        KEY_FIELD,
        *_HEAD,
        *_totals("currencyId"),
        all_of(_LINES, "accountNumber", Field("accounts", "GL accounts", Kind.TEXT)),
        all_of(_LINES, "referenceNumber", Field("references", "Documents", Kind.TEXT)),
        count_of(_LINES),
        rows_of(
            _LINES,
            _row,
            (
                "accountNumber",
                "transactionDescription",
                "debitAmountInCurrency",
                "creditAmountInCurrency",
            ),
            "Account, text and amount, a row for each line; credit counts down. "
            "In the currency of the batch.",
        ),
    ),
    number="batchNumber",
    item_name="{batchNumber} {description}",
    help="What was posted in the general ledger, a batch at a time.",
    amount="debitTotalInCurrency",
    currency="currencyId",
    status="status",
    date="transactionDate",
    document_type="module",
    branch="branch",
    lines=Lines(_LINES, "Line", _line_fields("currencyId")),
)

# The client lays the batch beside each of its lines: {**line, "batch"}.
GL_ENTRY = Entity(
    name="gl_entry",
    label="GL entry",
    plural="GL entries",
    fields=(
        KEY_FIELD,
        Field("batch.batchNumber", "Batch number", Kind.CODE, "Counted by module."),
        Field("batch.module", "Module", Kind.CHOICE, choices=MODULES),
        Field("batch.status", "Status", Kind.CHOICE, choices=STATUSES),
        Field("batch.transactionDate", "Transaction date", Kind.DATE),
        Field("batch.financialPeriod", "Financial period", Kind.CODE, "Such as 202607."),
        Field("batch.description", "Text of the batch", Kind.TEXT),
        Field("batch.ledger", "Ledger number", Kind.CODE),
        Field("batch.branch", "Branch number of the batch", Kind.CODE),
        Field("branch", "Branch number", Kind.CODE),
        Field("batch.currencyId", "Currency", Kind.CODE, "Currency of the batch, such as NOK."),
        Field("batch.exchangeRate", "Exchange rate", Kind.RATE),
        Field("batch.reversingEntry", "Is a reversal", Kind.BOOLEAN),
        Field("batch.lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
        Field(
            "amount",
            "Amount",
            Kind.AMOUNT,
            "Debit less credit. In your company's currency.",
            COMPANY_CURRENCY,
            compute=_net(""),
            reads=("debitAmount", "creditAmount"),
        ),
        Field(
            "amount_in_currency",
            "Amount in batch currency",
            Kind.AMOUNT,
            "Debit less credit. In the currency of the batch.",
            "batch.currencyId",
            compute=_net("InCurrency"),
            reads=("debitAmountInCurrency", "creditAmountInCurrency"),
        ),
        *_line_fields("batch.currencyId"),
    ),
    number="batch.batchNumber",
    item_name="{batch.batchNumber}-{lineNumber} {accountNumber} {transactionDescription}",
    help="Single lines of the general ledger, each with its account and amount.",
    amount="amount_in_currency",
    currency="batch.currencyId",
    status="batch.status",
    date="batch.transactionDate",
    document_type="batch.module",
    branch="batch.branch",
)
