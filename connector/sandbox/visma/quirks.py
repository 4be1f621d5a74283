"""What Visma does differently from company to company, or what nobody has documented: switches."""

from dataclasses import dataclass, field


@dataclass
class Quirks:
    """Change an attribute at any time; the next call behaves accordingly."""

    # Nobody says which zone timestamps are in; local time is the worse case for a caller.
    zone: str = "Europe/Oslo"
    # The documentation of 2024 read ">" as "after and on", that of 2026 as "after".
    after_is_inclusive: bool = False
    # Whether a receipt stamps its order, and a payment its invoice, is documented nowhere.
    receipts_stamp_orders: bool = True
    payments_stamp_invoices: bool = True
    # Rows of a newer release carry fields that no caller has seen.
    new_fields: bool = False
    # Calls per hour of one client on one company; 15 000 was published for production in 2020.
    calls_per_hour: int = 15_000
    # Rows per page at most, by entity; the seed of each is beside its resource.
    page_caps: dict[str, int] = field(default_factory=dict)
    # The body of a webhook call, by the names of ``portal.BODIES``; none was ever published.
    webhook_body: str = "id"
    # Of supplier invoices Visma tells when the status changes; this makes every change an event.
    every_invoice_change_is_told: bool = False
    # Seconds between the call of an action and its end, when it answers "Queued".
    action_seconds: float = 0.0
    # Whether createpurchasereceipt names the new receipt (by Location); documented nowhere.
    new_receipt_is_named: bool = False
    # A company may insist that control quantities match before a receipt leaves hold.
    receipts_validate_totals: bool = False
    # Named in Location headers whatever host was called.
    location_host: str = "https://api.finance.visma.net"
