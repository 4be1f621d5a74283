"""Records to show values of: those already read, or a few fetched for the draft and kept in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.clients import visma_client
from connector.errors import ConnectorError, Explanation
from connector.finding import records_found, tidy
from connector.sync.budget import Ledger
from connector.sync.probes import first_page
from connector.visma.client import Row
from connector.visma.records import canonical, decode
from connector.visma.resources import RESOURCES
from connector.wizard.drafts import Desk
from mappings.catalog import Payload
from mappings.models import MappingDraft
from mappings.showing import told

MANY = 20  # enough to see most of a company's ways; suggestions look at as many
ROOM = 400_000  # characters of payload a draft may keep: invoices with lines can be large
# What comes before the number in the keys of documents, where nobody says otherwise.
USUAL = {
    "supplier_invoice": "Invoice:",
    "purchase_order": "RegularOrder:",
    "purchase_receipt": "PoReceipt:",
    "customer_invoice": "Invoice:",
    "customer_document": "Invoice:",
}


@dataclass(frozen=True)
class Sample:
    """One record a person can pick."""

    key: str
    number: str
    party: str
    payload: Payload = field(repr=False)


@dataclass(frozen=True)
class Samples:
    """``chosen`` is the one the page shows; ``trouble``: why there are none."""

    found: Sequence[Sample] = ()
    chosen: Sample | None = None
    total: int | None = None
    trouble: Explanation | None = None
    missed: str = ""

    @property
    def payloads(self) -> list[Payload]:
        return [sample.payload for sample in self.found]


def samples_of(desk: Desk, *, record: str = "", find: str = "") -> Samples:
    """``record``: the key of the one to show. ``find``: a number or party to look for."""
    if desk.records.exists():
        return _read_already(desk, record, find)
    try:
        draft = _filled(desk)
        missed = "" if not find else _fetch(desk, draft, find)
    except ConnectorError as error:
        return Samples(trouble=error.why)
    found = [_sample(desk, one["key"], one["payload"]) for one in draft.samples]
    record = record or (found[0].key if find and found and not missed else draft.sample_key)
    _remember(draft, record)
    return Samples(found, _chosen(found, record), draft.facts.get("total"), missed=missed)


def _read_already(desk: Desk, record: str, find: str) -> Samples:
    rows = desk.records
    words = tidy(find)
    wanted = records_found(words, [desk.mapping.visma_id]).keys if words else []
    some = list(rows.filter(pk__among=wanted).order_by("-pk")[:MANY])
    missed = find if find and not some else ""
    if record and not some:
        some = list(rows.filter(key=record))
    others = rows.exclude(pk__in=[row.pk for row in some]).order_by("-pk")
    some += others[: MANY - len(some)]
    found = [_sample(desk, row.key, row.payload) for row in some]
    return Samples(found, _chosen(found, record), desk.total, missed=missed)


def _filled(desk: Desk) -> MappingDraft:
    """The draft with its samples; those are fetched from Visma the first time."""
    draft = desk.draft or MappingDraft(mapping=desk.mapping)
    if not draft.samples:
        page = first_page(desk.mapping.visma, desk.mapping.entity, size=MANY)
        draft.samples = _within([_kept(row) for row in page.rows])
        draft.facts = {**draft.facts, "total": page.total}
        _save(draft, "samples", "facts")
    return draft


def _fetch(desk: Desk, draft: MappingDraft, find: str) -> str:
    """Put the record of that number or key in front of the samples; returns what was not found."""
    known = [one for one in draft.samples if _matches(desk, one, find)]
    if not known and desk.mapping.entity in RESOURCES:
        resource = RESOURCES[desk.mapping.entity]
        key = find if ":" in find else USUAL.get(desk.mapping.entity, "") + find
        visma = desk.mapping.visma
        row = visma_client(visma, Ledger.of_visma(visma)).fetch(resource, key)
        known = [_kept(row)] if row else []
    if not known:
        return find
    first = known[0]
    rest = [one for one in draft.samples if one["key"] != first["key"]]
    draft.samples = _within([first, *rest][: MANY + 1])
    _save(draft, "samples")
    return ""


def _save(draft: MappingDraft, *fields: str) -> None:
    """Where there is no draft, looking must not make one: the samples go with the page."""
    if draft.pk:
        draft.save(update_fields=fields)


def _matches(desk: Desk, one: dict[str, str], find: str) -> bool:
    sample = _sample(desk, one["key"], one["payload"])
    return find.casefold() in f"{sample.number}\n{sample.party}\n{sample.key}".casefold()


def _kept(row: Row) -> dict[str, str]:
    return {"key": row.key, "payload": canonical(row.payload).decode()}


def _within(found: list[dict[str, str]]) -> list[dict[str, str]]:
    room = ROOM
    kept: list[dict[str, str]] = []
    for one in found:
        room -= len(one["payload"])
        if room < 0 and kept:
            break
        kept.append(one)
    return kept


def _remember(draft: MappingDraft, record: str) -> None:
    """The next device shows the same record."""
    if record and record != draft.sample_key:
        draft.sample_key = record[:200]
        _save(draft, "sample_key")


def _sample(desk: Desk, key: str, payload: str) -> Sample:
    found = decode(payload.encode())
    entity = desk.entity
    return Sample(
        key=key,
        number=told(found, entity, entity.number) or key,
        party=told(found, entity, entity.party),
        payload=found,
    )


def _chosen(found: Sequence[Sample], record: str) -> Sample | None:
    fallback = found[0] if found else None
    return next((sample for sample in found if sample.key == record), fallback)
