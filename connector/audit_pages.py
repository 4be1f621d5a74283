"""Audit entries in words: the sentence, the table of changes, and the story of one record."""

import json
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from connector.models import Action, AuditEntry, Outcome

TECHNICAL = (
    *("at", "actor", "action", "outcome", "record_key", "request_id"),
    *("error_code", "error_detail", "run", "batch", "replay_of"),
)
# As long as a story is told in full; the list with its search has the rest.
STORY_LENGTH = 50

DONE = {
    Action.CREATE: "Item created",
    Action.UPDATE: "Item changed",
    Action.ARCHIVE: "Item archived",
    Action.FIND: "Item found by its key",
    Action.CHECK: "Checked",
}
TRIED = {
    Action.CREATE: "Creating the item",
    Action.UPDATE: "Changing the item",
    Action.ARCHIVE: "Archiving the item",
    Action.CHECK: "Preparing the item",
}
ENDED = {
    Outcome.FAILED: "failed",
    Outcome.UNCERTAIN: "has an outcome that is not known yet",
    Outcome.LATER: "did not work and is tried again",
}


def sentence(entry: AuditEntry) -> str:
    """What happened, in a line."""
    action, outcome = Action(entry.action), Outcome(entry.outcome)
    if action in TRIED and outcome in ENDED:
        return f"{TRIED[action]} {ENDED[outcome]}. {entry.message}".strip()
    if entry.message:
        return entry.message
    if action == Action.CREATE:
        return f"Item created with {len(entry.changes)} fields."
    titles = ", ".join(change["title"] for change in entry.changes[:4])
    more = len(entry.changes) - 4
    told = f": {titles}" + (f" and {more} more" if more > 0 else "") if titles else ""
    return f"{DONE.get(action, action.label)}{told}."


def changes_table(entry: AuditEntry) -> SafeString:
    if not entry.changes:
        return format_html("{}", "No field was changed.")
    rows = format_html_join(
        "",
        "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
        (
            (change["title"], shown(change["before"]), shown(change["after"]))
            for change in entry.changes
        ),
    )
    head = (
        "<tr><th scope='col'>Column</th><th scope='col'>Before</th><th scope='col'>After</th></tr>"
    )
    return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", SafeString(head), rows)


def shown(cell: Any) -> str:
    """A cell as monday's JSON, told in words."""
    match cell:
        case None | "":
            return "(empty)"
        case {"label": label}:
            return str(label)
        case {"labels": labels}:
            return ", ".join(map(str, labels))
        case {"date": date}:
            return str(date)
        case {"text": text}:
            return str(text)
        case {"checked": checked}:
            return "yes" if checked == "true" else "no"
        case str():
            return cell
    return json.dumps(cell, ensure_ascii=False)


def story(entry: AuditEntry | None) -> list[dict[str, Any]]:
    """Everything that happened to the same record on the same board, newest first."""
    if entry is None or entry.link_id is None:
        return []
    entries = AuditEntry.objects.filter(tenant=entry.tenant_id, link=entry.link_id)
    return [
        {"entry": one, "sentence": sentence(one), "is_this": one.pk == entry.pk}
        for one in entries.order_by("-pk")[:STORY_LENGTH]
    ]
