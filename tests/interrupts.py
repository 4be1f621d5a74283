"""Stops the product at a chosen step to let something else happen there: another worker, a death.

The steps are those every process goes through: a statement to the database, a request on the wire.
Nothing in the product knows of it. What happens at a step runs in the same thread, which is how two
workers can be interleaved in one process, and always in the same way.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

Act = Callable[[], Any]


@contextmanager
def at_statement(pattern: str, act: Act, *, nth: int = 1) -> Iterator[None]:
    """Do ``act`` right before the nth statement of this thread that ``pattern`` is found in."""
    met = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal met
        if re.search(pattern, sql):
            met += 1
            if met == nth:
                act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert met >= nth, f"no statement has matched {pattern} {nth} times"


@contextmanager
def on_the_wire(around: Callable[[PreparedRequest, Callable[[], Response]], Response]) -> Any:
    """Every request of this process goes through ``around(request, send)``."""
    send = HTTPAdapter.send

    def wrapped(self: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        return around(request, lambda: send(self, request, *args, **kwargs))

    with mock.patch.object(HTTPAdapter, "send", wrapped):
        yield


@contextmanager
def before_request(pattern: str, act: Act, *, nth: int = 1) -> Iterator[None]:
    """Do ``act`` right before the nth request leaves whose URL or body holds ``pattern``."""
    with _at_request(pattern, nth, before=act):
        yield


@contextmanager
def after_answer(pattern: str, act: Act, *, nth: int = 1) -> Iterator[None]:
    """Do ``act`` when the answer to the nth such request is there, before anybody reads it."""
    with _at_request(pattern, nth, after=act):
        yield


@contextmanager
def _at_request(
    pattern: str, nth: int, *, before: Act | None = None, after: Act | None = None
) -> Iterator[None]:
    met = 0

    def around(request: PreparedRequest, send: Callable[[], Response]) -> Response:
        nonlocal met
        body = request.body or b""
        text = f"{request.url} {body.decode() if isinstance(body, bytes) else body}"
        met += bool(re.search(pattern, text))
        is_it = met == nth and re.search(pattern, text)
        if is_it and before:
            before()
        response = send()
        if is_it and after:
            after()
        return response

    with on_the_wire(around):
        yield
    assert met >= nth, f"no request has matched {pattern} {nth} times"
