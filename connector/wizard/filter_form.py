"""Which records a mapping shows, as people say it in the setup: one input for each rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from connector.wizard.drafts import Desk
from mappings import ageing, filters
from mappings.catalog import Entity
from mappings.content import Content
from mappings.models import OnLeave

LABELS = {
    "status": "Only with this status",
    "document_type": "Only of this type",
    "branch": "Only of these branches",
    "party": "Only of these suppliers or customers",
}
DAYS = {"date_from": "Only records dated from", "date_to": "Only records dated until"}
BUCKETS = "Ageing: the last day of each bucket"
AMOUNTS = {"amount_from": "Only amounts from", "amount_to": "Only amounts until"}


class FilterForm(forms.Form):
    """Inputs for the rules that the entity has something for; the others do not show."""

    on_leave = forms.ChoiceField(
        label="When a record no longer passes", choices=OnLeave.choices, required=False
    )
    mark_column = forms.ChoiceField(
        label="Mark it in this column",
        required=False,
        help_text="For “Mark the item”: a text, status or dropdown column that no field fills.",
    )
    mark_text = forms.CharField(
        label="Mark it with",
        required=False,
        max_length=100,
        help_text="Empty: a text column shows the reason, a label is “Left out”.",
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity: Entity = desk.entity
        self.fields |= dict(_inputs(desk.entity, desk.content.filter))
        if desk.entity.name in ageing.ENTITIES:
            self.fields[ageing.RULE] = DaysField(label=BUCKETS, required=False, help_text=_BUCKETS)
        choices: Any = self.fields["mark_column"]
        free = {pair.column_id for pair in desk.content.pairs} | {desk.content.key_column}
        choices.choices = [("", "–")] + [
            (column.id, column.title)
            for column in desk.columns.values()
            if column.type in filters.MARKABLE and column.id not in free
        ]

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if given and given.get("on_leave") == OnLeave.MARK and not given.get("mark_column"):
            self.add_error("mark_column", "Choose the column to mark items in.")
        return given

    def rule(self, before: Content) -> dict[str, Any]:
        """The filter that was entered, with the rules that this form has no input for."""
        kept = {k: v for k, v in before.filter.items() if k not in self.fields}
        given = ((name, self.cleaned_data.get(name)) for name in self.fields)
        ours = {*filters.RULES, *filters.MARKS, ageing.RULE}
        return kept | {name: _plain(value) for name, value in given if name in ours and value}


class ManyField(forms.CharField):
    """Several values with commas between."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))


class DaysField(ManyField):
    """Whole days with commas between."""

    def clean(self, value: Any) -> Any:
        try:
            return [int(each) for each in super().clean(value)]
        except ValueError:
            raise forms.ValidationError("Enter days such as 30, 60, 90.") from None


def _inputs(entity: Entity, rule: Mapping[str, Any]) -> Iterator[tuple[str, forms.Field]]:
    for name, label in LABELS.items():
        field = entity.field(getattr(entity, filters.LISTS[name]) or "")
        if field is not None and field.choices:
            known = dict.fromkeys([*field.choices, *filters.many(rule.get(name) or [])])
            yield name, _ticks(label, list(known))
        elif field is not None:
            yield name, ManyField(label=label, required=False, help_text=_NUMBERS)
    if entity.date:
        for name, label in DAYS.items():
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            yield name, forms.DateField(label=label, required=False, widget=widget)
    if entity.amount:
        for name, label in AMOUNTS.items():
            yield name, forms.DecimalField(label=label, required=False, help_text=_SIZES)


_NUMBERS = "Numbers with commas between; empty means all."
_BUCKETS = "Days overdue with commas between; empty means 30, 60, 90."
_SIZES = "In the document's currency and without sign: a credit note counts like an invoice."


def _ticks(label: str, values: list[str]) -> forms.Field:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(value, value) for value in values],
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means all.",
    )


def _plain(value: Any) -> Any:
    """As JSON keeps it: a day and an amount as their text."""
    return value if isinstance(value, list | str) else str(value)
