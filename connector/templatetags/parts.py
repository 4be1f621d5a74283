"""The parts pages are made of: icons, states, money, moments and days."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector import local_formats
from connector.templatetags import icons
from connector.wording import BADGES, Badge
from tenants.models import Tenant

register = template.Library()
register.simple_tag(icons.icon, name="icon")
NOTHING = "–"


@register.simple_tag
def state(value: str, word: str = "") -> SafeString:
    """A state as a badge: ``{% state link.state %}``; ``word`` says it more precisely."""
    badge = BADGES.get(value) or Badge(value, "circle")
    return format_html(
        '<span class="state {}">{}{}</span>', badge.tone, icons.icon(badge.icon), word or badge.word
    )


@register.filter
def unended(sentence: str) -> str:
    """Without its full stop, for a sentence that goes on; the dots of a name stay."""
    return sentence.removesuffix(".")


@register.simple_tag(takes_context=True)
def number(context: Any, value: Decimal | int | None) -> str:
    return NOTHING if value is None else local_formats.number(value, _tenant(context))


@register.simple_tag(takes_context=True)
def money(context: Any, value: Decimal | None, currency: str = "") -> str:
    """The amount with its currency beside it."""
    if value is None:
        return NOTHING
    text = local_formats.amount(value, _tenant(context))
    if not currency:
        return format_html('<span class="money">{}</span>', text)
    return format_html(
        '<span class="money">{}<span class="currency">{}</span></span>', text, currency
    )


@register.simple_tag(takes_context=True)
def when(context: Any, value: datetime | None, otherwise: str = NOTHING) -> str:
    """How long ago, with the absolute time of the tenant's zone on hover."""
    if value is None:
        return otherwise
    tenant = _tenant(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        _in_full(value, tenant),
        local_formats.ago(value, timezone.now(), tenant),
    )


@register.simple_tag(takes_context=True)
def moment(context: Any, value: datetime | None, otherwise: str = NOTHING) -> str:
    """The absolute time, in the tenant's zone."""
    if value is None:
        return otherwise
    tenant = _tenant(context)
    return format_html(
        '<time datetime="{}">{}</time>',
        value.isoformat(),
        local_formats.moment(value, tenant, seconds=True),
    )


@register.simple_tag(takes_context=True)
def day(context: Any, value: date | None) -> str:
    """A date without a zone, as the tenant's country writes it."""
    return NOTHING if value is None else local_formats.day(value, _tenant(context))


@register.simple_tag(takes_context=True)
def as_written(context: Any, text: str) -> str:
    """A timestamp of Visma's."""
    return local_formats.as_written(text, _tenant(context)) if text else NOTHING


@register.simple_tag(takes_context=True)
def record_url(context: Any, record: Any, company: str) -> str:
    """The one address of a record; the company tells apart what two companies number alike."""
    path = reverse("console:record", args=[context["tenant"].slug, record.entity, record.key])
    return f"{path}?{urlencode({'company': company})}"


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The address's query with some parts changed; an empty value takes a part away."""
    parts = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parts.pop(name, None)
        else:
            parts[name] = value
    return f"?{parts.urlencode()}"


def _tenant(context: Any) -> Tenant | None:
    return getattr(context.get("request"), "tenant", None)


def _in_full(value: datetime, tenant: Tenant | None) -> str:
    zone = (tenant.timezone if tenant else "UTC").rpartition("/")[2].replace("_", " ")
    return f"{local_formats.moment(value, tenant, seconds=True)}, {zone} time"
