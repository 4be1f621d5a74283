"""What is wrong with a tenant file: every problem with its path, none hidden by another."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

# Below this likeness (0 to 100) a suggestion is more often wrong than right: “Dua date” is 88 like
# “Due date”, “secret” 90 like “client_secret”, “nothing” 64 like “postingPeriod”.
LIKE = 75
LISTED = 12  # as many choices are still read


@dataclass(frozen=True)
class Problem:
    """``path`` leads to the place in the file, such as ``mappings[0].pairs[3].column``."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class TenantFileError(Exception):
    """The file is refused and nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Problems:
    """Collects what the stages find, so that one reading of the file tells everything."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, text: str) -> None:
        self.found.append(Problem(path, text))

    def add_if_silent(self, path: str, text: str) -> None:
        """Only if nothing was said about this place yet: a wrong value is not also missing."""
        if all(problem.path != path for problem in self.found):
            self.add(path, text)

    def has_about(self, root: str) -> bool:
        return any(problem.path.startswith(root) for problem in self.found)

    def raise_any(self) -> None:
        if self.found:
            raise TenantFileError(self.found)


def like(wanted: str, choices: Iterable[str]) -> str:
    """“; did you mean …?” or, for few choices, what there is; "" for none."""
    known = [choice for choice in choices if choice]
    best = process.extractOne(
        wanted, known, scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=LIKE
    )
    if best is not None:
        return f"; did you mean “{best[0]}”?"
    if known and len(known) <= LISTED:
        return f"; there is {', '.join(f'“{choice}”' for choice in known)}"
    return ""
