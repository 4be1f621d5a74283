"""What a fault's actions do to a request, to the process behind it and to its answer."""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from typing import Any

from connector.sandbox.faults import Action, Subject
from connector.sandbox.peers import process_on_port
from connector.sandbox.wire import JSON, Response

HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


@dataclass
class Delivery:
    """How an answer leaves: whole, reset, cut after bytes, dripping, or with a kill half-way."""

    response: Response | None = None
    reset: bool = False
    cut: int | None = None
    drip: float | None = None  # bytes a second
    halfway: list[Action] = field(default_factory=list)


def before(actions: list[Action], subject: Subject) -> Delivery | None:
    """What happens instead of execution, after delays and kills that come first."""
    for action in actions:
        name = action["action"]
        if name == "delay" and action.get("when", "before") == "before":
            time.sleep(action["seconds"])
        if name == "kill" and action.get("when") == "received":
            kill(action, subject)
        if name == "reset_before":
            return Delivery(reset=True)
        if name in ("status", "html_502") and not action.get("executed"):
            return Delivery(replacement(action))
    return None


def orders(actions: list[Action]) -> dict[str, Any]:
    """What the system itself has to do differently while it executes."""
    found: dict[str, Any] = {}
    for action in actions:
        if action["action"] == "partial":
            found["hide" if action.get("how") == "missing" else "fail"] = set(action["aliases"])
        if action["action"] == "field_limit":
            found["limited_fields"] = {action["field"]}
        if action["action"] == "delay" and action.get("when") == "running":
            found["pause"] = action["seconds"]
    return found


def after(actions: list[Action], subject: Subject, response: Response) -> Delivery:
    """What happens to the answer of a request that was executed."""
    delivery = Delivery(response)
    for action in actions:
        _delay_or_kill(action, subject, delivery)
        _change(action, delivery)
    return delivery


def _delay_or_kill(action: Action, subject: Subject, delivery: Delivery) -> None:
    step = (action["action"], action.get("when"))
    if step == ("delay", "after"):
        time.sleep(action["seconds"])
    elif step == ("kill", "executed"):
        kill(action, subject)
    elif step == ("kill", "half"):
        delivery.halfway.append(action)


def _change(action: Action, delivery: Delivery) -> None:
    name = action["action"]
    if name in ("status", "html_502") and action.get("executed"):
        delivery.response = replacement(action)
    elif name == "execute_then_reset":
        delivery.reset = True
    elif name == "truncate":
        delivery.cut = int(action["bytes"])
    elif name == "slow_drip":
        delivery.drip = float(action["bytes_per_second"])


def replacement(action: Action) -> Response:
    """The answer a ``status`` or ``html_502`` action gives; a body that is no text becomes JSON."""
    if action["action"] == "html_502":
        return Response(502, {"Content-Type": "text/html"}, HTML_502)
    body = action.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(
        action["code"], {"Content-Type": JSON, **action.get("headers", {})}, text.encode()
    )


def kill(action: Action, subject: Subject) -> None:
    """Signal a process by id, or with ``"pid": "peer"`` whichever process sent this request."""
    given = action["pid"]
    pid = process_on_port(subject.port) if given == "peer" else int(given)
    number = signal.Signals[f"SIG{action.get('signal', 'KILL')}"]
    if pid and pid != os.getpid():
        os.kill(pid, number)
