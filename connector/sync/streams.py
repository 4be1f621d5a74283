"""Streams: whoever stores what was read holds the stream, and then asks for whom it is stored.

A mapping that goes live holds it too. So either the next page is stored for that mapping, or the
mapping finds the page's records when it looks for what it has missed.
"""

from connector.models import Watermark
from connector.models.prepared import Given, Prepared
from mappings.models import BoardMapping


def hold(connection_id: int, entity: str) -> None:
    """Until the transaction is over nobody else stores anything of this stream."""
    Watermark.objects.select_for_update().get_or_create(connection_id=connection_id, entity=entity)


def served(connection_id: int, entity: str) -> list[BoardMapping]:
    """The mappings that an entity is stored for now; only who holds the stream can rely on it."""
    return SERVED(visma=connection_id, entity=entity)


SERVED = Prepared(
    lambda: BoardMapping.objects.filter(visma=Given("visma"), entity=Given("entity"), active=True)
)
