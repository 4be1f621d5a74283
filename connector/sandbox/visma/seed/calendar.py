"""When things happened: working days before the day the company was seeded."""

from datetime import datetime, timedelta
from random import Random


def working_moment(today: datetime, days_ago: float, random: Random) -> datetime:
    """Between eight and four on that day, or the Friday before a weekend; never in the future."""
    day = today - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - 4))
    moment = day.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(
        seconds=random.randint(0, 8 * 3600), milliseconds=random.randint(0, 999)
    )
    return min(moment, today - timedelta(minutes=5))


def later(moment: datetime, today: datetime, random: Random, *, days: float) -> datetime:
    """Some time after, up to ``days``, and not after today."""
    seconds = random.uniform(60, days * 86_400)
    return min(moment + timedelta(seconds=seconds), today - timedelta(minutes=2))
