"""The keys a pass has met, eight bytes each: a million records take eight megabytes."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b

# Keys are counted in so many portions, so that counting needs little more memory than keeping.
PORTIONS = 16


def digest(key: str) -> int:
    """The same in every process. Of a million keys two share one once in 40 million times."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


class SeenKeys:
    """Add in any order; ask afterwards."""

    def __init__(self, stored: Iterable[bytes] = ()) -> None:
        self._keys = array("Q")
        self._sorted = True
        for part in stored:
            self._keys.frombytes(part)
            self._sorted = False

    def add(self, keys: Iterable[str]) -> bytes:
        """Returns the keys as they are stored."""
        some = array("Q", map(digest, keys))
        self._keys.extend(some)
        self._sorted = False
        return some.tobytes()

    def count(self) -> int:
        """How many different keys."""
        return sum(
            len({key for key in self._keys if key % PORTIONS == portion})
            for portion in range(PORTIONS)
        )

    def __contains__(self, key: str) -> bool:
        if not self._sorted:
            self._keys = array("Q", sorted(self._keys))
            self._sorted = True
        wanted = digest(key)
        place = bisect_left(self._keys, wanted)
        return place < len(self._keys) and self._keys[place] == wanted
