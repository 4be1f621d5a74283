"""Step 5's receive rule: which label on the board makes a receipt in Visma, and which receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from connector.errors import ConnectorError
from connector.models import GoodsReceipt
from connector.sync.boards import monday_of, read_board
from connector.sync.line_boards import lines_mapping
from connector.sync.receipt_case import OPEN
from connector.wizard.board_facts import refresh_board
from connector.wizard.drafts import Desk
from connector.wizard.pages import step_page
from connector.wizard.pair import save_content
from connector.wizard.what import in_words
from connector.wording import trouble_of
from mappings import receiving
from mappings.columns.labels import Labels
from mappings.models import BoardMapping
from mappings.receiving import LINES, ORDER, Ground
from mappings.services import receiving_ground
from tenants.access import TenantRequest, role_required
from tenants.models import Role

OFF, DRY, LIVE = "off", "dry", "live"
MODES = [
    (OFF, "Off: no label means anything"),
    (DRY, "Dry run: each label only shows here what it would do, nothing is written"),
    (LIVE, "Live: the label makes the receipt in Visma"),
]
RELEASE = [
    (
        "hold",
        "Left on hold: somebody checks it in Visma and releases it there; invoices are linked then",
    ),
    ("release", "Released: stock and order follow at once, supplier invoices are linked to it"),
]
CREATE = "create"
NEW_COLUMN = "Received now"
BETWEEN = "|"  # of a column's id and one of its labels
# Which input of the form says what a part of the rule says.
INPUTS = {"column": "asks", "label": "asks", "problem_label": "problem"}


class ReceiveForm(forms.Form):
    """A rule, as people say it. Switched off, nothing else needs to be said."""

    use_required_attribute = False
    mode = forms.ChoiceField(
        label="Receiving from the board", choices=MODES, widget=forms.RadioSelect
    )
    asks = forms.ChoiceField(
        label="The label that asks for the receipt",
        help_text="A label of a status column that no field fills.",
        error_messages={"required": "Choose the label that asks for the receipt."},
    )
    receipt = forms.ChoiceField(
        label="What is received",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is received."},
    )
    quantity_column = forms.ChoiceField(
        label="Quantities are typed in",
        required=False,
        help_text="A numbers column of the subitems; only for quantities.",
    )
    after = forms.ChoiceField(
        label="The receipt is then",
        choices=RELEASE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the receipt."},
    )
    problem = forms.ChoiceField(
        label="The label for problems",
        required=False,
        help_text="Set on the item when Visma refuses, beside a comment that says why. "
        "It must be a label of the same column.",
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.lines = lines_mapping(desk.mapping)
        own = {pair.column_id for pair in desk.content.pairs}
        self.ground = receiving_ground(desk.mapping, paired=own)
        fields: Any = self.fields
        said = desk.content.receive
        fields["asks"].choices = [("", "Choose a label"), *_labels(self.ground, said, "label")]
        fields["problem"].choices = [
            ("", "None: only the comment says so"),
            *_labels(self.ground, said, "problem_label"),
        ]
        known = receiving.RECEIPTS[desk.entity.name]
        if self.data.get("mode") == OFF:
            for field in ("asks", "receipt", "after"):
                fields[field].required = False
        fields["receipt"].choices = [(name, receiving.RECEIPT_WORDS[name]) for name in known]
        fields["quantity_column"].choices = list(self._numbers())
        if known == (ORDER,):
            del self.fields["receipt"]
        if LINES not in known or self.lines is None:
            del self.fields["quantity_column"]

    def rule(self) -> dict[str, Any]:
        """What was said, as it is stored; empty where the rule is off."""
        given = self.cleaned_data
        if given["mode"] == OFF:
            return {}
        column, _, label = given["asks"].partition(BETWEEN)
        elsewhere, _, problem = given["problem"].partition(BETWEEN)
        receipt = given.get("receipt") or ORDER
        by_lines = receipt == LINES
        return {
            "column": column,
            "label": label,
            "problem_label": problem if elsewhere == column else "",
            "receipt": receipt,
            **({"quantity_column": given.get("quantity_column", "")} if by_lines else {}),
            "release": given["after"] == "release",
            **({"dry": True} if given["mode"] == DRY else {}),
        }

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if not given or self.errors or given["mode"] == OFF:
            return given
        rule = self.rule()
        if given["problem"] and not rule["problem_label"]:
            self.add_error("problem", "Choose a label of the column that asks, or none.")
        to_make = rule.get("quantity_column") == CREATE
        for problem in receiving.problems(rule, self.ground):
            if not (to_make and problem.field == "quantity_column"):
                self._add(problem.field, f"{problem.message} {problem.remedy}")
        return given

    def _add(self, part: str, words: str) -> None:
        name = INPUTS.get(part, part)
        self.add_error(name if name in self.fields else None, words)

    def _numbers(self) -> Iterator[tuple[str, str]]:
        for column in self.ground.lines.values():
            if column.type == "numbers" and column.id not in self.ground.lines_paired:
                yield column.id, column.title
        yield CREATE, f"“{NEW_COLUMN}”, a new column"


@role_required(Role.OWNER)
def receive(request: TenantRequest, mapping_id: int) -> HttpResponseBase:
    desk = Desk(request, mapping_id)
    if desk.entity.name not in receiving.RECEIPTS:
        raise Http404("These records cannot be received.")
    trouble = refresh_board(desk)
    form = ReceiveForm(desk, request.POST or None, initial=_initial(desk))
    if request.method == "POST" and form.is_valid() and _save(desk, form):
        messages.success(request, "Saved. It counts once these changes are activated.")
        return redirect(desk.url("pair"))
    context = {
        "desk": desk,
        "form": form,
        "entity": desk.entity,
        "open": GoodsReceipt.objects.filter(mapping=desk.mapping, state__in=OPEN).count(),
        "lines_missing": LINES in receiving.RECEIPTS[desk.entity.name] and form.lines is None,
        "board_trouble": trouble_of(trouble) if trouble else None,
    }
    return step_page(
        request, "pair", context, mapping=desk.mapping, template="wizard/receiving.html"
    )


def _save(desk: Desk, form: ReceiveForm) -> bool:
    rule = form.rule()
    if rule.get("quantity_column") == CREATE:
        try:
            assert form.lines is not None  # noqa: S101  the input is not there without them
            rule["quantity_column"] = _column_made(form.lines)
        except ConnectorError as error:
            form.add_error("quantity_column", f"No column was made. {in_words(error)}")
            return False
    save_content(desk, replace(desk.content, receive=rule))
    return True


def _column_made(lines: BoardMapping) -> str:
    """The id of a free numbers column of that name, which an earlier press may have made."""
    read_board(lines)
    paired = set(lines.pairings.values_list("column_id", flat=True))
    for column in lines.board_columns:
        is_it = (column["title"], column["type"]) == (NEW_COLUMN, "numbers")
        if is_it and column["id"] not in paired:
            return str(column["id"])
    made = monday_of(lines).create_column(lines.board_id, NEW_COLUMN, "numbers")
    read_board(lines)
    return str(made["id"])


def _initial(desk: Desk) -> dict[str, Any]:
    said = desk.content.receive
    if not receiving.is_on(said):
        return {"mode": OFF, "receipt": ORDER, "after": "hold"}
    problem = said.get("problem_label")
    return {
        "mode": DRY if said.get("dry") else LIVE,
        "asks": f"{said['column']}{BETWEEN}{said['label']}",
        "problem": f"{said['column']}{BETWEEN}{problem}" if problem else "",
        "receipt": said.get("receipt") or ORDER,
        "quantity_column": said.get("quantity_column") or "",
        "after": "release" if said.get("release") else "hold",
    }


def _labels(ground: Ground, said: receiving.Rule, part: str) -> Iterator[tuple[str, Any]]:
    """Each status column that people may fill, with its labels; what is chosen never vanishes."""
    chosen = f"{said.get('column', '')}{BETWEEN}{said.get(part) or ''}"
    offered = set()
    for column in ground.columns.values():
        if column.type == "status" and column.id not in ground.paired:
            labels = [
                (f"{column.id}{BETWEEN}{label.text}", label.text) for label in Labels(column).active
            ]
            offered |= {value for value, _ in labels}
            yield column.title, labels
    if said.get(part) and chosen not in offered:
        yield chosen, f"{said[part]} (not on the board any more)"
