"""A dimension as Visma nests it, opened out: a record for each value of each segment."""

from typing import Any

from .errors import unreadable

# Of the dimension and the segment a value carries who they are, not when they last changed:
# otherwise one new value would make all its neighbours look changed.
DIMENSION = ("id", "description")
SEGMENT = ("segmentId", "description")


def values_of(dimension: Any) -> list[dict[str, Any]]:
    """TryAgain when the answer is no dimension: a value unread must not look deleted."""
    try:
        return [
            {
                **value,
                "dimension": {name: dimension.get(name) for name in DIMENSION},
                "segment": {name: segment.get(name) for name in SEGMENT},
            }
            for segment in dimension["segments"] or ()
            for value in segment["segmentValues"] or ()
        ]
    except (AttributeError, KeyError, TypeError):
        raise unreadable("Visma", "a dimension without readable segments") from None
