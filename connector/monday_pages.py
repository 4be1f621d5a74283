"""Where a board and its items are looked at in monday.com: addresses for people to follow."""

from urllib.parse import quote, urlencode

from django.conf import settings

from connector.models import RecordLink
from mappings.models import BoardMapping


def board_page(mapping: BoardMapping) -> str:
    """Empty while the account's own address is not known."""
    board, slug = quote(mapping.board_id), mapping.monday.account_slug
    if settings.SANDBOX_URL:
        return f"{settings.SANDBOX_URL}boards/{board}/"
    return f"https://{quote(slug)}.monday.com/boards/{board}" if slug and board else ""


def item_page(link: RecordLink) -> str:
    """The item on its board; the sandbox shows boards only, and finds the item by its name."""
    board = board_page(link.mapping)
    if not board or not link.item_id:
        return ""
    if settings.SANDBOX_URL:
        return f"{board}?{urlencode({'find': link.delivered.get('name', '')})}"
    return f"{board}/pulses/{quote(link.item_id)}"
