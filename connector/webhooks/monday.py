"""monday's calls: the challenge answered, app-made ones proven, the item remembered."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from connector.models import BoardWebhook
from connector.monday.webhooks import challenge_of, is_signed, read_notice
from connector.sync import hints
from connector.webhooks.addresses import at
from connector.webhooks.calls import KEPT, REFUSED, Answer, Call
from tenants.models import MondayConnection

# Events that name no item and are worth a look at the board.
ABOUT_BOARDS = ("create_column",)
FIELDS = ("tenant_id", "account_id", "webhook_path")


def owners(paths: Iterable[str]) -> dict[str, MondayConnection]:
    return {each.webhook_path: each for each in at(MondayConnection, paths, *FIELDS)}


def judge(call: Call, owner: MondayConnection) -> Answer | dict[str, Any]:
    """What to answer, or the hint to store first."""
    challenge = challenge_of(call.raw)
    if challenge is not None:
        return Answer(200, json.dumps({"challenge": challenge}).encode())
    verified = _proven(call.headers.get("authorization", ""), owner)
    if verified is None:
        return REFUSED
    notice = read_notice(call.raw)
    if not notice.board_id or not (notice.item_id or notice.event in ABOUT_BOARDS):
        return KEPT
    return hints.row(
        owner,
        call.raw,
        dedupe_id=notice.trigger_id,
        event=notice.event,
        verified=verified,
        board_id=notice.board_id,
        key=notice.item_id,
    )


def _proven(token: str, connection: MondayConnection) -> bool | None:
    """True when signed, None when refused. False: a personal token's webhook bears no signature.

    Once a call to the connection's address was signed, unsigned ones are not monday's.
    """
    made = BoardWebhook.objects.filter(monday=connection, webhook_path=connection.webhook_path)
    signed = made.filter(signed=True)
    if not token or not settings.MONDAY_SIGNING_SECRET:
        return None if signed.exists() else False
    proven = is_signed(
        token,
        settings.MONDAY_SIGNING_SECRET,
        audience=connection.webhook_url,
        account_id=connection.account_id,
    )
    if proven and not signed.exists():
        made.update(signed=True)
    return proven or None
