"""Working together: one writer for each board, one ledger for each account."""

from tests.faults.safety.line import (
    BOARD_READINGS,
    BUDGET,
    CLUSTERS,
    DELIVER,
    HTTP,
    LANES,
    RACES,
    SLOWING,
    SafetyLine,
)

LINES = (
    SafetyLine(
        "a lease of a successor fences its old holder off",
        "connector/sync/lanes.py",
        'SET lease_until = %s WHERE id = %s AND fence = %s"',
        'SET lease_until = %s WHERE id = %s AND %s > 0"',
        LANES,
    ),
    SafetyLine(
        "a leased board is left to its worker",
        "connector/sync/lanes.py",
        """    if lane.lease_until and lane.lease_until > now and not is_dead(lane.lease_owner):
        return None
""",
        "",
        (*LANES, *DELIVER),
    ),
    SafetyLine(
        "of two workers that claim at once one gets the board",
        "connector/sync/lanes.py",
        "    taken = BoardLane.objects.filter(pk=lane_id, fence=lane.fence).update(\n",
        "    taken = BoardLane.objects.filter(pk=lane_id).update(\n",
        RACES,
    ),
    SafetyLine(
        "an old holder does not release a successor's lease",
        "connector/sync/lanes.py",
        """    BoardLane.objects.filter(pk=lease.lane.pk, fence=lease.fence).update(
        lease_until=None""",
        """    BoardLane.objects.filter(pk=lease.lane.pk).update(
        lease_until=None""",
        LANES,
    ),
    SafetyLine(
        "a call that no limit leaves room for is not made",
        "connector/sync/gates.py",
        "    return _check_minute(wish, limits, may, now)\n",
        "    return None\n",
        BUDGET,
    ),
    SafetyLine(
        "what one worker is told to wait all workers wait",
        "connector/sync/gates.py",
        "    if limits.blocked_until and limits.blocked_until > now:\n",
        "    if False:\n",
        BUDGET,
    ),
    SafetyLine(
        "a refusal that names no time is a longer rest for all each time",
        "connector/sync/corrections.py",
        "        refusal = _rest(account, report, now)\n",
        "        pass\n",
        SLOWING,
    ),
    SafetyLine(
        "two workers never take the last call of a minute",
        "connector/sync/budget.py",
        "AccountLimits.objects.select_for_update().filter(",
        "AccountLimits.objects.filter(",
        RACES,
        "postgresql",
    ),
    SafetyLine(
        "a day that is used up waits for midnight",
        "connector/sync/gates.py",
        "    _check_day(wish, limits, may, now)\n",
        "",
        BUDGET,
    ),
    SafetyLine(
        "nothing is sent again behind our back",
        "connector/http/session.py",
        "_Adapter(max_retries=0)",
        "_Adapter(max_retries=2)",
        HTTP,
    ),
    SafetyLine(
        "a killed worker leaves no lock to those after it",
        "connector/management/commands/qcluster.py",
        "        cluster.Sentinel = Guard\n",
        "",
        CLUSTERS,
    ),
    SafetyLine(
        "a look at a board goes on where a limit cut it off",
        "connector/sync/board_readings.py",
        "            _try_to_keep(reading)\n",
        "            pass\n",
        BOARD_READINGS,
    ),
    SafetyLine(
        "an item that went while a reading was cut off is not taken for back",
        "connector/sync/items.py",
        "_gone(mapping, look.began_at)",
        "_gone(mapping)",
        BOARD_READINGS,
    ),
    SafetyLine(
        "one worker at a time searches a board for labels",
        "connector/sync/watch.py",
        "not_before=now + CLAIM",
        "not_before=now",
        BOARD_READINGS,
    ),
)
