"""What a state means for the books, and what was already done about it."""

from connector.models import LinkState
from mappings import catalog
from mappings.models import BoardMapping

TONES = {LinkState.UNCERTAIN: "unsure", LinkState.GONE: "warn"}

DONE = {
    LinkState.FAILED: (
        "Each record was tried, refused and set aside, so that the others could go on. "
        "Nothing was written twice."
    ),
    LinkState.GONE: (
        "We stopped writing to these items and created nothing in their place: "
        "taking an item off a board may have been on purpose."
    ),
    LinkState.UNCERTAIN: (
        "The request is sent again with the same key, which monday answers without repeating it; "
        "after 25 minutes the items are looked up by their key instead."
    ),
}


def nouns(mapping: BoardMapping, count: int) -> str:
    """“1 supplier invoice”, “37 supplier invoices”."""
    entity = catalog.known(mapping.entity)
    one, many = (entity.label, entity.plural) if entity else ("record", "records")
    return f"{count} {(one if count == 1 else many).lower()}"


def for_the_books(mapping: BoardMapping, state: str, count: int, missing: int) -> str:
    """In words a controller uses: what is missing, what is out of date."""
    board = mapping.board_name or mapping.name
    if state == LinkState.UNCERTAIN:
        return (
            f"{nouns(mapping, count)} may or may not be on {board} with today's values. "
            "None is created twice."
        )
    if state == LinkState.GONE:
        return (
            f"{nouns(mapping, count)} in Visma {_are(count)} no longer on {board}: "
            "its totals leave them out."
        )
    return " ".join(_failed(mapping, board, missing, count - missing))


def _failed(mapping: BoardMapping, board: str, missing: int, stale: int) -> list[str]:
    told = []
    if missing:
        told.append(
            f"{nouns(mapping, missing)} {_are(missing)} not on {board}: its totals leave "
            f"{'it' if missing == 1 else 'them'} out."
        )
    if stale:
        show = "shows" if stale == 1 else "show"
        told.append(f"{nouns(mapping, stale)} on {board} still {show} older values.")
    return told


def tone_of(state: str) -> str:
    return TONES.get(LinkState(state), "bad")


def done_already(state: str) -> str:
    return DONE.get(LinkState(state), "")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
