"""An item's name from a template such as ``{referenceNumber} {supplier.name}``: never empty."""

import re

from mappings.catalog import VISMA_KEY, Entity, Payload, reader
from mappings.columns import NAME_LIMIT, one_line, shorten
from mappings.columns.plain import words
from mappings.problems import Problem, Refusal

_HOLE = re.compile(r"\{([^{}]+)\}")


HALF_A_HOLE = Problem(
    "name_brace_alone",
    "The item name has a { or } that does not stand around a field.",
    "Write each field of the item name between braces, such as {supplier.name}.",
)


class ItemName:
    """Compiled once, called for each record; holes that stay empty vanish with their spaces."""

    def __init__(self, entity: Entity, template: str) -> None:
        self._parts = _HOLE.split(template)
        self._entity = entity
        fields = {path: entity.field(path) for path in self._parts[1::2]}
        self._read = {path: reader(found) for path, found in fields.items() if found}

    def unknown(self) -> tuple[Problem, ...]:
        missing = [path for path in self._parts[1::2] if path not in self._read and path != "key"]
        halves = any(brace in part for part in self._parts[::2] for brace in "{}")
        return (HALF_A_HOLE,) * halves + tuple(
            Problem(
                "name_field_unknown",
                f"The item name asks for “{path}”, which this kind of record does not have.",
                "Correct the item name of this mapping.",
                field=path,
            )
            for path in missing
        )

    def __call__(self, payload: Payload, key: str, full_key: str) -> str:
        filled = [
            part if position % 2 == 0 else self._hole(part, payload, key, full_key)
            for position, part in enumerate(self._parts)
        ]
        text = one_line("".join(filled)) if any(filled[1::2]) or len(filled) == 1 else ""
        return shorten(text or one_line(key) or full_key, NAME_LIMIT)

    def _hole(self, path: str, payload: Payload, key: str, full_key: str) -> str:
        """A value that cannot be read leaves its hole empty: its own pair reports it."""
        if path in ("key", VISMA_KEY):
            return key if path == "key" else full_key
        try:
            found = self._read[path](payload) if path in self._read else None
        except Refusal:
            return ""
        return "" if found is None else words(found)
