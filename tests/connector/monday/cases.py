"""Every error of monday we know of, and what a request must make of it.

Codes and texts are those of monday's documentation, of its own public test fixtures, and of
answers other users have shown.
"""

from dataclasses import dataclass, field
from typing import Any

from connector.errors import (
    AskAPerson,
    ConnectorError,
    GiveUp,
    OutcomeUnknown,
    Throttled,
    TryAgain,
)
from connector.monday import documents, queries
from connector.monday.documents import Document

CREATE = documents.create_items("1", "", [("INV-1", "{}")], False)
UPDATE = documents.update_items("1", [("11", "{}")], False)
STATUS = queries.bulk_load("j1")


@dataclass(frozen=True)
class Case:
    """One error as monday sends it, and what a request must make of it."""

    error: dict[str, Any]
    verdict: type[ConnectorError]
    code: str
    status: int = 200
    after: float | None = None
    reach: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    document: Document = CREATE


def error(message: str, code: str = "", **facts: Any) -> dict[str, Any]:
    extensions = facts | ({"code": code} if code else {})
    return {"message": message} | ({"extensions": extensions} if extensions else {})


LABEL = (
    "invalid value - label does not exist in column. Please check our API documentation for the "
    "correct data structure for this column."
)

CASES: dict[str, Case] = {
    # --- limits
    "minute limit": Case(
        error("Minute rate limit exceeded", "MINUTE_RATE_LIMIT_EXCEEDED", retry_in_seconds=58),
        Throttled, "rate_minute", 429, 58,
    ),
    "minute limit in words": Case(
        error("Minute limit rate exceeded"), Throttled, "rate_minute", 429, None
    ),
    "field minute limit": Case(
        error(
            "Rate limit exceeded for the field.", "FIELD_MINUTE_RATE_LIMIT_EXCEEDED",
            status_code=429, retry_in_seconds=18, field="display_value",
        ),
        Throttled, "rate_minute", 200, 18,
    ),
    "concurrency": Case(
        error("Too many concurrent requests", "MAX_CONCURRENCY_EXCEEDED", retry_in_seconds=15),
        Throttled, "rate_concurrency", 429, 15,
    ),
    "concurrency, old name": Case(
        error("Concurrency limit exceeded", "maxConcurrencyExceeded"),
        Throttled, "rate_concurrency", 429,
    ),
    "concurrency of a field": Case(
        error(
            "Concurrency limit exceeded for the field", "FIELD_LIMIT_EXCEEDED", status_code=429,
            retry_in_seconds=15, error_data={"entity": "subitems"},
        ),
        Throttled, "rate_concurrency", 200, 15,
    ),
    "daily limit": Case(
        error("Daily limit exceeded", "DAILY_LIMIT_EXCEEDED", retry_in_seconds=3599),
        Throttled, "rate_daily", 429, 3599,
    ),
    "complexity": Case(
        error("Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds=22),
        Throttled, "rate_complexity", 429, 22,
    ),
    "complexity, old text": Case(
        error(
            "Complexity budget exhausted, query cost 30001 budget remaining 19986 out of 1000000 "
            "reset in 41 seconds", "ComplexityException",
        ),
        Throttled, "rate_complexity", 200, 41,
    ),
    "complexity with reset_in_x_seconds": Case(
        error("Complexity", "ComplexityException", error_data={"reset_in_x_seconds": 12}),
        Throttled, "rate_complexity", 200, 12,
    ),
    "one query too complex": Case(
        error("Query has complexity of 6000000, which exceeds max complexity of 5000000"),
        GiveUp, "too_complex",
    ),
    "service limit as 200": Case(
        error(
            "Rate limit already blocked for board-columns-errors", "tooManyRequests",
            status_code=400, service="data-structure",
        ),
        Throttled, "rate_limit",
    ),
    "job starts": Case(
        error("Rate limit exceeded", "RATE_LIMIT_EXCEEDED", retryAfterMs=1500),
        Throttled, "rate_limit", 429, 1.5,
    ),
    "board creation": Case(
        error("Call limit exceeded for CreateBoard"), Throttled, "rate_boards", 429
    ),
    "group duplication": Case(
        error("Call limit exceeded for DuplicateGroup"), Throttled, "rate_boards", 429
    ),
    "service limit without a code": Case(
        error("Rate limit exceeded for board-columns"), Throttled, "rate_limit"
    ),
    "address limit": Case(
        error("Too many", "IP_RATE_LIMIT_EXCEEDED"), Throttled, "rate_ip", 429, 9,
        headers={"Retry-After": "9"},
    ),
    "429 without any code": Case(error("Slow down"), Throttled, "rate_limit", 429),
    "429 whatever the extensions say": Case(
        error("Slow down", "Whatever", status_code=200), Throttled, "rate_limit", 429
    ),
    "429 in the extensions only": Case(
        error("Slow down", status_code=429), Throttled, "rate_limit"
    ),
    "the longest of several waits": Case(
        error("m", "MINUTE_RATE_LIMIT_EXCEEDED", retry_in_seconds=3, retryAfterMs=7000),
        Throttled, "rate_minute", 429, 7, headers={"Retry-After": "5"},
    ),
    # --- trouble that passes
    "same key in progress": Case(
        error(
            "A request with this idempotency key is currently being processed",
            "IDEMPOTENCY_CONFLICT",
        ),
        OutcomeUnknown, "in_progress", 409, 4, headers={"Retry-After": "4"},
    ),
    "409 without a code": Case(error("Conflict"), OutcomeUnknown, "in_progress", 409),
    "paused API": Case(
        error("API is temporarily blocked", "API_TEMPORARILY_BLOCKED"), TryAgain, "api_blocked"
    ),
    "locked board": Case(
        error("Resource is currently locked, please try again later"), TryAgain, "board_busy", 423
    ),
    "423 without words": Case(error(""), TryAgain, "board_busy", 423),
    "internal error": Case(
        error("Internal Server Error", "INTERNAL_SERVER_ERROR"), OutcomeUnknown, "server_error"
    ),
    "500": Case(error("Internal Server Error"), OutcomeUnknown, "server_error", 500),
    "503 with a wait": Case(
        error("Busy"), OutcomeUnknown, "server_error", 503, 30, headers={"Retry-After": "30"}
    ),
    "500 that also names a refusal": Case(
        error(LABEL, "ColumnValueException"), OutcomeUnknown, "server_error", 500
    ),
    "500 in the extensions only": Case(
        error("Oops", "SOMETHING", status_code=500), OutcomeUnknown, "server_error"
    ),
    "no code and no known text": Case(
        error("Something went wrong"), OutcomeUnknown, "server_error"
    ),
    "408": Case(error("Request Timeout"), OutcomeUnknown, "no_answer", 408),
    "expired cursor": Case(
        error("The cursor has expired", "CursorExpiredError"), TryAgain, "cursor_expired"
    ),
    "expired cursor in words": Case(
        error("CursorException: the cursor provided is invalid or expired"),
        TryAgain, "cursor_expired",
    ),
    # --- access
    "token refused": Case(error("Not Authenticated"), AskAPerson, "not_connected", 401, None,
                          "connection"),
    "token refused by code": Case(
        error("x", "Unauthorized"), AskAPerson, "not_connected", 200, None, "connection"
    ),
    "401 without words": Case(error(""), AskAPerson, "not_connected", 401, None, "connection"),
    "address not allowed": Case(
        error("Your ip is restricted"), AskAPerson, "ip_restricted", 401, None, "connection"
    ),
    "scope": Case(
        error("Missing required permissions", "missingRequiredPermissions"),
        AskAPerson, "scope_missing", 200, None, "connection",
    ),
    "scope of a field": Case(
        error("Unauthorized field or type", "UNAUTHORIZED_FIELD_OR_TYPE"),
        AskAPerson, "scope_missing", 200, None, "connection",
    ),
    "user without access": Case(
        error("User access denied", "USER_ACCESS_DENIED"),
        AskAPerson, "permission", 403, None, "connection",
    ),
    "user may not": Case(
        error("User unauthorized to perform action", "UserUnauthorizedException", status_code=403),
        AskAPerson, "permission", 200, None, "board",
    ),
    "user may not, as 403": Case(
        error("User unauthorized to perform action", "USER_UNAUTHORIZED"),
        AskAPerson, "permission", 403, None, "board",
    ),
    "plan does not allow": Case(
        error("Forbidden", "FORBIDDEN_EXCEPTION"), AskAPerson, "permission", 200, None, "board"
    ),
    "403 without words": Case(error(""), AskAPerson, "permission", 403, None, "board"),
    # --- the board
    "board id": Case(
        error(
            "The board does not exist. Please check your board ID and try again",
            "InvalidBoardIdException", error_data={"board_id": "1"},
        ),
        AskAPerson, "board_gone", 200, None, "board",
    ),
    "board not found": Case(
        error("Board not found", "ResourceNotFoundException", error_data={"board_id": 1}),
        AskAPerson, "board_gone", 200, None, "board",
    ),
    "something not found while creating": Case(
        error("Not found", "ResourceNotFoundException"), AskAPerson, "board_gone", 200, None,
        "board",
    ),
    "column id": Case(
        error("Invalid column", "InvalidColumnIdException", error_data={"column_id": "text9"}),
        AskAPerson, "column_missing", 200, None, "field",
    ),
    "column id in words": Case(
        error(
            "This column ID doesn't exist for the board",
            error_reason="store.monday.automation.error.missing_column",
        ),
        AskAPerson, "column_missing", 200, None, "field",
    ),
    "column not found": Case(
        error("Column not found", "ResourceNotFoundException"),
        AskAPerson, "column_missing", 200, None, "field",
    ),
    "group not found": Case(
        error("Group not found", "ResourceNotFoundException", error_data={"group_id": "g"}),
        AskAPerson, "group_gone", 200, None, "field",
    ),
    "item not found": Case(
        error("Item not found", "ResourceNotFoundException", error_data={"item_id": 11}),
        GiveUp, "item_gone", document=UPDATE,
    ),
    "item id in words": Case(
        error("This item ID doesn't exist for the board"), GiveUp, "item_gone", document=UPDATE
    ),
    "something not found while updating": Case(
        error("Not found", "ResourceNotFoundException"), GiveUp, "item_gone", document=UPDATE
    ),
    "inactive item": Case(
        error("Item is archived and can not be changed", "InvalidItemState"),
        GiveUp, "item_gone", document=UPDATE,
    ),
    "load not found": Case(
        error("Job not found", "ResourceNotFoundException", error_data={"job_id": "j1"}),
        GiveUp, "load_gone", document=STATUS,
    ),
    "full board": Case(
        error("The board has too many items", "ItemsLimitationException"),
        AskAPerson, "board_full", 200, None, "board",
    ),
    "full board, bulk": Case(
        error("x", "BOARD_CAPACITY_EXCEEDED"), AskAPerson, "board_full", 200, None, "board"
    ),
    # --- values
    "unknown label": Case(
        error(LABEL, "ColumnValueException", status_code=200, error_data={"column_type": "color"}),
        GiveUp, "label_missing",
    ),
    "unknown label, list of labels": Case(
        error(
            "The dropdown label 'Hold' does not exist, possible labels are: {1: Open}",
            "ColumnValueException",
        ),
        GiveUp, "label_missing",
    ),
    "column value": Case(
        error("invalid value", "ColumnValueException", error_data={"column_type": "phone"}),
        GiveUp, "value_refused",
    ),
    "column value that quotes a limit": Case(
        error('invalid value "rate limit"', "ColumnValueException"), GiveUp, "value_refused"
    ),
    "wrong type of value": Case(
        error("Simple string is not supported", "CorrectedValueException"),
        GiveUp, "value_refused",
    ),
    "argument": Case(error("Bad argument", "InvalidArgumentException"), GiveUp, "value_refused"),
    "record invalid": Case(
        error("Validation failed", "RecordInvalidException"), GiveUp, "value_refused", 422
    ),
    "JSON of the values": Case(
        error("Bad JSON", "JsonParseException"), GiveUp, "value_refused", 400
    ),
    "name too long": Case(
        error("Item name is too long", "ItemNameTooLongException"), GiveUp, "name_too_long"
    ),
    "unknown user": Case(
        error("Invalid user", "InvalidUserIdException"), GiveUp, "user_unknown"
    ),
    "user not found": Case(
        error("User not found", "ResourceNotFoundException"), GiveUp, "user_unknown", 404
    ),
    # --- the request itself
    "version": Case(
        error("Invalid version", "InvalidVersionException"),
        AskAPerson, "api_changed", 200, None, "connection",
    ),
    "unknown field": Case(
        error("Field 'x' doesn't exist on type 'Board'", "undefinedField", typeName="Board"),
        AskAPerson, "api_changed", 200, None, "connection",
    ),
    "parse error": Case(error("Parse error on \"}\" at [1, 5]"), GiveUp, "request_refused"),
    "validation": Case(
        error("Variable \"$n0\" got invalid value", "GRAPHQL_VALIDATION_FAILED"),
        GiveUp, "request_refused",
    ),
    "parse error by code": Case(
        error("Syntax Error: Unexpected Name", "GRAPHQL_PARSE_FAILED"), GiveUp, "request_refused"
    ),
    "bad request": Case(error("Bad request"), GiveUp, "request_refused", 400),
    "400 with an unknown code": Case(error("x", "Whatever"), GiveUp, "request_refused", 400),
    "too large": Case(error("Payload too large"), GiveUp, "request_refused", 413),
    "no such address": Case(error("x"), AskAPerson, "wrong_address", 404, None, "connection"),
    "board not made": Case(
        error("Could not create the board", "CreateBoardException"), GiveUp, "refused"
    ),
    "file out of reach": Case(error("x", "ASSET_UNAVAILABLE"), GiveUp, "refused"),
    "unknown code": Case(error("The moon is full", "MoonException"), GiveUp, "refused"),
}  # fmt: skip
