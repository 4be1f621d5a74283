"""Forgetting: hints that were looked after long ago go, so that their table stays small.

What they brought is in the audit and in the gap meter, which counts by itself.
"""

from datetime import timedelta

from django.db import transaction

from connector.models import Hint
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared

# Longer than any caller repeats a call: a repeated one is known by the hint that is stored.
KEPT = timedelta(days=30)
# With one slice a minute more than a million hints go in a day.
SLICE = 1_000


def forget_hints() -> int:
    """One slice of the oldest; a few rows at a time hold nobody up. How many went."""
    before = database_now() - KEPT
    if not OLD(before=before):
        return 0
    old = Hint.objects.filter(handled_at__lt=before)
    with transaction.atomic():
        rows = old.select_for_update(skip_locked=True).order_by("handled_at")
        ids = list(rows.values_list("pk", flat=True)[:SLICE])
        if ids:
            Hint.objects.filter(pk__in=ids).delete()
    return len(ids)


OLD = Prepared(
    lambda: Hint.objects.filter(handled_at__lt=Given("before")).values_list("pk", flat=True)[:1]
)
