"""Rows among very many keys, given as one value.

Django's ``in`` makes each key a parameter of its own: with 5,000 of them the driver takes longer to
read the statement than the database to answer it.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BigAutoField

if TYPE_CHECKING:
    Lookup = models.Lookup[Any]
else:
    Lookup = models.Lookup  # generic for the type checker only


@BigAutoField.register_lookup
class Among(Lookup):
    """``filter(pk__among=[1, 2])``, ``filter(record__pk__among=keys)``."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        given = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*values, given]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*values, list(self.rhs)]
