"""Lines of documents as records of their own: what a subitem shows.

Visma sends lines inside their document. A line's payload is the line as it came, with what tells
its document apart beside it: ``{**line, "document": {…}}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mappings.catalog.computed import KEY_FIELD, lines_of
from mappings.catalog.customer_invoice import CUSTOMER_INVOICE
from mappings.catalog.kinds import COMPANY_CURRENCY, Entity, Field, Payload
from mappings.catalog.purchase_order import PURCHASE_ORDER
from mappings.catalog.supplier_invoice import SUPPLIER_INVOICE

DOCUMENT = "document"


@dataclass(frozen=True)
class DocumentLines:
    """How the lines of ``document`` become records of ``entity``; ``number`` numbers a line.

    ``head`` is what a line shows of its document: only what never changes, or every line would
    be written again whenever its document is.
    """

    document: Entity
    entity: Entity
    number: str
    head: tuple[str, ...]

    def split(self, key: str, payload: Payload) -> dict[str, Payload]:
        """Key → payload of each line. A line without a number, or with one twice, counts by its
        place, so that none is lost."""
        assert self.document.lines is not None  # noqa: S101 - that is what makes it one of these
        head = {name: payload.get(name) for name in self.head}
        # The transform `signed` asks for it.
        kind = {name: payload[name] for name in ("documentType",) if name in head}
        found: dict[str, Payload] = {}
        for place, line in enumerate(lines_of(payload, self.document.lines.path), start=1):
            number = line.get(self.number)
            own = f"{key}:{number}" if number not in (None, "") else f"{key}:#{place}"
            own = own if own not in found else f"{key}:#{place}"
            found[own] = {**kind, **line, DOCUMENT: head}
        return found


def _lines(
    document: Entity, number: str, item_name: str, *head: str, units: Mapping[str, str]
) -> DocumentLines:
    assert document.lines is not None  # noqa: S101
    named = (document.number, document.party, document.number_of_party, document.currency)
    of_document = tuple(
        replace(field, path=f"{DOCUMENT}.{path}", unit="", label=_beside(document, field))
        for path in (*named, document.document_type)
        if (field := document.field(path)) is not None
    )
    own = tuple(
        replace(field, unit=units.get(field.unit, field.unit)) for field in document.lines.fields
    )
    entity = Entity(
        name=f"{document.name}_line",
        label=f"{document.label} line",
        plural=f"{document.label} lines",
        fields=(KEY_FIELD, *own, *of_document),
        number=f"{DOCUMENT}.{document.number}",
        item_name=item_name,
        help=f"The lines of {document.plural.lower()}, each a subitem of its item.",
        party=f"{DOCUMENT}.{document.party}",
    )
    return DocumentLines(document, entity, number, tuple(dict.fromkeys(head)))


def _beside(document: Entity, field: Field) -> str:
    return f"{document.label}: {field.label.lower()}"


_CURRENCY = {"currencyId": "document.currencyId", "currency": "document.currency", "": ""}
_UNITS = {**_CURRENCY, COMPANY_CURRENCY: COMPANY_CURRENCY}

# By the name of the document's entity.
DOCUMENT_LINES: dict[str, DocumentLines] = {
    each.document.name: each
    for each in (
        _lines(
            SUPPLIER_INVOICE,
            "lineNumber",
            "{lineNumber} {transactionDescription}",
            "documentType",
            "referenceNumber",
            "supplier",
            "currencyId",
            units=_UNITS,
        ),
        _lines(
            CUSTOMER_INVOICE,
            "lineNumber",
            "{lineNumber} {description}",
            "documentType",
            "referenceNumber",
            "customer",
            "currencyId",
            units=_UNITS,
        ),
        _lines(
            PURCHASE_ORDER,
            "lineNbr",
            "{lineNbr} {lineDescription}",
            "orderType",
            "orderNbr",
            "supplier",
            "currency",
            units=_UNITS,
        ),
    )
}
# By the name of the lines' own entity.
LINES_OF: dict[str, DocumentLines] = {each.entity.name: each for each in DOCUMENT_LINES.values()}
