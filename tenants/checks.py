"""System checks: keys that are no keys, and encrypted fields that would leak."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from encrypted_model_fields.fields import EncryptedMixin

from tenants.fields import SecretTextField

# 32 random bytes hold fewer than 16 different ones with a chance below 1 in 10^14; a text that
# somebody typed or copied from an example, such as "AAAA…=", holds few.
FEWEST_DIFFERENT_BYTES = 16


def keys_are_random(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    keys: list[str] = settings.FIELD_ENCRYPTION_KEYS
    return [*_placeholders(keys), *_repeated(keys)]


def _placeholders(keys: list[str]) -> Iterator[CheckMessage]:
    for number, key in enumerate(keys, start=1):
        if len(set(urlsafe_b64decode(key))) < FEWEST_DIFFERENT_BYTES:
            yield Error(
                f"Key {number} of FIELD_ENCRYPTION_KEYS is a placeholder, not a random key.",
                hint="“python -m connector.environment” prints a new one.",
                id="tenants.E001",
            )


def _repeated(keys: list[str]) -> Iterator[CheckMessage]:
    if len(set(keys)) < len(keys):
        yield Warning(
            "FIELD_ENCRYPTION_KEYS holds a key twice.",
            hint="Keep each key once; the first one seals.",
            id="tenants.W001",
        )


def encrypted_fields_are_ours(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The stock fields hand out ciphertext under a wrong key; the number ones fail outright."""
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    return [
        Error(
            f"{field.model._meta.label}.{field.name} is a stock encrypted field.",
            hint="Use tenants.fields.SecretTextField.",
            obj=field,
            id="tenants.E002",
        )
        for field in fields
        if isinstance(field, EncryptedMixin) and not isinstance(field, SecretTextField)
    ]
