"""The door: a call's bytes are read within limits, and it is answered without a word.

It speaks WSGI, because a call needs nothing that Django's middleware brings: ``in_front`` is
what the web server calls, ``take`` the same for Django's own table of addresses.
"""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from connector.webhooks import taking
from connector.webhooks.calls import NOT_KEPT, Answer, Call
from connector.webhooks.clerk import Clerk

# Both systems send a few kilobytes; anything near this is not theirs.
CAP = 256 * 1024
# Of a body that stops on its way, so many seconds are waited for the next bytes.
STALLED = 10.0
HOOKS = "hooks/"
ADDRESS = re.compile(rf"/{HOOKS}(visma|monday)/([^/]+)/")

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

log = logging.getLogger(__name__)
clerk = Clerk(taking.take)


def in_front(behind: Application) -> Application:
    """The web server's application: webhooks are answered here, everything else ``behind``."""

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        address = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if address is None or not _is_protected(environ):
            return behind(environ, start_response)
        answer = answered(environ, address[1], address[2], put=clerk.put)
        start_response(answer.line, answer.headers)
        return [answer.body] if answer.body else []

    return application


@csrf_exempt
def take(request: HttpRequest, path: str, system: str) -> HttpResponse:
    """A web server without ``in_front``, as the tests' own, comes in here.

    Django would log the address of every refusal, and who knows the address may call it.
    """
    answer = answered(request.META, system, path, put=lambda call: taking.take([call]))
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    response._has_been_logged = True  # type: ignore[attr-defined]  # django.utils.log asks for it
    return response


def answered(environ: Environ, system: str, path: str, *, put: Callable[[Call], None]) -> Answer:
    """413 when a call is too large, 503 when nothing can be stored: never a word about why."""
    try:
        answer = _answer(environ, system, path, put)
    except Exception:
        log.exception("A webhook call could not be taken; whoever called sends it again")
        answer = NOT_KEPT
    if answer.status >= 400:
        log.warning("A webhook call was answered with %s", answer.status)
    return answer


def _answer(environ: Environ, system: str, path: str, put: Callable[[Call], None]) -> Answer:
    if environ["REQUEST_METHOD"] != "POST":
        return Answer(405)
    raw = _body(environ)
    if isinstance(raw, Answer):
        return raw
    call = Call(system, path, _headers(environ), raw)
    put(call)
    return call.answer


def _is_protected(environ: Environ) -> bool:
    """Where https is a must, Django's own middleware sends the others there."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    name, value = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    return environ["wsgi.url_scheme"] == "https" or environ.get(name) == value


def _headers(environ: Environ) -> dict[str, str]:
    return {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }


def _body(environ: Environ) -> bytes | Answer:
    """All of the body, or what to answer: a part of it is nothing that anybody has signed."""
    announced = environ.get("CONTENT_LENGTH") or ""
    if announced and not announced.isdecimal():
        return Answer(400)
    # Without a length a body ends where the server says so, or there is none.
    ends = bool(environ.get("wsgi.input_terminated"))
    size = int(announced) if announced else CAP + 1 if ends else 0
    if announced and size > CAP:
        return Answer(413)
    try:
        raw = _read(environ, size)
    except TimeoutError:
        return Answer(408)
    except Exception:  # whatever the server raises: no whole body came
        return Answer(400)
    if len(raw) > CAP:
        return Answer(413)
    return raw if len(raw) == size or not announced else Answer(400)


def _read(environ: Environ, size: int) -> bytes:
    socket = environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(STALLED)
    raw: bytes = environ["wsgi.input"].read(size) if size else b""
    return raw
