"""Addresses and contacts, which several entities carry more than once."""

from mappings.catalog.kinds import Field, Kind


def address(path: str, label: str) -> tuple[Field, ...]:
    return (
        Field(f"{path}.addressLine1", f"{label}: address", Kind.TEXT),
        Field(f"{path}.addressLine2", f"{label}: address, line 2", Kind.TEXT),
        Field(f"{path}.addressLine3", f"{label}: address, line 3", Kind.TEXT),
        Field(f"{path}.postalCode", f"{label}: postal code", Kind.CODE),
        Field(f"{path}.city", f"{label}: city", Kind.TEXT),
        Field(f"{path}.county.name", f"{label}: county", Kind.TEXT),
        Field(f"{path}.country.id", f"{label}: country", Kind.COUNTRY),
        Field(f"{path}.country.name", f"{label}: country name", Kind.TEXT),
    )


def contact(path: str, label: str, country: str) -> tuple[Field, ...]:
    return (
        Field(f"{path}.name", f"{label}: company name", Kind.TEXT),
        Field(f"{path}.attention", f"{label}: contact person", Kind.TEXT),
        Field(f"{path}.email", f"{label}: e-mail", Kind.EMAIL),
        Field(f"{path}.web", f"{label}: web site", Kind.URL),
        Field(f"{path}.phone1", f"{label}: phone", Kind.PHONE, unit=country),
        Field(f"{path}.phone2", f"{label}: second phone", Kind.PHONE, unit=country),
        Field(f"{path}.fax", f"{label}: fax", Kind.PHONE, unit=country),
    )
