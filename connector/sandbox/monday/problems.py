"""monday's application errors in their real shapes: message, code, status_code, error_data."""

from typing import Any

from graphql import GraphQLError


class RefusedError(Exception):
    """A value a column cannot hold; ``reason`` is monday's column_validation_error_code."""

    def __init__(self, message: str, reason: str = "invalidValue", **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.data = data


# The tail monday appends, which leads to its page on column values.
SEE_DOCUMENTATION = (
    "invalid value, please check our API documentation for the correct data structure for this "
    "column. https://developer.monday.com/api-reference/docs/change-column-values"
)


def problem(
    message: str, code: str, status: int = 200, data: dict[str, Any] | None = None, **more: Any
) -> GraphQLError:
    facts = {"code": code, "status_code": status, "error_data": data or {}, **more}
    return GraphQLError(message, extensions=facts)


def board_missing(board_id: object) -> GraphQLError:
    words = "The board does not exist. Please check your board ID and try again"
    return problem(words, "InvalidBoardIdException", data={"board_id": _number(board_id)})


def item_missing(item_id: object) -> GraphQLError:
    words = "This item ID doesn't exist for the board"
    return problem(words, "ResourceNotFoundException", 404, {"item_id": _number(item_id)})


def item_inactive(item_id: object) -> GraphQLError:
    """What a write to an archived or deleted item meets; seen with the reason ``inactiveItems``."""
    data = {"item_id": _number(item_id), "column_validation_error_code": "inactiveItems"}
    return problem("Item is inactive", "ResourceNotFoundException", 404, data)


def group_missing(group_id: str) -> GraphQLError:
    return problem("Group not found", "ResourceNotFoundException", 404, {"group_id": group_id})


def column_missing(column_id: str) -> GraphQLError:
    return problem(
        "This column ID doesn't exist for the board",
        "InvalidColumnIdException",
        data={"column_id": column_id},
        error_reason="store.monday.automation.error.missing_column",
        diagnostic_data={"column_id": column_id},
    )


def value_refused(why: RefusedError, column: Any, internal_type: str, value: str) -> GraphQLError:
    data = {
        "column_id": column.id,
        "column_name": column.title,
        "column_type": internal_type,
        "column_value": value,
        "column_validation_error_code": why.reason,
        **why.data,
    }
    return problem(why.message, "ColumnValueException", data=data)


def name_too_long(length: int) -> GraphQLError:
    data = {"length": length, "max_length": 255}
    return problem("Item name exceeds 255 characters", "ItemNameTooLongException", data=data)


def board_full(limit: int) -> GraphQLError:
    words = f"Items limit exceeded: the board holds {limit} items already"
    return problem(words, "ItemsLimitationException", data={"items_limit": limit})


def not_allowed() -> GraphQLError:
    return problem("User unauthorized to perform action", "UserUnauthorizedException", 403)


def field_throttled(field: str) -> GraphQLError:
    """A limit of a service behind the API: HTTP 200, no hint when to come back."""
    words = f"Rate limit already blocked for board-{field}-errors"
    return GraphQLError(
        words,
        extensions={"code": "tooManyRequests", "status_code": 400, "service": "data-structure"},
    )


def bad_argument(message: str, **data: Any) -> GraphQLError:
    return problem(message, "InvalidArgumentException", data=data)


def _number(value: object) -> object:
    text = str(value)
    return int(text) if text.isdigit() else text
