"""Django admin narrowed to the tenants of the member who looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest

from tenants.access import roles_of, tenants_where
from tenants.deleting import dependants, in_the_way
from tenants.models import RANKS, Role, Tenant
from tenants.querysets import TenantQuerySet, tenant_id_of, tenant_path

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm

M = TypeVar("M", bound=Model)


class TenantFilter(admin.SimpleListFilter):
    """Offers the member's own tenants only; hidden where there is nothing to choose."""

    title = "tenant"
    parameter_name = "tenant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = [(tenant.slug, tenant.name) for tenant in tenants_where(request.user)]
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> QuerySet[M]:
        if self.value() is None:
            return queryset
        tenant = Tenant.objects.filter(slug=self.value())
        return queryset.filter(**{f"{tenant_path(queryset.model)}__in": tenant})


class TenantScopedForm(ModelForm):
    """Refuses to join rows of two tenants, which somebody who is in both could otherwise do."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        rows = {n: v for n, v in cleaned.items() if isinstance(v, Model) and _has_tenant(type(v))}
        own = self._own_tenant_id(rows)
        for name, row in rows.items():
            if own is not None and tenant_id_of(row) != own:
                self.add_error(name, f"“{row}” belongs to another tenant.")
        return cleaned

    def _own_tenant_id(self, rows: dict[str, Model]) -> int | None:
        if self.instance.pk is not None:
            return tenant_id_of(self.instance)
        first = tenant_path(type(self.instance)).split("__")[0]
        return tenant_id_of(rows[first]) if first in rows else None


class TenantScopedAdmin(ModelAdmin):
    """A member sees the rows of their tenants and does what their role there allows.

    The host's superusers see every tenant. ``None`` as a role means nobody, not even the host.
    Django's own model permissions are not asked: membership is the only source.
    """

    form = TenantScopedForm
    view_role: Role | None = Role.AUDITOR
    add_role: Role | None = Role.OWNER
    change_role: Role | None = Role.OWNER
    delete_role: Role | None = Role.OWNER

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> Any:
        """As on every other page: another tenant's row and one that is not there are 404."""
        raise Http404(f"There is no such {opts.verbose_name}.")

    def may(self, request: HttpRequest, at_least: Role | None, row: Model | None = None) -> bool:
        """Without a row: in any tenant at all."""
        if at_least is None or request.user.is_superuser:
            return at_least is not None
        roles = roles_of(request)
        held = roles.values() if row is None else [roles.get(tenant_id_of(row) or 0, "")]
        return any(role in RANKS[RANKS.index(at_least) :] for role in held)

    def where_may(self, request: HttpRequest, rows: QuerySet[M], at_least: Role) -> QuerySet[M]:
        """The rows among ``rows`` in whose tenant the member has at least this role."""
        tenants = tenants_where(request.user, at_least)
        return rows.filter(**{f"{tenant_path(rows.model)}__in": tenants})

    def get_queryset(self, request: HttpRequest) -> TenantQuerySet[Any]:
        return _tenant_rows(super().get_queryset(request)).of_member(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.view_role)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.view_role, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.add_role)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.change_role, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.delete_role, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        rows = list(objs)
        refused = any(not self.has_delete_permission(request, row) for row in rows)
        return (
            [str(row) for row in rows],
            {str(self.opts.verbose_name_plural): len(rows), **dependants(rows)},
            {str(self.opts.verbose_name)} if refused else set(),
            in_the_way(rows),
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._choices(db_field.remote_field.model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _choices(self, target: type[Model], request: HttpRequest) -> QuerySet[Any]:
        if target is Tenant:
            return tenants_where(request.user, self.add_role or Role.OWNER)
        if target is User and not request.user.is_superuser:
            seen = tenants_where(request.user)
            return User.objects.filter(memberships__tenant__in=seen).distinct()
        rows = target._default_manager.all()
        if not _has_tenant(target):
            return rows
        return _tenant_rows(rows).of_member(request.user).without_secrets()

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Django's filter on a foreign key would name every tenant's rows to everybody."""
        return [self._narrowed(item) for item in super().get_list_filter(request)]

    def _narrowed(self, item: Any) -> Any:
        try:
            field = self.model._meta.get_field(item) if isinstance(item, str) else None
        except FieldDoesNotExist:
            field = None
        if not isinstance(field, ForeignKey):
            return item
        return (
            TenantFilter
            if field.remote_field.model is Tenant
            else (item, admin.RelatedOnlyFieldListFilter)
        )


def _has_tenant(model: type[Model]) -> bool:
    return isinstance(model._default_manager.all(), TenantQuerySet)


def _tenant_rows(rows: QuerySet[Any]) -> TenantQuerySet[Any]:
    if isinstance(rows, TenantQuerySet):
        return rows
    raise TypeError(f"{rows.model._meta.label} has no TenantQuerySet: it cannot be narrowed.")
