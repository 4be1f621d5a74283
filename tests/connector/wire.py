"""A TCP server whose every answer is a function: half answers, drips and resets on real sockets."""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Answering = Callable[[socket.socket, bytes], None]


@dataclass
class RawServer:
    """Reads one request at a time and hands it, with the socket, to ``answering``."""

    answering: Answering
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while request := _read_request(connection):
                self.requests.append(request)
                self.answering(connection, request)
        except OSError:
            return


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        some = connection.recv(65536)
        if not some:
            return b""
        received += some
    head, _, body = received.partition(b"\r\n\r\n")
    while len(body) < _length(head):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole answer as bytes."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def whole(body: bytes, status: str = "200 OK", headers: str = "") -> Answering:
    return lambda connection, request: connection.sendall(http(body, status, headers))


def reset(connection: socket.socket, request: bytes = b"") -> None:
    """Close so that the other side sees "connection reset by peer"."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def cut(answer: bytes, length: int) -> Answering:
    """Send the first ``length`` bytes of an answer, then close."""

    def answering(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer[:length])
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    return answering
