"""Django admin's pages as a browser of one person sees them."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def browser(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def address(model: Any, page: str = "changelist", row: Any = None) -> str:
    args = [row.pk] if row else []
    return reverse(f"admin:tenants_{model._meta.model_name}_{page}", args=args)


def page_of(user: User, model: Any, page: str = "changelist", row: Any = None) -> str:
    answer = browser(user).get(address(model, page, row))
    return str(answer.content.decode()) if answer.status_code == 200 else str(answer.status_code)


def save(user: User, row: Any, **changes: str) -> HttpResponse:
    page = "change" if row.pk else "add"
    where = address(type(row), page, row if row.pk else None)
    answer: HttpResponse = browser(user).post(where, changes)  # type: ignore[assignment]
    return answer
