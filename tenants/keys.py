"""The ring of encryption keys, proven at every start against a text this database holds."""

from __future__ import annotations

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from tenants import rotation
from tenants.fields import DecryptionError
from tenants.models import KeyCanary

CANARY = "ml-connector can open its secrets"

log = logging.getLogger("connector.keys")


class WrongKeys(ImproperlyConfigured):
    """The process holds keys that do not open what this database holds."""


def require_right_keys() -> None:
    """Stop the process when its keys are wrong; on a new database, write down the proof.

    A database that is absent, or not migrated yet, holds no secret that a wrong key could spoil:
    then there is nothing to prove, and the field itself still refuses to open what it cannot.
    """
    try:
        if KeyCanary._meta.db_table not in connection.introspection.table_names():
            return
    except DatabaseError:
        log.warning("The database does not answer; the encryption keys were not proven.")
        return
    try:
        proof = KeyCanary.objects.first()
        right = proof.sealed == CANARY if proof is not None else _first_start()
    except DecryptionError:
        right = False
    if not right:
        raise WrongKeys(
            "FIELD_ENCRYPTION_KEYS does not hold the key this database was sealed with. "
            "Put the former key back (several keys are separated by commas, the first one "
            "seals). Nothing was changed. If that key is lost for good, see "
            "“manage.py rotate_keys --help”."
        )


def _first_start() -> bool:
    """No proof yet: write it, unless there are secrets that these keys do not open."""
    if rotation.rotate(dry=True).unreadable:
        return False
    canary, _created = KeyCanary.objects.get_or_create(pk=1, defaults={"sealed": CANARY})
    return bool(canary.sealed == CANARY)
