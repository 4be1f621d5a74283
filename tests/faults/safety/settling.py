"""Settling and recovering: no guess about what an answer does not say."""

from tests.faults.safety.line import (
    ANSWERS,
    DELIVER,
    DRIFT,
    GUARANTEE,
    RACES,
    RECOVER,
    SafetyLine,
)

LINES = (
    SafetyLine(
        "the lease is proved when settling",
        "connector/sync/settle.py",
        "        settlement = Settlement(hold(lease), desk, batch)\n",
        """        from connector.models.clock import database_now
        settlement = Settlement(database_now(), desk, batch)
""",
        RACES,
    ),
    SafetyLine(
        "a record is locked while it is settled",
        "connector/sync/settle.py",
        "SourceRecord.objects.select_for_update()",
        "SourceRecord.objects.all()",
        RACES,
        "postgresql",
    ),
    SafetyLine(
        "a record that changed meanwhile waits again",
        "connector/sync/settlement.py",
        """!= (newest, self.rules_version):\n""",
        """!= (member["version"], member["mapping_version"]):\n""",
        DELIVER,
    ),
    SafetyLine(
        "what was planned on an old version is planned again",
        "connector/sync/choose.py",
        "            is_current = versions.get(link.record_id) == link.record.version\n",
        "            is_current = True\n",
        RACES,
    ),
    SafetyLine(
        "a link in flight is not set waiting by an intake",
        "connector/sync/waits.py",
        "    links.exclude(state__in=IN_FLIGHT).update(\n",
        "    links.update(\n",
        RACES,
    ),
    SafetyLine(
        "an unknown member keeps its batch unsettled",
        "connector/sync/settle.py",
        "    if settlement.unknown:\n",
        "    if False:\n",
        RECOVER,
    ),
    SafetyLine(
        "silence about an alias is not success",
        "connector/monday/answer.py",
        """        return self._unreadable(f"{alias} is neither in data nor in errors")
""",
        """        return {"id": "1"}
""",
        ANSWERS,
    ),
    SafetyLine(
        "silence about an alias is not failure either",
        "connector/monday/answer.py",
        """        return self._unreadable(f"{alias} is neither in data nor in errors")
""",
        """        from connector.monday.errors import Fault
        return judge((Fault("label does not exist"),), self.exchange)
""",
        ANSWERS,
    ),
    SafetyLine(
        "what is delivered and its audit entry are one write",
        "connector/sync/settlement.py",
        "        audit.write(self.entries, self.now)\n",
        "",
        DELIVER,
    ),
    SafetyLine(
        "a key older than 25 minutes is never sent",
        "connector/sync/recover.py",
        "    if not key_is_old(batch, now):\n",
        "    if True:\n",
        RECOVER,
    ),
    SafetyLine(
        "nor one that has grown old since somebody looked",
        "connector/sync/deliver.py",
        "            if key_is_old(batch, now):\n",
        "            if False:\n",
        RECOVER,
    ),
    SafetyLine(
        "a look-up waits until the last sending must have landed",
        "connector/sync/recover.py",
        "    ready_at = batch.last_sent_at + QUARANTINE\n",
        "    ready_at = batch.last_sent_at\n",
        RECOVER,
    ),
    SafetyLine(
        "two looks before an item is created anew",
        "connector/sync/recover.py",
        "    last_look = batch.lookups > 0 or not desk.finds_by\n",
        "    last_look = True\n",
        RECOVER,
    ),
    SafetyLine(
        "two items with one key go to a person",
        "connector/sync/recover.py",
        "    if len(items) > 1:\n",
        "    if False:\n",
        RECOVER,
    ),
    SafetyLine(
        "without a key column nothing is created anew by guess",
        "connector/sync/recover.py",
        "    elif link.record.key in found.sure:\n",
        "    elif True:\n",
        RECOVER,
    ),
    SafetyLine(
        "a column that is not there any more finds nothing",
        "connector/sync/boards.py",
        '        return wanted if there else ""\n',
        "        return wanted\n",
        GUARANTEE,
    ),
    SafetyLine(
        "what was written before its column does not show in it",
        "connector/sync/finding.py",
        " if sought[key].version >= since))\n",
        "))\n",
        GUARANTEE,
    ),
    SafetyLine(
        "another key column is told from the one before",
        "connector/sync/activate.py",
        "[*board_state.forget_mended(mapping), *_found_anew(mapping, before)]",
        "board_state.forget_mended(mapping)",
        GUARANTEE,
    ),
    SafetyLine(
        "what a person is to decide is decided by nothing else",
        "connector/sync/recover.py",
        "        link.look_up_first = True  # until",
        "        link.look_up_first = False  # until",
        GUARANTEE,
    ),
    SafetyLine(
        "a unique value that two records share finds nothing",
        "connector/sync/finding.py",
        " if text and len(some) == 1}\n",
        " if text}\n",
        GUARANTEE,
    ),
    SafetyLine(
        "an item that shows another record is not taken over",
        "connector/sync/finding.py",
        "        if others.get(item.id, key) == key:\n",
        "        if True:\n",
        GUARANTEE,
    ),
    SafetyLine(
        "a lost change is written again in full",
        "connector/sync/recover.py",
        "            link.delivered = {}\n",
        "",
        RECOVER,
    ),
    SafetyLine(
        "nothing is created where its key cannot be written",
        "connector/sync/choose.py",
        "        return plan.Held((lost,))\n",
        "        return decision\n",
        DRIFT,
    ),
    SafetyLine(
        "a worker frozen for long does not send when it wakes",
        "connector/sync/deliver.py",
        "idempotency_key=str(batch.idempotency_key), began=began",
        "idempotency_key=str(batch.idempotency_key)",
        RACES,
    ),
    SafetyLine(
        "nor when it was frozen at the very wire",
        "connector/http/session.py",
        "        return self.expired or time.monotonic() >= self._ends\n",
        "        return self.expired\n",
        RACES,
    ),
    SafetyLine(
        "a sending whose worker died is told of",
        "connector/sync/settlement.py",
        "        if link.state == LinkState.SENDING:\n",
        "        if False:\n",
        RECOVER,
    ),
)
