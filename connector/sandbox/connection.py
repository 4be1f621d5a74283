"""Sockets: connections kept alive, answers whole, cut, dripping or reset."""

import contextlib
import os
import socket
import struct
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from connector.sandbox import mischief
from connector.sandbox.house import House
from connector.sandbox.mischief import Delivery
from connector.sandbox.wire import Request, Response, json_response, request_of

_CHUNK = 16  # bytes between two pauses of a slow answer


class Sockets(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], house: House) -> None:
        self.house = house
        self._open: set[socket.socket] = set()
        super().__init__(address, Connection)

    def hang_up(self) -> None:
        for connection in list(self._open):
            _shut(connection)

    def keep(self, connection: socket.socket) -> None:
        self._open.add(connection)

    def drop(self, connection: socket.socket) -> None:
        self._open.discard(connection)


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one segment
    server: Sockets

    def setup(self) -> None:
        super().setup()
        self.server.keep(self.connection)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a caller that was killed says no goodbye
            super().handle()

    def finish(self) -> None:
        self.server.drop(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def serve(self) -> None:
        request = self._request()
        if request is None:
            self._write(json_response({"error": "Length Required"}, 411))
            return
        delivery = self._answer(request)
        try:
            self._deliver(delivery)
        except OSError:  # the caller is gone: that is its own business
            self.close_connection = True

    def _answer(self, request: Request) -> Delivery:
        try:
            return self.server.house.answer(request, port=self.client_address[1])
        except Exception:
            # A bug of the sandbox must not look like a fault of the network.
            traceback.print_exc()
            self.server.house.log.count("bugs")
            return Delivery(Response(500, {"X-Sandbox-Bug": "1"}, traceback.format_exc().encode()))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """The ground-truth log replaces the access log."""

    def _request(self) -> Request | None:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return None
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        return request_of(self.command, self.path, dict(self.headers.items()), body)

    def _deliver(self, delivery: Delivery) -> None:
        if delivery.reset or delivery.response is None:
            self._reset()
        elif delivery.halfway:
            self._halves(delivery)
        elif delivery.cut is not None:
            self._cut(delivery.response, delivery.cut)
        elif delivery.drip is not None:
            self._drip(delivery.response, delivery.drip)
        else:
            self._write(delivery.response)

    def _write(self, response: Response) -> None:
        self._head(response)
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def _head(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()

    def _reset(self) -> None:
        """RST instead of FIN: linger on, zero seconds."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        # Reader and writer still hold the socket, so a plain close would wait for them.
        os.close(self.connection.detach())

    def _cut(self, response: Response, size: int) -> None:
        """The full length is announced, fewer bytes come, then the connection ends."""
        self.close_connection = True
        self._head(response)
        self.wfile.write(response.body[:size])
        self.wfile.flush()

    def _drip(self, response: Response, speed: float) -> None:
        self._head(response)
        self.wfile.flush()
        for start in range(0, len(response.body), _CHUNK):
            self.wfile.write(response.body[start : start + _CHUNK])
            self.wfile.flush()
            time.sleep(_CHUNK / speed)

    def _halves(self, delivery: Delivery) -> None:
        assert delivery.response  # noqa: S101 - checked by the caller
        half = len(delivery.response.body) // 2
        self._cut(delivery.response, half)
        subject = self.server.house.caller(self.client_address[1])
        for action in delivery.halfway:
            mischief.kill(action, subject)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # already closed by the caller
        return
