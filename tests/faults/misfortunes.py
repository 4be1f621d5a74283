"""What can go wrong on the wire, as rules for the sandbox, drawn by chance."""

import random
from typing import Any

Rule = dict[str, Any]

# Answers that say the request was not carried out.
REFUSALS: tuple[Rule, ...] = (
    {"action": "status", "code": 429, "headers": {"Retry-After": "7"}, "body": "{}"},
    {"action": "status", "code": 429, "body": {"errors": [{"message": "Rate limit exceeded"}]}},
    {"action": "status", "code": 401, "body": {"errors": [{"message": "Not Authenticated"}]}},
    {"action": "status", "code": 403, "body": "{}"},
    {"action": "status", "code": 423, "body": "{}"},
    {
        "action": "status",
        "code": 200,
        "body": {
            "errors": [
                {
                    "message": "Complexity budget exhausted",
                    "extensions": {"code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": 9},
                }
            ]
        },
    },
    {"action": "reset_before"},
)
# Answers that do not say whether it was.
DOUBTS: tuple[Rule, ...] = (
    {"action": "execute_then_reset"},
    {"action": "html_502", "executed": True},
    {"action": "html_502"},
    {"action": "status", "code": 500, "executed": True, "body": "{}"},
    {"action": "status", "code": 503, "headers": {"Retry-After": "5"}, "body": "{}"},
    {"action": "status", "code": 504, "executed": True, "body": "<html>"},
    {
        "action": "status",
        "code": 409,
        "headers": {"Retry-After": "2"},
        "body": {"errors": [{"message": "x", "extensions": {"code": "IDEMPOTENCY_CONFLICT"}}]},
    },
    {"action": "status", "code": 200, "executed": True, "body": ""},
    {"action": "status", "code": 200, "executed": True, "body": '{"data": null}'},
)
OPERATIONS = ("create_item*", "change*", "archive_item*", "items_page*", "boards*", "ingest*", "*")
VISMA: tuple[Rule, ...] = (
    {"action": "reset_before"},
    {"action": "execute_then_reset"},
    {"action": "html_502"},
    {"action": "status", "code": 500, "body": "{}"},
    {"action": "status", "code": 429, "headers": {"Retry-After": "11"}, "body": "{}"},
    {"action": "status", "code": 401, "body": "{}"},
)


def draw(chance: random.Random) -> Rule:
    """One rule that fires once to four times."""
    match: dict[str, Any] = {"count": chance.choice((1, 1, 1, 2, 4))}
    if chance.random() < 0.3:
        match["prob"] = 0.5
    kind = chance.random()
    if kind < 0.2:
        match["system"] = chance.choice(("visma", "token"))
        return {"match": match, "do": [_cut(chance, chance.choice(VISMA))]}
    match |= {"system": "monday", "operation": chance.choice(OPERATIONS)}
    return {"match": match, "do": [_of_monday(chance, kind)]}


def _of_monday(chance: random.Random, kind: float) -> Rule:
    if kind < 0.4:
        return chance.choice(REFUSALS)
    if kind < 0.55:
        aliases = [f"a{chance.randint(0, 24)}" for _ in range(chance.randint(1, 8))]
        how = chance.choice(("failed", "missing"))
        return {"action": "partial", "aliases": aliases, "how": how}
    return _cut(chance, chance.choice(DOUBTS))


def _cut(chance: random.Random, other: Rule) -> Rule:
    """Every seventh answer is not another one but ends early."""
    if chance.random() < 1 / 7:
        return {"action": "truncate", "bytes": chance.choice((0, 1, 20, chance.randint(0, 2000)))}
    return other
