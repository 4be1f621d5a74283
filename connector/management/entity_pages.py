"""One page of documentation per entity, written from the catalogue and from how Visma is read."""

from collections.abc import Iterator

from connector.visma.resources import RESOURCES, Resource
from mappings.catalog import COMPANY_CURRENCY, ENTITIES, Entity, Field, Kind

INTRO = "Written by `manage.py entity_pages` from the catalogue; a test compares it."
CREDIT = (
    "Visma sends credit notes{} with positive amounts: use the transform `signed` where a sum on "
    "the board has to be what is owed."
)
OPEN_ENDED = "The choices are those known today; a value Visma adds later passes as it is."


def pages() -> dict[str, str]:
    """File name → text, for every entity on offer, and the list of them."""
    made = {f"{name}.md": page(entity) for name, entity in ENTITIES.items()}
    rows = [f"- [{e.plural}]({name}.md): {e.help}" for name, e in ENTITIES.items()]
    return {"README.md": "\n".join(["# Entities", "", INTRO, "", *rows, ""]), **made}


def page(entity: Entity) -> str:
    parts = [f"# {entity.plural}", "", entity.help, "", INTRO, ""]
    parts += ["## How it is read", "", *(f"- {each}" for each in _reading(entity)), ""]
    parts += ["## Fields", "", *_table(entity.fields), ""]
    if entity.lines is not None:
        first = f"{entity.lines.path}.0"
        parts += ["## Fields of a line", "", f"The first line's begin with `{first}.`.", ""]
        parts += [*_table(entity.lines.fields), ""]
    return "\n".join(parts)


def _reading(entity: Entity) -> Iterator[str]:
    resource = RESOURCES[entity.name]
    yield f"From `GET {resource.path}`; the key is {_key(resource)}."
    yield _paging(resource)
    yield _changes(resource)
    if entity.status:
        yield OPEN_ENDED
    if any(field.unit == COMPANY_CURRENCY for field in entity.fields):
        yield "Amounts come in two currencies, the document's and the company's: see each field."
    if entity.name in ("supplier_invoice", "customer_invoice", "customer_document"):
        yield CREDIT.format(" and payments" if entity.name == "customer_document" else "")
    if entity.attributes:
        yield "Attributes of your own in Visma are reached as `attributes.ID`."


def _key(resource: Resource) -> str:
    return ", then ".join(f"`{field}`" for field in resource.key_fields)


def _paging(resource: Resource) -> str:
    if not resource.paged:
        return "Visma gives the whole list at once."
    if resource.by_lines:
        return (
            f"In pages of up to {resource.max_page} lines: a batch may begin on one page and go on "
            "on the next. It is put together before anything is stored."
        )
    return f"In pages of up to {resource.max_page}; Visma may cap them lower."


def _changes(resource: Resource) -> str:
    if not resource.filtered:
        return "There is no filter for changes: each poll reads all, and writes what differs."
    if not resource.conditional:
        return (
            f"Changes are found by `{resource.modified_field}`, which carries no time zone and "
            f"takes no condition. The first reading asks from {resource.first_day[:10]} on."
        )
    return f"Changes are found by `{resource.modified_field}`, which carries no time zone."


def _table(fields: tuple[Field, ...]) -> Iterator[str]:
    yield "| field | name | kind | unit | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for field in fields:
        row = (f"`{field.path}`", field.label, field.kind.value, _unit(field), _meaning(field))
        yield "| " + " | ".join(row) + " |"


def _unit(field: Field) -> str:
    if field.unit == COMPANY_CURRENCY:
        return "company currency"
    return f"`{field.unit}`" if field.unit else ""


def _meaning(field: Field) -> str:
    known = ", ".join(field.choices) if field.kind is Kind.CHOICE else ""
    made = f"Made from {', '.join(f'`{path}`' for path in field.reads)}." if field.compute else ""
    return " ".join(filter(None, (field.help, f"One of: {known}." if known else "", made)))
