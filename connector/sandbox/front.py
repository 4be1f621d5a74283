"""The front page: what this is, what to paste where, and buttons that make things go wrong."""

from typing import TYPE_CHECKING, Any

from connector.sandbox import world
from connector.sandbox.pages import render
from connector.sandbox.wire import Request, Response, redirect

if TYPE_CHECKING:
    from connector.sandbox.house import House

LATEST = 15  # calls listed

# What a button adds, and what it says.
PRESETS: dict[str, tuple[str, dict[str, Any]]] = {
    "lost_answer": (
        "Lose the answer of the next create_item after it was executed",
        {
            "match": {"system": "monday", "operation": "create_item", "count": 1},
            "do": [{"action": "execute_then_reset"}],
        },
    ),
    "refused_connection": (
        "Drop the next 3 monday calls before they are executed",
        {"match": {"system": "monday", "count": 3}, "do": [{"action": "reset_before"}]},
    ),
    "bad_gateway": (
        "Answer the next 3 Visma calls with a 502 page",
        {"match": {"system": "visma", "count": 3}, "do": [{"action": "html_502"}]},
    ),
    "half_batch": (
        "Let two records of the next create_item batch fail",
        {
            "match": {"system": "monday", "operation": "create_item", "count": 1},
            "do": [{"action": "partial", "aliases": ["a1", "a2"]}],
        },
    ),
    "cut_answer": (
        "Cut the next monday answer short",
        {
            "match": {"system": "monday", "count": 1},
            "do": [{"action": "truncate", "bytes": 40}],
        },
    ),
    "slow": (
        "Delay every call of both systems by 3 seconds",
        {"match": {}, "do": [{"action": "delay", "seconds": 3}]},
    ),
}


def front_page(house: "House", request: Request) -> Response:
    if request.method == "POST":
        return _pressed(house, request.form())
    context = {
        "world": world,
        "url": house.url,
        "presets": [(name, words) for name, (words, _) in PRESETS.items()],
        "faults": [_fault_words(rule) for rule in house.faults.active()],
        "revoked": house.monday.access.who(world.MONDAY_TOKEN) is None,
        "app_allowed": house.monday.sign_in.allowed,
        "calls": [_call_words(entry) for entry in reversed(house.log.entries()[-LATEST:])],
        "now": house.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC"),
        "said": request.argument("said"),
    }
    return render("front.html", context)


def _pressed(house: "House", form: dict[str, str]) -> Response:
    button = form.get("button", "")
    if button in PRESETS:
        house.faults.add(PRESETS[button][1])
    elif button == "clear":
        house.faults.clear()
    elif button == "revoke":
        house.monday.revoke(world.MONDAY_TOKEN)
    elif button == "uninstall":
        house.monday.sign_in.withdraw()
    elif button == "allow":
        house.monday.access.allow(world.MONDAY_TOKEN)
    return redirect("/?said=Done.")


def _fault_words(rule: dict[str, Any]) -> str:
    meets = ", ".join(f"{name} {value}" for name, value in rule["match"].items()) or "every call"
    does = ", ".join(action["action"] for action in rule["do"])
    return f"{does} on {meets}: fired {rule['fired']} times"


def _call_words(entry: Any) -> dict[str, str]:
    number = len(entry.effects)
    effects = f"{number} change{'s'[: number != 1]}" if number else ""
    what = entry.operation or f"{entry.method} {entry.path}"
    return {
        "at": entry.at[11:19],
        "system": entry.system,
        "what": what,
        "status": str(entry.status or ""),
        "effects": effects,
        "faults": ", ".join(entry.faults),
    }
