"""Reads of the ledger that follow rules of their own: dimensions, journal batches, postings."""

from collections.abc import Callable, Iterator
from functools import partial

from connector.sandbox.visma import answers
from connector.sandbox.visma.query import Keep, flag, page_of, since
from connector.sandbox.visma.reading import extra
from connector.sandbox.visma.routes import Call, Route
from connector.sandbox.visma.stamps import asked
from connector.sandbox.visma.tables import Payload, Since
from connector.sandbox.wire import Response

CAP = 5000  # lines, not batches
UNRELEASED = ("Hold", "Balanced")


def routes() -> list[Route]:
    return [
        Route("GET", "v1/dimension", dimensions),
        Route("GET", "v1/dimension/{dimension}", one_dimension),
        Route("GET", "v1/dimension/{dimension}/{segment}", one_segment),
        Route("GET", "v2/journaltransaction", journal),
        Route("GET", "v2/journaltransaction/{number}", one_batch),
        Route("GET", "v1/generalledgertransactions", postings),
    ]


def dimensions(call: Call) -> Response:
    """An array of names, nothing else."""
    return answers.answer([row["id"] for row in call.company.tables["dimension"].rows()])


def one_dimension(call: Call) -> Response:
    """Values of the segments come only when asked for."""
    found = _dimension(call)
    values = flag(call.request, "expandSegmentsValues")
    segments = [part if values else part | {"segmentValues": None} for part in found["segments"]]
    kept = {name: found[name] for name in ("id", "length", "description")}
    return answers.answer(kept | {"segments": segments} | extra(call))


def one_segment(call: Call) -> Response:
    for part in _dimension(call)["segments"]:
        if str(part["segmentId"]) == call.path["segment"]:
            return answers.answer(part | extra(call))
    raise answers.not_found()


def journal(call: Call) -> Response:
    """Pages count lines: a batch may begin on one page and go on, under its number, on the next."""
    found = [
        (batch, line)
        for batch in call.company.tables["journal"].rows()
        if all(keep(batch) for keep in _journal_filters(call))
        for line in batch["journalTransactionLines"]
    ]
    cap = call.company.quirks.page_caps.get("journal", CAP)
    start, size = page_of(call.request, cap)
    page = found[start : start + size]
    merged: dict[str, Payload] = {}
    for batch, line in page:
        key = f"{batch['module']}:{batch['batchNumber']}"
        part = merged.setdefault(key, batch | {"journalTransactionLines": []})
        part["journalTransactionLines"].append(line)
    return answers.rows(list(merged.values()), total=len(found), cap=cap, extra=extra(call))


def one_batch(call: Call) -> Response:
    """By number alone, although only module and number are a key: the GL module comes first."""
    number = call.path["number"]
    batches = [row for row in call.company.tables["journal"].rows() if row["batchNumber"] == number]
    batches.sort(key=lambda row: row["module"] != "ModuleGL")
    if not batches:
        raise answers.not_found()
    return answers.record(batches[0] | extra(call), version=batches[0]["timeStamp"])


def postings(call: Call) -> Response:
    """One row per posted line; the ledger must be named."""
    ledger = call.request.argument("ledger")
    if not ledger:
        raise answers.refuse("The request is invalid. 'ledger' is mandatory.")
    keeps = _posting_filters(call)
    bound = since(call.request, call.company.quirks)
    found = [
        row
        for row in _postings(call)
        if row["ledger"]["id"] == ledger
        and (bound is None or bound.holds(row["lastModifiedDateTime"]))
        and all(keep(row) for keep in keeps)
    ]
    cap = call.company.quirks.page_caps.get("posting", CAP)
    start, size = page_of(call.request, cap)
    return answers.rows(found[start : start + size], total=len(found), cap=cap, extra=extra(call))


def _dimension(call: Call) -> Payload:
    found = call.company.tables["dimension"].get(call.path["dimension"])
    if found is None:
        raise answers.not_found()
    return found


def _journal_filters(call: Call) -> list[Keep]:
    """Without a period or a date there is no answer; the date alone means "since" here."""
    argument = call.request.argument
    period, moment = argument("periodId"), argument("lastModifiedDateTime")
    if not period and not moment:
        raise answers.refuse("The request is invalid. Give periodId or lastModifiedDateTime.")
    keeps: list[Keep] = []
    if period:
        keeps.append(lambda row: bool(row["financialPeriod"] == period))
    if moment:
        bound = Since(_asked(moment), ">=")
        keeps.append(lambda row: bound.holds(row["lastModifiedDateTime"]))
    if argument("module"):
        module = f"module{argument('module')}".lower()
        keeps.append(lambda row: bool(row["module"].lower() == module))
    if argument("branch"):
        keeps.append(lambda row: bool(row["branch"] == argument("branch")))
    if argument("status"):
        wanted = UNRELEASED if argument("status") == "Unreleased" else (argument("status"),)
        keeps.append(lambda row: row["status"] in wanted)
    return keeps


def _posting_filters(call: Call) -> list[Keep]:
    """Parameter -> how the row is compared; an unknown one is ignored like everywhere."""
    reads: dict[str, Callable[[Payload, str], bool]] = {
        "branch": lambda row, given: bool(row["branch"]["number"] == given),
        "account": lambda row, given: bool(row["account"]["number"] == given),
        "fromPeriod": lambda row, given: bool(row["period"] >= given),
        "toPeriod": lambda row, given: bool(row["period"] <= given),
        "fromDate": lambda row, given: bool(row["tranDate"] >= _asked(given)),
        "toDate": lambda row, given: bool(row["tranDate"] <= _asked(given)),
    }
    given = [(read, call.request.argument(name)) for name, read in reads.items()]
    return [partial(_reads, read, text) for read, text in given if text]


def _reads(read: Callable[[Payload, str], bool], text: str, row: Payload) -> bool:
    return read(row, text)


def _postings(call: Call) -> Iterator[Payload]:
    statuses = {"Posted"}
    statuses |= {"Unposted"} if flag(call.request, "includeUnposted") else set()
    statuses |= set(UNRELEASED) if flag(call.request, "includeUnreleased") else set()
    branches = {row["number"]: row["name"] for row in call.company.tables["branch"].rows()}
    for batch in call.company.tables["journal"].rows():
        for line in batch["journalTransactionLines"] if batch["status"] in statuses else ():
            yield _posting(call, batch, line, branches)


def _posting(call: Call, batch: Payload, line: Payload, branches: dict[str, str]) -> Payload:
    account = call.company.get("account", line["accountNumber"])
    more = flag(call.request, "expandAccountInfo")
    named = flag(call.request, "expandBranchInfo")
    return {
        "lineNumber": line["lineNumber"],
        "module": batch["module"].removeprefix("Module"),
        "batchNumber": batch["batchNumber"],
        "tranDate": batch["transactionDate"],
        "period": batch["financialPeriod"],
        "description": line["transactionDescription"],
        "refNumber": line["referenceNumber"],
        "branch": {
            "number": batch["branch"],
            "name": branches.get(batch["branch"]) if named else None,
        },
        "account": {
            "type": account["type"] if more else None,
            "number": account["accountCD"],
            "description": account["description"],
        },
        "ledger": {"id": batch["ledger"], "description": batch["ledgerDescription"]},
        "subaccount": line["subaccount"]["subaccountNumber"],
        "debitAmount": line["debitAmount"],
        "creditAmount": line["creditAmount"],
        "currency": batch["currencyId"],
        "currDebitAmount": line["debitAmountInCurrency"],
        "currCreditAmount": line["creditAmountInCurrency"],
        "lastModifiedDateTime": batch["lastModifiedDateTime"],
    }


def _asked(text: str) -> str:
    try:
        return asked(text)
    except ValueError as why:
        raise answers.refuse(f"{why}.") from None
