"""Very many records in a workspace, for PostgreSQL, which multiplies one row of each kind."""

from typing import Any

from django.db import connection

from connector.models import ApiCall, AuditEntry, RecordLink, SourceRecord, SyncRun

CALLS, RUNS, CAUSES, STORY = 20_000, 5_000, 120, 5_000
# Of a thousand links: most delivered, some in every other state that a page counts.
STATE = """CASE WHEN n %% 1000 < 985 THEN 'delivered' WHEN n %% 1000 < 990 THEN 'failed'
 WHEN n %% 1000 < 992 THEN 'uncertain' WHEN n %% 1000 < 995 THEN 'waiting' ELSE 'excluded' END"""
TODAY = "date_trunc('day', now(), 'UTC')"
WHEN = f"{TODAY} + (now() - {TODAY}) * n / {CALLS}"


def fill(records: int, entries: int) -> None:
    first = SourceRecord.objects.latest("pk").pk
    link = RecordLink.objects.latest("pk")
    key = {"key": "'Invoice:' || n", "number": "'N' || n", "party": "'Leverandør ' || n %% 900"}
    multiply(SourceRecord, records, key | {"amount": "n", "currency": _currency()})
    multiply(RecordLink, records, {"record_id": f"{first} + n", "state": STATE, **_failure()})
    multiply(AuditEntry, entries, _entries(link, entries))
    SyncRun.objects.update(read=records, created=records // 5, failed=records // 200)
    finished = {"started_at": "now() - n * interval '1 minute'", "finished_at": "now()"}
    multiply(SyncRun, RUNS, finished)
    multiply(ApiCall, CALLS, {"started_at": WHEN, "finished_at": WHEN})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum has done it by then


def _entries(link: RecordLink, entries: int) -> dict[str, str]:
    """Some thousand tell of the oldest record, the others of all records in turn; one in five is
    of the first load, the others are of runs long past."""
    oldest = RecordLink.objects.select_related("record").earliest("pk")

    def told(of_oldest: str, of_others: str) -> str:
        return f"CASE WHEN n %% {entries // STORY} = 0 THEN {of_oldest} ELSE {of_others} END"

    return {
        "record_key": told(f"'{oldest.record.key}'", "'Invoice:' || n %% 200000"),
        "number": told(f"'{oldest.record.number}'", "'N' || n %% 200000"),
        "item_id": "(5000000 + n %% 200000)::text",
        "link_id": told(str(oldest.pk), f"{link.pk} + n %% 200000"),
        "run_id": "CASE WHEN n %% 5 = 0 THEN t.run_id ELSE t.run_id + 1 + n %% 5000 END",
        "outcome": "CASE WHEN n %% 1000 < 5 THEN 'failed' ELSE 'done' END",
        "request_id": "md5((n / 25)::text)",
    }


def _currency() -> str:
    return "(ARRAY['NOK','SEK','DKK','EUR'])[1 + n %% 4]"


def _failure() -> dict[str, str]:
    failed, reason = "n %% 1000 BETWEEN 985 AND 991", f"n / 1000 %% {CAUSES}"
    return {
        "item_id": f"CASE WHEN {failed} THEN NULL ELSE (5000000 + n)::text END",
        "failure_code": f"CASE WHEN {failed} THEN 'label_missing' ELSE '' END",
        "failure_happened": f"CASE WHEN {failed} THEN 'Reason ' || {reason} ELSE '' END",
        "failed_at": f"CASE WHEN {failed} THEN now() ELSE NULL END",
    }


def multiply(model: Any, times: int, changes: dict[str, str]) -> None:
    """Copies of the model's last row; ``changes``: column → expression in n, from 1 on."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    wanted = ", ".join(changes.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    last = f"(SELECT * FROM {table} ORDER BY id DESC LIMIT 1) t"  # noqa: S608
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {wanted} FROM {last}, generate_series(1, %s) n"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [times])
