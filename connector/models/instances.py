"""Rows made into instances without what Django does for each of them and nobody here asks for."""

import json
from collections.abc import Collection
from typing import Any, Self

import msgspec
from django.db import models
from django.db.models.base import ModelState


class Read(models.Model):
    """A model whose rows are read by the thousand.

    ``Model.__init__`` sends two signals for each instance and looks at each field by itself, which
    took a twelfth of a bulk load's processor time. What is left here is what ``from_db`` promises:
    the columns that were read, and the others deferred.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_: Any
    ) -> Self:
        made = cls.__new__(cls)
        made.__dict__.update(zip(field_names, values, strict=True))
        made._state = ModelState()
        made._state.adding = False
        made._state.db = db
        return made

    @classmethod
    def with_columns(cls, **values: Any) -> Self:
        """An instance of these columns, by attribute name, for `many` to write; the rest is
        deferred."""
        return cls.from_db(None, values.keys(), values.values())


def json_text(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half a character, which only the escapes of json can say
        return json.dumps(value)


class Document(models.JSONField):
    """A JSON column of which many or large values are read and written: `msgspec` takes a third of
    the time."""

    def deconstruct(self) -> Any:
        """In migrations it is Django's own: the column is the same."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if connection.vendor == "sqlite" and isinstance(value, list | dict):
            return json_text(value)
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if isinstance(value, str):
            try:
                return msgspec.json.decode(value)
            except msgspec.DecodeError:  # half a character, which only the escapes of json can say
                pass
        return super().from_db_value(value, expression, connection)
