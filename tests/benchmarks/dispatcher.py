"""Sends prepared calls at their moments over kept connections, for as little of the processor as
one thread can: what it takes itself is taken from what it measures."""

import select
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# When a call was due, and its bytes.
Call = tuple[float, bytes]


@dataclass
class Storm:
    """Latencies in seconds, counted from the moment a call was due, whenever it could be sent."""

    answers: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    cpu: float = 0.0  # seconds of the processor that sending took
    seconds: float = 0.0


class Line:
    """One kept connection: at most one call on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.socket.fileno()
        self.call: Call | None = None
        self.got = b""

    def put(self, call: Call) -> None:
        self.call, self.got = call, b""
        self.socket.sendall(call[1])  # a few hundred bytes: they fit into the kernel's buffer

    def take(self) -> int | None:
        """The status once its head is whole; 0 when the server has closed the connection."""
        try:
            some = self.socket.recv(4096)
        except OSError:
            some = b""
        self.got += some
        whole = not some or b"\r\n\r\n" in self.got
        return int(self.got[9:12] or 0) if whole else None


class Dispatcher:
    """Call number n is due n / ``rate`` seconds after the start, whatever the earlier ones do."""

    def __init__(self, port: int, calls: Sequence[bytes], *, rate: float, lines: int) -> None:
        self.port = port
        self.calls = calls
        self.rate = rate
        self.storm = Storm()
        self.poller = select.epoll()
        self.lines: dict[int, Line] = {}
        self.idle: deque[Line] = deque()
        self.waiting: deque[Call] = deque()
        self.upcoming = 0
        for _ in range(lines):
            self._open()

    def send(self, each_second: Callable[[], None]) -> Storm:
        self.started, cpu, seconds = time.perf_counter(), time.thread_time(), 0
        while len(self.storm.latencies) < len(self.calls):
            now = time.perf_counter() - self.started
            if now >= seconds:
                seconds += 1
                each_second()
            self._put_what_is_due(now)
            for number, _ in self.poller.poll(self._pause(now)):
                self._take(self.lines[number])
        self.storm.cpu = time.thread_time() - cpu
        self.storm.seconds = time.perf_counter() - self.started
        for line in self.lines.values():
            line.socket.close()
        return self.storm

    def _pause(self, now: float) -> float:
        """Until the next call is due; epoll counts whole milliseconds, so some go out together."""
        left = len(self.calls) - self.upcoming
        return min(max(self.upcoming / self.rate - now, 0.001), 0.5) if left else 0.5

    def _put_what_is_due(self, now: float) -> None:
        until = min(int(now * self.rate) + 1, len(self.calls))
        for number in range(self.upcoming, until):
            self.waiting.append((self.started + number / self.rate, self.calls[number]))
        self.upcoming = max(until, self.upcoming)
        while self.waiting and self.idle:
            self.idle.popleft().put(self.waiting.popleft())

    def _take(self, line: Line) -> None:
        status = line.take()
        if status is None:
            return
        call, line.call = line.call, None
        if call is not None and status:
            self.storm.answers[status] += 1
            self.storm.latencies.append(time.perf_counter() - call[0])
        elif call is not None:  # the server had just closed the kept connection: once more
            self.waiting.appendleft(call)
        if not status or b"onnection: close" in line.got:
            self._close(line)
            self._open()
        else:
            self.idle.append(line)

    def _open(self) -> None:
        line = Line(self.port)
        self.lines[line.number] = line
        self.poller.register(line.socket, select.EPOLLIN)
        self.idle.append(line)

    def _close(self, line: Line) -> None:
        self.poller.unregister(line.socket)
        line.socket.close()
        del self.lines[line.number]
        if line in self.idle:
            self.idle.remove(line)
