"""Sealed texts for packages that bring tables of their own: each is a row, known by its number.

So that there is one way to seal, and rotation finds these secrets like all others.
"""

from typing import Any

from tenants.fields import DecryptionError
from tenants.models import SealedText

PREFIX = "sealed:"


def seal(text: str) -> str:
    """Store the text sealed; what is returned says where it lies and nothing about it."""
    return f"{PREFIX}{SealedText.objects.create(text=text).pk}"


def unseal(reference: str) -> str:
    """Raises DecryptionError where nothing is stored under the reference, or no key opens it."""
    number = reference.removeprefix(PREFIX)
    found = SealedText.objects.filter(pk=number).first() if number.isdigit() else None
    if found is None:
        raise DecryptionError("A sealed text is missing: its owner has to set it up anew.")
    return found.text


def forget_with_factor(instance: Any, **kwargs: Any) -> None:
    """The sealed texts of a second factor go with it; called after its row was deleted."""
    references = [str(instance.data.get(name, "")) for name in ("secret", "seed")]
    numbers = [each.removeprefix(PREFIX) for each in references if each.startswith(PREFIX)]
    SealedText.objects.filter(pk__in=numbers).delete()
