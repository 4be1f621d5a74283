"""The part of the table about boards, items and values: what a person can put right."""

from .verdicts import ACCESS, LIMITS, OWN_PROBLEM, REPLAY, TROUBLE, Line

BOARD = (
    Line(
        "^resourcenotfoundexception(?!.*board).* load$",
        "refused",
        "load_gone",
        "monday.com does not know the bulk load any more.",
        "Nothing to do; the board shows what it has written.",
        "nobody",
    ),
    Line(
        "item id doesn.t exist|item not found|^resourcenotfoundexception.*item"
        "|item .*(archived|deleted|inactive|not active)",
        "refused",
        "item_gone",
        "The item was deleted or archived in monday.com.",
        "Restore the item from the board's archive or trash in monday.com, " + REPLAY,
        "you",
    ),
    Line(
        "^invalidcolumnid|column id doesn.t exist|missing_column"
        "|^resourcenotfoundexception.*column|column not found",
        "ask",
        "column_missing",
        "A column that is mapped does not exist on the board any more: {column}.",
        "Add the column in monday.com, or choose another one in the mapping.",
        "you",
        "field",
    ),
    Line(
        "group not found|group .*(not|n.t) exist|^resourcenotfoundexception.*group",
        "ask",
        "group_gone",
        "The group that new items go to does not exist on the board any more.",
        "Choose another group in the mapping.",
        "you",
        "field",
    ),
    Line(
        "^invaliduserid|user not found",
        "refused",
        "user_unknown",
        "A person in a people column is not a user who can see the board.",
        "Invite the person to the board in monday.com, or correct the mapping, " + REPLAY,
        "you",
    ),
    Line(
        "^invalidboardid|board (does not|doesn.t) exist|board not found"
        "|^resourcenotfoundexception.*board",
        "ask",
        "board_gone",
        "The board was deleted or archived in monday.com.",
        "Restore the board in monday.com, or choose another board in the mapping.",
        "you",
        "board",
    ),
    Line(
        "^(itemslimitation|boardcapacityexceeded)|items limit",
        "ask",
        "board_full",
        "The board holds as many items as monday.com allows.",
        "Archive items that are done, or map to another board.",
        "monday_admin",
        "board",
    ),
)

VALUES = (
    Line(
        "label.*(not|n.t) exist|label.*not found|possible (labels|statuses) are",
        "refused",
        "label_missing",
        "{label} does not exist in {column} on the board.",
        "Add the label to the column in monday.com, or map the value to another label, " + REPLAY,
        "you",
    ),
    Line(
        "^itemnametoolong|name is too long",
        "refused",
        "name_too_long",
        "The name of the item is longer than the 255 characters monday.com allows.",
        "Shorten the item name template in the mapping, " + REPLAY,
        "you",
    ),
    Line(
        "^(columnvalue|correctedvalue|invalidargument|recordinvalid|jsonparse)|^ invalid value",
        "refused",
        "value_refused",
        "monday.com does not accept a value of this record in {column}.",
        "Read monday.com's own words below; correct the value in Visma or its pairing in the "
        "mapping, " + REPLAY,
        "you",
    ),
)

# What is left when no code and no text is known: the status, then whether there was a code.
REST = (
    Line(
        "^(graphql|badrequest|baduserinput)|^ (bad request|variable)|parse error on",
        "refused",
        "request_refused",
        "monday.com does not understand the request.",
        "Look for a newer version of ml-connector; the technical details say more.",
        "you",
    ),
    Line(
        "",
        "ask",
        "permission",
        "The monday.com user of this connection may not do this.",
        "Ask the board's owner to add the user as an editor of the board in monday.com.",
        "monday_admin",
        "board",
        statuses=(403,),
    ),
    Line(
        "",
        "ask",
        "wrong_address",
        "There is no monday.com API at the address we use.",
        "Check the setting MONDAY_API_URL.",
        "you",
        "connection",
        statuses=(404, 405),
    ),
    Line(
        "",
        "unknown",
        "in_progress",
        "monday.com is still working on the same request.",
        "Nothing to do; we ask again for its result.",
        statuses=(409,),
    ),
    Line(
        "",
        "refused",
        "request_refused",
        "monday.com refused the request.",
        "Read monday.com's own words below.",
        "you",
        statuses=range(400, 500),
    ),
    Line(
        r"^\w",
        "refused",
        "refused",
        "monday.com refused this record.",
        "Read monday.com's own words below, put it right, " + REPLAY,
        "you",
    ),
    Line("", "unknown", "server_error", OWN_PROBLEM),
)

# Values before limits: monday quotes the refused value, and a value may read "rate limit".
LINES: tuple[Line, ...] = (*TROUBLE, *VALUES, *BOARD, *LIMITS, *ACCESS, *REST)
