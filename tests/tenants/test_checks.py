"""System checks of the keys and of the encrypted fields."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps
from encrypted_model_fields.fields import EncryptedIntegerField

from tenants.checks import encrypted_fields_are_ours, keys_are_random
from tests.tenants.conftest import UseKeys, new_key


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_a_placeholder_is_no_key(use_keys: UseKeys) -> None:
    use_keys(new_key(), "A" * 43 + "=")

    assert ids(keys_are_random(None)) == ["tenants.E001"]


def test_random_keys_pass(use_keys: UseKeys) -> None:
    use_keys(*(new_key() for _ in range(50)))

    assert keys_are_random(None) == []


def test_a_key_that_stands_twice_is_reported(use_keys: UseKeys) -> None:
    key = new_key()
    use_keys(key, key)

    assert ids(keys_are_random(None)) == ["tenants.W001"]


def test_every_encrypted_field_of_ours_fails_closed() -> None:
    assert encrypted_fields_are_ours(None) == []


@isolate_apps("tenants")
def test_a_stock_encrypted_field_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tenants import checks

    class Careless(models.Model):
        number = EncryptedIntegerField()

        class Meta:
            app_label = "tenants"

        def __str__(self) -> str:
            return "careless"

    class Registry:
        @staticmethod
        def get_models() -> list[type[models.Model]]:
            return [Careless]

    monkeypatch.setattr(checks, "apps", Registry)
    found = encrypted_fields_are_ours(None)

    assert ids(found) == ["tenants.E002"]


def test_the_checks_run_with_every_command(use_keys: UseKeys) -> None:
    use_keys("A" * 43 + "=")

    assert "tenants.E001" in ids(list(run_checks()))
