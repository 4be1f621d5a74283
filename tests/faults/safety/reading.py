"""Reading: nothing is skipped, and the watermark never runs ahead."""

from tests.faults.safety.line import ACTIVATION, CLIENTS, POLL, RACES, VANISH, SafetyLine

LINES = (
    SafetyLine(
        "the watermark moves only after a complete pass",
        "connector/sync/reading.py",
        "    account.read += len(page.rows)\n",
        """    account.read += len(page.rows)
    Watermark.objects.filter(pk=stream.mark.pk).update(position=under_way.newest)
""",
        POLL,
    ),
    SafetyLine(
        "the watermark never moves backwards",
        "connector/sync/poll.py",
        "    position = max(mark.position, account.newest, key=moment)\n",
        "    position = account.newest or mark.position\n",
        POLL,
    ),
    SafetyLine(
        "what was committed late in Visma is read by overlap",
        "connector/sync/poll.py",
        "OVERLAP = timedelta(hours=2)\n",
        "OVERLAP = timedelta(0)\n",
        POLL,
    ),
    SafetyLine(
        "rows that vanish between two pages are noticed",
        "connector/sync/reading.py",
        "page.total < (under_way.total or 0)",
        "False",
        POLL,
    ),
    SafetyLine(
        "a pass that saw fewer rows than there are is repeated",
        "connector/sync/poll.py",
        "    if reading.is_disturbed(under_way, account):\n",
        "    if False:\n",
        POLL,
    ),
    SafetyLine(
        "a stream is read by one worker at a time",
        "connector/sync/poll.py",
        """    if mark.lease_until and mark.lease_until > now and not is_dead(mark.lease_owner):
        raise StreamBusy
""",
        "",
        POLL,
    ),
    SafetyLine(
        "a reader whose lease was taken over stores nothing",
        "connector/sync/reading.py",
        'SET lease_until = %s WHERE id = %s AND fence = %s"',
        'SET lease_until = %s WHERE id = %s AND %s > 0"',
        RACES,
    ),
    SafetyLine(
        "a reader whose lease was taken over moves no watermark",
        "connector/sync/poll.py",
        """    moved = Watermark.objects.filter(pk=mark.pk, fence=mark.fence).update(
        position=position""",
        """    moved = Watermark.objects.filter(pk=mark.pk).update(
        position=position""",
        RACES,
    ),
    SafetyLine(
        "a mapping that goes live while a stream is read gets the next page",
        "connector/sync/reading.py",
        """        book.serve(stream.mappings)
        taken""",
        "        taken",
        ACTIVATION,
    ),
    SafetyLine(
        "a page stored in the moment of going live is seen by one of both",
        "connector/sync/activate.py",
        """        streams.hold(*mapping.stream)
        mapping.active""",
        "        mapping.active",
        ACTIVATION,
        database="postgresql",
    ),
    SafetyLine(
        "what changed while a mapping was paused waits when it goes on",
        "connector/sync/catching_up.py",
        "        for missed in (self._behind(), self._doubtful()):\n",
        "        for missed in (self._doubtful(),):\n",
        ACTIVATION,
    ),
    SafetyLine(
        "a mapping is active only once it has caught up",
        "connector/sync/activate.py",
        """    missed.go_on()
    with transaction""",
        """    BoardMapping.objects.filter(pk=mapping.pk).update(active=True)
    missed.go_on()
    with transaction""",
        ACTIVATION,
    ),
    SafetyLine(
        "what one complete reading misses is not taken for deleted",
        "connector/sync/poll.py",
        "    gone = missing & set(under_way.suspects)\n",
        "    gone = missing\n",
        VANISH,
    ),
    SafetyLine(
        "a reading without a count deletes nothing",
        "connector/sync/poll.py",
        "    if not account.whole or not account.read or not account.counted:\n",
        "    if not account.whole:\n",
        VANISH,
    ),
    SafetyLine(
        "amounts keep every digit",
        "connector/visma/records.py",
        "_decoder = msgspec.json.Decoder(float_hook=Decimal)\n",
        "_decoder = msgspec.json.Decoder()\n",
        (*POLL, "tests/connector/visma"),
    ),
    SafetyLine(
        "one worker renews a token, the others wait",
        "connector/tokens.py",
        "        rows = self._rows(**{self.ends: getattr(seen, self.ends)}).filter(free)\n",
        "        rows = self._rows().filter(free)\n",
        CLIENTS,
    ),
)
