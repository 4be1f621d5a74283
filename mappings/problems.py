"""Why one value cannot reach one column, in words a controller can act on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One field of one record that cannot be delivered.

    ``code`` is a stable slug, causes are grouped by it. ``fixer`` speaks the words of
    ``connector.errors``: you, visma_admin, monday_admin, nobody.
    """

    code: str
    message: str
    remedy: str
    field: str = ""
    column_id: str = ""
    fixer: str = "you"
    label: str = ""  # the one that a column lacks


class Refusal(ValueError):
    """A value or a setting that cannot be used as it stands; turned into a `Problem` by render."""

    def __init__(self, code: str, message: str, remedy: str, fixer: str = "you") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.fixer = fixer
        self.label = ""

    def problem(self, field: str = "", column_id: str = "") -> Problem:
        return Problem(
            self.code, self.message, self.remedy, field, column_id, self.fixer, self.label
        )
