"""Finding records by what people type: a number, a key, an item id, or a part of a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from connector.models import RecordLink, SourceRecord

# A search that finds more is too wide to be read; the page says so.
MOST_RECORDS = 5_000
MOST_NAMES = 500


@dataclass(frozen=True)
class Found:
    """Keys of the newest records that match; ``is_cut`` tells that names were left out.

    A list of them: planners look up each, where a query inside theirs makes them read all links.
    """

    keys: list[int]
    is_cut: bool = False


def tidy(words: str) -> str:
    """One line without NUL, which PostgreSQL refuses, and no longer than anything we keep."""
    return " ".join(words.replace("\0", "").split())[:100]


def records_found(words: str, connections: Sequence[int]) -> Found:
    """Digits are the beginning of a number, an item or a key. Letters may also stand in names."""
    records = SourceRecord.objects.filter(connection__in=connections)
    wanted = Q(number__startswith=words) | Q(number__startswith=words.upper()) | Q(key=words)
    names: list[str] = []
    if words.isdigit():
        items = RecordLink.objects.filter(mapping__visma__in=connections, item_id=words)
        wanted |= Q(pk__in=list(items.values_list("record", flat=True)[:MOST_NAMES]))
    else:
        names = _names(words, connections)
        wanted |= Q(party__in=names[:MOST_NAMES])
    found = records.filter(wanted).order_by("-pk").values_list("pk", flat=True)[:MOST_RECORDS]
    return Found(list(found), is_cut=len(names) > MOST_NAMES)


def _names(words: str, connections: Sequence[int]) -> list[str]:
    """Names that contain the words. A company's records share few names: comparing 200,000 rows
    without regard to case took half a second."""
    if not connections:
        return []
    if connection.vendor == "sqlite":  # whose UPPER knows the letters a to z only
        names = SourceRecord.objects.filter(connection__in=connections).values_list("party")
        wanted = words.casefold()
        return [name for (name,) in names.distinct() if wanted in name.casefold()][: MOST_NAMES + 1]
    with connection.cursor() as cursor:
        pattern = f"%{connection.ops.prep_for_like_query(words)}%"
        cursor.execute(_NAMES, [list(connections), pattern, MOST_NAMES + 1])
        return [name for (name,) in cursor.fetchall()]


# From one name to the next by the index: as many steps as there are names, not records.
_NAMES = """
    WITH RECURSIVE names (of, party) AS (
        SELECT given.of, (SELECT MIN(party) FROM connector_sourcerecord WHERE connection_id = of)
        FROM UNNEST(%s::bigint[]) AS given (of)
        UNION ALL
        SELECT of, (SELECT MIN(record.party) FROM connector_sourcerecord record
                    WHERE record.connection_id = of AND record.party > names.party)
        FROM names WHERE party IS NOT NULL
    )
    SELECT DISTINCT party FROM names
    WHERE UPPER(party) LIKE UPPER(%s) ESCAPE '\\' LIMIT %s
"""
