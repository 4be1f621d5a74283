"""Which records a mapping leaves out, and the reason in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mappings import ageing
from mappings.catalog import Entity, Field, Kind, Payload, Value, ValueProblem, value

Filter = Mapping[str, Any]
_Check = Callable[[Payload], str]

# Rule name -> the entity's attribute that names the path it looks at.
LISTS = {
    "status": "status",
    "document_type": "document_type",
    "branch": "branch",
    "party": "number_of_party",
}
DATES = {"date_from": "date", "date_to": "date"}
AMOUNTS = {"amount_from": "amount", "amount_to": "amount"}
RULES = {**LISTS, **DATES, **AMOUNTS}

# Where the item of a record that left the filter is marked, and with what; see `on_leave`.
MARK_COLUMN = "mark_column"
MARK_TEXT = "mark_text"
MARKS = (MARK_COLUMN, MARK_TEXT)
# Columns that can hold a mark: a text says the reason, a label says one word.
MARKABLE = ("text", "long_text", "status", "dropdown")
LEFT_OUT = "Left out"

# What happens to the item of a record that was deleted in Visma; never is it deleted in monday.
DELETED_RULE = "when_deleted"
DELETED_CHOICES = ("archive", "leave")


def when_deleted(rule: Filter) -> str:
    """The mapping's rule for records deleted in Visma; archive where it says none."""
    said = rule.get(DELETED_RULE)
    return said if said in DELETED_CHOICES else DELETED_CHOICES[0]


def excluded(payload: Payload, entity: Entity, rule: Filter) -> str:
    """Why the rule leaves this record out; "" when it does not.

    A record whose value cannot be read is never left out: it shows as a problem instead.
    """
    for name, wanted in rule.items():
        field = _field(entity, name)
        if field is None or wanted in (None, "", []):
            continue
        reason = _reason(name, wanted, field, _value(payload, field))
        if reason:
            return reason
    return ""


def problems(entity: Entity, rule: Filter) -> list[str]:
    """What is wrong with a rule, in words, for forms and the tenant file."""
    return list(filter(None, (_problem(entity, name, wanted) for name, wanted in rule.items())))


def _problem(entity: Entity, name: str, wanted: Any) -> str:
    ageing_rule = {ageing.RULE} if entity.name in ageing.ENTITIES else set()
    if name in {DELETED_RULE, *MARKS, *ageing_rule}:
        return _rule_problem(name, wanted)
    if name not in RULES:
        return f"“{name}” is not a filter; choose among {', '.join(RULES)}."
    if _field(entity, name) is None:
        return f"{entity.plural} have no {name.replace('_', ' ')} to filter on."
    if wanted in (None, "", []):
        return ""
    if name in LISTS and not all(isinstance(each, str) for each in many(wanted)):
        return f"“{name}” takes a list of texts."
    if name in DATES and _day(wanted) is None:
        return f"“{name}” takes a date such as 2026-01-31, not “{wanted}”."
    if name in AMOUNTS and _number(wanted) is None:
        return f"“{name}” takes an amount such as 1000.50, not “{wanted}”."
    return ""


def _rule_problem(name: str, wanted: Any) -> str:
    """Of the rules that leave nothing out."""
    if name in MARKS:
        return "" if isinstance(wanted, str) else f"“{name}” takes a text."
    if name == ageing.RULE:
        return ageing.problem(wanted)
    right = wanted in DELETED_CHOICES
    return "" if right else f"“{name}” takes {' or '.join(DELETED_CHOICES)}."


def _field(entity: Entity, name: str) -> Field | None:
    path = getattr(entity, RULES.get(name, ""), "") if name in RULES else ""
    return entity.field(path) if path else None


def _value(payload: Payload, field: Field) -> Value:
    try:
        return value(payload, field)
    except ValueProblem:
        return None


def _reason(name: str, wanted: Any, field: Field, found: Value) -> str:
    if name in LISTS:
        return _not_listed(field, many(wanted), found)
    if name in DATES:
        return _out_of_days(name, field, _day(wanted), found)
    return _out_of_amounts(name, field, _number(wanted), found)


def _not_listed(field: Field, wanted: Sequence[Any], found: Value) -> str:
    known = {str(each).strip().casefold() for each in wanted}
    if found is not None and str(found).casefold() in known:
        return ""
    shown = "empty" if found is None else f"“{found}”"
    return f"{field.label} is {shown}; only {', '.join(map(str, wanted))} are wanted."


def _out_of_days(name: str, field: Field, limit: date | None, found: Value) -> str:
    if limit is None or not isinstance(found, date):
        return ""
    if name == "date_from" and found < limit:
        return f"{field.label} {found} is before {limit}."
    if name == "date_to" and found > limit:
        return f"{field.label} {found} is after {limit}."
    return ""


def _out_of_amounts(name: str, field: Field, limit: Decimal | None, found: Value) -> str:
    """Sizes are compared without sign, so that a credit note counts like an invoice."""
    if limit is None or not isinstance(found, Decimal):
        return ""
    if name == "amount_from" and found.copy_abs() < limit:
        return f"{field.label} {found} is below {limit}."
    if name == "amount_to" and found.copy_abs() > limit:
        return f"{field.label} {found} is above {limit}."
    return ""


def many(wanted: Any) -> Sequence[Any]:
    return wanted if isinstance(wanted, list | tuple) else [wanted]


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


_AMOUNT = Field("limit", "limit", Kind.AMOUNT)


def _number(raw: Any) -> Decimal | None:
    found = _value({"limit": raw}, _AMOUNT)
    return found if isinstance(found, Decimal) else None
