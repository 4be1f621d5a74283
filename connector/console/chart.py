"""Bars by the hour, as numbers a template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from connector.console.spending import Hour

WIDTH, HEIGHT, LEFT, BOTTOM = 720, 170, 34, 20
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One hour: two stacked rectangles and the words for them."""

    x: float
    width: float
    reads_y: float
    reads_height: float
    writes_y: float
    writes_height: float
    middle: float
    label: str
    words: str


@dataclass(frozen=True)
class Chart:
    """Bars and the grid behind them, in the units of the picture."""

    bars: list[Bar]
    ticks: list[tuple[float, int]]
    total: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def chart_of(hours: Sequence[Hour], zone: tzinfo) -> Chart:
    """Hours keep their order, and are named in the tenant's zone."""
    top = _round_up(max((hour.reads + hour.writes for hour in hours), default=0))
    space = HEIGHT - BOTTOM - 8
    slot = (WIDTH - LEFT) / max(len(hours), 1)
    bars = [
        _bar(hour, LEFT + slot * number, slot, unit=space / top, zone=zone)
        for number, hour in enumerate(hours)
    ]
    ticks = [(HEIGHT - BOTTOM - space * part, round(top * part)) for part in (0, 0.5, 1)]
    return Chart(bars, ticks, sum(hour.reads + hour.writes for hour in hours))


def _bar(hour: Hour, x: float, slot: float, *, unit: float, zone: tzinfo) -> Bar:
    base = HEIGHT - BOTTOM
    reads, writes = hour.reads * unit, hour.writes * unit
    local = hour.start.astimezone(zone)
    return Bar(
        x=round(x + slot * 0.14, 1),
        width=round(slot * 0.72, 1),
        reads_y=round(base - reads, 1),
        reads_height=round(reads, 1),
        writes_y=round(base - reads - writes, 1),
        writes_height=round(writes, 1),
        middle=round(x + slot / 2, 1),
        label=f"{local:%H}" if local.hour % 3 == 0 else "",
        words=f"{local:%H:%M}: {hour.reads} reading, {hour.writes} writing",
    )


def _round_up(number: int) -> int:
    """1, 2, 5, 10, 20, 50 …: the first that is high enough, and even for its half."""
    size = 2
    while True:
        for step in STEPS:
            if step * size >= number:
                return step * size
        size *= 10
