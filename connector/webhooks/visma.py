"""Visma's calls: signed with the webhook's key, and about the company of the connection."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from connector.sync import hints
from connector.visma.webhooks import SIGNATURE, Notice, is_signed, read_notice
from connector.webhooks.addresses import at
from connector.webhooks.calls import KEPT, REFUSED, Answer, Call
from tenants.models import VismaConnection

FIELDS = ("tenant_id", "visma_tenant_id", "webhook_key", "webhook_path")


class Owner:
    """Whose address was called."""

    def __init__(self, connection: VismaConnection) -> None:
        self.connection = connection

    @cached_property
    def keys(self) -> list[str]:
        """Opened once for the calls that came together."""
        return [key.strip() for key in self.connection.webhook_key.split(",") if key.strip()]


def owners(paths: Iterable[str]) -> dict[str, Owner]:
    return {each.webhook_path: Owner(each) for each in at(VismaConnection, paths, *FIELDS)}


def judge(call: Call, owner: Owner) -> Answer | dict[str, Any]:
    """What to answer, or the hint to store first; answered with 2xx, a call is not repeated."""
    verified = is_signed(call.raw, call.headers.get(SIGNATURE, ""), owner.keys)
    if owner.keys and not verified:
        return REFUSED
    notice = read_notice(call.headers, call.raw)
    if not _concerns(notice, owner.connection):
        return KEPT
    return hints.row(
        owner.connection,
        call.raw,
        dedupe_id=notice.notification_id,
        event=notice.event,
        verified=verified,
        entity=notice.entity,
        key=notice.key,
    )


def _concerns(notice: Notice, connection: VismaConnection) -> bool:
    """One application's webhook may tell of all its companies; only this one is meant here."""
    mine = connection.visma_tenant_id.strip().casefold()
    return notice.tenant_id.strip().casefold() in ("", mine)
