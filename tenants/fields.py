"""The encrypted field that fails closed: a wrong key raises, it never hands out ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db.models import Case, Model, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull
from django.db.models.query_utils import DeferredAttribute
from encrypted_model_fields import fields as encrypted

if TYPE_CHECKING:
    EncryptedTextField = TextField[str, str]  # the package is not typed
else:
    EncryptedTextField = encrypted.EncryptedTextField

REDACTED = "<secret>"
KEPT_WHEN_EMPTY = "Never shown again. Leave empty to keep the stored one."


class DecryptionError(Exception):
    """A stored secret cannot be opened, or was sealed for another column."""


class Sealed:
    """A secret as its row holds it: no key opens it before somebody reads the attribute."""

    def __init__(self, ciphertext: str) -> None:
        self.ciphertext = ciphertext

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__


class OpenedWhenRead(DeferredAttribute):
    """The attribute of a secret on its model: what was loaded stays sealed until it is used.

    So a list, a join or a status page opens nothing, and a secret that no key opens fails where
    it is needed instead of wherever its row happens to be read.
    """

    field: SecretTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return self.field.unseal(value, instance) if isinstance(value, Sealed) else value

    def __set__(self, instance: Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SecretInput(forms.PasswordInput):
    """Never renders a value; a stored secret need not be typed again."""

    def __init__(self) -> None:
        # "new-password" keeps browsers from filling in the person's own password.
        super().__init__(attrs={"autocomplete": "new-password"}, render_value=False)

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not initial


class SecretFormField(forms.CharField):
    """Write-only: an empty post keeps the stored secret, and is refused when there is none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = SecretInput()
        kwargs.setdefault("help_text", "")
        kwargs["help_text"] = kwargs["help_text"] or KEPT_WHEN_EMPTY
        super().__init__(**kwargs)

    def _clean_bound_field(self, bf: forms.BoundField) -> Any:
        """Django's hook that FileField uses for the same purpose: to look at ``initial``."""
        kept = not bf.data and bf.initial == REDACTED
        return "" if kept else self.clean(bf.data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class SecretTextField(EncryptedTextField):
    """A text sealed at rest, and in memory until its attribute is read.

    Differences from the stock field, each measured on version 0.6.5: a wrong key raises instead
    of returning ciphertext; form input and deserialised values are never "decrypted"; database
    expressions, which would destroy the secret, are refused; so are lookups, which can never
    match; forms and dumps never show the value. Each value is sealed together with the name of
    its column and, where its row is known (``save``, ``create``, ``bulk_create``), with its
    tenant: a ciphertext copied to another column or to another tenant's row does not open there.
    """

    descriptor_class = OpenedWhenRead

    def seal(self, text: str, tenant_id: int | None = None) -> str:
        """``tenant_id``: None where no row is at hand, as in ``update``."""
        if text == "":
            return ""
        owner = "" if tenant_id is None else f"@{tenant_id}"
        sealed: bytes = encrypted.encrypt_str(f"{self._place}{owner}={text}")
        return sealed.decode()

    def unseal(self, sealed: Sealed, row: Model) -> str:
        try:
            opened: str = encrypted.CRYPTER.decrypt(sealed.ciphertext.encode()).decode()
        except InvalidToken:
            raise DecryptionError(
                f"{self._label} cannot be opened with any key in FIELD_ENCRYPTION_KEYS."
            ) from None
        place, _, text = opened.partition("=")
        column, _, owner = place.partition("@")
        if column != self._place:
            raise DecryptionError(f"{self._label} holds a secret sealed for another column.")
        if owner and owner != str(_tenant_id(row)):
            raise DecryptionError(f"{self._label} holds a secret sealed for another tenant.")
        return text

    @property
    def _label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    @property
    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def to_python(self, value: Any) -> Any:
        if value == REDACTED:
            raise ValidationError(
                "A dump holds no secrets. Move tenants with tenant_export and tenant_import."
            )
        return value

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """Opened and sealed anew: a row saved under a new first key moves to it."""
        value = super().pre_save(model_instance, add)
        if not value or hasattr(value, "resolve_expression"):
            return value
        return self.sealed_for(model_instance, str(value))

    def sealed_for(self, row: Model, text: str) -> Sealed:
        return Sealed(self.seal(text, _tenant_id(row)))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            return self._plain_values_only(value)
        if isinstance(value, Sealed):
            return value.ciphertext
        return None if value is None else self.seal(str(value))

    def _plain_values_only(self, expression: Any) -> Any:
        """Let through what ``bulk_update`` sends; its inner values seal themselves."""
        inner = expression.source_expressions[0] if isinstance(expression, Cast) else expression
        results = (
            [*(case.result for case in inner.cases), inner.default]
            if isinstance(inner, Case)
            else [inner]
        )
        if all(self._seals_itself(result) for result in results):
            return expression
        raise FieldError(f"{self._label} is a secret: it cannot be set from an expression.")

    def _seals_itself(self, expression: Any) -> bool:
        """A bare ``Value("x")`` would be stored as plain text: only one typed by us is sealed."""
        if not isinstance(expression, Value):
            return False
        typed = expression._output_field_or_none  # type: ignore[attr-defined]  # not in the stubs
        return expression.value is None or typed is self

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        raise FieldError(f"{self._label} is a secret: it cannot be searched.")

    def value_from_object(self, obj: Model) -> Any:
        """What ``model_to_dict`` and the serialisers see: that there is a secret, not which."""
        return REDACTED if obj.__dict__.get(self.attname, REDACTED) else ""

    def value_to_string(self, obj: Model) -> str:
        return str(self.value_from_object(obj))

    def save_form_data(self, instance: Model, data: Any) -> None:
        if data:
            super().save_form_data(instance, data)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("widget", None)
        return super(encrypted.EncryptedMixin, self).formfield(
            **{**kwargs, "form_class": SecretFormField}
        )

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "tenants.fields.SecretTextField", args, kwargs


def _tenant_id(row: Model) -> int | None:
    return getattr(row, "tenant_id", None)
