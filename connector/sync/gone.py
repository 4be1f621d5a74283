"""Gone: an item that people archived, deleted or moved away, and what the mapping says follows.

monday lets no program restore an item, so the choice is to ask for it, to leave it, or to make a
new one.
"""

from connector.errors import Explanation
from connector.models import LinkState, RecordLink
from mappings.models import BoardMapping, OnGone

ITEM_GONE = "item_gone"

HAPPENED = {
    "archived": "People archived the item in monday.com.",
    "deleted": "People deleted the item in monday.com.",
    "moved": "People moved the item to another board in monday.com.",
    "": "The item was archived, deleted or moved away in monday.com.",
}
REMEDIES = {
    OnGone.RESTORE: "Restore the item in monday.com, from the board's archive or trash: it is kept "
    "up to date again within the hour. Or press Replay: a new item is made if the old one is not "
    "there.",
    OnGone.RESPECT: "Nothing to do: this mapping leaves such items to people. Replay makes a new "
    "item.",
    OnGone.CREATE: "Nothing to do: a new item is made.",
}


def why(mapping: BoardMapping, fate: str = "", request_id: str = "") -> Explanation:
    return Explanation(
        code=ITEM_GONE,
        happened=HAPPENED[fate],
        remedy=REMEDIES[OnGone(mapping.on_gone)],
        fixer="you" if mapping.on_gone == OnGone.RESTORE else "nobody",
        request_id=request_id,
    )


def is_made_anew(mapping: BoardMapping) -> bool:
    return mapping.on_gone == OnGone.CREATE


def begin_anew(link: RecordLink) -> None:
    """The link has no item any more; another one with its key may be there, so that is looked
    for first."""
    link.item_id, link.delivered, link.parked = None, {}, {}
    link.look_up_first = bool(link.mapping.key_column)
    link.failure_code = ""
    link.state = LinkState.WAITING


def begin_all_anew(mapping: BoardMapping) -> None:
    """The rule has changed: what was gone before is made anew as well."""
    RecordLink.objects.filter(mapping=mapping, state=LinkState.GONE).update(
        item_id=None,
        delivered={},
        parked={},
        look_up_first=bool(mapping.key_column),
        failure_code="",
    )


def is_known(link: RecordLink) -> bool:
    """Found earlier: nothing more is sent to an item that is not there."""
    return link.item_id is not None and link.failure_code == ITEM_GONE
