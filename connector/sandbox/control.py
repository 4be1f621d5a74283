"""``/_control/``: how tests and scripts look behind the curtain and turn its knobs."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from connector.sandbox.visma import VismaSandbox
from connector.sandbox.wire import Request, Response, json_response

if TYPE_CHECKING:
    from connector.sandbox.house import House

Answer = Any


class Control:
    """Every verb is ``/_control/<name>``: GET shows, POST (JSON) changes, DELETE clears."""

    def __init__(self, house: "House") -> None:
        self.house = house
        self._verbs: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "state"): lambda _request: house.dump(),
            ("GET", "log"): self._log,
            ("DELETE", "log"): self._clear_log,
            ("GET", "faults"): lambda _request: house.faults.active(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "clock"): self._time,
            ("POST", "clock"): self._move_clock,
            ("GET", "limits"): lambda _request: house.monday.limits.state(),
            ("POST", "limits"): self._set_limits,
            ("POST", "monday"): self._tune_monday,
            ("POST", "visma"): self._tune_visma,
            ("POST", "act"): self._act,
            ("POST", "reset"): self._reset,
        }

    def handle(self, request: Request) -> Response:
        name = request.path.removeprefix("/_control/").strip("/")
        verb = self._verbs.get((request.method, name))
        if verb is None:
            return json_response({"error": f"no such control: {request.method} {name}"}, 404)
        try:
            return json_response(verb(request))
        except GraphQLError as why:
            return json_response({"error": why.message, **(why.extensions or {})}, 400)
        except (ValueError, TypeError, LookupError) as why:
            return json_response({"error": f"{type(why).__name__}: {why}"}, 400)

    def _log(self, request: Request) -> Answer:
        since = int(request.argument("since", "0"))
        entries = [asdict(entry) for entry in self.house.log.entries(since)]
        return {"counters": dict(self.house.log.counters), "entries": entries}

    def _clear_log(self, _request: Request) -> Answer:
        self.house.log.clear()
        return {}

    def _add_faults(self, request: Request) -> Answer:
        given = request.json()
        return {"added": self.house.faults.add(*(given if isinstance(given, list) else [given]))}

    def _clear_faults(self, _request: Request) -> Answer:
        self.house.faults.clear()
        return {}

    def _time(self, _request: Request) -> Answer:
        return {"now": self.house.clock.now().isoformat(), "offset": self.house.clock.offset}

    def _move_clock(self, request: Request) -> Answer:
        """``{"advance": seconds}`` or ``{"to": "2026-12-31T23:59:00+00:00"}``."""
        given = request.json()
        if "to" in given:
            self.house.clock.move_to(datetime.fromisoformat(given["to"]))
        self.house.clock.advance(given.get("advance", 0))
        return self._time(request)

    def _set_limits(self, request: Request) -> Answer:
        """``{"tier": "standard", "enabled": true, "quotas": {"minute": 10}}``, each optional."""
        given, limits = request.json(), self.house.monday.limits
        if "tier" in given:
            limits.use_tier(given["tier"])
        limits.enabled = bool(given.get("enabled", limits.enabled))
        limits.set(**given.get("quotas", {}))
        return limits.state()

    def _tune_monday(self, request: Request) -> Answer:
        """``index_lag``, ``idempotency`` (on or off), ``bulk_pause``, ``bulk_break_after``,
        ``revoke`` and ``allow`` (a token), ``expire_cursors``; each optional."""
        given, monday = request.json(), self.house.monday
        monday.account.index_lag = float(given.get("index_lag", monday.account.index_lag))
        monday.idempotency.memory = given.get("idempotency", monday.idempotency.memory)
        monday.bulk.pause = float(given.get("bulk_pause", monday.bulk.pause))
        monday.bulk.break_after = given.get("bulk_break_after", monday.bulk.break_after)
        if "revoke" in given:
            monday.revoke(given["revoke"])
        if "allow" in given:
            monday.access.allow(given["allow"])
        if given.get("expire_cursors"):
            monday.cursors.expire()
        return {}

    def _tune_visma(self, request: Request) -> Answer:
        """Switches of ``VismaSandbox.quirks`` by name."""
        quirks = self.house.visma.quirks
        for name, value in request.json().items():
            if not hasattr(quirks, name):
                raise ValueError(f"no such switch: {name}")
            setattr(quirks, name, value)
        return {}

    def _act(self, request: Request) -> Answer:
        """A person's act: ``{"system": "monday", "act": "item_archive", "board": …}``, or for
        Visma the name of a method of its desks: ``{"system": "visma", "act": "void_invoice", …}``.
        """
        given = dict(request.json())
        name, system = given.pop("act"), given.pop("system", "monday")
        self.house.changes += 1
        if system == "monday":
            self.house.monday.act(act=name, **{key: str(value) for key, value in given.items()})
            return {}
        acts = {act for desk in VismaSandbox.__bases__ for act in vars(desk) if act[0] != "_"}
        if name not in acts:
            raise ValueError(f"no such act: {name}. Known: {', '.join(sorted(acts))}")
        return {"result": getattr(self.house.visma, name)(**given)}

    def _reset(self, _request: Request) -> Answer:
        self.house.reset()
        return {}
