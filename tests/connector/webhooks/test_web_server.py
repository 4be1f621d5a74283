"""Calls byte by byte through gunicorn's own connection code: limits hold however a body comes."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from connector.models import Hint
from connector.webhooks import door, taking
from connector.webhooks.calls import Call
from connector.webhooks.door import CAP
from tenants.models import VismaConnection
from tests.connector.webhooks.conftest import visma_headers

pytestmark = pytest.mark.django_db
BODY = b'{"id": "205501"}'
Ring = Callable[..., int]


class AtOnce:
    """A clerk in the thread that asks, so that a test's own transaction sees what is stored."""

    def put(self, call: Call) -> None:
        taking.take([call])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> ThreadWorker:
    """What serves a connection in production, without the socket that listens."""
    monkeypatch.setattr(door, "clerk", AtOnce())
    config = Config()
    worker = ThreadWorker(1, os.getppid(), [], None, 30, config, Logger(config))
    worker.wsgi = door.in_front(get_wsgi_application())
    return worker


@pytest.fixture
def ring(server: ThreadWorker, visma: VismaConnection) -> Iterator[Ring]:
    """Send a head and the pieces of a body, one after the other; the status, 0 without one.

    ``signs``: what the signature is made over. ``hangs_up``: nothing follows the last piece.
    """
    ends: list[socket.socket] = []

    def call(*pieces: bytes, signs: bytes = BODY, hangs_up: bool = True, **said: Any) -> int:
        ours, theirs = socket.socketpair()
        ends.extend((ours, theirs))
        named = visma_headers(visma, signs) | {n.replace("_", "-"): v for n, v in said.items()}
        lines = [f"{name}: {value}" for name, value in named.items()]
        address = f"/hooks/visma/{visma.webhook_path}/"
        head = "\r\n".join([f"POST {address} HTTP/1.1", "Host: localhost", *lines, "", ""])
        sender = threading.Thread(target=_send, args=(ours, [head.encode(), *pieces], hangs_up))
        sender.start()
        server.handle(TConn(server.cfg, theirs, ("127.0.0.1", 1), ("127.0.0.1", 80)))
        theirs.close()
        sender.join()
        answer = ours.recv(65_536)
        assert answer.partition(b"\r\n\r\n")[2] == b""
        return int(answer[9:12] or 0)

    yield call
    for end in ends:
        end.close()


def _send(ours: socket.socket, pieces: list[bytes], hangs_up: bool) -> None:
    try:
        for piece in pieces:
            ours.sendall(piece)
        if hangs_up:
            ours.shutdown(socket.SHUT_WR)
    except OSError:  # refused before all was sent
        return


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


CHUNKED = {"Transfer_Encoding": "chunked"}
LARGE = b"x" * (CAP // 2)
WAYS: dict[str, tuple[tuple[bytes, ...], dict[str, Any], int, int]] = {
    "with its length": ((BODY,), {"Content_Length": len(BODY)}, 204, 1),
    "byte by byte": (tuple(bytes([b]) for b in BODY), {"Content_Length": len(BODY)}, 204, 1),
    "in chunks": ((chunk(BODY[:5]), chunk(BODY[5:]), chunk(b"")), CHUNKED, 204, 1),
    "in chunks, forged": ((chunk(b"{}"), chunk(b"")), CHUNKED, 401, 0),
    "in chunks, as large as may be": (
        (chunk(LARGE), chunk(LARGE), chunk(b"")),
        CHUNKED | {"signs": 2 * LARGE},
        204,
        1,
    ),
    "in chunks, one byte too large": (
        (chunk(LARGE), chunk(LARGE), chunk(b"x"), chunk(b"")),
        CHUNKED | {"signs": 2 * LARGE + b"x"},
        413,
        0,
    ),
    "in chunks without an end": ((chunk(LARGE),) * 40, CHUNKED, 413, 0),
    "in chunks that are none": ((b"zz\r\nx\r\n",), CHUNKED, 400, 0),
    "in chunks that break off": ((b"10\r\n{",), CHUNKED, 400, 0),
    "announced too large, never sent": ((), {"Content_Length": CAP + 1}, 413, 0),
    "shorter than announced": ((BODY,), {"Content_Length": len(BODY) + 1}, 400, 0),
    "without length and chunks": ((), {"signs": b""}, 204, 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_body_counts_as_a_whole_or_not_at_all(way: str, ring: Ring) -> None:
    pieces, said, status, kept = WAYS[way]

    assert (ring(*pieces, **said), Hint.objects.count()) == (status, kept)


@pytest.mark.parametrize("said", [CHUNKED, {"Content_Length": len(BODY)}])
def test_a_body_that_stops_on_its_way_is_given_up(
    said: dict[str, Any], ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "STALLED", 0.01)
    piece = b"10\r\n" if said is CHUNKED else b""

    assert ring(piece + BODY[:5], hangs_up=False, **said) == HTTPStatus.REQUEST_TIMEOUT
    assert Hint.objects.count() == 0


def test_a_page_is_none_of_the_doors_business() -> None:
    asked: list[str] = []

    def behind(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return []

    for path in ("/", "/hooks/", "/hooks/visma/", "/hooks/other/x/", "/hooks/visma/x/y/"):
        door.in_front(behind)({"PATH_INFO": path}, print)

    assert asked == ["/", "/hooks/", "/hooks/visma/", "/hooks/other/x/", "/hooks/visma/x/y/"]


def test_a_call_without_https_where_it_is_a_must_is_left_to_django(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = {"PATH_INFO": "/hooks/visma/x/", "wsgi.url_scheme": "http", "REQUEST_METHOD": "GET"}
    said: list[str] = []

    def behind(environ: dict[str, Any], start: Any) -> list[bytes]:
        said.append("behind")
        return []

    application = door.in_front(behind)
    for environ in (plain, plain | {"HTTP_X_FORWARDED_PROTO": "https"}):
        application(environ, lambda line, headers: said.append(line))

    assert said == ["behind", "405 Method Not Allowed"]
