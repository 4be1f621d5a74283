"""Every safety line, in the order a record takes through the engine."""

from tests.faults.safety import outside, people, reading, restoring, sending, settling, working

LINES = (
    *reading.LINES,
    *sending.LINES,
    *settling.LINES,
    *restoring.LINES,
    *working.LINES,
    *outside.LINES,
    *people.LINES,
)
