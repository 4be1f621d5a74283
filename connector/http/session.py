"""HTTP sessions that always end: a total deadline, a body cap, one try.

Every request has one total deadline (a slow drip counts against it from the first byte to the
last), a cap on the decoded body, no redirects, no retries, no cookies, no proxy from the
environment. A failure says the one thing the engine needs: could the request have left?
"""

import io
import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from socket import SHUT_RDWR, socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

DEADLINE = 60.0  # seconds; monday ends every call of its own accord after 60
CONNECT = 10.0  # seconds to reach the other side
BODY_CAP = 32 * 1024 * 1024  # decoded; a page of 1,000 invoices with lines is about 2 MiB
CHUNK = 64 * 1024


class WireError(requests.RequestException):
    """No usable answer. The text carries no header and no body, so no secret."""


class NotReachedError(WireError):
    """Refused, unknown host, bad certificate: not one byte of the request was written."""


class NoAnswerError(WireError):
    """The request may have left; the answer did not come, not wholly, or was too large."""


class _Watch:
    """One request's deadline: when it passes, the socket is shut and every read ends."""

    def __init__(self, seconds: float) -> None:
        self.left = False
        self.expired = False
        self._ends = time.monotonic() + seconds
        self._socket: socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def leaving(self, connected: socket) -> None:
        """Called before bytes are written; from here on the other side may have acted."""
        self._socket = connected
        # Looked at here too: a process that was frozen wakes up before its timer does.
        if self.is_over:
            raise TimeoutError("the deadline passed")
        self.left = True

    @property
    def is_over(self) -> bool:
        return self.expired or time.monotonic() >= self._ends

    def end(self) -> None:
        self._timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        if self._socket is not None:
            try:
                # The plain method: SSLSocket's own would drop the TLS state under the reader.
                socket.shutdown(self._socket, SHUT_RDWR)
            except OSError:
                return  # closed already


_watch: ContextVar[_Watch] = ContextVar("watch")


class _WatchedHTTP(HTTPConnection):
    def send(self, data: Any) -> None:
        _announce(self)
        super().send(data)


class _WatchedHTTPS(HTTPSConnection):
    def send(self, data: Any) -> None:
        _announce(self)
        super().send(data)


def _announce(connection: HTTPConnection) -> None:
    if connection.sock is None:
        connection.connect()
    _watch.get().leaving(connection.sock)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class _Adapter(HTTPAdapter):
    """Sends once, reads the whole body itself, and raises only WireErrors."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        seconds = float(timeout or DEADLINE)
        watch = _Watch(seconds)
        reset = _watch.set(watch)
        try:
            response = super().send(request, True, (min(CONNECT, seconds), seconds), verify, cert)
            body = _read(response)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _judged(error, watch) from None
        finally:
            watch.end()
            _watch.reset(reset)
        if watch.expired:
            raise _judged(None, watch)
        # A plain buffer has no cookies and no socket: nothing of the connection stays behind.
        response.raw = io.BytesIO(body)
        return response


def _read(response: requests.Response) -> bytes:
    """The decoded body; NoAnswerError when it is larger than the cap (a gzip bomb ends here)."""
    body = bytearray()
    try:
        while chunk := response.raw.read(CHUNK, decode_content=True):
            body += chunk
            if len(body) > BODY_CAP:
                raise NoAnswerError(f"the answer is larger than {BODY_CAP // 1024**2} MiB")
    except BaseException:
        response.close()
        raise
    if not body and not _framed(response):
        response.close()
        raise NoAnswerError("the connection closed before the answer was complete")
    response.raw.release_conn()
    return bytes(body)


def _framed(response: requests.Response) -> bool:
    """Nothing is an answer only if the headers, which may have been cut off, say so."""
    headers = response.headers
    named = "Content-Length" in headers or "Transfer-Encoding" in headers
    return named or response.status_code in (204, 304)


def _judged(error: Exception | None, watch: _Watch) -> WireError:
    if isinstance(error, WireError) and not watch.expired:
        return error
    # The socket's own time-out may be a moment faster than the timer.
    text = "the deadline passed" if watch.is_over else _cause(error)
    return NoAnswerError(text) if watch.left else NotReachedError(text)


def _cause(error: BaseException | None) -> str:
    """The innermost reason, in the operating system's words: "Connection refused"."""
    text = "no reason given"
    while error is not None:
        text = getattr(error, "strerror", None) or str(error)[:200] or type(error).__name__
        inner = (getattr(error, "reason", None), *error.args[-1:], error.__cause__)
        error = next((each for each in inner if isinstance(each, BaseException)), None)
    return text


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None  # a redirect is an answer like any other; the credential goes nowhere else


def make_session(user_agent: str) -> requests.Session:
    """A session whose ``timeout=`` argument is the total deadline of the request in seconds."""
    session = _Session()
    session.trust_env = False
    session.headers["User-Agent"] = user_agent
    session.headers["Accept-Encoding"] = "gzip, deflate"
    for prefix in ("https://", "http://"):
        session.mount(prefix, _Adapter(max_retries=0))
    return session
