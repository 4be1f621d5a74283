"""The table of column types: how each is written, stored, read, and named inside monday."""

from connector.sandbox.monday.kinds.base import Kind, Pen, ReadOnly
from connector.sandbox.monday.kinds.contacts import Country, Email, Link, Phone
from connector.sandbox.monday.kinds.dates import Date, Hour, Timeline, Week
from connector.sandbox.monday.kinds.labels import Dropdown, Status
from connector.sandbox.monday.kinds.numbers import Numbers, Rating
from connector.sandbox.monday.kinds.relations import BoardRelation, Checkbox, People, Tags
from connector.sandbox.monday.kinds.texts import LongText, Name, Text

__all__ = ["KINDS", "Kind", "Pen", "kind_of"]

_WRITABLE = (
    Text, LongText, Name, Numbers, Rating, Date, Timeline, Week, Hour, Status, Dropdown, Email,
    Link, Phone, Country, People, BoardRelation, Checkbox, Tags,
)  # fmt: skip

# Type, prefix of generated ids, GraphQL type.
_COMPUTED = (
    ("mirror", "lookup", "MirrorValue"),
    ("formula", "formula", "FormulaValue"),
    ("auto_number", "autonumber", "UnsupportedValue"),
    ("item_id", "pulse_id", "ItemIdValue"),
    ("creation_log", "pulse_log", "CreationLogValue"),
    ("last_updated", "pulse_updated", "LastUpdatedValue"),
    ("subtasks", "subtasks", "UnsupportedValue"),
    ("button", "button", "UnsupportedValue"),
    ("vote", "vote", "UnsupportedValue"),
    ("progress", "progress", "ProgressValue"),
    ("file", "file", "UnsupportedValue"),
)

KINDS: dict[str, Kind] = {kind.type: kind() for kind in _WRITABLE}
KINDS |= {row[0]: ReadOnly(*row) for row in _COMPUTED}


def kind_of(column_type: str) -> Kind:
    return KINDS[column_type]
