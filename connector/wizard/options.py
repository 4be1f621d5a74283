"""Step 5's settings beside the pairs: item name, group, which records, labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect

from connector.errors import ConnectorError
from connector.sync.line_boards import are_shown, hide_lines, show_lines
from connector.wizard.drafts import Desk
from connector.wizard.filter_form import FilterForm
from connector.wizard.pages import step_page
from connector.wizard.pair import save_content
from connector.wizard.samples import samples_of
from connector.wizard.what import in_words
from mappings import ageing, filters
from mappings.catalog import DOCUMENT_LINES
from mappings.content import Content
from mappings.filters import DELETED_CHOICES, DELETED_RULE, RULES
from mappings.models import OnGone
from mappings.render import compile_rules
from tenants.access import TenantRequest, role_required
from tenants.models import Role

SUBITEMS = "subitems"


class OptionsForm(FilterForm):
    """What a mapping says besides its pairs."""

    item_name = forms.CharField(
        label="Item name",
        max_length=255,
        help_text="Text with fields in braces, such as {referenceNumber} {supplier.name}.",
    )
    group_id = forms.ChoiceField(label="Group for new items", required=False)
    on_gone = forms.ChoiceField(
        label="When people archive, delete or move away an item",
        choices=OnGone.choices,
        required=False,
        help_text="monday lets no program restore an item.",
    )
    when_deleted = forms.ChoiceField(
        label="When a record is deleted in Visma",
        choices=[("archive", "Archive the item"), ("leave", "Leave the item as it is")],
        required=False,
        help_text="Only after two complete readings without it. Nothing is deleted in monday.",
    )
    create_labels = forms.BooleanField(
        label="Create missing labels on the board when a record needs them", required=False
    )
    lines = forms.ChoiceField(
        label="Lines",
        choices=[("", "Not as subitems"), (SUBITEMS, "Each line as a subitem of its item")],
        required=False,
        widget=forms.RadioSelect,
        help_text="As text, pair the field “Lines” with a long text column instead. Subitems get "
        "columns of their own on monday's board of subitems, and a mapping of their own here.",
    )

    field_order = (
        *("item_name", "group_id", *RULES, "on_leave", "mark_column", "mark_text"),
        *("on_gone", "when_deleted", ageing.RULE, "create_labels", "lines"),
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        self.order_fields(self.field_order)
        groups = desk.draft.facts.get("groups", []) if desk.draft else []
        known = {group["id"]: group["title"] for group in groups}
        here = desk.content.group_id
        if here:
            known.setdefault(here, desk.content.group_title or here)
        self.groups = known
        choices: Any = self.fields
        choices["group_id"].choices = [("", "The board's first group"), *known.items()]
        if desk.entity.name not in DOCUMENT_LINES:
            del self.fields["lines"]

    def clean_item_name(self) -> str:
        text = " ".join(str(self.cleaned_data["item_name"]).split())
        rules = Content(item_name=text).rules(self.entity.name, "")
        parked = compile_rules(rules, {}).parked
        unknown = [problem.field for problem in parked if problem.field]
        if parked and not unknown:
            raise forms.ValidationError(parked[0].message)
        if unknown:
            raise forms.ValidationError(
                f"{self.entity.plural} have no field {', '.join(f'{{{u}}}' for u in unknown)}."
            )
        return text

    def content(self, before: Content) -> Content:
        given = self.cleaned_data
        rule = self.rule(before)
        rule.pop(DELETED_RULE, None)
        if given.get("when_deleted") in DELETED_CHOICES[1:]:
            rule[DELETED_RULE] = given["when_deleted"]
        return replace(
            before,
            item_name=given["item_name"],
            group_id=given["group_id"],
            group_title=self.groups.get(given["group_id"], ""),
            filter=rule,
            on_leave=given["on_leave"] or before.on_leave,
            on_gone=given["on_gone"] or before.on_gone,
            create_labels=given["create_labels"],
        )


def initial(desk: Desk) -> dict[str, Any]:
    content, entity = desk.content, desk.entity
    return {
        "lines": SUBITEMS if are_shown(desk.mapping) else "",
        "item_name": content.item_name or entity.item_name,
        "group_id": content.group_id,
        **content.filter,
        "on_leave": content.on_leave,
        "on_gone": content.on_gone,
        "when_deleted": filters.when_deleted(content.filter),
        "create_labels": content.create_labels,
    }


@role_required(Role.OWNER)
def options(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    desk = Desk(request, mapping_id)
    form = OptionsForm(desk, request.POST or None, initial=initial(desk))
    if request.method == "POST" and form.is_valid():
        changed = form.content(desk.content)
        wrong = filters.problems(desk.entity, changed.filter) or _lines_as_asked(desk, form)
        if not wrong:
            save_content(desk, changed)
            messages.success(request, "Saved.")
            return redirect(desk.url("pair"))
        form.add_error(None, " ".join(wrong))
    context = {"desk": desk, "form": form, "entity": desk.entity, "names": _names(desk)}
    return step_page(request, "pair", context, mapping=desk.mapping, template="wizard/options.html")


def _lines_as_asked(desk: Desk, form: OptionsForm) -> list[str]:
    """Begin or end the subitems of lines; in words what stood in the way."""
    if "lines" not in form.fields:
        return []
    wanted = form.cleaned_data["lines"] == SUBITEMS
    try:
        if wanted and not are_shown(desk.mapping):
            show_lines(desk.mapping, by=desk.by)
        elif not wanted:
            hide_lines(desk.mapping)
    except (ConnectorError, ValidationError) as error:
        return [f"No subitems were set up. {in_words(error)}"]
    return []


def _names(desk: Desk) -> list[str]:
    """What the first few items would be called."""
    rules = desk.content.rules(desk.mapping.entity, desk.mapping.visma.company_id)
    name = compile_rules(replace(rules, pairs=(), key_column=""), {})
    return [name(one.payload, one.key).name for one in samples_of(desk).found[:3]]
