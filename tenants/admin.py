"""Tenants, members and connections in Django admin; secrets can be written there, never read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_post_parameters

from tenants.fields import SecretTextField
from tenants.models import Connection, Membership, MondayConnection, Tenant, VismaConnection
from tenants.querysets import TenantQuerySet
from tenants.scoped_admin import ModelForm, TenantFilter, TenantScopedAdmin, TenantScopedForm
from tenants.services import (
    CREDENTIALS,
    connection_unproven,
    is_only_owner,
    member_add,
    member_change,
    member_remove,
    user_of,
)


@admin.register(Tenant)
class TenantAdmin(TenantScopedAdmin):
    """Members see theirs; only the host opens and closes tenants, and says what they weigh."""

    list_display = ["name", "slug", "timezone", "weight"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        slug = ["slug"] if obj else []  # it stands in every address people have saved
        return slug if request.user.is_superuser else [*slug, "weight"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class NewMemberForm(TenantScopedForm):
    """A member by e-mail address: a list to choose from would show other tenants' people."""

    email = forms.EmailField(label="E-mail")
    password = forms.CharField(
        label="First password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="For somebody new here. Whoever has an account keeps their own password.",
    )

    class Meta:
        model = Membership
        fields = ["tenant", "email", "role", "password"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        user = user_of(cleaned.get("email", ""))
        if user is None:
            self._check_first_password(cleaned.get("password", ""))
        elif Membership.objects.filter(tenant=cleaned.get("tenant"), user=user).exists():
            self.add_error("email", "This person is a member already.")
        return cleaned

    def _check_first_password(self, password: str) -> None:
        try:
            validate_password(password)
        except ValidationError as problem:
            self.add_error("password", problem)


class MemberForm(TenantScopedForm):
    """Only the role of a member can change."""

    class Meta:
        model = Membership
        fields = ["role"]

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if is_only_owner(self.instance) and role != self.instance.role:
            raise ValidationError("This is the only owner. Make somebody else an owner first.")
        return role


@admin.register(Membership)
class MembershipAdmin(TenantScopedAdmin):
    list_display = ["user", "tenant", "role"]
    list_filter = [TenantFilter, "role"]
    list_select_related = ["user", "tenant"]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = MemberForm if obj else NewMemberForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["tenant", "user", "role"] if obj else ["tenant", "email", "role", "password"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["tenant", "user"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Owners invite people, who prove their mailbox; only the host gives out passwords."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj is not None and is_only_owner(obj))

    def save_model(self, request: Any, obj: Any, form: ModelForm, change: bool) -> None:
        if change:
            member_change(obj, role=obj.role)
            return
        typed = form.cleaned_data
        added = member_add(
            obj.tenant, email=typed["email"], role=obj.role, password=typed["password"]
        )
        obj.pk, obj.user = added.pk, added.user

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        member_remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            try:
                member_remove(membership)
            except ValidationError as problem:
                self.message_user(request, problem.messages[0], messages.ERROR)


class ConnectionAdmin(TenantScopedAdmin):
    """A connection with its health in words; its secrets are write-only."""

    list_display = ["name", "tenant", "health_in_words"]
    list_filter = [TenantFilter, "health"]
    list_select_related = ["tenant"]
    search_fields = ["name"]
    typed: list[str] = []
    facts: list[str] = []
    fixed: list[str] = []

    def get_queryset(self, request: HttpRequest) -> TenantQuerySet[Any]:
        return super().get_queryset(request).without_secrets()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Django shows read-only fields as they are: without the right to change, no secrets."""
        if self.has_change_permission(request, obj):
            return [*self.typed, *self.get_readonly_fields(request, obj)[len(self.fixed) :]]
        return [
            *(name for name in self.typed if not _is_secret(self.model, name)),
            *self.facts,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.fixed, *self.facts] if obj else []

    @admin.display(description="Health", ordering="health")
    def health_in_words(self, connection: Connection) -> str:
        said = connection.health_words
        if connection.health_since is None:
            return said
        since = date_format(localtime(connection.health_since), "DATETIME_FORMAT")
        return f"{said} (since {since})"

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: Any, obj: Any, form: ModelForm, change: bool) -> None:
        """Only what was typed: a worker may have renewed the access token meanwhile."""
        if not change:
            obj.save()
            return
        obj.save(update_fields=form.changed_data)
        if set(form.changed_data) & set(CREDENTIALS):
            connection_unproven(obj)


@admin.register(VismaConnection)
class VismaConnectionAdmin(ConnectionAdmin):
    typed = [
        "tenant",
        "name",
        "client_id",
        "client_secret",
        "visma_tenant_id",
        "company_id",
        "webhook_key",
    ]
    # Another company would put its records on this one's items: it is another connection.
    fixed = ["tenant", "visma_tenant_id", "company_id"]
    facts = ["company_name", "health_in_words", "health_checked_at"]


@admin.register(MondayConnection)
class MondayConnectionAdmin(ConnectionAdmin):
    typed = ["tenant", "name", "token", "mutations_per_minute"]
    fixed = ["tenant"]
    facts = [
        "account_name",
        "account_slug",
        "plan_tier",
        "user_name",
        "health_in_words",
        "health_checked_at",
    ]


def _is_secret(model: Any, name: str) -> bool:
    return isinstance(model._meta.get_field(name), SecretTextField)
