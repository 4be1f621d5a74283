"""Links of one mapping to some records, found by the record."""

from collections.abc import Sequence

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet

from connector.models import RecordLink

# No index begins with this: a database that has no statistics, or none yet of a new mapping, would
# take one of the mapping's own and go through all its links for each page.
OF_MAPPING = ExpressionWrapper(F("mapping") + 0, output_field=BigIntegerField())


def links_of(mapping_id: int, record_ids: Sequence[int]) -> QuerySet[RecordLink]:
    """A record has few links, a mapping very many."""
    found = RecordLink.objects.filter(record__pk__among=record_ids)
    return found.alias(of_mapping=OF_MAPPING).filter(of_mapping=mapping_id)
