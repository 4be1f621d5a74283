"""Reads: lists with filters and pages, and single records with their version."""

from collections.abc import Iterable

from connector.sandbox.visma import answers
from connector.sandbox.visma.query import Always, Filter, combined, flag, page_of, since
from connector.sandbox.visma.resources import RESOURCES as PAYABLES
from connector.sandbox.visma.resources import Resource
from connector.sandbox.visma.routes import Call, Handler, Route
from connector.sandbox.visma.tables import Payload
from connector.sandbox.wire import Response

FREE_FIELDS = {f"customStr{place}" for place in range(1, 6)}


def routes(resources: Iterable[Resource]) -> list[Route]:
    found = []
    for resource in resources:
        found.append(Route("GET", resource.path, _listing(resource)))
        if resource.keys:
            braces = "/".join(f"{{{key}}}" for key in resource.keys)
            found.append(Route("GET", f"{resource.path}/{braces}", _single(resource)))
    return [*found, Route("GET", "v1/supplierinvoice/{referenceNumber}", _plain_invoice)]


def _listing(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        quirks = call.company.quirks
        cap = quirks.page_caps.get(resource.entity, resource.cap)
        table = call.company.tables[resource.entity]
        start, size = page_of(call.request, cap) if cap else (0, len(table))
        bound = since(call.request, quirks)
        keep = combined((*resource.filters, *_only(resource)), call.request)
        page, total = table.page(keep, bound, start=start, size=size)
        hidden = {name for name, param in resource.expands if not flag(call.request, param)}
        hidden |= _free_fields(call) | set(resource.without)
        shown = [_shaped(row, resource, hidden) for row in page]
        return answers.rows(shown, total=total, cap=cap, extra=extra(call))

    return handler


def _only(resource: Resource) -> tuple[Filter, ...]:
    return (Always("documentType", resource.only),) if resource.only else ()


def _shaped(row: Payload, resource: Resource, hidden: set[str]) -> Payload:
    if resource.fields is not None:
        return {name: value for name, value in row.items() if name in resource.fields}
    names = dict(resource.names)
    return {names.get(name, name): value for name, value in row.items() if name not in hidden}


def _single(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        parts = [resource.only] if resource.only else []
        return read(call, resource, ":".join([*parts, *(call.path[key] for key in resource.keys)]))

    return handler


def _plain_invoice(call: Call) -> Response:
    """The form without a document type serves type Invoice only."""
    invoices = next(each for each in PAYABLES if each.entity == "supplier_invoice")
    return read(call, invoices, f"Invoice:{call.path['referenceNumber']}")


def read(call: Call, resource: Resource, key: str) -> Response:
    """A single record shows everything but what the address never shows; its version is an ETag."""
    found = call.company.tables[resource.entity].get(key)
    if found is None:
        raise answers.not_found()
    shown = _shaped(found, resource, _free_fields(call) | set(resource.without))
    return answers.record(shown | extra(call), version=found["timeStamp"])


def _free_fields(call: Call) -> set[str]:
    """The five texts a company may use as it likes come only when asked for."""
    return set() if flag(call.request, "includeCustomFreeFields") else FREE_FIELDS


def extra(call: Call) -> Payload:
    return answers.NEW_FIELDS if call.company.quirks.new_fields else {}
