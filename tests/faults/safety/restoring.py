"""Bulk loads, and a database that was restored: nothing is created that may be there already."""

from tests.faults.safety.line import BULK, BULK_DOUBTS, DOUBTS, RESTORES, SafetyLine

LINES = (
    SafetyLine(
        "only waiting links go into a load",
        "connector/sync/bulk.py",
        'if _take(batch, [member["link"] for member in members]) != len(members):',
        'if not _take(batch, [member["link"] for member in members]):',
        BULK,
    ),
    SafetyLine(
        "a start without an answer is asked again, not made anew",
        "connector/sync/loads.py",
        "    after = after or back_off(batch.sends)\n    state =",
        "    after = after or back_off(batch.sends)\n    _drop(lease, desk, batch)\n    state =",
        BULK,
    ),
    SafetyLine(
        "a row counts as loaded only if its item shows what was sent",
        "connector/sync/landing.py",
        "            elif sighting.as_sent:\n",
        "            elif True:\n",
        BULK,
    ),
    SafetyLine(
        "two loaded items with one key go to a person",
        "connector/sync/landing.py",
        "            if len(sighting.items) > 1:\n",
        "            if False:\n",
        BULK,
    ),
    SafetyLine(
        "a load writes over no item whose number was used anew",
        "connector/sync/intake.py",
        "            if taken.reborn:",
        "            if False:",
        DOUBTS,
    ),
    SafetyLine(
        "what a load may have made is looked for before it goes as a batch",
        "connector/sync/landing.py",
        "                link.look_up_first = look_up_first\n",
        "",
        BULK,
    ),
    SafetyLine(
        "a count that is missing is not zero",
        "connector/monday/bulk.py",
        "    return None if created is None or updated is None else int(created) + int(updated)\n",
        "    return int(created or 0) + int(updated or 0)\n",
        BULK_DOUBTS,
    ),
    SafetyLine(
        "a load that may have its file is waited for",
        "connector/sync/loads.py",
        "    if batch.load_id:\n        _go_on(lease, batch, error)\n",
        "",
        BULK_DOUBTS,
    ),
    SafetyLine(
        "a refusal to tell of a load does not end it",
        "connector/sync/loads.py",
        '        if error.why.code != "load_gone" and not _is_too_old(batch, now):\n',
        "        if False:\n",
        BULK_DOUBTS,
    ),
    SafetyLine(
        "after a restore nothing is created unseen",
        "connector/sync/waits.py",
        "    look_first(links.filter(item_id=None), since)\n",
        "",
        RESTORES,
    ),
    SafetyLine(
        "nor what waited already when the backup was made",
        "connector/sync/restored.py",
        "        look_first(links.filter(item_id=None), database_now())\n",
        "",
        RESTORES,
    ),
    SafetyLine(
        "after a restore what the board shows is not believed",
        "connector/sync/waits.py",
        "    links.exclude(item_id=None).update(delivered={})\n",
        "",
        RESTORES,
    ),
    SafetyLine(
        "after a restore Visma is read before anything is written",
        "connector/sync/lanes.py",
        "    return mappings.exclude(own).exclude(of_documents)\n",
        "    return mappings\n",
        RESTORES,
    ),
    SafetyLine(
        "after a restore no old request is sent",
        "connector/sync/restored.py",
        "        unsent = _take_back(lease, mapping)\n",
        "        unsent = 0\n",
        RESTORES,
    ),
    SafetyLine(
        "after a restore a mapping that was paused looks when it goes on",
        "connector/sync/catching_up.py",
        "        doubtful = self.mapping.doubtful_since\n",
        "        doubtful = None\n",
        RESTORES,
    ),
    SafetyLine(
        "after a restore a board rests until what was sent must show",
        "connector/sync/restored.py",
        "not_before=hold(lease) + QUARANTINE",
        "not_before=None",
        RESTORES,
    ),
    SafetyLine(
        "a reader that a recover has overtaken clears no doubt",
        "connector/sync/poll.py",
        "    if moved and sure and ",
        "    if sure and ",
        RESTORES,
    ),
    SafetyLine(
        "after a restore workers under way are fenced off",
        "connector/sync/lanes.py",
        """        fence=F("fence") + 1, lease_owner=owner, lease_until=database_now() + LEASE
""",
        """        lease_owner=owner, lease_until=database_now() + LEASE
""",
        RESTORES,
    ),
)
