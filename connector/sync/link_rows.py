"""Link rows: many changed links in few statements."""

from operator import attrgetter

from connector.models import RecordLink, many

# What settlement changes of a link.
WRITTEN = [
    "item_id",
    "state",
    "batch_id",
    "delivered",
    "delivered_version",
    "delivered_mapping",
    "delivered_at",
    "parked",
    "attempts",
    "not_before",
    "look_up_first",
    "failure_code",
    "failure_happened",
    "failure_remedy",
    "failure_fixer",
    "failed_at",
]


def save_links(links: list[RecordLink], columns: list[str]) -> None:
    """These columns of many links in one statement for each kind of change.

    A column that was neither read nor set is not written.
    """
    kinds: dict[tuple[str, ...], list[RecordLink]] = {}
    for link in links:
        known = tuple(column for column in columns if column in link.__dict__)
        kinds.setdefault(known, []).append(link)
    for known, some in kinds.items():
        read = attrgetter("pk", *known)
        many.update(RecordLink, known, [read(link) for link in some])
