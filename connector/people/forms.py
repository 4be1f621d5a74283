"""What people type about their workspaces and members."""

from typing import Any

from django import forms
from django.utils.text import slugify

from tenants import timezones
from tenants.models import Role, Tenant

# Words that would read as a page of the site, or promise something, in an address.
TAKEN = {"new", "admin", "account", "static", "setup"}


class WorkspaceForm(forms.Form):
    """A new workspace: its name and where it is."""

    name = forms.CharField(
        label="Name of the workspace",
        max_length=200,
        help_text="Usually the company, such as Nordlys Grossist AS.",
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    timezone = forms.ChoiceField(
        label="Time zone",
        initial=timezones.NORDIC[0],
        widget=timezones.ZoneSelect,
        help_text="Times are shown in it, and its country decides how numbers and dates look.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = timezones.choices()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not slugify(name):
            raise forms.ValidationError("Use at least one letter or digit.")
        return name

    def free_slug(self) -> str:
        """The name as an address; a number tells apart those that are taken."""
        base = slugify(self.cleaned_data["name"])[:40].strip("-")
        taken = set(Tenant.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 3))
        return next(slug for slug in candidates if slug not in taken | TAKEN)


class InvitationForm(forms.Form):
    """Who is invited, and as what."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.OPERATOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
