"""Forgetting: old hints and calls go, so that their tables stay small.

What hints brought is in the audit and in the gap meter, which counts by itself. Of calls, budgets
need a day at most; what was written by them is in the audit.
"""

from datetime import timedelta

from django.db import transaction

from connector.models import ApiCall, Hint
from connector.models.clock import database_now
from connector.models.prepared import Given, Prepared

# Longer than any caller repeats a call: a repeated one is known by the hint that is stored.
KEPT = timedelta(days=30)
# The account of a run counts the calls of its time; later it says that they are not known any more.
CALLS_KEPT = timedelta(days=90)
# With one slice a minute more than a million rows go in a day.
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


def forget_calls() -> int:
    """One slice of the oldest calls, which have the lowest keys. How many went."""
    before = database_now() - CALLS_KEPT
    first, started_at = FIRST_CALL.one() or (0, before)
    if started_at >= before:
        return 0
    # Bounded by key: to find out that none older is left would read the whole table.
    old = ApiCall.objects.filter(pk__lt=first + SLICE, started_at__lt=before)
    return old.delete()[0]


FIRST_CALL = Prepared(lambda: ApiCall.objects.order_by("pk").values_list("pk", "started_at")[:1])
