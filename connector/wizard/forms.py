"""What people type in the setup. A secret is taken, never shown again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms

from connector.errors import ConnectorError
from connector.sync.companies import refuse_other_company
from tenants import timezones
from tenants.models import MondayConnection, Tenant, VismaConnection

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm  # generic for the type checker only

STORED = "Stored and sealed. It is never shown again; leave this empty to keep it."
AGAIN = "Type it once more: a secret is not kept until the whole form is in order."


class WorkspaceForm(AnyModelForm):
    """The workspace's name and where it is."""

    timezone = forms.ChoiceField(
        label="Time zone",
        choices=timezones.choices,
        widget=timezones.ZoneSelect,
        help_text="Times are shown in it, and its country decides how numbers and dates look.",
    )

    class Meta:
        model = Tenant
        fields = ["name", "timezone"]
        labels = {"name": "Name of the workspace"}


class CredentialForm(AnyModelForm):
    """A connection's form: what is typed comes back after a mistake, but never a secret."""

    secret = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = bool(self.instance.pk)
        self.fields[self.secret].help_text = STORED if stored else AGAIN if self.is_bound else ""
        for field in self.fields.values():
            field.widget.attrs |= {"spellcheck": "false", "autocapitalize": "off"}
            field.widget.attrs.setdefault("autocomplete", "off")
        if stored:
            self.fields[self.secret].widget.attrs["placeholder"] = "stored"


class VismaForm(CredentialForm):
    """A Visma.net company and the application that reads it."""

    secret = "client_secret"  # noqa: S105  the name of a field

    class Meta:
        model = VismaConnection
        fields = ["client_id", "client_secret", "visma_tenant_id", "company_id"]
        labels = {
            "client_id": "Client id",
            "client_secret": "Client secret",
            "visma_tenant_id": "Tenant id",
            "company_id": "Company id",
        }
        error_messages = {
            "client_id": {"required": "Enter the Client id of your application."},
            "visma_tenant_id": {"required": "Enter the company's Tenant id."},
            "company_id": {"required": "Enter the Company id."},
        }

    def clean_client_id(self) -> str:
        return "".join(str(self.cleaned_data["client_id"]).split())

    def clean_visma_tenant_id(self) -> str:
        found = str(self.cleaned_data["visma_tenant_id"]).strip().strip("{}").lower()
        if not re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", found):
            raise forms.ValidationError(
                "A Tenant id looks like 3f1c5a52-8f7e-4b0e-9d3c-61f0a94b21d7. "
                "Copy it from Visma Admin → Company → Edit → Configuration."
            )
        return found

    def clean_company_id(self) -> str:
        found = "".join(str(self.cleaned_data["company_id"]).split())
        rows = VismaConnection.objects.of(self.instance.tenant).exclude(pk=self.instance.pk)
        if rows.filter(company_id=found).exists():
            raise forms.ValidationError(f"Company {found} is already connected to this workspace.")
        return found

    def clean(self) -> dict[str, Any]:
        """Mappings may be gone, and what was read of the company is still there."""
        cleaned = super().clean() or self.cleaned_data
        stored = VismaConnection.objects.filter(pk=self.instance.pk).without_secrets().first()
        ids = {name: str(cleaned.get(name) or "") for name in ("visma_tenant_id", "company_id")}
        if stored is not None and all(ids.values()):
            try:
                refuse_other_company(stored, **ids)
            except ConnectorError as error:
                self.add_error(None, f"{error.why.happened} {error.why.remedy}")
        return cleaned


class MondayForm(CredentialForm):
    """A monday.com account, reached with the personal token of one of its users."""

    secret = "token"  # noqa: S105  the name of a field

    class Meta:
        model = MondayConnection
        fields = ["token"]
        labels = {"token": "Personal API token"}
        error_messages = {"token": {"required": "Paste the token from monday.com."}}

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"]).strip().removeprefix("Bearer ").strip()
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise forms.ValidationError("This is not a token: it has spaces or signs in it.")
        return token
