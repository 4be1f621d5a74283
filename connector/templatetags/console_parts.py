"""What the console's templates say about runs, attempts and records."""

from typing import Any

from django import template

from connector import audit_pages, monday_pages
from connector.console import hearing, meanings
from connector.console.run_account import run_state
from connector.models import AuditEntry, RecordLink
from connector.wording import Trouble
from tenants.models import MondayConnection, VismaConnection

register = template.Library()
register.simple_tag(run_state, name="run_state")
register.simple_tag(monday_pages.board_page, name="board_page")
register.simple_tag(monday_pages.item_page, name="item_page")
MINUTE, HOUR = 60, 3600


@register.simple_tag
def sentence(entry: AuditEntry) -> str:
    return audit_pages.sentence(entry)


@register.simple_tag
def cell(value: Any) -> str:
    """A cell of the audit's before and after, in words."""
    return audit_pages.shown(value)


@register.simple_tag
def connection_name(connection: VismaConnection | MondayConnection) -> str:
    """The company or the account as people know it; the connection's own name until then."""
    if isinstance(connection, VismaConnection):
        return connection.company_name or f"Company {connection.company_id}"
    return connection.account_name or connection.name


@register.inclusion_tag("console/webhooks.html", takes_context=True)
def webhooks_of(context: Any, connection: VismaConnection) -> dict[str, Any]:
    """The section about a Visma connection's webhooks, on its page and in the setup."""
    around = ("request", "csrf_token", "tenant", "is_owner")
    return {name: context.get(name) for name in around} | hearing.context_of(connection)


@register.simple_tag
def duration(seconds: float) -> str:
    """“42 s”, “3 min 20 s”, “1 h 5 min”."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


@register.simple_tag
def trouble_of_link(link: RecordLink) -> Trouble:
    """What keeps one record from its board."""
    return Trouble(
        happened=link.failure_happened,
        meaning=meanings.for_the_books(link.mapping, link.state, 1, int(link.item_id is None)),
        done=meanings.done_already(link.state),
        remedy=link.failure_remedy,
        fixer=link.failure_fixer or "you",
        tone=meanings.tone_of(link.state),
    )
