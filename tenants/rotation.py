"""Rotation: every stored secret sealed with the first key, while the workers run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

from tenants.fields import SecretTextField
from tenants.models import KeyCanary, MondayConnection, VismaConnection
from tenants.services import connection_needs_person

PAGE = 500  # rows read at a time: memory stays flat whatever the number of connections


@dataclass(frozen=True)
class Place:
    """One column of secrets."""

    model: type[Model]
    name: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Unreadable:
    """A secret no key opens; its text names the row, never the content."""

    place: Place
    pk: int
    sealed: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.place.model._meta.label}.{self.place.name} of row {self.pk}"


@dataclass
class Count:
    """What a pass over all secrets met."""

    current: int = 0
    moved: int = 0
    outdated: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.current + self.moved + self.outdated + len(self.unreadable)


def rotate(*, dry: bool = False, seen: Callable[[], None] = lambda: None) -> Count:
    """Seal every secret with the first key; ``dry`` only looks. ``seen`` hears of progress.

    Works on ciphertexts alone, row by row, each replaced only if it is still what was read: a
    worker that writes at the same time wins, and stopping half-way leaves everything readable.
    """
    ring = [Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS]
    count = Count()
    for place in places():
        for pk, sealed in _ciphertexts(place):
            _rotate_one(place, pk, sealed, ring=ring, count=count, dry=dry)
            seen()
    return count


def forget(lost: list[Unreadable]) -> None:
    """Empty secrets whose key is lost for good, and ask a person to enter them anew."""
    for secret in lost:
        if not _swap(secret.place, secret.pk, old=secret.sealed, new=""):
            continue
        if secret.place.model is KeyCanary:
            KeyCanary.objects.all().delete()  # the next start writes a new proof
        elif secret.place.model in (VismaConnection, MondayConnection):
            _ask_for_credentials(secret)


def _ask_for_credentials(secret: Unreadable) -> None:
    row = secret.place.model._default_manager.without_secrets().get(pk=secret.pk)  # type: ignore[attr-defined]
    connection_needs_person(
        row,
        happened="The encryption key of its credentials is lost, so they were emptied.",
        remedy="Enter the credentials of this connection again.",
    )


def secrets_stored() -> int:
    return sum(1 for place in places() for _ in _ciphertexts(place))


def places() -> list[Place]:
    return [
        Place(model, column.name)
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, SecretTextField)
    ]


def _rotate_one(
    place: Place, pk: int, sealed: str, *, ring: list[Fernet], count: Count, dry: bool
) -> None:
    while not _opens(ring[0], sealed):
        try:
            renewed = MultiFernet(ring).rotate(sealed.encode()).decode()
        except InvalidToken:
            count.unreadable.append(Unreadable(place, pk, sealed))
            return
        if dry:
            count.outdated += 1
            return
        if _swap(place, pk, old=sealed, new=renewed):
            count.moved += 1
            return
        sealed = _reread(place, pk)  # a worker wrote meanwhile, perhaps still with the old key
    count.current += 1


def _opens(key: Fernet, sealed: str) -> bool:
    if sealed == "":
        return True
    try:
        key.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _ciphertexts(place: Place) -> Iterator[tuple[int, str]]:
    """Pages by primary key: no long transaction, and rows may come and go meanwhile."""
    last = 0
    while rows := _select(place, f"id > %s ORDER BY id LIMIT {PAGE}", last):
        yield from ((pk, sealed) for pk, sealed in rows if sealed)
        last = rows[-1][0]


def _reread(place: Place, pk: int) -> str:
    rows = _select(place, "id = %s", pk)
    return rows[0][1] or "" if rows else ""


def _select(place: Place, condition: str, value: int) -> list[tuple[int, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, "{place.name}" FROM "{place.table}" WHERE {condition}',  # noqa: S608
            [value],
        )
        return list(cursor.fetchall())


def _swap(place: Place, pk: int, *, old: str, new: str) -> bool:
    column = place.name
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{place.table}" SET "{column}" = %s '  # noqa: S608  names of our models
            f'WHERE id = %s AND "{column}" = %s',
            [new, pk, old],
        )
        return bool(cursor.rowcount == 1)
