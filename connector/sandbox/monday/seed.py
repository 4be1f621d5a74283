"""The boards a new account starts with."""

from typing import Any

from connector.sandbox.monday import board_acts
from connector.sandbox.monday.column_settings import dropdown_settings, status_settings
from connector.sandbox.monday.state import Account, Board

# Every status Visma gives a supplier invoice, a purchase order and a supplier.
INVOICE_STATUSES = (
    ("Hold", "working_orange"), ("Balanced", "bright_blue"), ("Open", "river"),
    ("Closed", "done_green"), ("Voided", "stuck_red"), ("Scheduled", "lavender"),
    ("Printed", "chili_blue"), ("Prebooked", "purple"), ("Reserved", "saladish"),
)  # fmt: skip
ORDER_STATUSES = (
    ("Hold", "working_orange"), ("Balanced", "bright_blue"), ("Open", "river"),
    ("PendingEmail", "lavender"), ("PendingPrint", "chili_blue"), ("Printed", "sky"),
    ("Closed", "done_green"), ("Cancelled", "american_gray"), ("Voided", "stuck_red"),
)  # fmt: skip
SUPPLIER_STATUSES = (
    ("Active", "done_green"), ("OnHold", "working_orange"), ("HoldPayments", "egg_yolk"),
    ("Inactive", "american_gray"), ("OneTime", "bright_blue"),
)  # fmt: skip
RECEIVED = (("Not received", "american_gray"), ("Received", "done_green"), ("Problem", "stuck_red"))
CURRENCIES = ("NOK", "SEK", "DKK", "EUR", "USD", "GBP")

_INVOICES = (
    ("Visma key", "text", None),
    ("Invoice no", "text", None),
    ("Supplier", "text", None),
    ("Invoice date", "date", None),
    ("Due date", "date", None),
    ("Amount", "numbers", None),
    ("Currency", "dropdown", CURRENCIES),
    ("Balance", "numbers", None),
    ("Status", "status", INVOICE_STATUSES),
    ("Received?", "status", RECEIVED),
    ("Supplier reference", "text", None),
    ("Description", "long_text", None),
    ("Responsible", "people", None),
    ("Paid", "checkbox", None),
)
_ORDERS = (
    ("Visma key", "text", None),
    ("Order no", "text", None),
    ("Supplier", "text", None),
    ("Order date", "date", None),
    ("Promised", "date", None),
    ("Total", "numbers", None),
    ("Currency", "dropdown", CURRENCIES),
    ("Open quantity", "numbers", None),
    ("Status", "status", ORDER_STATUSES),
    ("Received?", "status", RECEIVED),
    ("Receipt no", "text", None),
    ("Delivery window", "timeline", None),
    ("Description", "long_text", None),
)
_SUPPLIERS = (
    ("Visma key", "text", None),
    ("Supplier no", "text", None),
    ("Status", "status", SUPPLIER_STATUSES),
    ("E-mail", "email", None),
    ("Phone", "phone", None),
    ("Web", "link", None),
    ("Country", "country", None),
    ("Currency", "dropdown", CURRENCIES),
    ("Corporate ID", "text", None),
    ("Credit terms", "text", None),
    ("Notes", "long_text", None),
)
_NO_TEXT = (
    ("Status", "status", INVOICE_STATUSES),
    ("Amount", "numbers", None),
    ("Due date", "date", None),
)


def seed_boards(account: Account) -> None:
    """AP invoices, Purchase orders, Suppliers; one empty, one archived, one without text."""
    suppliers = _board(account, "Suppliers", _SUPPLIERS, ("Suppliers", "One-time"))
    invoices = _board(account, "AP invoices", _INVOICES, ("To pay", "Paid", "On hold"))
    orders = _board(account, "Purchase orders", _ORDERS, ("Ordered", "Received"))
    for board in (invoices, orders):
        settings = {"boardIds": [suppliers.id], "allowMultipleItems": False}
        board_acts.column_add(
            account, board, "Supplier card", type_="board_relation", settings=settings
        )
        board_acts.column_add(account, board, "Last updated", type_="last_updated")
    _board(account, "New board", (), ("Group Title",))
    archived = _board(account, "AP invoices 2024", _INVOICES, ("To pay",))
    board_acts.board_set_state(account, archived, "archived")
    _board(account, "Payment calendar", _NO_TEXT, ("This month", "Next month"))
    account.log.clear()


def _board(account: Account, name: str, columns: tuple[Any, ...], groups: tuple[str, ...]) -> Board:
    board = board_acts.board_create(account, name)
    board.groups["topics"].title = groups[0]
    for title in groups[1:]:
        board_acts.group_create(account, board, title)
    for title, type_, labels in columns:
        settings = _settings(type_, labels)
        board_acts.column_add(account, board, title, type_=type_, settings=settings)
    return board


def _settings(type_: str, labels: Any) -> dict[str, Any] | None:
    if type_ == "dropdown":
        return dropdown_settings({"labels": [{"label": label} for label in labels]})
    if type_ == "status":
        rows = [
            {"label": label, "color": color, "index": index, "is_done": color == "done_green"}
            for index, (label, color) in enumerate(labels)
        ]
        return status_settings(rows)
    if type_ == "numbers":
        return {"unit": {"symbol": "", "custom_unit": "", "direction": "right", "precision": 2}}
    return None
