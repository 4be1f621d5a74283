"""Sending: frozen first, one writer, the same bytes with the same key."""

from tests.faults.safety.line import DELIVER, DURABILITY, KILLS, RACES, RECOVER, SafetyLine

LINES = (
    SafetyLine(
        "a batch is committed before it is sent",
        "connector/sync/slices.py",
        """        batch = freeze(lease, desk, group[:fitting])
        if batch is not None:
            planned = [wanted.link for wanted in group[:fitting]]
            send(lease, desk, batch, until=until, links=planned)
""",
        """        from django.db import transaction
        with transaction.atomic():
            batch = freeze(lease, desk, group[:fitting])
            if batch is not None:
                planned = [wanted.link for wanted in group[:fitting]]
                send(lease, desk, batch, until=until, links=planned)
        if batch is not None:
""",
        KILLS,
    ),
    SafetyLine(
        "SQLite has a commit on disk before it is over",
        "connector/settings.py",
        "PRAGMA synchronous=FULL;",
        "PRAGMA synchronous=NORMAL;",
        DURABILITY,
    ),
    SafetyLine(
        "PostgreSQL has a commit in its log before it is over",
        "connector/settings.py",
        " -c synchronous_commit=on",
        "",
        DURABILITY,
        "postgresql",
    ),
    SafetyLine(
        "only waiting links are frozen",
        "connector/sync/deliver.py",
        "if links.update(state=LinkState.SENDING, batch=batch) != len(members):",
        "if not links.update(state=LinkState.SENDING, batch=batch):",
        RACES,
    ),
    SafetyLine(
        "a batch is frozen only under the lease",
        "connector/sync/deliver.py",
        """        hold(lease)
        batch = Batch""",
        "        batch = Batch",
        RACES,
    ),
    SafetyLine(
        "the lease is proved right before sending",
        "connector/sync/deliver.py",
        """            now = hold(lease)
            if key_is_old(""",
        """            from connector.models.clock import database_now
            now = database_now()
            if key_is_old(""",
        DELIVER,
    ),
    SafetyLine(
        "that sending starts is written down first",
        "connector/sync/deliver.py",
        """            batch.save(update_fields=["state", "sends", "first_sent_at", "last_sent_at"])
""",
        "",
        (*RECOVER, *KILLS),
    ),
    SafetyLine(
        "sent again with the same key",
        "connector/sync/deliver.py",
        "idempotency_key=str(batch.idempotency_key)",
        "idempotency_key=str(uuid.uuid4())",
        RECOVER,
    ),
    SafetyLine(
        "sent again with the same bytes",
        "connector/sync/deliver.py",
        "    document = _frozen_document(batch)\n",
        """    from connector.sync.choose import decide
    links = list(RecordLink.objects.filter(batch=batch).select_related("record"))
    for link in links:
        link.mapping = desk.mapping
    operation = Operation(batch.operation)
    document = _document(desk, [Wanted(link, decide(desk, link), operation) for link in links])
""",
        RECOVER,
    ),
    SafetyLine(
        "a refused second sending leaves the first unknown",
        "connector/sync/deliver.py",
        "    if batch.sends == 1:\n",
        "    if batch.sends:\n",
        RECOVER,
    ),
    SafetyLine(
        "every call is reserved in the ledger first",
        "connector/sync/deliver.py",
        "    slot = _reserve(desk, document, until)\n",
        "    slot = 0\n",
        DELIVER,
    ),
)
