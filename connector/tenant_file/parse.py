"""Turns the file's objects into parts; what does not fit is reported and left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.tenant_file.problems import Problems
from connector.tenant_file.reading import Reader
from connector.tenant_file.shape import (
    ConnectionPart,
    MappingPart,
    MemberPart,
    PairPart,
    ReceivePart,
    TenantFile,
    TenantPart,
)
from mappings.catalog import ENTITIES, LINES_OF
from mappings.catalog import entity as entity_of
from mappings.models import OnGone, OnLeave
from tenants.models import Role

Environ = Mapping[str, str]


def read_tenant_file(data: Mapping[str, Any], problems: Problems, environ: Environ) -> TenantFile:
    """Never raises: what does not fit is left out and added to ``problems``."""
    root = Reader(data, "", problems)
    found = TenantFile(
        tenant=_tenant(root),
        members=list(_members(root, environ)),
        visma=[_visma(each, environ) for each in root.objects("visma") or []],
        monday=[_monday(each, environ) for each in root.objects("monday") or []],
        mappings=[_mapping(each) for each in root.objects("mappings") or []],
    )
    root.close()
    for key in ("members", "visma", "monday", "mappings"):
        _require_once(getattr(found, key), problems)
    return found


def _tenant(root: Reader) -> TenantPart | None:
    reader = root.object("tenant")
    if reader is None:
        root.problems.add_if_silent("tenant", 'missing; name at least {"slug": "…"}')
        return None
    slug = reader.text("slug", limit=50)
    name, timezone = reader.text("name", limit=200), reader.text("timezone", limit=64)
    reader.close()
    if not slug:
        missing = "missing; the short name in every address, such as “nordlys”"
        reader.problems.add_if_silent(reader.at("slug"), missing)
        return None
    return TenantPart(slug, name or None, timezone or None)


def _members(root: Reader, environ: Environ) -> Iterator[MemberPart]:
    for reader in root.objects("members") or []:
        email = reader.text("email", limit=150)  # Django's limit for a user name
        part = MemberPart(
            path=reader.path,
            email=(email or "").lower(),
            role=reader.choice("role", Role.values),
            password=reader.secret("password", environ),
        )
        reader.close()
        if not email:
            reader.problems.add_if_silent(reader.at("email"), "missing")
            continue
        yield part


def _visma(reader: Reader, environ: Environ) -> ConnectionPart:
    values = {
        "client_id": reader.text("client_id", limit=200),
        "visma_tenant_id": reader.text("tenant_id", limit=64),
        "company_id": reader.text("company_id", limit=32),
    }
    secrets = {key: reader.secret(key, environ) for key in ("client_secret", "webhook_key")}
    return _connection(reader, values, secrets)


def _monday(reader: Reader, environ: Environ) -> ConnectionPart:
    return _connection(reader, {}, {"token": reader.secret("token", environ)})


def _connection(
    reader: Reader, values: Mapping[str, str | None], secrets: Mapping[str, str | None]
) -> ConnectionPart:
    part = ConnectionPart(
        path=reader.path,
        name=reader.text("name", limit=100) or "main",
        values={key: value for key, value in values.items() if value},
        secrets={key: value for key, value in secrets.items() if value},
    )
    reader.close()
    return part


def _mapping(reader: Reader) -> MappingPart:
    entity = reader.choice("entity", (*ENTITIES, *LINES_OF))
    name = reader.text("name", limit=100) or (entity_of(entity).plural if entity else "")
    rule = reader.object("filter")
    if rule is not None:
        rule.report_repeated()
    values = {
        "item_name": reader.text("item_name"),
        "find_column": reader.text("find_column", limit=64),
        "poll_minutes": reader.number("poll_minutes", most=7 * 24 * 60),
        "webhooks": reader.flag("webhooks"),
        "create_labels": reader.flag("create_labels"),
        "on_leave": reader.choice("on_leave", OnLeave.values),
        "on_gone": reader.choice("on_gone", OnGone.values),
        "filter": None if rule is None else dict(rule.data),
    }
    pairs = reader.objects("pairs")
    part = MappingPart(
        path=reader.path,
        name=name,
        entity=entity,
        subitems_of=reader.text("subitems_of", limit=100),
        visma=reader.text("visma", limit=100),
        monday=reader.text("monday", limit=100),
        board_id=reader.digits("board_id"),
        group_id=reader.text("group_id", limit=64),
        key_column=reader.text("key_column"),
        active=reader.flag("active"),
        values={key: value for key, value in values.items() if value is not None},
        receive=_receive(reader),
        pairs=None if pairs is None else [_pair(each) for each in pairs],
    )
    reader.close()
    return part


def _pair(reader: Reader) -> PairPart:
    part = PairPart(
        path=reader.path,
        field=reader.text("field", limit=100),
        column=reader.text("column"),
        transform=reader.text("transform") or "",
        link=reader.text("link", limit=100) or None,
        labels=reader.flag("labels") is True,
    )
    for key in ("field", "column"):
        if not getattr(part, key):
            reader.problems.add_if_silent(reader.at(key), "missing")
    reader.close()
    return part


def _receive(mapping: Reader) -> ReceivePart | None:
    reader = mapping.object("receive")
    if reader is None:
        return None
    part = ReceivePart(
        path=reader.path,
        column=reader.text("column"),
        label=reader.text("label"),
        problem_label=reader.text("problem_label") or "",
        receipt=reader.choice("receipt", ("order", "lines")) or "order",
        quantity_column=reader.text("quantity_column") or "",
        release=reader.flag("release") is not False,
        dry=reader.flag("dry") is True,
    )
    for key in ("column", "label"):
        if not getattr(part, key):
            reader.problems.add_if_silent(reader.at(key), "missing")
    reader.close()
    return part


def _require_once(parts: list[Any], problems: Problems) -> None:
    """Members by address, everything else by name: the file would say two things about one."""
    seen: dict[str, str] = {}
    key = "email" if parts and isinstance(parts[0], MemberPart) else "name"
    for part in parts:
        said = getattr(part, key)
        first = seen.setdefault(said.casefold(), part.path)
        if first != part.path and said:
            problems.add(f"{part.path}.{key}", f"“{said}” stands here twice; first in {first}")
